"""The fastest stretch of a run over each of some distances, hills allowed for.

Distances are of the level ground that would have cost as much: the sum of grade-adjusted speed.
So a kilometre uphill counts for more, and no stretch is fast for going down. A pause or a gap
counts as the time it took.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.recording import Samples

DISTANCES_M = (400.0, 1000.0, 1609.344, 3000.0, 5000.0, 10_000.0, 21_097.5, 42_195.0)
#: Faster than this over a minute or more is a device's mistake, and no effort is told from it.
_FASTEST_MPS = 7.5


@dataclass(frozen=True, slots=True)
class BestEffort:
    """`lasted_s` for `distance_m` of level ground, from `start_s` after the run's start."""

    distance_m: float
    lasted_s: float
    start_s: float

    @property
    def speed_mps(self) -> float:
        return self.distance_m / self.lasted_s


def best_efforts(grade_adjusted_speed_mps: Samples) -> list[BestEffort]:
    """For each of `DISTANCES_M` that the run reaches. One value a second; NaN is no way made."""
    steps_m = np.clip(np.nan_to_num(grade_adjusted_speed_mps), 0.0, None)
    way_m = np.concatenate(([0.0], np.cumsum(steps_m)))
    found = (_fastest(way_m, distance_m) for distance_m in DISTANCES_M)
    return [effort for effort in found if effort is not None]


def _fastest(way_m: Samples, distance_m: float) -> BestEffort | None:
    starts_s = np.flatnonzero(way_m + distance_m <= way_m[-1])
    if not len(starts_s):
        return None
    aims_m = way_m[starts_s] + distance_m
    after_s = np.searchsorted(way_m, aims_m)
    before_m, step_m = way_m[after_s - 1], way_m[after_s] - way_m[after_s - 1]
    # The end lies within a second, in which the way is a straight line.
    lasted_s = after_s - 1 + (aims_m - before_m) / step_m - starts_s
    # Of stretches as fast as each other the first, whatever the last digit says.
    best = int(np.argmin(np.round(lasted_s, 6)))
    effort = BestEffort(distance_m, float(lasted_s[best]), float(starts_s[best]))
    return effort if effort.speed_mps <= _FASTEST_MPS else None
