"""A playlist as other programs take it: M3U, a list of Spotify URIs, CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from beatrunner.codecs.safe_text import cell, file_name, one_line, write_rows
from beatrunner.core.track_identity import SPOTIFY

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
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(name)}"]
    for song in songs:
        told = " - ".join(filter(None, (one_line(song.artist), one_line(song.title))))
        length_s = -1 if song.duration_s is None else round(song.duration_s)
        lines += [f"#EXTINF:{length_s},{told}", f"./{file_name(told)}.mp3"]
    return "\n".join(lines) + "\n"


def write_spotify_uris(songs: Sequence[ExportedSong]) -> str:
    """One URI a line, for pasting into a playlist in Spotify; unknown songs are left out."""
    return "".join(f"{SPOTIFY}{song.spotify_id}\n" for song in songs if song.spotify_id)


def write_csv(songs: Sequence[ExportedSong]) -> str:
    """As `safe_text` writes tables."""
    rows = (
        (
            place,
            cell(song.title),
            cell(song.artist),
            _figure(song.tempo_bpm),
            _figure(song.cadence_spm),
            _figure(song.duration_s),
            f"{SPOTIFY}{song.spotify_id}" if song.spotify_id else "",
        )
        for place, song in enumerate(songs, start=1)
    )
    return "".join(write_rows(_COLUMNS, rows))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
