"""Apple's stretches of sound become plays."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.apple_music import MOST_PAUSE_S, apple_identity, read_apple_activity
from beatrunner.core.listening import ListeningHistory, RawListen
from beatrunner.core.refusals import Refusal, UnreadableFileError

NOON = datetime(2024, 5, 4, 12, 0, tzinfo=UTC)
PAUSED, DONE = "PLAYBACK_MANUALLY_PAUSED", "NATURAL_END_OF_TRACK"


def at(seconds: float) -> str:
    return (NOON + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def stretch(
    start_s: float, end_s: float, reason: str = DONE, song: str = "Song", **more: str
) -> dict[str, str]:
    row = {
        "Album Name": "Album",
        "Container Artist Name": "",
        "Device Identifier": "phone",
        "End Reason Type": reason,
        "Event End Timestamp": at(end_s),
        "Event Start Timestamp": at(start_s),
        "Event Type": "PLAY_END",
        "IP City": "Umeå",
        "Offline": "FALSE",
        "Play Duration Milliseconds": str(round((end_s - start_s) * 1000)),
        "Shuffle Play": "SHUFFLE_OFF",
        "Song Name": song,
    }
    return row | {name.replace("_", " "): value for name, value in more.items()}


def table(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def history(*rows: dict[str, str]) -> ListeningHistory:
    return read_apple_activity(table(*rows))


def plays_s(*rows: dict[str, str]) -> list[tuple[float, float]]:
    """(start, end) after noon."""
    listens = history(*rows).listens
    return [((one.started_at - NOON).total_seconds(), _end_s(one)) for one in listens]


def _end_s(listen: RawListen) -> float:
    return (listen.ended_at - NOON).total_seconds()


def test_a_song_that_was_heard_to_its_end() -> None:
    (listen,) = history(stretch(0.25, 200.5, Shuffle_Play="SHUFFLE_ON", Offline="TRUE")).listens
    assert listen.started_at == NOON + timedelta(seconds=0.25)
    assert listen.ended_at == NOON + timedelta(seconds=200.5)
    assert (listen.title, listen.artist, listen.album) == ("Song", "", "Album")
    assert (listen.is_skipped, listen.is_shuffled, listen.is_offline) == (False, True, True)
    assert listen.source_id == apple_identity("Song", "Album")
    assert listen.uncertainty_s == 1.0


def test_stretches_around_a_pause_are_one_play() -> None:
    rows = (stretch(0, 50, PAUSED), stretch(80, 150, "SCRUB_BEGIN"), stretch(150, 230))
    assert plays_s(*reversed(rows)) == [(0, 230)]


@pytest.mark.parametrize(
    "second",
    [
        stretch(60, 110, song="Other"),
        stretch(60, 110, Device_Identifier="watch"),
        stretch(50 + MOST_PAUSE_S + 1, 300),
    ],
)
def test_what_does_not_go_on_is_another_play(second: dict[str, str]) -> None:
    assert len(plays_s(stretch(0, 50, PAUSED), second)) == 2


def test_the_same_song_again_is_another_play() -> None:
    assert plays_s(stretch(0, 50), stretch(50, 100)) == [(0, 50), (50, 100)]
    assert len(plays_s(stretch(0, 50, "A_NEW_REASON"), stretch(50, 100))) == 2


def test_the_way_of_a_scrub_is_no_length() -> None:
    assert plays_s(stretch(0, 50, "SCRUB_BEGIN"), stretch(-70, 50, "SCRUB_END")) == [(0, 50)]
    assert history(stretch(0, 9), stretch(0, 50, "SCRUB_END", "Other")).dropped == {
        "zero_length": 1
    }


def test_only_events_that_ended_a_play_are_plays() -> None:
    found = history(
        stretch(0, 50),
        stretch(50, 60, Event_Type="LYRIC_DISPLAY"),
        stretch(60, 70, Event_Type="PLAY_START"),
        stretch(100, 150, Event_Type=""),
    )
    assert len(found.listens) == 2
    assert found.dropped == {"other_event": 2}


def test_older_exports_call_things_by_other_names() -> None:
    row = stretch(0, 50)
    old = {
        "Content Name": row["Song Name"],
        "Artist Name": "Artist",
        "Event Start Timestamp": "2018-05-04T12:00:00Z",
        "Event End Timestamp": "",
        "Play Duration Milliseconds": "50000",
        "End Reason Type": "TRACK_SKIPPED_FORWARDS",
    }
    (listen,) = history(old).listens
    assert (listen.title, listen.artist, listen.album) == ("Song", "Artist", None)
    assert listen.ended_at - listen.started_at == timedelta(seconds=50)
    assert listen.is_skipped is True


def test_bad_rows_are_counted_and_the_others_stay() -> None:
    found = history(
        stretch(0, 50),
        stretch(50, 60, song=""),
        stretch(50, 60, Play_Duration_Milliseconds="NaN"),
        stretch(50, 60, Play_Duration_Milliseconds="-9000"),
        stretch(50, 60, Play_Duration_Milliseconds="1e12"),
        stretch(50, 60, Event_End_Timestamp="", Event_Start_Timestamp=""),
        stretch(50, 60, Event_End_Timestamp="1970-01-01T00:00:00Z", Event_Start_Timestamp=""),
        stretch(50, 60, Event_End_Timestamp="9999-12-31T23:59:59Z", Event_Start_Timestamp=""),
    )
    assert len(found.listens) == 1
    assert found.dropped == {"unnamed": 1, "impossible_length": 3, "impossible_time": 3}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b"a,b\n1,2\n", Refusal.NO_LISTENS),
        (table(stretch(0, 1)).splitlines()[0], Refusal.NO_LISTENS),
        (table(stretch(0, 1)).splitlines()[0] + b'\n"' + b"x" * 200_000, Refusal.DAMAGED),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_apple_activity(data)
    assert caught.value.reason is reason


def test_places_and_addresses_leave_no_trace() -> None:
    assert "Umeå" not in repr(history(stretch(0, 50)))


times_s = st.integers(0, 600)


@given(
    st.lists(
        st.builds(
            stretch,
            times_s,
            times_s,
            st.sampled_from([PAUSED, DONE, "SCRUB_END", "OTHER"]),
            st.sampled_from("AB"),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_joining_invents_no_sound(rows: list[dict[str, str]]) -> None:
    found = history(*rows)
    assert all(listen.started_at < listen.ended_at for listen in found.listens)
    ends = {row["Event End Timestamp"] for row in rows}
    assert {at(_end_s(listen)) for listen in found.listens} <= ends
    assert len(found.listens) <= len(rows)
