"""`./dev bench beat-lock`, small: the belt brings steps onto the beat."""

from __future__ import annotations

import pytest

from beatrunner.core.simulation.gait import Level
from benchmarks.beat_lock import LEVELS, figures, shares_of

_RUNNERS = 4


@pytest.mark.parametrize("level", LEVELS)
def test_the_belt_brings_steps_onto_the_beat(level: Level) -> None:
    shares = [shares_of(seed, level, 1200) for seed in range(_RUNNERS)]
    short = [figure for figure in figures(level, shares) if not figure["ok"]]
    assert not short
