"""The heart comes to the middle of its range from below, by speed, and by incline where it must."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from beatrunner.core.controller import Goal, Machine, Mode, Reason, Sense
from beatrunner.core.controller.heart_lead import lead_by_heart, steady, target_bpm
from tests.core.controller.rides import HEART, MACHINE, fresh, ride, situation

RANGE = Goal(Mode.HEART, 170.0, 145.0, 155.0)
#: Whose heart is where others run when they walk fast.
UNFIT = replace(HEART, level_mps=1.95, level_bpm=150.0)


@pytest.mark.parametrize(
    ("low_bpm", "high_bpm", "ceiling_bpm", "expected_bpm"),
    [
        (140.0, 150.0, 170.0, 145.0),
        (None, 150.0, 170.0, 145.0),
        (140.0, None, 170.0, 145.0),
        (None, None, 170.0, 160.0),
        (None, None, None, None),
    ],
)
def test_the_target(
    low_bpm: float | None,
    high_bpm: float | None,
    ceiling_bpm: float | None,
    expected_bpm: float | None,
) -> None:
    assert target_bpm(Goal(Mode.HEART, ceiling_bpm, low_bpm, high_bpm)) == expected_bpm


def test_the_heart_comes_to_its_target_and_stays() -> None:
    ridden = ride(fresh(RANGE), 1500)
    hearts_bpm = [sense.heart_rate_bpm or 0.0 for sense, _advice in ridden]
    assert max(hearts_bpm) <= 154.0
    assert all(abs(heart_rate_bpm - 150.0) <= 2.0 for heart_rate_bpm in hearts_bpm[900:])
    assert all(advice.incline_pct == 0.0 for _sense, advice in ridden)


def test_a_target_near_the_ceiling_gives_way_to_it() -> None:
    ridden = ride(fresh(Goal(Mode.HEART, 150.0, 145.0, 155.0)), 1500)
    assert max(sense.heart_rate_bpm or 0.0 for sense, _advice in ridden) < 150.0
    assert Reason.NEAR_CEILING in ridden[-1][1].reasons


def test_a_machine_that_goes_no_faster_goes_steeper() -> None:
    ridden = ride(fresh(RANGE, replace(MACHINE, max_speed_kmh=8.0)), 1200)
    sense, advice = ridden[-1]
    assert advice.speed_kmh == 8.0
    assert advice.incline_pct is not None
    assert 1.0 <= advice.incline_pct <= 6.0
    assert sense.heart_rate_bpm == pytest.approx(150.0, abs=3.0)
    assert Reason.AT_LIMIT in advice.reasons


def test_between_walking_and_running_the_walk_becomes_steeper() -> None:
    ridden = ride(fresh(RANGE), 1500, heart=UNFIT)
    sense, advice = ridden[-1]
    assert advice.speed_kmh == 6.5
    assert (advice.incline_pct or 0.0) > 0.0
    assert sense.heart_rate_bpm == pytest.approx(150.0, abs=4.0)


def test_gaits_do_not_change_to_and_fro() -> None:
    ridden = ride(fresh(Goal(Mode.HEART, 170.0, 143.0, 153.0)), 2400, heart=UNFIT)
    walks = [(advice.speed_kmh or 0.0) <= 6.5 for _sense, advice in ridden[600:]]
    assert sum(before != after for before, after in pairwise(walks)) <= 1


def test_a_machine_without_incline_keeps_level() -> None:
    level = Machine(1.0, 16.0)
    ridden = ride(fresh(Goal(Mode.HEART, 170.0, 140.0, 150.0), level), 900, heart=UNFIT)
    assert {advice.incline_pct for _sense, advice in ridden} == {0.0}


def test_without_a_heart_rate_the_belt_keeps_what_it_has() -> None:
    controller = fresh(RANGE)
    before = ride(controller, 400)[-1][0]
    lost = replace(before, elapsed_s=401.0, heart_rate_bpm=None)
    advice = controller.step(lost)
    assert advice.speed_kmh == pytest.approx(lost.speed_kmh, abs=0.1)
    assert Reason.HEART_UNKNOWN in advice.reasons


def test_without_any_target_the_pace_leads() -> None:
    _state, advice = lead_by_heart(
        situation(Goal(Mode.HEART, speed_kmh=9.0), Sense(1.0, 5.0, 0.0, 120.0))
    )
    assert (advice.speed_kmh, advice.incline_pct) == (9.0, 0.0)


@pytest.mark.parametrize(
    ("wanted", "before", "expected"),
    [(9.1, None, 9.1), (9.1, 9.04, 9.04), (9.1, 9.0, 9.1), (9.0, 9.07, 9.07), (8.9, 9.0, 8.9)],
)
def test_a_wish_changes_by_a_step_or_not_at_all(
    wanted: float, before: float | None, expected: float
) -> None:
    assert steady(wanted, before, 0.1) == expected
