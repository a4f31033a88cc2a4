"""What a projection leaves out and what it keeps, on a run and songs made here; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from beatrunner.activities.naming import default_name
from beatrunner.core.hiding import PrivacyZone
from beatrunner.core.recording import Streams
from beatrunner.sharing.projection import Choice, project
from beatrunner.sharing.shapes import SharedRun

KEY = b"the server's key"
LENGTH_S = 2000
#: 3 m a second to the north.
STEP_DEG = 3.0 / 111_195.0
EVERYTHING = Choice(shows_time=True, shows_heart_rate=True)
FIRST, SECOND = UUID(int=21), UUID(int=22)


def streams() -> Streams:
    rows = np.arange(LENGTH_S, dtype=float)
    columns = {
        "latitude": 52.5 + rows * STEP_DEG,
        "longitude": np.full(LENGTH_S, 13.4),
        "distance_m": rows * 3.0,
        "heart_rate_bpm": np.full(LENGTH_S, 150.0),
    }
    return Streams(LENGTH_S, columns, np.ones(LENGTH_S, dtype=bool))


def activity(**changes: Any) -> Any:
    found = {
        "id": UUID(int=1),
        "account_id": UUID(int=2),
        "name": "Along the river",
        "sport": "running",
        "is_indoor": False,
        "started_at": datetime(2026, 3, 1, 22, 30, 41, 500, tzinfo=UTC),
        "utc_offset_s": 7200,
    }
    return SimpleNamespace(**{**found, **changes})


def played(track_id: UUID | None, start_s: int, end_s: int) -> Any:
    title = None if track_id is None else f"Song {track_id.int}"
    return SimpleNamespace(
        track_id=track_id,
        title=title,
        artist="A band",
        tempo_bpm=160.0,
        start_s=start_s,
        end_s=end_s,
        start_uncertainty_s=1.5,
    )


SOUNDTRACK = [
    played(FIRST, 0, 700),  # its beginning is hidden
    played(SECOND, 700, 900),
    played(None, 900, 1000),
    played(FIRST, 1000, 1100),
    played(SECOND, 1100, 1200),
    played(FIRST, 1200, 2000),
]


def seen(choice: Choice, run: Any = None, zones: tuple[PrivacyZone, ...] = ()) -> SharedRun:
    shown = project(run or activity(), streams(), SOUNDTRACK, zones, KEY, choice)
    assert shown is not None
    return shown


def hidden_before(shown: SharedRun) -> timedelta:
    """How long the run went on until what is shown of it."""
    latitude = shown.streams.columns["latitude"]
    return timedelta(seconds=round((latitude.scale * (latitude.deltas[0] or 0) - 52.5) / STEP_DEG))


def test_time_and_heart_stay_hidden_unless_chosen() -> None:
    shown = seen(Choice())
    assert (shown.started_at, shown.utc_offset_s, shown.mean_heart_rate_bpm) == (None, None, None)
    assert set(shown.streams.columns) == {"latitude", "longitude", "distance_m"}
    assert {span.heart_rate_bpm for span in shown.spans} == {None}


def test_what_is_chosen_is_shown_to_the_minute() -> None:
    shown = seen(EVERYTHING)
    began_at = activity().started_at + hidden_before(shown)
    assert shown.started_at == began_at.replace(second=0, microsecond=0)
    assert shown.started_at > activity().started_at
    assert shown.utc_offset_s == 7200
    assert shown.mean_heart_rate_bpm == 150.0
    assert "heart_rate_bpm" in shown.streams.columns
    assert {span.heart_rate_bpm for span in shown.spans} == {150.0}


@pytest.mark.parametrize(
    ("name", "without_time"),
    [
        ("Morning run", "Run"),
        ("Night Trail Run", "Trail run"),  # as a service writes it
        ("Evening strength training", "Strength training"),
        ("Morning run with Ann", "Morning run with Ann"),
        ("Morning", "Morning"),
        ("Along the river", "Along the river"),
    ],
)
def test_a_default_name_tells_the_time_only_where_it_is_shown(name: str, without_time: str) -> None:
    run = activity(name=name)
    assert seen(Choice(), run).name == without_time
    assert seen(EVERYTHING, run).name == name


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("sport", ["run", "trail_run", "strength", "another"])
def test_every_default_name_hides_the_hour(sport: str, hour: int) -> None:
    started_at = datetime(2026, 3, 1, hour, tzinfo=UTC)
    shown = seen(Choice(), activity(name=default_name(sport, started_at, None)))
    assert shown.name.lower() == default_name(sport, started_at, None).split(" ", 1)[1]


@pytest.mark.parametrize(
    ("offset_s", "day"), [(7200, date(2026, 3, 2)), (0, date(2026, 3, 1)), (None, date(2026, 3, 1))]
)
def test_the_day_is_that_of_the_wrist(offset_s: int | None, day: date) -> None:
    assert seen(Choice(), activity(utc_offset_s=offset_s)).day == day


@pytest.mark.parametrize("second", [0, 86_399])
def test_the_day_is_that_of_the_first_second_that_is_shown(second: int) -> None:
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    started_at = midnight + timedelta(seconds=second) - hidden_before(seen(EVERYTHING))
    shown = seen(EVERYTHING, activity(started_at=started_at, utc_offset_s=None))
    assert shown.day == midnight.date()
    assert shown.started_at == midnight + timedelta(seconds=second // 60 * 60)


def test_a_song_of_which_a_part_is_hidden_has_no_name() -> None:
    shown = seen(Choice())
    assert [song.title for song in shown.songs] == ["Song 22", "Song 21"]
    assert [song.id for song in shown.songs] == ["1", "2"]
    assert [span.song_id for span in shown.spans] == [None, "1", None, "2", "1", None]
    assert shown.spans[0].start_s == 0
    assert shown.spans[-1].end_s == shown.streams.length_s == shown.elapsed_s
    second = shown.spans[1]
    assert (second.end_s - second.start_s, second.moving_s) == (200, 200)
    assert second.distance_m == pytest.approx(600.0)
    assert second.speed_mps == pytest.approx(3.0)
    assert second.start_uncertainty_s == 1.5


def test_figures_and_samples_are_of_what_is_shown() -> None:
    shown = seen(Choice())
    assert shown.is_clipped
    assert (shown.name, shown.sport, shown.is_indoor) == ("Along the river", "running", False)
    latitude = shown.streams.columns["latitude"]
    first = latitude.scale * (latitude.deltas[0] or 0)
    assert first >= 52.5 + 100.0 / 3.0 * STEP_DEG
    assert shown.distance_m == pytest.approx(3.0 * (shown.elapsed_s - 1))


def test_cuts_are_of_the_run_its_runner_and_the_key() -> None:
    mine = seen(Choice())
    assert mine == seen(Choice())
    for other in (activity(id=UUID(int=3)), activity(account_id=UUID(int=3))):
        assert seen(Choice(), other).elapsed_s != mine.elapsed_s
    foreign = project(activity(), streams(), SOUNDTRACK, (), b"another key", Choice())
    assert foreign is not None
    assert foreign.elapsed_s != mine.elapsed_s


def test_a_zone_hides_its_circle_and_may_leave_nothing() -> None:
    middle = PrivacyZone(52.5 + LENGTH_S / 2 * STEP_DEG, 13.4, 200.0)
    shown = seen(Choice(), zones=(middle,))
    assert shown.elapsed_s < seen(Choice()).elapsed_s
    whole = PrivacyZone(middle.latitude, middle.longitude, 10_000.0)
    assert project(activity(), streams(), SOUNDTRACK, (whole,), KEY, Choice()) is None
