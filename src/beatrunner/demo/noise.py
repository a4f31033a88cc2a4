"""Noise that wanders: what bodies, wills and satellites add to a plan."""

from __future__ import annotations

from math import ceil, exp, sqrt

import numpy as np

from beatrunner.core.recording import Samples

_STEPS_PER_MEMORY = 10


def wander(rng: np.random.Generator, length_s: int, sd: float, memory_s: float) -> Samples:
    """`length_s` values, one a second, of a stationary process with mean 0 and deviation `sd`
    whose correlation falls by e in `memory_s` (first-order autoregressive, drawn ten times per
    memory and joined by straight lines; that loses about 3 % of the deviation)."""
    step_s = memory_s / _STEPS_PER_MEMORY
    keep = exp(-1.0 / _STEPS_PER_MEMORY)
    push = sd * sqrt(1.0 - keep * keep)
    value = float(rng.normal(0.0, sd))
    values = [value]
    for shock in rng.normal(0.0, push, ceil(length_s / step_s)).tolist():
        value = keep * value + shock
        values.append(value)
    return np.asarray(np.interp(np.arange(length_s), np.arange(len(values)) * step_s, values))


def deviation_of_block(block_pct: float, block_s: float, memory_s: float) -> float:
    """The deviation of the process whose mean over `block_s` deviates by `block_pct`."""
    share = memory_s / block_s
    return block_pct / sqrt(2.0 * share * (1.0 - share * (1.0 - exp(-1.0 / share))))
