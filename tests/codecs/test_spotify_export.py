from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.spotify_export import (
    MAX_UNCERTAINTY_S,
    OFFLINE_CLOCK_S,
    UNSEEN_PAUSE_S,
    read_extended_history,
    write_extended_history,
)
from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

NOON = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
REAL_FILE = Path(__file__).parents[3] / "shared/data/listens/spotify_streaming_endsong_0.json"


def play(end_s: float, played_s: float, **fields: object) -> dict[str, Any]:
    """A row that ends `end_s` after noon; a different track for each end and length."""
    identifier = f"{end_s}x{played_s}".replace(".", "p").replace("-", "m")
    row: dict[str, Any] = {
        "ts": (NOON + timedelta(seconds=end_s)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": "android",
        "ms_played": round(played_s * 1000),
        "conn_country": "Sweden",
        "ip_addr": "203.0.113.9",
        "master_metadata_track_name": f"Title {identifier}",
        "master_metadata_album_artist_name": "Artist",
        "master_metadata_album_album_name": "Album",
        "spotify_track_uri": f"spotify:track:{identifier}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline": False,
        "offline_timestamp": None,
        "incognito_mode": False,
    }
    return row | fields


def read(*rows: object) -> list[RawListen]:
    return read_extended_history(json.dumps(rows).encode()).listens


def dropped(*rows: object) -> dict[str, int]:
    return read_extended_history(json.dumps(rows).encode()).dropped


def refusal(data: bytes) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read_extended_history(data)
    return caught.value.reason


def test_the_time_stamp_is_the_end_of_the_play() -> None:
    (listen,) = read(play(200, 180.25))
    assert listen.ended_at == NOON + timedelta(seconds=200)
    assert listen.started_at == NOON + timedelta(seconds=19.75)
    assert (listen.title, listen.artist, listen.album) == ("Title 200x180p25", "Artist", "Album")
    assert listen.source_id == "spotify:track:200x180p25"
    assert listen.kind is ListenKind.MUSIC


def test_old_field_names_and_personal_fields_leave_no_trace() -> None:
    row = play(200, 180, username="a runner", ip_addr_decrypted="203.0.113.9", city="Umeå")
    row["user_agent_decrypted"] = "an agent"
    del row["ip_addr"]
    listens = read(row)
    assert len(listens) == 1
    for secret in ("a runner", "203.0.113.9", "Umeå", "an agent", "Sweden", "android"):
        assert secret not in repr(listens)


def test_plays_come_in_order_whatever_the_file_says() -> None:
    listens = read(play(600, 100), play(200, 100), play(400, 100))
    assert [listen.ended_at for listen in listens] == sorted(listen.ended_at for listen in listens)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (play(200, 0), "zero_length"),
        (play(200, -5), "impossible_length"),
        (play(200, 90_000), "impossible_length"),
        (play(200, 100, ms_played=None), "impossible_length"),
        (play(200, 100, ts="2004-01-01T00:00:00Z"), "impossible_time"),
        (play(200, 100, ts="2104-01-01T00:00:00Z"), "impossible_time"),
        (play(200, 100, ts="yesterday"), "impossible_time"),
        (play(200, 100, ts=None), "not_a_play"),
        (play(200, 100, ts=17), "not_a_play"),
        (play(200, 100, master_metadata_track_name=None), "unnamed"),
        ("a text", "not_a_play"),
    ],
)
def test_what_is_no_play_is_counted(row: object, reason: str) -> None:
    assert dropped(play(900, 100), row) == {reason: 1}
    assert len(read(play(900, 100), row)) == 1


def test_null_fields_are_allowed_wherever_spotify_writes_them() -> None:
    nulls = dict.fromkeys(
        ("skipped", "shuffle", "offline", "offline_timestamp", "reason_start", "reason_end")
    )
    (listen,) = read(play(200, 180, master_metadata_album_album_name=None, **nulls))
    assert listen.is_skipped is None
    assert listen.is_shuffled is None
    assert listen.is_offline is False
    assert listen.album is None


def test_a_play_ended_by_the_next_button_was_skipped_whatever_the_flag_says() -> None:
    first, second = read(play(200, 9, reason_end="fwdbtn"), play(400, 180, skipped=True))
    assert first.is_skipped is True
    assert second.is_skipped is True


def test_podcasts_audiobooks_and_videos() -> None:
    no_track = dict.fromkeys(
        ("master_metadata_track_name", "master_metadata_album_artist_name", "spotify_track_uri")
    )
    episode, chapter, clip = read(
        play(
            1000,
            900,
            **no_track,
            episode_name="Hills",
            episode_show_name="The Run Show",
            spotify_episode_uri="spotify:episode:3hills",
        ),
        play(
            3000,
            900,
            **no_track,
            audiobook_title="The Long Run",
            audiobook_uri="spotify:show:1book",
            audiobook_chapter_uri="spotify:episode:2chapter",
            audiobook_chapter_title="Chapter 4",
        ),
        play(4000, 200, platform="not_applicable"),
    )
    assert (episode.kind, episode.title, episode.artist, episode.source_id) == (
        ListenKind.PODCAST,
        "Hills",
        "The Run Show",
        "spotify:episode:3hills",
    )
    assert (chapter.kind, chapter.title, chapter.artist, chapter.album) == (
        ListenKind.AUDIOBOOK,
        "Chapter 4",
        "",
        "The Long Run",
    )
    assert clip.kind is ListenKind.MUSIC


@pytest.mark.parametrize("uri", [None, "", "spotify:local:Artist:Album:Title:211"])
def test_files_from_the_runners_own_disk_have_no_source_id(uri: str | None) -> None:
    (listen,) = read(play(200, 180, spotify_track_uri=uri))
    assert listen.source_id is None
    assert listen.title.startswith("Title")


def test_a_play_that_follows_on_is_known_to_the_second() -> None:
    assert read(play(200, 200), play(400, 199.6))[1].uncertainty_s == 1.0


def test_a_pause_inside_a_play_shows_as_the_gap_before_it() -> None:
    first, paused = read(play(200, 200), play(700, 180))
    assert first.ended_at == NOON + timedelta(seconds=200)
    # It began when the first ended (200) and was heard for 180 s until 700: 320 s of pause.
    assert paused.started_at == NOON + timedelta(seconds=520)
    assert paused.uncertainty_s == 320


def test_a_zero_length_play_is_evidence_all_the_same() -> None:
    assert read(play(200, 200), play(519, 0), play(700, 180))[1].uncertainty_s == 1


def test_silence_before_a_play_begun_by_hand_is_mostly_silence() -> None:
    assert (
        read(play(200, 200), play(700, 180, reason_start="clickrow"))[1].uncertainty_s
        == UNSEEN_PAUSE_S
    )
    assert read(play(700, 180))[0].uncertainty_s == UNSEEN_PAUSE_S


@pytest.mark.parametrize(
    ("reason", "logged_s", "uncertainty_s"),
    [
        ("trackdone", 500, 20),  # loaded 20 s before it can have started: at most that of pause
        ("trackdone", 100, 320),  # loaded before the play before it ended: says nothing
        ("clickrow", 510, 10),
        ("appload", 300, UNSEEN_PAUSE_S),  # loaded with the app, played when asked to
    ],
)
def test_the_logged_start_of_an_online_play_bounds_a_pause(
    reason: str, logged_s: int, uncertainty_s: float
) -> None:
    logged = int(NOON.timestamp()) + logged_s
    rows = play(200, 200), play(700, 180, reason_start=reason, offline_timestamp=logged)
    assert read(*rows)[1].started_at == NOON + timedelta(seconds=520)
    assert read(*rows)[1].uncertainty_s == uncertainty_s


def test_overlapping_plays_are_off_by_their_overlap() -> None:
    assert read(play(200, 200), play(300, 140))[1].uncertainty_s == 40


def test_uncertainty_is_never_wider_than_a_day() -> None:
    assert read(play(200, 200), play(400_000, 180))[1].uncertainty_s == MAX_UNCERTAINTY_S


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_offline_plays_start_where_their_player_says(unit: int) -> None:
    """Two plays made offline, uploaded together twenty minutes later."""
    began = int(NOON.timestamp())
    first, second = read(
        play(1800, 300, offline=True, offline_timestamp=began * unit),
        play(1800, 240, offline=True, offline_timestamp=(began + 300) * unit),
    )
    assert first.started_at == NOON
    assert first.uncertainty_s == OFFLINE_CLOCK_S
    assert second.started_at == NOON + timedelta(seconds=300)
    assert second.ended_at == NOON + timedelta(seconds=540)
    assert second.uncertainty_s == 1  # its neighbour ends right there
    assert second.is_offline


@pytest.mark.parametrize("logged", [None, 0, -1, 1, 4e18, int(NOON.timestamp()) + 90_000])
def test_an_offline_play_without_a_believable_start_cannot_be_placed(logged: object) -> None:
    before, offline = read(play(200, 200), play(700, 180, offline=True, offline_timestamp=logged))
    assert before.uncertainty_s == UNSEEN_PAUSE_S
    assert offline.ended_at == NOON + timedelta(seconds=700)
    assert offline.uncertainty_s == MAX_UNCERTAINTY_S


def test_an_offline_play_that_fits_its_neighbour_is_believed() -> None:
    assert read(play(200, 200), play(380, 180, offline=True))[1].uncertainty_s == 2


def test_a_play_written_twice_counts_once() -> None:
    twice = play(205, 180, spotify_track_uri="spotify:track:a", master_metadata_track_name="A")
    again = twice | {"ts": play(217, 1)["ts"]}
    on_repeat = twice | {"ts": play(385, 1)["ts"]}
    assert len(read(twice, again, on_repeat)) == 2
    assert dropped(twice, again, on_repeat) == {"duplicate": 1}


def test_a_long_play_written_twice_a_minute_apart_counts_once() -> None:
    long = play(6000, 5984.871)
    assert len(read(long, long | {"ts": play(6078, 1)["ts"]})) == 1


def test_a_cut_off_file_gives_what_came_before() -> None:
    whole = json.dumps([play(200, 180), play(400, 180), play(600, 180)]).encode()
    cut = read_extended_history(whole[:-60])
    assert len(cut.listens) == 2
    assert cut.dropped == {"cut_off": 1}


def test_texts_are_fit_for_a_database() -> None:
    (listen,) = read(play(200, 180, master_metadata_track_name=" A\0\ud800é" + "x" * 999))
    assert listen.title.startswith("Aéx")
    assert len(listen.title) == 500
    listen.title.encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"\xef\xbb\xbf \n", Refusal.EMPTY),
        (b"[]", Refusal.NO_LISTENS),
        (b"{}", Refusal.NO_LISTENS),
        (b"[1, null, {}]", Refusal.NO_LISTENS),
        (b'[{"name": "my playlist"}]', Refusal.NO_LISTENS),
        (b"[", Refusal.DAMAGED),
        (b'[{"ts": "2024', Refusal.DAMAGED),
        (b"not JSON", Refusal.DAMAGED),
        (b"[" * 100_000, Refusal.DAMAGED),
        (
            b'[{"endTime":"2023-01-31 07:05","artistName":"A","trackName":"T","msPlayed":1}]',
            Refusal.NO_LISTENS,
        ),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    assert refusal(data) is reason


def test_what_is_written_is_read_again() -> None:
    listens = [
        RawListen(
            kind=kind,
            title=f"Title {index}",
            artist="" if kind is ListenKind.AUDIOBOOK else "Someone",
            album=None if kind is ListenKind.PODCAST else "Album",
            started_at=NOON + timedelta(seconds=200 * index),
            ended_at=NOON + timedelta(seconds=200 * index + 200),
            uncertainty_s=1.0 if index else UNSEEN_PAUSE_S,
            source_id=f"spotify:track:{index}",
            is_skipped=index == 1,
            is_shuffled=True,
            is_offline=False,
        )
        for index, kind in enumerate(ListenKind)
    ]
    assert read_extended_history(write_extended_history(listens)).listens == listens


field_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["2024-05-04T12:00:00Z", "0001-01-01T00:00:00+23:59", "trackdone"]),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from([*play(1, 1)]), field_values), max_size=4),
    st.integers(0, 60),
    st.binary(max_size=3),
)
def test_only_a_refusal_escapes(changes: list[dict[str, object]], cut: int, noise: bytes) -> None:
    data = json.dumps([play(200, 180) | change for change in changes]).encode()
    keep = len(data) - cut
    try:
        history = read_extended_history(data[: max(keep, 0)] + noise)
    except UnreadableFileError:
        return
    for listen in history.listens:
        assert listen.started_at <= listen.ended_at
        assert 1 <= listen.uncertainty_s <= MAX_UNCERTAINTY_S


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    refusal(data)


def test_fifty_thousand_plays_are_read_in_seconds() -> None:
    data = json.dumps([play(200 * index, 200) for index in range(50_000)]).encode()
    began = time.perf_counter()
    listens = read_extended_history(data).listens
    took_s = time.perf_counter() - began
    print(f"{len(data) / 1e6:.0f} MB, 50,000 plays: {took_s:.2f} s")
    assert len(listens) == 50_000
    assert took_s < 10


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the real files are not here")
def test_a_real_file_of_the_old_generation() -> None:
    history = read_extended_history(REAL_FILE.read_bytes())
    assert [listen.title for listen in history.listens] == [
        "I Turn My Camera On",
        "Got To Hurry",
        "To All The Girls",
        "Fly Free",
    ]
    assert history.dropped == {"zero_length": 1}
