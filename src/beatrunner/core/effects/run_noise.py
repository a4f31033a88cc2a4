"""How rough each run was: a treadmill run tells more of its music than a tempo run over hills.

The variance of a run is estimated from its residuals and shrunk towards that of all, by as many
degrees of freedom as the runs' variances differ less than chance alone would have them (empirical
Bayes on log variances; Smyth 2004, Statistical Applications in Genetics 3:3, eqs. 9 to 11). Runs of
equal noise thus keep equal weights, and structured sessions that nobody marked weigh little.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples

#: Runs with fewer plays have the variance of all.
_FEWEST_PLAYS = 4
_FEWEST_RUNS = 5
_MOST_FREEDOM = 1e3
_HALVINGS = 60


def relative_variances(
    residuals: Samples, run: npt.NDArray[np.intp], runs: int, fixed: int
) -> Samples:
    """Of each play, against that of a typical run: as rough as the other plays of its run.

    Were its own residual counted, a play would weigh least where it surprises most, and intervals
    would cover 89 instead of 94 of 100. `residuals` are of weighted rows, about which `fixed`
    coefficients were estimated besides the runs' levels.
    """
    plays = np.bincount(run, minlength=runs).astype(float)
    sums = np.bincount(run, residuals**2, runs)
    freedom = np.maximum((plays - 1.0) * (1.0 - fixed / max(len(run) - runs, fixed + 1)), 0.0)
    is_rated = (plays >= _FEWEST_PLAYS) & (sums > 0.0)
    if is_rated.sum() < _FEWEST_RUNS:
        return np.ones(len(run))
    d = freedom[is_rated]
    logs = np.log(sums[is_rated] / d) - _digamma(d / 2.0) + np.log(d / 2.0)
    excess = float(np.var(logs, ddof=1) - _trigamma(d / 2.0).mean())
    prior = _freedom_of(excess)
    half = np.array([prior / 2.0])
    typical = float(np.exp(logs.mean() + _digamma(half)[0] - np.log(half[0])))
    others = np.maximum(sums[run] - residuals**2, 0.0) / typical
    variance = (prior + others) / (prior + np.maximum(freedom[run] - 1.0, 0.0))
    return np.where(is_rated[run], variance, 1.0)


def _freedom_of(excess: float) -> float:
    """The degrees of freedom whose trigamma (at half) is the excess variance of the logarithms."""
    low, high = 1.0, _MOST_FREEDOM
    if excess <= _trigamma(np.array([high / 2.0]))[0]:
        return high
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        is_more = _trigamma(np.array([middle / 2.0]))[0] > excess
        low, high = (middle, high) if is_more else (low, middle)
    return low


def _digamma(x: Samples) -> Samples:
    """To 1e-8 (Abramowitz & Stegun 1972, 6.3.5 and 6.3.18)."""
    shifted = x + 6.0
    steps = sum((1.0 / (x + k) for k in range(6)), np.zeros_like(x))
    series = 1 / 12 - (1 / 120 - 1 / 252 / shifted**2) / shifted**2
    return np.asarray(np.log(shifted) - 0.5 / shifted - series / shifted**2 - steps)


def _trigamma(x: Samples) -> Samples:
    """To 1e-7 (Abramowitz & Stegun 1972, 6.4.6 and 6.4.12)."""
    shifted = x + 6.0
    steps = sum((1.0 / (x + k) ** 2 for k in range(6)), np.zeros_like(x))
    series = (
        1.0 + 0.5 / shifted + (1 / 6 - (1 / 30 - 1 / 42 / shifted**2) / shifted**2) / shifted**2
    )
    return np.asarray(series / shifted + steps)
