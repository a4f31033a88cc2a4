"""ListenBrainz' lines, arrays and submissions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.listenbrainz_export import read_listenbrainz
from beatrunner.codecs.told_plays import TYPICAL_S
from beatrunner.core.listening import RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

NOON = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
AT = int(NOON.timestamp())
MBID = "8d3a1a4c-1b67-4c9a-9a4e-0a2a5a8f6f11"
SPOTIFY_ID = "0123456789abcdefABCDEF"


def listen(after_s: float = 0, title: str = "Song", **info: Any) -> dict[str, Any]:
    return {
        "listened_at": AT + after_s,
        "inserted_at": AT + 9_999.5,
        "track_metadata": {
            "track_name": title,
            "artist_name": "Artist",
            "release_name": "Album",
            "recording_msid": "11111111-2222-3333-4444-555555555555",
            "additional_info": {"submission_client": "a player", "tags": ["x"], **info},
            "mbid_mapping": None,
        },
    }


def lines(*rows: object) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode() + b"\n"


def read(*rows: object) -> list[RawListen]:
    return read_listenbrainz(lines(*rows)).listens


def guessed(recording_name: str) -> dict[str, Any]:
    row = listen()
    row["track_metadata"]["mbid_mapping"] = {
        "recording_mbid": MBID,
        "recording_name": recording_name,
        "artists": [{"artist_credit_name": "Artist"}],
    }
    return row


def test_the_time_is_the_start_and_the_length_the_players() -> None:
    (one,) = read(listen(0.25, duration_ms=200_000))
    assert one.started_at == NOON + timedelta(seconds=0.25)
    assert one.ended_at - one.started_at == timedelta(seconds=200)
    assert (one.title, one.artist, one.album) == ("Song", "Artist", "Album")
    assert one.uncertainty_s == 1.0


@pytest.mark.parametrize(
    ("info", "length_s"),
    [
        ({"duration": 180}, 180),
        ({"duration": "180"}, 180),
        ({"duration_ms": "180000"}, 180),
        ({"duration_ms": "three minutes", "duration": 170}, 170),
        ({"duration_ms": -1}, TYPICAL_S),
        ({"duration_ms": 0}, TYPICAL_S),
        ({"duration": 10**9}, TYPICAL_S),
        ({"duration": [180]}, TYPICAL_S),
        ({"duration_ms": None}, TYPICAL_S),
    ],
)
def test_lengths_however_players_write_them(info: dict[str, Any], length_s: float) -> None:
    (one,) = read(listen(**info))
    assert (one.ended_at - one.started_at).total_seconds() == length_s


@pytest.mark.parametrize(
    ("row", "identity"),
    [
        (listen(), None),
        (listen(recording_mbid=MBID.upper()), f"mbid:{MBID}"),
        (listen(recording_mbid=MBID, isrc="us-rc1-76-07839"), "isrc:USRC17607839"),
        (
            listen(isrc="USRC17607839", spotify_id=f"https://open.spotify.com/track/{SPOTIFY_ID}"),
            f"spotify:track:{SPOTIFY_ID}",
        ),
        (
            listen(origin_url=f"http://open.spotify.com/track/{SPOTIFY_ID}?si=1"),
            f"spotify:track:{SPOTIFY_ID}",
        ),
        (listen(isrc=["USRC17607839"], recording_mbid=5, spotify_id={}), None),
        (guessed("SONG"), f"mbid:{MBID}"),
        (guessed("Song (live)"), None),
    ],
)
def test_one_name_that_the_recording_has_everywhere(
    row: dict[str, Any], identity: str | None
) -> None:
    assert read(row)[0].source_id == identity


def test_what_listenbrainz_fetched_from_spotify_is_told_by_its_end() -> None:
    fetched: dict[str, Any] = {"music_service": "spotify.com", "submission_client": "listenbrainz"}
    (one,) = read(listen(**fetched, duration_ms=200_000))
    assert one.ended_at == NOON
    assert one.uncertainty_s == 200
    (of_a_player,) = read(listen(music_service="spotify.com", submission_client="a player"))
    assert of_a_player.started_at == NOON


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: rows,
        lambda rows: {"listen_type": "import", "payload": rows},
        lambda rows: {"payload": {"count": 2, "user_id": "me", "listens": rows}},
    ],
)
def test_arrays_submissions_and_answers(wrap: Any) -> None:
    data = json.dumps(wrap([listen(), listen(100, "Other")]), indent=2).encode()
    assert [one.title for one in read_listenbrainz(data).listens] == ["Song", "Other"]


def test_bad_lines_are_counted_and_the_others_stay() -> None:
    data = lines(
        listen(),
        {"listened_at": AT},
        {"track_metadata": {}},
        {"listened_at": "noon"},
        listen(-AT),
        listen(title=" "),
        listen(),
    )
    history = read_listenbrainz(data + b'{"listened_at": 17')
    assert len(history.listens) == 1
    assert history.dropped == {
        "not_a_play": 3,
        "impossible_time": 1,
        "unnamed": 1,
        "duplicate": 1,
        "cut_off": 1,
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" ", Refusal.EMPTY),
        (b"{}", Refusal.NO_LISTENS),
        (b"[]", Refusal.NO_LISTENS),
        (b'{"track_metadata"', Refusal.DAMAGED),
        (
            b'{"listen_type": "playing_now", "payload": [{"track_metadata": {"track_name": "x"}}]}',
            Refusal.NO_LISTENS,
        ),
        (b'[{"listened_at": NaN}]', Refusal.NO_LISTENS),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_listenbrainz(data)
    assert caught.value.reason is reason


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "listened_at": values | st.integers(AT, AT + 9_999),
                "track_metadata": st.fixed_dictionaries(
                    {"track_name": values, "artist_name": st.none() | st.text(max_size=5)},
                    optional={
                        "additional_info": st.dictionaries(
                            st.sampled_from(["duration", "duration_ms", "isrc", "music_service"]),
                            values,
                        )
                    },
                ),
            }
        ),
        max_size=8,
    )
)
def test_any_values_give_plays_in_order_or_a_refusal(rows: list[object]) -> None:
    try:
        listens = read_listenbrainz(lines(*rows)).listens
    except UnreadableFileError:
        return
    assert 0 < len(listens) <= len(rows)
    assert listens == sorted(listens, key=lambda one: one.started_at)
    assert all(one.started_at <= one.ended_at and one.uncertainty_s >= 1 for one in listens)
