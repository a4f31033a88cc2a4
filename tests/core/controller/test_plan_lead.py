"""A plan goes from block to block, and each block is led by what it names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beatrunner.core.controller import (
    Advice,
    Block,
    BlockKind,
    Goal,
    LockState,
    Mode,
    Reason,
    Sense,
    Song,
)
from beatrunner.core.controller.plan_lead import block_at
from tests.core.controller.rides import fresh, ride

EASY = Block(BlockKind.WARM_UP, 300.0)
SPEED = Block(BlockKind.WORK, 300.0, speed_kmh=9.6)
HEART = Block(BlockKind.WORK, 600.0, target_low_bpm=140.0, target_high_bpm=150.0)
STEPS = Block(BlockKind.WORK, 300.0, cadence_spm=170.0, speed_kmh=5.0)


def plan(*blocks: Block) -> Goal:
    return Goal(Mode.PLAN, 175.0, speed_kmh=10.0, blocks=blocks)


def song(tempo_bpm: float) -> Song:
    return Song(str(tempo_bpm), tempo_bpm, 10_000.0)


def last(goal: Goal, seconds: int, tempo_bpm: float | None = None) -> Advice:
    playing = None if tempo_bpm is None else song(tempo_bpm)
    return ride(fresh(goal), seconds, lambda sense: replace(sense, song=playing))[-1][1]


@pytest.mark.parametrize(
    ("moving_s", "expected"),
    [
        (0.0, (0, 300.0)),
        (299.0, (0, 1.0)),
        (300.0, (1, 300.0)),
        (650.0, (2, 550.0)),
        (5000.0, (2, 0.0)),
    ],
)
def test_blocks_follow_one_another(moving_s: float, expected: tuple[int, float]) -> None:
    assert block_at((EASY, SPEED, HEART), moving_s) == expected


def test_a_speed_that_is_asked_for_is_not_the_songs_to_change() -> None:
    for tempo_bpm in (None, 160.0, 168.0, 176.0):
        assert last(plan(SPEED), 290, tempo_bpm).speed_kmh == 9.6


def test_a_song_that_fits_the_speed_is_on_the_beat() -> None:
    ridden = ride(fresh(plan(SPEED)), 400, lambda sense: replace(sense, song=song(170.0)))
    sense, advice = ridden[-1]
    assert sense.cadence_spm == pytest.approx(170.0, rel=0.02)
    assert advice.lock is LockState.ON_BEAT


def test_a_block_without_figures_goes_at_the_pace_of_its_kind() -> None:
    assert last(plan(EASY), 100).speed_kmh == 6.5  # 7 km/h would be neither walk nor run
    unlimited = replace(plan(replace(EASY, kind=BlockKind.WORK)), ceiling_bpm=None)
    assert last(unlimited, 100).speed_kmh == 11.0


def test_a_cadence_leads_before_a_speed() -> None:
    goal = plan(STEPS)
    slow = last(goal, 280, 166.0).speed_kmh or 0.0
    fast = last(goal, 280, 174.0).speed_kmh or 0.0
    assert 7.5 < slow < fast - 1.0


def test_a_range_of_the_heart_leads_before_all() -> None:
    goal = plan(replace(HEART, speed_kmh=5.0, duration_s=2000.0))
    sense, advice = ride(fresh(goal), 1200)[-1]
    assert sense.heart_rate_bpm == pytest.approx(145.0, abs=3.0)
    assert (advice.speed_kmh or 0.0) > 7.0


def test_the_songs_of_the_next_block_are_asked_for_before_it_begins() -> None:
    fast = replace(SPEED, speed_kmh=13.0)
    ridden = ride(fresh(plan(SPEED, fast)), 340)
    asked = [advice.wanted_spm.value if advice.wanted_spm else 0.0 for _sense, advice in ridden]
    now_spm, next_spm = asked[200], asked[-1]
    assert next_spm > now_spm + 3.0
    assert asked[250] == pytest.approx(now_spm, abs=1.5)
    assert asked[260] == pytest.approx(next_spm, abs=1.5)


def test_after_the_last_block_it_goes_on_and_says_so() -> None:
    advice = last(plan(replace(SPEED, duration_s=100.0)), 150)
    assert advice.block == 0
    assert advice.speed_kmh == 9.6
    assert Reason.PLAN_OVER in advice.reasons


def test_a_plan_counts_moving_time() -> None:
    controller = fresh(plan(EASY, SPEED))
    for at in range(600):
        standing = controller.step(Sense(float(at), 0.0, 0.0, 80.0, 0.0))
    assert standing.block == 0
    assert controller.state.moving_s == 0.0


def test_a_plan_without_blocks_is_led_by_the_beat() -> None:
    advice = last(plan(), 60)
    assert advice.block is None
    assert advice.speed_kmh == 10.0
