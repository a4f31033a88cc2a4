"""Who sings what, from the lists of Apple's export: its plays name no artist.

`Apple Music - Play History Daily Tracks.csv` and `Apple Music - Recently Played Tracks.csv` have a
column `Track Description`, `Apple Music - Track Play History.csv` a column `Track Name`; each cell
is "Artist - Title". Both may hold such a dash themselves, so each dash is tried: a pair that is no
song's meets no play. `Apple Music Library Tracks.json` has `Artist` and `Title` apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from beatrunner.codecs.clean_text import CleanTexts
from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.text_table import Columns, cell, read_table
from beatrunner.core.refusals import Refusal, UnreadableFileError

_DASH = " - "

#: (title, artist)
Song = tuple[str, str]


class _Row(msgspec.Struct, gc=False):
    title: str | None = msgspec.field(default=None, name="Title")
    artist: str | None = msgspec.field(default=None, name="Artist")


def read_apple_artists(data: bytes) -> list[Song]:
    """Each pair once. Raises UnreadableFileError: EMPTY, NO_LISTENS."""
    is_json = data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"[")
    texts = CleanTexts()
    told = _library(data) if is_json else _descriptions(data)
    songs = dict.fromkeys((texts[title], texts[artist]) for title, artist in told)
    found = [song for song in songs if all(song)]
    if not found:
        raise UnreadableFileError(Refusal.NO_LISTENS, "no artists")
    return found


def _library(data: bytes) -> Iterator[tuple[str | None, str | None]]:
    for row in decode_rows(utf8(data), _Row, Counter()):
        yield row.title, row.artist


def _descriptions(data: bytes) -> Iterator[Song]:
    rows = read_table(data, Counter())
    place = Columns(next(rows, [])).find("Track Description", "Track Name")
    for row in rows:
        parts = cell(row, place).split(_DASH)
        for cut in range(1, len(parts)):
            yield _DASH.join(parts[cut:]), _DASH.join(parts[:cut])
