from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.simulation.wander import Wander


def wandered(dt_s: float, steps: int, seed: int = 3) -> np.ndarray:
    wander = Wander(np.random.default_rng(seed), 2.1, 20.0)
    return np.array([wander.step(dt_s) for _step in range(steps)])


@pytest.mark.parametrize("dt_s", [0.25, 1.0, 5.0])
def test_spread_and_memory_are_the_same_at_every_step(dt_s: float) -> None:
    values = wandered(dt_s, 60_000)
    assert values.mean() == pytest.approx(0.0, abs=0.25)
    assert values.std() == pytest.approx(2.1, rel=0.06)
    apart = round(20.0 / dt_s)
    correlation = np.corrcoef(values[:-apart], values[apart:])[0, 1]
    assert correlation == pytest.approx(np.exp(-1.0), abs=0.06)


def test_the_same_seed_wanders_the_same_way() -> None:
    assert (wandered(1.0, 600) == wandered(1.0, 600)).all()
    assert (wandered(1.0, 600) != wandered(1.0, 600, seed=4)).any()
