"""Artists out of Apple's lists."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.apple_artists import read_apple_artists
from beatrunner.core.refusals import UnreadableFileError

DAYS = "Country,Track Description,Date Played\n"


def test_descriptions_are_artist_and_title() -> None:
    data = DAYS + "SE,Artist - Song,20240504\nSE,Artist - Song,20240505\nSE,N/A,20240505\n"
    assert read_apple_artists(data.encode()) == [("Song", "Artist")]


def test_a_dash_in_either_is_tried_in_every_place() -> None:
    data = b"Track Name,Last Played Date\nOne - Two - Three,1\n"
    assert read_apple_artists(data) == [("Two - Three", "One"), ("Three", "One - Two")]


def test_the_library_has_them_apart() -> None:
    rows = [{"Title": "Song", "Artist": "Artist", "Album": "A"}, {"Title": "No one"}, {}, 7]
    assert read_apple_artists(json.dumps(rows).encode()) == [("Song", "Artist")]


@pytest.mark.parametrize("data", [b"", b"[]", b"a,b\n1,2\n", DAYS.encode(), b"[{"])
def test_lists_without_artists_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_apple_artists(data)


@given(st.text(max_size=60))
def test_any_description_gives_pairs_or_a_refusal(text: str) -> None:
    try:
        songs = read_apple_artists((DAYS + f"SE,{text},1").encode("utf-8", "replace"))
    except UnreadableFileError:
        return
    assert all(title and artist for title, artist in songs)
