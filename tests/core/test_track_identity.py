from __future__ import annotations

import pytest

from beatrunner.core.track_identity import (
    isrc,
    isrc_identity,
    mbid_identity,
    spotify_id,
    spotify_identity,
)


@pytest.mark.parametrize("text", ["GBAYE0000001", "gb-aye-00-00001", "GB AYE 00 00001"])
def test_an_isrc_is_written_one_way(text: str) -> None:
    identity = isrc_identity(text)
    assert identity == "isrc:GBAYE0000001"
    assert isrc(identity) == "GBAYE0000001"


@pytest.mark.parametrize(
    "text", ["", "GBAYE000000", "0BAYE0000001", "GBAYE00000011", "GBAYE00000Ö1"]
)
def test_what_is_no_isrc_names_nothing(text: str) -> None:
    assert isrc_identity(text) is None


def test_an_mbid_is_written_one_way() -> None:
    mbid = "mbid:0cc3ba0e-1b1c-4a07-9d2c-3f0d0f6f2f11"
    assert mbid_identity(" 0CC3BA0E-1B1C-4A07-9D2C-3F0D0F6F2F11") == mbid
    assert mbid_identity("none") is None


def test_an_identity_is_one_service_s_alone() -> None:
    assert spotify_id("spotify:track:0123456789abcdefABCDEF") == "0123456789abcdefABCDEF"
    assert spotify_id("spotify:track:a,b") is None
    assert spotify_id("0123456789abcdefABCDEF") is None
    assert isrc("spotify:track:0123456789abcdefABCDEF") is None


@pytest.mark.parametrize(
    "text",
    [
        "0123456789abcdefABCDEF",
        "spotify:track:0123456789abcdefABCDEF",
        "https://open.spotify.com/track/0123456789abcdefABCDEF?si=1",
    ],
)
def test_spotify_names_a_track_in_three_ways(text: str) -> None:
    assert spotify_identity(text) == "spotify:track:0123456789abcdefABCDEF"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0123456789abcdefABCDEFG",
        "spotify:album:0123456789abcdefABCDEF",
        "https://example.org/track/0123456789abcdefABCDEF",
    ],
)
def test_what_is_no_track_of_spotifys_names_nothing(text: str) -> None:
    assert spotify_identity(text) is None
