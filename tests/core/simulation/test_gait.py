from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.gait import population_gait
from beatrunner.core.simulation.gait import (
    ENTRAINMENTS,
    GaitParameters,
    VirtualGait,
    draw_gait,
)

EVEN = GaitParameters(
    level_spm=168.0, slope=6.0, bend=0.0, walk_spm=115.0, transition_mps=2.05, scatter_spm=0.0
)


def fresh(level: str = "off", parameters: GaitParameters = EVEN, seed: int = 0) -> VirtualGait:
    return VirtualGait(parameters, ENTRAINMENTS[level], np.random.default_rng(seed))


def settled(level: str, beat_spm: float | None, speed_mps: float = 3.0) -> float:
    gait = fresh(level)
    for _ in range(120):
        gait.step(1.0, speed_mps, beat_spm)
    return gait.cadence_spm


def test_who_stands_takes_no_steps() -> None:
    gait = fresh()
    gait.step(1.0, 3.0)
    assert gait.cadence_spm == 168.0
    gait.step(1.0, 0.0, 170.0)
    assert gait.cadence_spm == 0.0


@pytest.mark.parametrize(
    ("level", "away_pct", "followed_pct"),
    [
        ("off", 2.0, 0.0),
        ("median", 0.0, 0.0),
        ("median", 2.0, 1.0),
        ("median", -3.0, -1.5),
        ("median", 3.5, 0.875),  # the level drops at larger shifts
        ("median", 4.0, 0.0),  # noticed, and not followed
        ("median", 20.0, 0.0),
        ("strong", 3.0, 2.85),
        ("strong", 4.0, 3.8),
        ("strong", 9.0, 0.0),
    ],
)
def test_how_far_the_beat_is_followed(level: str, away_pct: float, followed_pct: float) -> None:
    cadence_spm = settled(level, 168.0 * (1.0 + away_pct / 100.0))
    assert cadence_spm == pytest.approx(168.0 * (1.0 + followed_pct / 100.0), abs=0.01)


def test_a_beat_is_followed_in_seconds_and_let_go_of_in_seconds() -> None:
    gait = fresh("strong")
    gait.step(1.0, 3.0)
    seen = []
    for second in range(120):
        gait.step(1.0, 3.0, 171.0 if second < 60 else None)
        seen.append(gait.cadence_spm)
    assert 168.0 < seen[0] < 169.0
    assert seen[30] == pytest.approx(170.85, abs=0.05)
    assert seen[-1] == pytest.approx(168.0, abs=0.05)


def test_the_beat_steadies_the_steps() -> None:
    scattering = GaitParameters(168.0, 6.0, 0.0, 115.0, 2.05)
    spreads = []
    for beat_spm in (None, 168.0):
        gait = fresh("strong", scattering, 4)
        seen = []
        for _ in range(8000):
            gait.step(1.0, 3.0, beat_spm)
            seen.append(gait.cadence_spm)
        spreads.append(np.std(seen))
    assert spreads[0] == pytest.approx(2.4, abs=0.4)
    assert spreads[1] < 0.6 * spreads[0]


def test_walking_and_running_hold_on() -> None:
    gait = fresh()
    kinds = []
    for speed_mps in (1.9, 2.05, 2.15, 2.05, 1.95):
        gait.step(1.0, speed_mps)
        kinds.append(gait.is_running)
    assert kinds == [False, False, True, True, False]


@given(st.integers(0, 300), st.floats(0.4, 4.5))
def test_every_drawn_runner_takes_possible_steps(seed: int, speed_mps: float) -> None:
    gait = fresh("off", draw_gait(np.random.default_rng(seed), 175.0), seed)
    for _ in range(5):
        gait.step(1.0, speed_mps)
    assert 0.25 < 60.0 * speed_mps / gait.cadence_spm < 2.0


def test_the_model_learns_a_runner_whom_it_does_not_know() -> None:
    """Ten minutes at five speeds, and the next block is foretold within its own scatter."""
    off_spm = []
    for seed in range(60):
        gait = fresh("off", draw_gait(np.random.default_rng(seed), 178.0), seed)
        model = population_gait()
        for speed_mps in (2.4, 2.7, 3.0, 3.3, 2.8):
            for _ in range(120):
                gait.step(1.0, speed_mps)
                model = model.seeing(speed_mps, gait.cadence_spm, 1.0)
        for _ in range(30):
            gait.step(1.0, 2.9)
        off_spm.append(model.cadence_spm(2.9).value - gait.cadence_spm)
    assert np.std(off_spm) < 3.2
    assert abs(np.mean(off_spm)) < 1.0
