"""A playlist as other programs take it: M3U, a list of Spotify URIs, CSV.

Titles come from anywhere. None of them may end a line and so begin another entry, and none may
begin a cell in a way that spreadsheets take for a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from beatrunner.core.track_identity import SPOTIFY

#: What a spreadsheet calculates; the wide ones where East Asian text is written.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: Whatever any program may take for the end of a line, and everything that shows nothing.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: What no file name may hold on one system or another.
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]+')

_COLUMNS = (
    "place",
    "title",
    "artist",
    "tempo_bpm",
    "cadence_spm",
    "duration_s",
    "spotify_uri",
)


@dataclass(frozen=True, slots=True)
class ExportedSong:
    """`cadence_spm`: the steps that fall on its beat. `spotify_id`: of 22 characters."""

    title: str
    artist: str
    tempo_bpm: float | None = None
    cadence_spm: float | None = None
    duration_s: float | None = None
    spotify_id: str | None = None


def write_m3u(name: str, songs: Sequence[ExportedSong]) -> str:
    """Extended M3U in UTF-8 (`.m3u8`).

    BeatRunner does not know where files lie, so each entry is the name that a file of this song
    usually has, beside the playlist. The dot before it keeps "#1" from being a comment.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{_one_line(name)}"]
    for song in songs:
        told = " - ".join(filter(None, (_one_line(song.artist), _one_line(song.title))))
        length_s = -1 if song.duration_s is None else round(song.duration_s)
        lines += [f"#EXTINF:{length_s},{told}", f"./{file_name(told)}.mp3"]
    return "\n".join(lines) + "\n"


def write_spotify_uris(songs: Sequence[ExportedSong]) -> str:
    """One URI a line, for pasting into a playlist in Spotify; unknown songs are left out."""
    return "".join(f"{SPOTIFY}{song.spotify_id}\n" for song in songs if song.spotify_id)


def write_csv(songs: Sequence[ExportedSong]) -> str:
    """RFC 4180, with a byte order mark, without which Excel takes it for Latin-1."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for place, song in enumerate(songs, start=1):
        writer.writerow(
            (
                place,
                _cell(song.title),
                _cell(song.artist),
                _figure(song.tempo_bpm),
                _figure(song.cadence_spm),
                _figure(song.duration_s),
                f"{SPOTIFY}{song.spotify_id}" if song.spotify_id else "",
            )
        )
    return "\ufeff" + out.getvalue()


def file_name(text: str) -> str:
    """The text as the name of a file, without a suffix; never empty, hidden or a path."""
    return _NOT_IN_NAMES.sub("_", _one_line(text)).strip(" .")[:150] or "playlist"


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _cell(text: str) -> str:
    line = _one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
