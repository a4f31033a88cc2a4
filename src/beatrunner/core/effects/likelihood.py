"""The restricted likelihood of the three spreads, and what is known of everything given them.

With sigma the noise of one play, lambda = (tau / sigma)^2 the tracks' spread against it, and omega
the spread of the tempo curve around its line, the rows within runs have the covariance
sigma^2 (I + lambda ZZ') + omega^2 SS', S the curve's bends. With the eigenvalues d and vectors V
of Z'Z, found once, and g = lambda / (1 + lambda d), Woodbury's identity turns every product with
the inverse of I + lambda ZZ' into x'x - (V'Z'x)' diag(g) (V'Z'x). The bends are coefficients with
a prior, i.e. sigma^2 / omega^2 is added to their diagonal (Henderson's mixed model equations;
Robinson 1991, Statistical Science 6:15). Integrating the other coefficients over a flat prior gives
the restricted likelihood (Patterson & Thompson 1971; Harville 1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.effects.design import Design
from beatrunner.core.recording import Samples

_LOG_2_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class Rotated:
    """A design seen along the eigenvectors of Z'Z."""

    design: Design
    d: Samples
    v: Samples
    zy: Samples
    zc: Samples

    @classmethod
    def of(cls, design: Design) -> Rotated:
        d, v = np.linalg.eigh(design.zz)
        return cls(design, np.maximum(d, 0.0), v, v.T @ design.zy, v.T @ design.zc)

    def given(self, ratio: float) -> Given:
        """Everything that depends on lambda alone; `ratio` is its root, tau / sigma."""
        g = ratio**2 / (1.0 + ratio**2 * self.d)
        weighted = g[:, None] * self.zc
        return Given(
            self.design,
            ratio,
            g,
            log_det=float(np.log1p(ratio**2 * self.d).sum()),
            cc=self.design.cc - self.zc.T @ weighted,
            cy=self.design.cy - weighted.T @ self.zy,
            # Of runs that are exactly alike nothing is left, give or take the last digit.
            yy=max(self.design.yy - float(self.zy @ (g * self.zy)), 0.0),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Products with the inverse of I + lambda ZZ', for one lambda."""

    design: Design
    ratio: float
    g: Samples
    log_det: float
    cc: Samples
    cy: Samples
    yy: float

    def solved(self, sigma: Samples, omega: Samples) -> Solved:
        """For each pair of a sigma and an omega (k of each, above 0)."""
        bends, fixed = self.design.bends, self.design.fixed
        m = np.repeat(self.cc[None], len(sigma), axis=0)
        at = np.arange(fixed, fixed + bends)
        m[:, at, at] += ((sigma / omega) ** 2)[:, None]
        inverse = np.linalg.inv(m)
        coefficients = inverse @ self.cy
        rest = np.maximum(self.yy - coefficients @ self.cy, 0.0)
        freedom = self.design.freedom - fixed
        log_likelihood = -0.5 * (
            freedom * (_LOG_2_PI + 2.0 * np.log(sigma))
            + self.log_det
            + np.linalg.slogdet(m)[1]
            - 2.0 * bends * np.log(sigma / omega)
            + rest / sigma**2
        )
        return Solved(log_likelihood, coefficients, np.asarray(inverse, dtype=float), rest)


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """`log_likelihood` is restricted; `coefficients` (k x m) have the covariance sigma^2 times
    `inverse`; `rest` is the generalised sum of squares."""

    log_likelihood: Samples
    coefficients: Samples
    inverse: Samples
    rest: Samples
