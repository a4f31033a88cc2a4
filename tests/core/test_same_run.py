from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from beatrunner.core.recording import RawRecording
from beatrunner.core.same_run import Match, same_run, shift_between
from tests.outings import MORNING, outing, recorded, recorded_run

HOUR_S = 3600


def match(a: RawRecording, b: RawRecording) -> Match | None:
    """Both ways round have to agree."""
    found, back = (
        same_run(recorded_run(a), recorded_run(b)),
        same_run(recorded_run(b), recorded_run(a)),
    )
    assert (found is None) == (back is None)
    if found and back:
        assert found.share == back.share
        assert found.shift_s == pytest.approx(-back.shift_s, abs=1)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_two_devices_worn_at_once(seed: int) -> None:
    truth = outing(seed)
    watch, phone = recorded(truth, 1), recorded(truth, 2, first=20, end=1450)
    found = match(watch, phone)
    assert found is not None
    assert found.share == 1.0
    assert found.shift_s == pytest.approx(20, abs=1)


@pytest.mark.parametrize("clock_s", [-90, -7, 3, 45, 110])
@pytest.mark.parametrize("without", [(), ("latitude", "longitude")])
def test_clocks_are_put_together(clock_s: int, without: tuple[str, ...]) -> None:
    truth = outing(3)
    watch, phone = recorded(truth, 1), recorded(truth, 2, clock_s=clock_s, without=without)
    found = match(watch, phone)
    assert found is not None
    assert found.shift_s == pytest.approx(0, abs=2)


def test_a_copy_from_a_service() -> None:
    watch = recorded(outing())
    copy = replace(watch, columns={k: watch.columns[k] for k in ("latitude", "longitude")})
    assert match(watch, replace(copy, is_sport_guessed=True, sport="walk")) == Match(0, 1.0)


def test_a_watch_that_stopped_early() -> None:
    truth = outing()
    assert match(recorded(truth, 1), recorded(truth, 2, end=900)) is not None
    assert match(recorded(truth, 1), recorded(truth, 2, first=600)) is not None


def test_the_legs_of_a_triathlon_are_no_whole() -> None:
    """At most one of them may be."""
    truth = outing(length_s=3000)
    whole = recorded(truth, 1, sport="other")
    legs = [recorded(truth, 2, end=900), recorded(truth, 2, first=900, end=2000, sport="ride")]
    legs.append(recorded(truth, 2, first=2000))
    assert not any(match(one, other) for one in legs for other in legs if one is not other)
    assert [match(whole, leg) for leg in legs] == [None, None, None]


def test_a_watch_beside_a_belt() -> None:
    truth = outing()
    belt = recorded(truth, 1, is_indoor=True, sport="treadmill_run")
    watch = recorded(truth, 2, is_indoor=True, clock_s=40)
    assert match(belt, watch) is not None
    lost = recorded(truth, 2, noise_m=300.0)
    assert match(belt, lost) is not None


@pytest.mark.parametrize("sport", ["ride", "swim", "strength"])
def test_another_sport_is_another_thing(sport: str) -> None:
    truth = outing()
    assert match(recorded(truth, 1), recorded(truth, 2, sport=sport)) is None


def test_two_people_of_one_account_run_apart() -> None:
    assert match(recorded(outing(1)), recorded(outing(2))) is None
    slow = replace(recorded(outing(1), is_indoor=True), sport="walk")
    slow.columns["distance_m"][:] *= 0.4
    assert match(recorded(outing(1)), slow) is None


@pytest.mark.parametrize("hours", [-14, -2, -1, 1, 5, 10])
def test_a_wrong_zone_is_told_by_the_path(hours: int) -> None:
    truth = outing(4)
    watch = recorded(truth, 1)
    wrong = recorded(truth, 2, first=10, clock_s=hours * HOUR_S)
    found = match(watch, wrong)
    assert found is not None
    assert found.shift_s == pytest.approx(10, abs=1)
    assert match(watch, recorded(truth, 2, clock_s=hours * HOUR_S + 700)) is None
    pathless = recorded(truth, 2, clock_s=hours * HOUR_S, without=("latitude", "longitude"))
    assert match(watch, pathless) is None


@pytest.mark.parametrize("hours", [1, 2, 10, 12])
@pytest.mark.parametrize("seed", range(10))
def test_the_same_way_again_is_another_run(seed: int, hours: int) -> None:
    """At the very pace, a whole number of hours later."""
    morning = outing(seed, way=seed)
    evening = outing(seed + 50, way=seed, started_at=MORNING + timedelta(hours=hours))
    assert match(recorded(morning, 1), recorded(evening, 2)) is None


@pytest.mark.parametrize("lap_m", [200.0, 400.0])
@pytest.mark.parametrize("pause_s", [0, 5, 600, HOUR_S - 900])
def test_laps_of_a_track_twice_in_a_row(pause_s: int, lap_m: float) -> None:
    later = MORNING + timedelta(seconds=900 + pause_s)
    first = outing(1, lap_m=lap_m, length_s=900)
    second = outing(2, lap_m=lap_m, length_s=900, started_at=later)
    assert match(recorded(first, 1), recorded(second, 2)) is None


def test_nothing_moves() -> None:
    still = recorded(outing(), without=("latitude", "longitude", "cadence_spm"))
    still.columns["distance_m"][:] = 0.0
    assert match(still, still) is None
    assert match(still, recorded(outing())) is None


def test_damaged_columns_do_no_harm() -> None:
    truth = outing()
    watch, holed = recorded(truth, 1), recorded(truth, 2)
    for name in ("distance_m", "latitude", "longitude"):
        holed.columns[name][::2] = np.nan
        holed.columns[name][40:900] = np.nan
    assert match(watch, holed) is not None


def test_the_runner_may_say_it_of_whatever_overlaps() -> None:
    truth = outing()
    watch = recorded_run(recorded(truth, 1, end=800))
    phone = recorded_run(recorded(truth, 2, first=600))
    assert same_run(watch, phone) is None
    assert shift_between(watch, phone) == pytest.approx(600, abs=2)
    assert shift_between(watch, recorded_run(recorded(truth, 2, first=900))) is None
