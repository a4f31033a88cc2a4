"""How much a run asked of the heart, and what weeks of it add up to.

A run's load is Banister's TRIMP: minutes x f x a exp(b f) with f the share of heart-rate reserve;
a 0.64 and b 1.92 for men, 0.86 and 1.67 for women. Of others the mean of the two is taken. Runs
without a heart rate have no load: none is made up from pace.

What is not known of maximum, rest and sex moves the loads of all runs the same way, so it does not
average out over weeks. Every sum and every mean is therefore carried through in each of some
scenarios (maximum and rest a standard deviation up and down, one sex and the other), and only the
last result becomes an interval. That is exact for anything linear in the loads.

The trend is two means of the daily load that fade with 42 and with 7 days. Elsewhere they are
called fitness and fatigue; here they are what they are. None of this foretells a form or an injury.
"""

from __future__ import annotations

import numpy as np

from beatrunner.core.energy import Sex
from beatrunner.core.estimate import Estimate, root_sum_square
from beatrunner.core.heart import HeartModel
from beatrunner.core.recording import Samples

_WEIGHTS: dict[Sex, tuple[float, float]] = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
_LEAST_RESERVE_BPM = 20.0
#: Seconds are counted for each whole heart rate below this.
BINS_BPM = 256
#: Of the moving time: a heart rate known for less says too little of the run.
LEAST_KNOWN = 0.8
#: What a runner is used to, and what is in the legs.
SLOW_DAYS, FAST_DAYS = 42.0, 7.0


def seconds_by_heart_rate(heart_rate_bpm: Samples) -> Samples:
    """How many seconds of a run were at each whole heart rate; NaN is none. Shape (BINS_BPM,)."""
    known = heart_rate_bpm[np.isfinite(heart_rate_bpm)]
    bins = np.clip(np.rint(known), 0, BINS_BPM - 1).astype(np.intp)
    return np.bincount(bins, minlength=BINS_BPM).astype(np.float64)


def load_scenarios(seconds: Samples, heart: HeartModel, sex: Sex | None = None) -> Samples:
    """Loads of runs given as rows of `seconds_by_heart_rate`: a row per scenario, a column per run.

    The first row is the best guess; the others come in pairs, one on either side of it.
    """
    rest, most = heart.resting_heart_rate_bpm, heart.max_heart_rate_bpm
    sexes = tuple(_WEIGHTS) if sex is None else (sex,)
    scenarios = [(rest.value, most.value, sexes)]
    scenarios += [(rest.value + sign * rest.sd, most.value, sexes) for sign in (1.0, -1.0)]
    scenarios += [(rest.value, most.value + sign * most.sd, sexes) for sign in (1.0, -1.0)]
    if sex is None:
        scenarios += [(rest.value, most.value, (each,)) for each in sexes]
    return np.stack([seconds @ _load_per_s(*each) for each in scenarios])


def estimates(scenarios: Samples) -> list[Estimate]:
    """Of rows of scenarios, or of anything linear that was made of them, one for each column."""
    best, pairs = scenarios[0], scenarios[1:]
    sds = np.abs(pairs[0::2] - pairs[1::2]) / 2.0
    return [
        Estimate.from_sd(value, root_sum_square(of_each)).clipped(0.0, np.inf)
        for value, of_each in zip(best.tolist(), sds.T.tolist(), strict=True)
    ]


def fading_mean(daily: Samples, days: float) -> Samples:
    """For each day the mean of it and the days before, which fade with `days`; along the last axis.

    Starts from 0, so the first `days` of a runner say too little to be shown.
    """
    share = -np.expm1(-1.0 / days)
    means, state = np.zeros_like(daily), np.zeros(daily.shape[:-1])
    for day in range(daily.shape[-1]):
        state = state + share * (daily[..., day] - state)
        means[..., day] = state
    return means


def _load_per_s(rest_bpm: float, most_bpm: float, sexes: tuple[Sex, ...]) -> Samples:
    """By whole heart rate. Below rest it is none, above the maximum that of the maximum."""
    reserve_bpm = max(most_bpm - rest_bpm, _LEAST_RESERVE_BPM)
    share = np.clip((np.arange(BINS_BPM) - rest_bpm) / reserve_bpm, 0.0, 1.0)
    each = [share * a * np.exp(b * share) / 60.0 for a, b in map(_WEIGHTS.__getitem__, sexes)]
    return np.asarray(np.mean(each, axis=0))
