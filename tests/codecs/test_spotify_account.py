"""Spotify's short form: ends, to the minute."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.spotify_account import read_account_history
from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

MINUTE = datetime(2023, 1, 31, 7, 5, tzinfo=UTC)


def song(end: str = "2023-01-31 07:05", title: str = "Song", **more: object) -> dict[str, object]:
    return {
        "endTime": end,
        "artistName": "Artist",
        "trackName": title,
        "msPlayed": 200_000,
    } | more


def read(*rows: object) -> list[RawListen]:
    return read_account_history(json.dumps(rows).encode()).listens


def test_the_time_is_the_end_of_the_play_somewhere_within_its_minute() -> None:
    (listen,) = read(song())
    assert listen.ended_at == MINUTE + timedelta(seconds=30)
    assert listen.ended_at - listen.started_at == timedelta(seconds=200)
    assert listen.uncertainty_s == 30
    assert (listen.title, listen.artist, listen.album) == ("Song", "Artist", None)
    assert listen.source_id is None


def test_short_plays_of_one_minute_stay_in_order() -> None:
    ends = [listen.ended_at for listen in read(song(title="A"), song(title="B"))]
    assert ends == [MINUTE + timedelta(seconds=15), MINUTE + timedelta(seconds=45)]


def test_podcasts_and_audiobooks_are_told_apart() -> None:
    when = {"endTime": "2023-01-31 07:05", "msPlayed": 60_000}
    podcast, book = read(
        {**when, "podcastName": "Show", "episodeName": "Episode"},
        {**when, "authorName": "Author", "audiobookName": "Book", "chapterName": "One"},
    )
    assert (podcast.kind, podcast.title, podcast.artist) == (ListenKind.PODCAST, "Episode", "Show")
    assert (book.kind, book.title, book.album) == (ListenKind.AUDIOBOOK, "One", "Book")


def test_what_is_no_play_is_counted() -> None:
    history = read_account_history(
        json.dumps(
            [
                song(),
                song(),
                song(title="Unknown Track"),
                song(title="A", msPlayed=0),
                song(title="B", msPlayed=-1),
                song(title="C", msPlayed=None),
                song("1970-01-01 00:00"),
                song("soon"),
                {"playlists": []},
                17,
            ]
        ).encode()
    )
    assert len(history.listens) == 1
    assert history.dropped == {
        "duplicate": 1,
        "unnamed": 1,
        "zero_length": 1,
        "impossible_length": 2,
        "impossible_time": 2,
        "not_a_play": 2,
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"[]", Refusal.NO_LISTENS),
        (b"[{}]", Refusal.NO_LISTENS),
        (b'[{"endTime"', Refusal.DAMAGED),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_account_history(data)
    assert caught.value.reason is reason


values = st.none() | st.integers() | st.floats() | st.text(max_size=5)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "endTime": st.sampled_from(["2023-01-31 07:05", "2023-01-31 07:06"]) | values,
                "trackName": st.text(max_size=4) | values,
                "msPlayed": st.integers(0, 400_000) | values,
            }
        ),
        max_size=10,
    )
)
def test_any_values_give_plays_in_order_of_their_ends_or_a_refusal(rows: list[object]) -> None:
    try:
        listens = read(*rows)
    except UnreadableFileError:
        return
    assert listens == sorted(listens, key=lambda listen: listen.ended_at)
    assert all(listen.started_at < listen.ended_at for listen in listens)
