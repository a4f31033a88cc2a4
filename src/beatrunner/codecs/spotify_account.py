"""Spotify's account data, the short form of a listening history: a year, in minutes.

`StreamingHistory_music_0.json` (before 2023 `StreamingHistory0.json`) is an array of
`{"endTime": "2023-01-31 07:05", "artistName", "trackName", "msPlayed"}`; those of podcasts have
`podcastName` and `episodeName`, those of audiobooks `authorName`, `audiobookName` and perhaps
`chapterName`.

`endTime` is the END of the play in UTC, its seconds cut off: it ended somewhere within that minute.
So it is put into the middle of it, several in one minute are spread over it in the order of the
file, and `uncertainty_s` tells half a minute. How long it was played is exact. Nothing names the
track, so title and artist have to.

The extended history tells the same plays to a second; whoever has both is shown those.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import groupby

import msgspec

from beatrunner.codecs.clean_text import CleanTexts
from beatrunner.codecs.json_rows import decode_rows, utf8
from beatrunner.codecs.told_plays import (
    MAX_PLAYED_S,
    MINUTE_S,
    is_possible,
    of_told_rows,
    time_of_ms,
    utc_ms,
)
from beatrunner.core.listening import ListeningHistory, ListenKind, RawListen

#: What Spotify writes for files from the runner's own disk.
_UNKNOWN = frozenset({"Unknown Track", "Unknown Artist"})


class _Row(msgspec.Struct, frozen=True, gc=False):
    end: str | None = msgspec.field(default=None, name="endTime")
    played_ms: float | None = msgspec.field(default=None, name="msPlayed")
    artist: str | None = msgspec.field(default=None, name="artistName")
    track: str | None = msgspec.field(default=None, name="trackName")
    podcast: str | None = msgspec.field(default=None, name="podcastName")
    episode: str | None = msgspec.field(default=None, name="episodeName")
    author: str | None = msgspec.field(default=None, name="authorName")
    book: str | None = msgspec.field(default=None, name="audiobookName")
    chapter: str | None = msgspec.field(default=None, name="chapterName")


def read_account_history(data: bytes) -> ListeningHistory:
    """Plays in order of their ends.

    Dropped are zero_length, impossible_length, impossible_time, unnamed, duplicate, not_a_play and
    cut_off. Raises UnreadableFileError: EMPTY, DAMAGED, NO_LISTENS.
    """
    dropped: Counter[str] = Counter()
    rows = decode_rows(utf8(data), _Row, dropped)
    timed = [(end_ms, row) for row in rows if (end_ms := _minute_ms(row, dropped)) is not None]
    # Spotify tells some plays twice.
    told = dict.fromkeys(timed)
    dropped["duplicate"] += len(timed) - len(told)
    listens: list[RawListen] = []
    texts = CleanTexts()
    for minute_ms, group in groupby(sorted(told, key=lambda one: one[0]), key=lambda one: one[0]):
        within = [row for _, row in group]
        for number, row in enumerate(within):
            end_ms = minute_ms + round((number + 0.5) * MINUTE_S * 1000 / len(within))
            if (listen := _listen(row, end_ms, texts, dropped)) is not None:
                listens.append(listen)
    return of_told_rows(listens, len(told), dropped)


def _minute_ms(row: _Row, dropped: Counter[str]) -> int | None:
    if row.end is None:
        dropped["not_a_play"] += 1
        return None
    end_ms = utc_ms(row.end)
    if not is_possible(end_ms):
        dropped["impossible_time"] += 1
        return None
    return round(end_ms)


def _listen(row: _Row, end_ms: int, texts: CleanTexts, dropped: Counter[str]) -> RawListen | None:
    kind, title, artist, album = _identity(row, texts)
    if row.played_ms is None or not 0 <= row.played_ms <= MAX_PLAYED_S * 1000:
        dropped["impossible_length"] += 1
    elif round(row.played_ms) == 0:
        dropped["zero_length"] += 1
    elif not title or title in _UNKNOWN:
        dropped["unnamed"] += 1
    else:
        ended_at = time_of_ms(end_ms)
        return RawListen(
            kind=kind,
            title=title,
            artist=artist,
            album=album or None,
            started_at=ended_at - timedelta(milliseconds=round(row.played_ms)),
            ended_at=ended_at,
            uncertainty_s=MINUTE_S / 2,
            source_id=None,
            is_skipped=None,
            is_shuffled=None,
            is_offline=False,
        )
    return None


def _identity(row: _Row, texts: CleanTexts) -> tuple[ListenKind, str, str, str]:
    """(kind, title, artist, album), as the extended history has them."""
    if row.book:
        book = texts[row.book]
        return ListenKind.AUDIOBOOK, texts[row.chapter] or book, "", book
    if row.episode or row.podcast:
        return ListenKind.PODCAST, texts[row.episode], texts[row.podcast], ""
    return ListenKind.MUSIC, texts[row.track], texts[row.artist], ""
