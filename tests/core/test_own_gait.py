from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.own_gait import seeing_run
from beatrunner.core.recording import Samples


def run(minutes: int = 30, level_spm: float = 160.0, seed: int = 1) -> tuple[Samples, Samples]:
    """Speed and cadence of a run in pieces of two minutes."""
    rng = np.random.default_rng(seed)
    speed_mps = np.repeat(rng.uniform(2.4, 3.4, minutes // 2), 120) + rng.normal(
        0.0, 0.05, minutes // 2 * 120
    )
    cadence_spm = level_spm + 7.0 * (speed_mps - 3.0) + rng.normal(0.0, 2.0, len(speed_mps))
    return speed_mps, cadence_spm


def test_a_run_makes_a_stranger_known() -> None:
    gait = seeing_run(population_gait(), *run())
    assert gait.own_s == 1800.0
    assert gait.cadence_spm(3.0).value == pytest.approx(160.0, abs=1.0)
    assert gait.cadence_spm(3.0).sd < 3.2
    speed = gait.speed_mps(160.0)
    assert speed is not None
    assert speed.value == pytest.approx(3.0, abs=0.2)


def test_later_runs_count_more_than_earlier_ones() -> None:
    """New shoes, an injury: what was long ago is not forgotten, and does not hold either."""
    gait: GaitModel = population_gait()
    for seed in range(4):
        gait = seeing_run(gait, *run(level_spm=160.0, seed=seed))
    for seed in range(4, 6):
        gait = seeing_run(gait, *run(level_spm=166.0, seed=seed))
    assert gait.cadence_spm(3.0).value == pytest.approx(166.0, abs=0.5)


def test_what_is_not_steady_not_level_or_not_known_teaches_nothing() -> None:
    speed_mps, cadence_spm = run()
    gappy = np.where(np.arange(len(speed_mps)) % 25 == 0, np.nan, speed_mps)
    sprints = speed_mps * np.where(np.arange(len(speed_mps)) % 20 < 10, 0.7, 1.4)
    uphill = np.full(len(speed_mps), 5.0)
    for taught in (
        seeing_run(population_gait(), gappy, cadence_spm),
        seeing_run(population_gait(), sprints, cadence_spm),
        seeing_run(population_gait(), speed_mps, np.full(len(speed_mps), np.nan)),
        seeing_run(population_gait(), speed_mps, cadence_spm, uphill),
        seeing_run(population_gait(), speed_mps[:29], cadence_spm[:29]),
        seeing_run(population_gait(), speed_mps[:0], cadence_spm[:0]),
    ):
        assert taught.own_s == 0.0
        assert taught.cadence_spm(3.0).value == population_gait().cadence_spm(3.0).value


def test_a_gap_in_the_altitude_is_no_hill() -> None:
    speed_mps, cadence_spm = run()
    unknown = np.full(len(speed_mps), np.nan)
    assert seeing_run(population_gait(), speed_mps, cadence_spm, unknown).own_s == 1800.0
