from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from beatrunner.core.heart import HeartModel, Runner, population_heart
from beatrunner.core.own_heart import (
    OwnHeart,
    Response,
    heart_run,
    unwatched,
)
from beatrunner.core.recording import Samples
from beatrunner.core.simulation.heart import HeartParameters, VirtualHeart
from beatrunner.core.simulation.runner import draw_runner

TOLD = population_heart(Runner(age_years=40.0))


def seconds(
    heart: HeartParameters, easy_mps: float = 2.8, seed: int = 1, minutes: int = 30
) -> tuple[Samples, Samples]:
    """Effort and heart rate of a run whose pace changes every 150 s."""
    rng = np.random.default_rng(seed)
    paces_mps = easy_mps + rng.normal(0.0, 0.25, minutes * 60 // 150)
    effort_mps = np.repeat(np.clip(paces_mps, 1.5, 5.0), 150)
    virtual, beats_bpm = VirtualHeart(heart, rng), np.empty(len(effort_mps))
    for second, speed_mps in enumerate(effort_mps.tolist()):
        virtual.step(1.0, speed_mps)
        beats_bpm[second] = virtual.heart_rate_bpm
    return effort_mps, beats_bpm


def body(seed: int = 5) -> HeartParameters:
    return draw_runner(np.random.default_rng(seed)).heart


def after(heart: HeartParameters, runs: int, *, treadmill: bool = True) -> OwnHeart:
    own = unwatched(TOLD)
    for seed in range(runs):
        run = heart_run(*seconds(heart, heart.level_mps, seed))
        own = own.seeing_run(run, treadmill=treadmill)
    return own


def test_an_unwatched_heart_is_the_populations() -> None:
    for treadmill in (False, True):
        model = unwatched(TOLD).on(treadmill=treadmill)
        assert model.gain_bpm_per_mps.value == pytest.approx(TOLD.gain_bpm_per_mps.value)
        assert model.gain_bpm_per_mps.sd == pytest.approx(TOLD.gain_bpm_per_mps.sd)
        assert model.time_constant_s.value == pytest.approx(57.6, abs=5.0)
        assert model.drift_bpm_per_min.value == pytest.approx(0.1)
        assert model.heart_rate_bpm(2.8) == TOLD.heart_rate_bpm(2.8)
        assert model.max_heart_rate_bpm == TOLD.max_heart_rate_bpm
        assert model.own_s == 0.0


def test_runs_find_gain_time_constant_drift_and_level() -> None:
    """Of twelve runners the errors are far below the population's, and the intervals hold."""
    off: list[list[list[float]]] = []
    held: list[bool] = []
    for seed in range(12):
        heart = body(seed)
        model = after(heart, 4).on(treadmill=True)
        at_mps = heart.level_mps + 0.2
        truths = (
            (model.gain_bpm_per_mps, heart.gain_bpm_per_mps, TOLD.gain_bpm_per_mps),
            (model.time_constant_s, heart.time_constant_s, TOLD.time_constant_s),
            (model.drift_bpm_per_min, heart.drift_bpm_per_min, TOLD.drift_bpm_per_min),
            (
                model.heart_rate_bpm(at_mps),
                heart.steady_bpm(at_mps),
                TOLD.heart_rate_bpm(at_mps),
            ),
        )
        off.append([[own.value - truth, told.value - truth] for own, truth, told in truths])
        held += [own.low <= truth <= own.high for own, truth, _ in truths]
    own_rms, told_rms = np.sqrt(np.mean(np.square(off), axis=0)).T
    gain, time_constant, drift, level = own_rms / told_rms
    assert gain < 0.35
    assert time_constant < 0.7
    assert drift < 0.9
    assert level < 0.25
    assert np.mean(held) >= 0.9


def test_the_speed_for_a_heart_rate_follows() -> None:
    heart = body()
    model = after(heart, 4).on(treadmill=True)
    target_bpm = heart.level_bpm + 5.0
    truth_mps = heart.level_mps + 5.0 / heart.gain_bpm_per_mps
    speed, told = model.speed_mps(target_bpm), TOLD.speed_mps(target_bpm)
    assert speed.value == pytest.approx(truth_mps, abs=0.15)
    assert speed.sd < 0.6 * told.sd
    uphill = model.speed_mps(target_bpm, 4.0)
    assert uphill.value == pytest.approx(speed.value / 1.18, rel=0.06)
    assert model.own_s == 4 * 1560.0


def test_no_gain_from_outdoors_drives_a_belt_but_the_level_does() -> None:
    heart = body()
    outdoors = after(heart, 4, treadmill=False)
    belt, ground = outdoors.on(treadmill=True), outdoors.on(treadmill=False)
    assert belt.gain_bpm_per_mps == unwatched(TOLD).on(treadmill=True).gain_bpm_per_mps
    assert ground.gain_bpm_per_mps != belt.gain_bpm_per_mps
    assert belt.level is not None
    assert ground.level is not None
    assert belt.level.heart_rate_bpm.value == ground.level.heart_rate_bpm.value
    assert belt.level.heart_rate_bpm.sd > ground.level.heart_rate_bpm.sd


def test_late_runs_count_more() -> None:
    heart = body()
    own = after(heart, 4)
    fitter = replace(heart, level_bpm=heart.level_bpm - 10.0)
    for seed in range(10, 16):
        own = own.seeing_run(heart_run(*seconds(fitter, heart.level_mps, seed)), treadmill=True)
    level = own.treadmill.level()
    assert level is not None
    truth_bpm = fitter.steady_bpm(level.effort_mps)
    assert level.heart_rate_bpm.value == pytest.approx(truth_bpm, abs=4.0)


def test_a_run_without_running_or_without_a_heart_teaches_nothing() -> None:
    effort_mps, beats_bpm = seconds(body())
    for run in (
        heart_run(effort_mps, np.full(len(beats_bpm), np.nan)),
        heart_run(np.full(len(beats_bpm), np.nan), beats_bpm),
        heart_run(np.full(len(beats_bpm), 1.1), beats_bpm),
        heart_run(effort_mps[:400], beats_bpm[:400]),
        heart_run(effort_mps[:3], beats_bpm[:3]),
        heart_run(effort_mps[:0], beats_bpm[:0]),
    ):
        own = unwatched(TOLD).seeing_run(run, treadmill=True)
        assert own.treadmill.runs == 0
        assert own.treadmill.level() is None


def test_maximum_and_rest_are_those_that_were_told() -> None:
    model = after(body(), 2).on(treadmill=True)
    assert model.max_heart_rate_bpm == TOLD.max_heart_rate_bpm
    assert model.resting_heart_rate_bpm == TOLD.resting_heart_rate_bpm


def test_the_weights_are_a_distribution() -> None:
    response: Response = after(body(), 3).treadmill
    assert response.weights.sum() == pytest.approx(1.0)
    assert (response.weights >= 0.0).all()
    assert response.runs == 3
    model: HeartModel = after(body(), 3).on(treadmill=True)
    assert model.time_constant_s.value > 10.0
