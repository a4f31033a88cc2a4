"""A table that a runner made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.own_plays import is_table_of_plays, read_own_plays
from beatrunner.core.listening import RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

NOON = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
SPOTIFY_ID = "0123456789abcdefABCDEF"


def read(*lines: str) -> list[RawListen]:
    return read_own_plays("\n".join(lines).encode()).listens


def refusal(*lines: str) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read(*lines)
    return caught.value.reason


def test_the_documented_columns() -> None:
    (listen,) = read(
        "title,artist,album,started_at,ended_at,spotify_uri",
        f"Song,Artist,Album,2024-05-04T14:00:00+02:00,2024-05-04T12:03:20Z,{SPOTIFY_ID}",
    )
    assert (listen.title, listen.artist, listen.album) == ("Song", "Artist", "Album")
    assert (listen.started_at, listen.ended_at) == (NOON, NOON + timedelta(seconds=200))
    assert listen.source_id == f"spotify:track:{SPOTIFY_ID}"
    assert listen.uncertainty_s == 1.0


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Track;Artist;Start;Duration", "Song;Artist;2024-05-04 12:00:00Z;3:20"),
        ("Song\tBand\tPlayed At\tSeconds", "Song\tArtist\t1714824000\t200"),
        ("name,artist,timestamp,ms_played", "Song,Artist,1714824000000,200000"),
        ("title,artist,end,length_s", 'Song,Artist,2024-05-04T12:03:20Z,"200,0"'),
        ("title,artist,time,length,time zone", "Song,Artist,2024-05-04T14:00:00,200,Europe/Berlin"),
        ("title,artist,time,length,tz", "Song,Artist,2024-05-04 07:30:00,200,UTC-04:30"),
        ("title,artist,time,length,zone", "Song,Artist,2024-05-04 12:00:00,200,UTC"),
    ],
)
def test_forgiving_columns_and_times(header: str, row: str) -> None:
    (listen,) = read(header, row)
    assert (listen.title, listen.artist) == ("Song", "Artist")
    assert (listen.started_at, listen.ended_at) == (NOON, NOON + timedelta(seconds=200))


def test_a_time_to_the_minute_is_put_into_its_middle() -> None:
    (listen,) = read("title,artist,started_at", "Song,Artist,2024-05-04T12:00Z")
    assert listen.started_at == NOON + timedelta(seconds=30)
    assert listen.uncertainty_s >= 30


def test_a_time_without_a_zone_is_no_time() -> None:
    header = "title,artist,started_at,time_zone"
    rows = ("A,B,2024-05-04T12:00:00,UTC", "C,D,2024-05-04T12:05:00,", "E,F,2024-05-04,Mars/Base")
    history = read_own_plays("\n".join((header, *rows)).encode())
    assert [listen.title for listen in history.listens] == ["A"]
    assert history.dropped == {"no_zone": 2}
    assert refusal(header, *rows[1:]) is Refusal.NO_TIME_ZONE


def test_an_end_alone_is_no_start() -> None:
    end = "2024-05-04T12:03:20Z"
    history = read_own_plays(f"title,artist,end,length\nA,B,{end},200\nC,D,{end},\n".encode())
    assert [(listen.title, listen.started_at) for listen in history.listens] == [("A", NOON)]
    assert history.dropped == {"impossible_time": 1}


def test_bad_rows_are_counted_and_the_others_stay() -> None:
    history = read_own_plays(
        b"title,artist,started_at\n"
        b"Song,Artist,2024-05-04T12:00:00Z\n"
        b",Artist,2024-05-04T12:00:00Z\n"
        b"Song,Artist,1970-01-01T00:00:00Z\n"
        b"Song,Artist,2999-01-01T00:00:00Z\n"
        b"Song,Artist,0001-01-01T00:00:00+23:59\n"
        b"Song,Artist,nan\n"
        b"Song,Artist,\n"
        b"Song\n"
    )
    assert len(history.listens) == 1
    assert history.dropped == {"unnamed": 1, "impossible_time": 6}


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([""], Refusal.EMPTY),
        (["title,artist,started_at"], Refusal.NO_LISTENS),
        (["title,started_at", "Song,2024-05-04T12:00:00Z"], Refusal.NO_LISTENS),
    ],
)
def test_refusals(lines: list[str], reason: Refusal) -> None:
    assert refusal(*lines) is reason


@pytest.mark.parametrize(
    ("header", "is_one"),
    [
        ("Title,Artist,Played at", True),
        ("track_name;artist_name;ended_at", True),
        ("Activity Type,Date,Favorite,Title,Distance", False),
        ("Track Name,Artist Name(s),Added At", False),
        ("", False),
    ],
)
def test_tables_of_other_things_are_told_apart(header: str, is_one: bool) -> None:
    separator = ";" if ";" in header else ","
    assert is_table_of_plays(header.split(separator)) is is_one


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
def test_any_cells_are_read_or_refused(rows: list[list[str]]) -> None:
    header = "title,artist,started_at,ended_at,length,time_zone"
    data = "\n".join((header, *(",".join(row) for row in rows))).encode("utf-8", "surrogatepass")
    try:
        listens = read_own_plays(data).listens
    except UnreadableFileError:
        return
    assert all(listen.started_at <= listen.ended_at for listen in listens)
