from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.simulation.heart import HeartParameters, VirtualHeart, draw_heart

STILL = HeartParameters(
    resting_heart_rate_bpm=60.0,
    max_heart_rate_bpm=190.0,
    level_mps=2.7,
    level_bpm=145.0,
    gain_bpm_per_mps=24.0,
    time_constant_s=58.0,
    dead_time_s=6.0,
    drift_bpm_per_min=0.0,
    noise_sd_bpm=0.0,
)


def beat(heart: VirtualHeart, seconds: int, speed_mps: float, grade_pct: float = 0.0) -> list[int]:
    seen = []
    for _ in range(seconds):
        heart.step(1.0, speed_mps, grade_pct)
        seen.append(heart.heart_rate_bpm)
    return seen


def fresh(parameters: HeartParameters = STILL, seed: int = 0) -> VirtualHeart:
    return VirtualHeart(parameters, np.random.default_rng(seed))


def test_it_waits_then_rises_by_its_time_constant_and_settles() -> None:
    seen = beat(fresh(), 1500, 2.7)
    assert seen[:6] == [68] * 6
    assert seen[6] > 68
    assert seen[5 + 58] == pytest.approx(68 + 0.632 * (145 - 68), abs=3)
    assert seen[-1] == 145


def test_steps_up_count_more_than_steps_down_and_both_wear_off() -> None:
    up, down = fresh(), fresh()
    for heart in (up, down):
        beat(heart, 1800, 2.7)
    risen, fallen = beat(up, 2400, 3.2), beat(down, 2400, 2.2)
    assert max(risen) - 145 == pytest.approx(0.5 * 24 * 1.06, abs=1)
    assert risen[-1] == pytest.approx(145 + 12, abs=1)
    assert 145 - fallen[200] < risen[200] - 145
    assert fallen[-1] == pytest.approx(145 - 12, abs=1)


def test_a_speed_that_goes_up_and_down_does_not_pump_the_heart_up() -> None:
    heart = fresh()
    beat(heart, 1200, 2.7)
    for _ in range(60):
        beat(heart, 30, 2.95)
        seen = beat(heart, 30, 2.45)
    assert seen[-1] == pytest.approx(145, abs=3)


def test_one_per_cent_of_grade_is_worth_three_beats() -> None:
    level, uphill = fresh(), fresh()
    assert beat(uphill, 1500, 2.8, 1.0)[-1] - beat(level, 1500, 2.8)[-1] == 3


def test_drift_goes_on_while_running() -> None:
    heart = fresh(replace(STILL, drift_bpm_per_min=0.3))
    seen = beat(heart, 3600, 2.7)
    assert seen[-1] - seen[1199] == pytest.approx(12, abs=1)


def test_variability_has_the_published_size() -> None:
    seen = beat(fresh(replace(STILL, noise_sd_bpm=2.1), 3), 20_000, 2.7)[1500:]
    assert np.std(seen) == pytest.approx(2.1, abs=0.3)
    assert np.corrcoef(seen[:-1], seen[1:])[0, 1] > 0.8


def test_never_above_the_maximum() -> None:
    assert max(beat(fresh(replace(STILL, noise_sd_bpm=3.0)), 600, 6.0)) == 190


@given(st.integers(0, 500), st.floats(0.0, 5.0), st.floats(0.0, 1.0), st.floats(0.0, 6.0))
def test_every_drawn_heart_works_harder_for_more(
    seed: int, speed_mps: float, more_mps: float, grade_pct: float
) -> None:
    heart = draw_heart(np.random.default_rng(seed), 185.0)
    here = heart.steady_bpm(speed_mps, grade_pct)
    assert heart.resting_heart_rate_bpm < here
    assert here <= heart.steady_bpm(speed_mps + more_mps, grade_pct) + 1e-9
    assert here <= heart.steady_bpm(speed_mps, grade_pct + more_mps) + 1e-9


def test_step_length_hardly_matters() -> None:
    fine, coarse = fresh(), fresh()
    for _ in range(1200):
        fine.step(0.1, 2.7)
    beat(coarse, 120, 2.7)
    assert fine.heart_rate_bpm == pytest.approx(coarse.heart_rate_bpm, abs=2)
