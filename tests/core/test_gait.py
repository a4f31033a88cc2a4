from __future__ import annotations

import json
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.estimate import Estimate
from beatrunner.core.gait import Beat, GaitModel, fold, population_gait


def taught(
    speeds_mps: Sequence[float] = (2.4, 2.8, 3.2), level_spm: float = 162.0, slope: float = 4.0
) -> GaitModel:
    """After two minutes at each speed of a runner with this line."""
    gait = population_gait()
    for speed_mps in speeds_mps:
        gait = gait.seeing(speed_mps, level_spm + slope * (speed_mps - 3.0), 120.0)
    return gait


def test_the_population_line_and_its_height_effect() -> None:
    cadence = population_gait().cadence_spm(3.0)
    assert cadence.value == pytest.approx(150.0 + 6.01 * 3.0)
    assert cadence.sd == pytest.approx(math.hypot(10.6, 2.4))
    short, tall = population_gait(165.0).cadence_spm(3.0), population_gait(195.0).cadence_spm(3.0)
    assert short.value - tall.value == pytest.approx(15.0)
    assert short.sd < cadence.sd


def test_a_cadence_says_little_of_an_unknown_runners_speed_and_much_of_a_known_ones() -> None:
    """The figures that DESIGN §5 promises: ±1.8 and ±0.4 m/s, one deviation."""
    population = population_gait()
    off_mps = (population.cadence_spm(3.0).sd) / population.slope
    assert off_mps == pytest.approx(1.8, abs=0.05)
    known = taught((2.4, 2.7, 3.0, 3.3, 3.6) * 6, 168.0, 6.0)
    speed = known.speed_mps(168.0)
    assert speed is not None
    assert speed.value == pytest.approx(3.0, abs=0.02)
    assert speed.sd == pytest.approx(0.4, abs=0.02)


def test_learning_finds_the_line_it_is_shown() -> None:
    rng = np.random.default_rng(3)
    gait = population_gait()
    for _ in range(120):
        speed_mps = float(rng.uniform(2.3, 3.7))
        cadence_spm = 158.0 + 8.0 * (speed_mps - 3.0) + float(rng.normal(0.0, 2.4))
        gait = gait.seeing(speed_mps, cadence_spm, 30.0)
    assert gait.cadence_spm(3.0).value == pytest.approx(158.0, abs=0.8)
    assert gait.slope == pytest.approx(8.0, abs=1.2)
    assert gait.own_s == 3600.0


def test_intervals_cover_what_they_promise() -> None:
    """Runners drawn from the prior, ten minutes each: 95 % of later blocks are inside."""
    rng = np.random.default_rng(5)
    inside = []
    for _ in range(600):
        level_spm, slope = 168.03 + rng.normal(0.0, 10.6), 6.01 + rng.normal(0.0, 3.0)
        gait = population_gait()
        speeds_mps = rng.uniform(2.3, 3.6, 21)
        cadences_spm = level_spm + slope * (speeds_mps - 3.0) + rng.normal(0.0, 2.4, 21)
        for speed_mps, cadence_spm in zip(
            speeds_mps[:20].tolist(), cadences_spm[:20].tolist(), strict=True
        ):
            gait = gait.seeing(speed_mps, cadence_spm, 30.0)
        foretold = gait.cadence_spm(float(speeds_mps[20]))
        inside.append(foretold.low <= cadences_spm[20] <= foretold.high)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.03)


def test_thirty_seconds_teach_as_much_in_one_piece_as_in_thirty() -> None:
    at_once = population_gait().seeing(3.0, 175.0, 30.0)
    bit_by_bit = population_gait()
    for _ in range(30):
        bit_by_bit = bit_by_bit.seeing(3.0, 175.0, 1.0)
    assert bit_by_bit.level_spm == pytest.approx(at_once.level_spm)
    assert bit_by_bit.level_var == pytest.approx(at_once.level_var)


@pytest.mark.parametrize(
    ("speed_mps", "cadence_spm", "duration_s"),
    [
        (3.0, 85.0, 30.0),  # a pod that counts one foot
        (0.0, 60.0, 30.0),
        (3.0, 0.0, 30.0),
        (math.nan, 170.0, 30.0),
        (3.0, math.nan, 30.0),
        (3.0, 170.0, math.nan),
        (3.0, 170.0, 0.0),
        (9.0, 200.0, 30.0),
    ],
)
def test_what_cannot_be_a_step_teaches_nothing(
    speed_mps: float, cadence_spm: float, duration_s: float
) -> None:
    gait = population_gait()
    assert gait.seeing(speed_mps, cadence_spm, duration_s) is gait


@given(st.floats(2.2, 4.5), st.floats(0.05, 1.0))
def test_cadence_rises_with_speed(speed_mps: float, faster_mps: float) -> None:
    for gait in (population_gait(), taught()):
        slow, fast = gait.cadence_spm(speed_mps), gait.cadence_spm(speed_mps + faster_mps)
        assert slow.value < fast.value


@given(st.floats(2.15, 4.0) | st.floats(0.6, 1.85))
def test_speed_is_the_inverse_of_cadence(speed_mps: float) -> None:
    gait = taught()
    if speed_mps < 2.0:
        gait = gait.seeing(1.3, 112.0, 60.0)
    found = gait.speed_mps(gait.cadence_spm(speed_mps).value)
    assert found is not None
    assert found.value == pytest.approx(speed_mps)


@given(st.floats(20.0, 400.0))
def test_speeds_are_plausible_or_none(cadence_spm: float) -> None:
    for gait in (population_gait(), taught()):
        for expected in (None, Estimate.from_sd(2.8, 0.4)):
            speed = gait.speed_mps(cadence_spm, expected)
            if speed is not None:
                assert 60.0 * speed.low / cadence_spm >= 0.3 - 1e-9
                assert 60.0 * speed.high / cadence_spm <= 1.6 + 1e-9


def test_no_speed_for_what_nobody_steps() -> None:
    gait = population_gait()
    assert [gait.speed_mps(spm) for spm in (0.0, -5.0, 30.0, 240.0)] == [None] * 4


def test_what_is_expected_outweighs_a_cadence_that_says_little() -> None:
    expected = Estimate.from_sd(2.8, 0.35)
    unknown, known = population_gait(), taught((2.4, 2.7, 3.0, 3.3) * 4, 168.0, 6.0)
    vague, sure = unknown.speed_mps(177.0, expected), known.speed_mps(177.0, expected)
    assert vague is not None
    assert sure is not None
    assert vague.value == pytest.approx(2.87, abs=0.05)  # 4.5 by the line alone
    assert sure.value > 3.3


def test_walking_and_running_hold_on() -> None:
    undecided = population_gait()
    walker = undecided.seeing(1.5, 123.0, 10.0)
    jogger = undecided.seeing(2.4, 165.0, 10.0)
    assert not walker.runs_at(2.05)
    assert jogger.runs_at(2.05)
    assert walker.cadence_spm(2.05).value < 150.0 < jogger.cadence_spm(2.05).value
    assert walker.runs_at(2.2)
    assert not jogger.runs_at(1.8)
    # Uphill people run from a lower speed on.
    assert walker.runs_at(2.05, grade_pct=8.0)


def test_a_slow_jogger_is_believed() -> None:
    """Steps tell: 158 a minute at 6.5 km/h is no walk."""
    jogger = population_gait().seeing(1.8, 158.0, 60.0)
    assert jogger.is_running
    assert jogger.runs_at(1.8)
    assert jogger.cadence_spm(1.8).value == pytest.approx(158.0, abs=3.0)
    assert not population_gait().seeing(1.8, 136.0, 60.0).is_running


def test_json_and_back() -> None:
    gait = taught().seeing(1.3, 110.0, 60.0)
    assert GaitModel.from_json(json.loads(json.dumps(gait.to_json()))) == gait


@pytest.mark.parametrize("unknown", [math.nan, math.inf])
def test_nan_is_refused(unknown: float) -> None:
    gait = population_gait()
    for ask in (
        lambda: gait.cadence_spm(unknown),
        lambda: gait.cadence_spm(3.0, unknown),
        lambda: gait.speed_mps(unknown),
        lambda: population_gait(unknown),
        lambda: fold(unknown, 170.0, 0.1),
    ):
        with pytest.raises(ValueError, match="Not a finite number"):
            ask()


@pytest.mark.parametrize(
    ("tempo_bpm", "beat"),
    [
        (170.0, Beat(170.0, 1.0)),
        (85.0, Beat(170.0, 2.0)),
        (340.0, Beat(170.0, 0.5)),
        (128.0, None),
        (113.0, None),  # two thirds of the steps: three against two is no beat to step to
        (0.0, None),
        (-85.0, None),
    ],
)
def test_folding(tempo_bpm: float, beat: Beat | None) -> None:
    assert fold(tempo_bpm, 168.0, 0.06) == beat


@given(st.floats(30.0, 400.0), st.floats(90.0, 200.0), st.floats(0.0, 0.2))
def test_a_folded_beat_is_near_and_a_multiple(
    tempo_bpm: float, cadence_spm: float, within: float
) -> None:
    beat = fold(tempo_bpm, cadence_spm, within)
    if beat is not None:
        assert beat.cadence_spm == tempo_bpm * beat.factor
        assert abs(beat.cadence_spm / cadence_spm - 1.0) <= within + 1e-9


def test_one_step_per_beat_is_preferred() -> None:
    assert fold(120.0, 160.0, 0.6) == Beat(120.0, 1.0)
    assert fold(85.0, 130.0, 0.32) == Beat(170.0, 2.0)
