"""The fastest stretch of a run over each of some distances, hills allowed for.

Distances are of the level ground that would have cost as much: the sum of grade-adjusted speed.
So a kilometre uphill counts for more, and no stretch is fast for going down.

A record is the one figure in which a device's mistakes collect, so mistakes may only make a stretch
slower: a pause or a gap counts as the time it took, and a second that cannot have been run makes no
way. That is one with steps longer than a sprinter's, or much faster than the rest of the run. What
is then still faster than the world's best is no effort at all, and neither is any of its run's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.moving import STEPS_ABOVE_SPM
from beatrunner.core.pace import level_speed_mps
from beatrunner.core.recording import Samples, Streams

#: With the speed of the world's best (2025: 2:11.96, 3:43.13, 12:35.36, 26:11.00, 56:42).
FASTEST_MPS = {
    1000.0: 7.58,
    1609.344: 7.22,
    5000.0: 6.62,
    10_000.0: 6.37,
    21_097.5: 6.21,
}
DISTANCES_M = tuple(FASTEST_MPS)
#: A step of a runner; a sprinter's are 2.6 m.
_LONGEST_STEP_M = 2.6
#: Faster than both is a mistake: this, and so many times the speed of three seconds in four.
_SPRINT_MPS, _SPRINT_TIMES = 5.5, 1.8


@dataclass(frozen=True, slots=True)
class BestEffort:
    """`lasted_s` for `distance_m` of level ground, from `start_s` after the run's start."""

    distance_m: float
    lasted_s: float
    start_s: float

    @property
    def speed_mps(self) -> float:
        return self.distance_m / self.lasted_s


def best_efforts(streams: Streams) -> list[BestEffort]:
    """For each of `DISTANCES_M` that the run reaches; nothing of a run without a speed."""
    way_m = np.concatenate(([0.0], np.cumsum(_believed_mps(streams))))
    found = (_fastest(way_m, distance_m) for distance_m in DISTANCES_M)
    efforts = [effort for effort in found if effort is not None]
    if any(effort.speed_mps > FASTEST_MPS[effort.distance_m] for effort in efforts):
        return []
    return efforts


def _believed_mps(streams: Streams) -> Samples:
    """Grade-adjusted speed, 0 where it is not known or cannot be."""
    unknown = np.full(streams.length_s, np.nan)
    speed_mps = streams.columns.get("speed_mps", unknown)
    moving_mps = speed_mps[streams.is_moving & np.isfinite(speed_mps)]
    level_mps = level_speed_mps(streams)
    if level_mps is None or not len(moving_mps):
        return np.zeros(streams.length_s)
    sprint_mps = max(_SPRINT_MPS, _SPRINT_TIMES * float(np.quantile(moving_mps, 0.75)))
    cadence_spm = streams.columns.get("cadence_spm", unknown)
    is_stepping = cadence_spm >= STEPS_ABOVE_SPM  # fewer are a gap in the counting
    is_leap = is_stepping & (speed_mps > _LONGEST_STEP_M * cadence_spm / 60.0)
    is_mistake = is_leap | (speed_mps > sprint_mps)
    return np.where(is_mistake, 0.0, np.clip(np.nan_to_num(level_mps), 0.0, None))


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
    return BestEffort(distance_m, float(lasted_s[best]), float(starts_s[best]))
