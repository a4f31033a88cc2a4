"""Quantities that are normal given the spreads, and the spreads are not known."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from beatrunner.core.estimate import Estimate
from beatrunner.core.recording import Samples

_FAR = 8.0
_AT = np.linspace(-_FAR, _FAR, 8001)
_CUMULATIVE = np.array([0.5 * (1.0 + erf(z / sqrt(2.0))) for z in _AT.tolist()])
_HALVINGS = 24


def cumulative_normal(z: Samples) -> Samples:
    """Elementwise, to 2e-7."""
    return np.asarray(np.interp(z, _AT, _CUMULATIVE))


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """k quantities, each a mixture of the same n normal distributions' worth of possibilities.

    `weight` (n) adds up to 1; `mean` and `sd` are n x k.
    """

    weight: Samples
    mean: Samples
    sd: Samples

    def above_zero(self) -> Samples:
        """The probability of each to be positive; a half where nothing is known to differ."""
        certain = np.where(self.mean > 0.0, _FAR, np.where(self.mean < 0.0, -_FAR, 0.0))
        z = np.divide(self.mean, self.sd, out=certain, where=self.sd > 0.0)
        return np.asarray(self.weight @ cumulative_normal(z))

    def middle(self) -> Samples:
        return np.asarray(self.weight @ self.mean)

    def deviation(self) -> Samples:
        spread = self.sd**2 + (self.mean - self.middle()) ** 2
        return np.sqrt(self.weight @ spread)

    def estimates(self) -> list[Estimate]:
        """Mean and 95 % interval of equal tails."""
        rows = zip(self.middle(), self.quantile(0.025), self.quantile(0.975), strict=True)
        return [
            Estimate(m, min(low, m), max(high, m))
            for m, low, high in np.array(list(rows)).reshape(-1, 3).tolist()
        ]

    def quantile(self, share: float) -> Samples:
        low = (self.mean - 5.0 * self.sd).min(axis=0)
        high = (self.mean + 5.0 * self.sd).max(axis=0)
        sd = np.maximum(self.sd, 1e-12)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            is_above = self.weight @ cumulative_normal((middle - self.mean) / sd) > share
            high = np.where(is_above, middle, high)
            low = np.where(is_above, low, middle)
        return np.asarray((low + high) / 2.0)
