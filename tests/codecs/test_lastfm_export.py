"""Every form in which people hold their scrobbles."""

from __future__ import annotations

import json
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.lastfm_export import read_lastfm_csv, read_lastfm_json
from beatrunner.core.listening import ListeningHistory, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

NOON = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
UTS = int(NOON.timestamp())
GHAN = "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
STATS = "Artist;Album;AlbumId;Track;Date#somebody\n"


def names(history: ListeningHistory) -> list[tuple[str, str, str | None]]:
    return [(one.title, one.artist, one.album) for one in history.listens]


def scrobble(title: str, after_s: int = 0, **more: Any) -> dict[str, Any]:
    """As Last.fm's interface writes it."""
    return {
        "name": title,
        "mbid": "",
        "artist": {"#text": "Artist", "mbid": ""},
        "album": {"#text": "Album", "mbid": ""},
        "image": [{"size": "small", "#text": "https://example.org/1.png"}],
        "date": {"uts": str(UTS + after_s), "#text": "04 May 2024, 12:00"},
    } | more


PLAYING = {**scrobble("Now"), "@attr": {"nowplaying": "true"}, "date": None}


def refusal(data: bytes, read: Any = read_lastfm_csv) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read(data)
    return caught.value.reason


def test_minutes_without_a_header() -> None:
    data = (
        'Artist,Album,"Third, and last",04 May 2024 12:04\n'
        "Artist,,Second,04 May 2024 12:00\n"
        'Artist,Album,First,"04 May 2024, 12:00"\n'
    )
    history = read_lastfm_csv(data.encode())
    assert names(history) == [
        ("First", "Artist", "Album"),
        ("Second", "Artist", None),
        ("Third, and last", "Artist", "Album"),
    ]
    starts_s = [(one.started_at - NOON).total_seconds() for one in history.listens]
    assert starts_s == [15, 45, 270]
    assert history.listens[0].uncertainty_s == 30


def test_the_time_is_the_start() -> None:
    data = GHAN + f'"{UTS}","04 May 2024, 12:00","Artist","x","Album","y","Song","z"\n'
    (listen,) = read_lastfm_csv(data.encode()).listens
    assert listen.started_at == NOON
    assert listen.ended_at > NOON
    assert (listen.title, listen.artist, listen.album) == ("Song", "Artist", "Album")
    assert listen.source_id is None, "Last.fm's MBIDs name other recordings"


def test_milliseconds_between_semicolons() -> None:
    data = "\ufeff" + STATS + f'"Artist; or two";"Album";"";"Song";"{UTS}000"\n'
    (listen,) = read_lastfm_csv(data.encode()).listens
    assert (listen.started_at, listen.artist) == (NOON, "Artist; or two")


@pytest.mark.parametrize(
    "shape",
    [
        [{"track": [PLAYING, scrobble("A"), scrobble("B", 200)]}],
        [{"track": scrobble("A")}, {"track": [scrobble("B", 200)]}],
        [{"recenttracks": {"track": [scrobble("A"), scrobble("B", 200)], "@attr": {}}}],
        {"recenttracks": {"track": [scrobble("A"), scrobble("B", 200)]}},
        {"track": [scrobble("A"), scrobble("B", 200)]},
        [scrobble("A"), scrobble("B", 200)],
        [scrobble("A"), scrobble("B", 200, artist={"name": "Artist", "url": "x"})],
        {
            "username": "somebody",
            "scrobbles": [
                {"track": name, "artist": "Artist", "album": "Album", "albumId": "", "date": date}
                for name, date in (("A", UTS * 1000), ("B", (UTS + 200) * 1000))
            ],
        },
    ],
)
def test_every_shape_of_json(shape: object) -> None:
    history = read_lastfm_json(json.dumps(shape).encode())
    assert names(history) == [("A", "Artist", "Album"), ("B", "Artist", "Album")]
    assert history.listens[0].started_at == NOON
    assert history.listens[0].ended_at == NOON + timedelta(seconds=200)


def test_bad_rows_are_counted_and_the_others_stay() -> None:
    rows = [
        f"{UTS},,Artist,,,,Song,",
        "0,,Artist,,,,From 1970,",
        "-5,,Artist,,,,Before,",
        "nan,,Artist,,,,Nowhen,",
        "1e300,,Artist,,,,Never,",
        f"{UTS + 10**10},,Artist,,,,In three centuries,",
        f"{UTS},,Artist,,,,,",
        f"{UTS},,Artist,,,,Song,",
        "short",
    ]
    history = read_lastfm_csv((GHAN + "\n".join(rows)).encode())
    assert names(history) == [("Song", "Artist", None)]
    assert history.dropped == {"impossible_time": 6, "unnamed": 1, "duplicate": 1}


def test_a_file_that_was_cut_off_gives_what_was_before() -> None:
    pages = json.dumps([{"track": [scrobble("A")]}, {"track": [scrobble("B", 200)]}])
    history = read_lastfm_json(pages[:-40].encode())
    assert names(history) == [("A", "Artist", "Album")]
    assert history.dropped == {"cut_off": 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"\xff\xfe", Refusal.EMPTY),
        (b"a,b,c\n1,2,3\n", Refusal.NO_LISTENS),
        (GHAN.encode(), Refusal.NO_LISTENS),
        (GHAN.encode() + b"0,,A,,,,T,\n", Refusal.NO_LISTENS),
    ],
)
def test_tables_that_are_refused(data: bytes, reason: Refusal) -> None:
    assert refusal(data) is reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"{", Refusal.DAMAGED),
        (b"[", Refusal.DAMAGED),
        (b"[1, 2]", Refusal.NO_LISTENS),
        (b'{"track": 5}', Refusal.NO_LISTENS),
        (b"{}", Refusal.NO_LISTENS),
        (b"[]", Refusal.NO_LISTENS),
        (b'[{"track":[{"name":"x"}]}]', Refusal.NO_LISTENS),
        (b'{"recenttracks":' * 50_000, Refusal.DAMAGED),
    ],
)
def test_json_that_is_refused(data: bytes, reason: Refusal) -> None:
    assert refusal(data, read_lastfm_json) is reason


def test_a_table_of_utf_16_with_letters_of_any_script() -> None:
    data = (GHAN + f"{UTS},,アーティスト,,,,東京 🏃,\n").encode("utf-16")
    (listen,) = read_lastfm_csv(data).listens
    assert (listen.title, listen.artist) == ("東京 🏃", "アーティスト")


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.text(), st.text()), max_size=20))
def test_any_values_give_plays_in_order_or_a_refusal(rows: list[tuple[int, str, str]]) -> None:
    shape = [{"name": t, "artist": {"#text": a}, "date": {"uts": str(s)}} for s, t, a in rows]
    try:
        listens = read_lastfm_json(json.dumps(shape).encode()).listens
    except UnreadableFileError:
        return
    assert listens == sorted(listens, key=lambda listen: listen.started_at)
    assert all(listen.title and listen.started_at <= listen.ended_at for listen in listens)
    assert sum(1 for _ in listens) <= len(rows)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_lastfm_csv, read_lastfm_json):
        for begun in (data, GHAN.encode() + data, b"[" + data):
            try:
                assert isinstance(read(begun).listens[0], RawListen)
            except UnreadableFileError:
                continue


def test_many_scrobbles_take_seconds_and_little_memory() -> None:
    rows = "".join(
        f'"{UTS + 200 * n}","","Artist {n % 500}","","Album","","Song {n % 3000}",""\n'
        for n in range(50_000)
    )
    data = (GHAN + rows).encode()
    begun_s = time.process_time()
    assert len(read_lastfm_csv(data).listens) == 50_000
    assert time.process_time() - begun_s < 8
    few = (GHAN + rows[: len(rows) // 10]).encode()
    tracemalloc.start()
    read_lastfm_csv(few)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes / 5_000 < 1_500, "bytes a scrobble"
