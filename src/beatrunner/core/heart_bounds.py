"""Between what a runner's heart rate was seen, and what that says of its maximum and of rest.

A heart rate that was held is a lower bound for the maximum: the truth lies at it or beyond, by what
the prior says. One run alone may be a sensor's mistake, and of many runs some surely are. So a
bound is what was held in at least two runs and one in fifty of all, at other times than when it was
what the feet did, too, as optical sensors count those for beats. That asks too little of the heart
rather than too much, as a bound may. A maximum falls with the years (0.64 bpm a year, Nes
2013), and what was held long ago is lowered by that.

Nobody rests in a run: the lowest heart rate that was held bounds the one at rest from above, and
mostly far from it. It has to be measured lying still, and until then it is mostly prior.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from beatrunner.core.estimate import Estimate
from beatrunner.core.recording import Samples

#: How much a maximum falls in a year.
FALLS_BPM_PER_YEAR = 0.64
#: Held for so long, a heart rate is no spike; by so much a sensor may be off.
_HELD_S, _SENSOR_BPM = 20, 3.0
#: What no heart does for so long, a sensor did.
_LEAST_BPM, _MOST_BPM = 30.0, 225.0
#: As near as this to the cadence all the while, it may be the cadence.
_ALIKE_BPM = 3.0
_LEAST_RUNS, _SHARE_OF_RUNS = 2, 0.02


@dataclass(frozen=True, slots=True)
class Held:
    """The lowest and the highest heart rate that was held for 20 s in one run."""

    lowest_bpm: float
    highest_bpm: float


@dataclass(frozen=True, slots=True)
class HeartBounds:
    """`max_bpm` or more is the maximum, `resting_bpm` or less is rest; None of too few runs."""

    runs: int = 0
    max_bpm: float | None = None
    resting_bpm: float | None = None


NOTHING_SEEN = HeartBounds()


def held(heart_rate_bpm: Samples, cadence_spm: Samples | None = None) -> Held | None:
    """Of a run given as one value a second, NaN where not known."""
    if len(heart_rate_bpm) < _HELD_S:
        return None
    windows = sliding_window_view(heart_rate_bpm, _HELD_S)
    lows, highs = windows.min(axis=1), windows.max(axis=1)
    is_heart = (lows >= _LEAST_BPM) & (highs <= _MOST_BPM)
    if cadence_spm is not None:
        off_bpm = np.abs(np.nan_to_num(cadence_spm) - heart_rate_bpm)
        is_heart &= sliding_window_view(off_bpm, _HELD_S).max(axis=1) > _ALIKE_BPM
    if not is_heart.any():
        return None
    return Held(float(highs[is_heart].min()), float(lows[is_heart].max()))


def bounds_of(runs: Sequence[tuple[float, Held]]) -> HeartBounds:
    """From what was held in each run, and how many years ago that was."""
    needed = max(_LEAST_RUNS, ceil(_SHARE_OF_RUNS * len(runs)))
    if len(runs) < needed:
        return HeartBounds(len(runs))
    highs = sorted(each.highest_bpm - FALLS_BPM_PER_YEAR * years_ago for years_ago, each in runs)
    lows = sorted(each.lowest_bpm for _, each in runs)
    return HeartBounds(len(runs), highs[-needed], lows[needed - 1])


def at_least(prior: Estimate, bound: float) -> Estimate:
    """What `prior` becomes when the truth is known to be `bound` or more, but for the sensor."""
    sd = max(prior.sd, 0.1)
    values = np.linspace(
        min(prior.value - 5.0 * sd, bound - 10.0), max(prior.value + 5.0 * sd, bound + 10.0), 801
    )
    log_weights = -0.5 * ((values - prior.value) / sd) ** 2
    log_weights -= 0.5 * (np.minimum(values - bound, 0.0) / _SENSOR_BPM) ** 2
    weights = np.exp(log_weights - log_weights.max())
    shares = np.cumsum(weights) / weights.sum()
    low, high = np.interp([0.025, 0.975], shares, values).tolist()
    value = float(values @ weights / weights.sum())
    return Estimate(value, min(low, value), max(high, value))


def at_most(prior: Estimate, bound: float) -> Estimate:
    """The same for `bound` or less."""
    turned = at_least(Estimate(-prior.value, -prior.high, -prior.low), -bound)
    return Estimate(-turned.value, -turned.high, -turned.low)
