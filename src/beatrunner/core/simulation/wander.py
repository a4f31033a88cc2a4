"""Noise that wanders and forgets, one step at a time: what bodies add to every plan."""

from __future__ import annotations

from math import exp, sqrt

import numpy as np

_DRAWN_AT_ONCE = 256


class Wander:
    """A stationary process of mean 0 whose correlation falls by e in `memory_s`."""

    def __init__(self, rng: np.random.Generator, sd: float, memory_s: float) -> None:
        self.value = float(rng.normal(0.0, sd))
        self._rng, self._sd, self._memory_s = rng, sd, memory_s
        self._shocks: list[float] = []

    def step(self, dt_s: float) -> float:
        """The value after `dt_s`, of any length."""
        if not self._shocks:
            # One at a time would cost more than all the rest of a runner.
            self._shocks = self._rng.standard_normal(_DRAWN_AT_ONCE).tolist()
        keep = exp(-dt_s / self._memory_s)
        push = self._sd * sqrt(1.0 - keep * keep)
        self.value = keep * self.value + push * self._shocks.pop()
        return self.value
