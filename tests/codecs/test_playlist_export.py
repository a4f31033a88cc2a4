from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.playlist_export import (
    ExportedSong,
    write_csv,
    write_m3u,
    write_spotify_uris,
)

SPOTIFY_ID = "0123456789abcdefghijAB"
SONG = ExportedSong("Title", "Artist", 85.04, 170.08, 200.4, SPOTIFY_ID)
NAUGHTY = st.text() | st.sampled_from(
    ["=1+1", "\n=1+1", "a\r\n#EXTINF:1,b", '"', "\u2028@x", "＝A1"]
)
songs = st.builds(ExportedSong, NAUGHTY, NAUGHTY)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_m3u() -> None:
    nameless = ExportedSong("#1 Crush", "")
    assert write_m3u("My\nlist", [SONG, nameless]).splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:My list",
        "#EXTINF:200,Artist - Title",
        "./Artist - Title.mp3",
        "#EXTINF:-1,#1 Crush",
        "./#1 Crush.mp3",
    ]


def test_spotify_takes_what_it_knows() -> None:
    known = f"spotify:track:{SPOTIFY_ID}\n"
    assert write_spotify_uris([ExportedSong("Own", "Me"), SONG]) == known


def test_csv() -> None:
    header, row, empty = cells(write_csv([SONG, ExportedSong("", "")]))
    assert dict(zip(header, row, strict=True)) == {
        "place": "1",
        "title": "Title",
        "artist": "Artist",
        "tempo_bpm": "85.0",
        "cadence_spm": "170.1",
        "duration_s": "200.4",
        "spotify_uri": f"spotify:track:{SPOTIFY_ID}",
    }
    assert empty == ["2", "", "", "", "", "", ""]


@given(st.lists(songs, max_size=4))
def test_no_title_begins_a_row_or_a_formula(listed: list[ExportedSong]) -> None:
    text = write_csv(listed)
    assert len(text.splitlines()) == 1 + len(listed)
    for row in cells(text)[1:]:
        assert len(row) == 7
        assert not any(cell.lstrip().startswith(tuple("=+-@＝＋－＠")) for cell in row)


@given(NAUGHTY, st.lists(songs, max_size=4))
def test_no_title_begins_an_entry(name: str, listed: list[ExportedSong]) -> None:
    lines = write_m3u(name, listed).splitlines()
    assert len(lines) == 2 + 2 * len(listed)
    assert all(line.startswith("#EXTINF:-1,") for line in lines[2::2])
    assert all(line.startswith("./") and "/" not in line[2:] for line in lines[3::2])
