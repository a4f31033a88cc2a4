"""Distance that never falls: from the device, else from its path, else from its speed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from beatrunner.core.path import haversine_m
from beatrunner.core.plausible import Columns, fastest_mps
from beatrunner.core.recording import RepairCode, Samples

#: A fall of the odometer by more than this is a reset (a new lap, a new session), not jitter.
RESET_M = 50.0
#: Longer than this between two samples, speed says nothing about the distance covered.
LONGEST_STEP_S = 10.0


def mend_distance(
    columns: Columns,
    times_s: Samples,
    is_paused: npt.NDArray[np.bool_],
    sport: str,
    found: Counter[RepairCode],
) -> Samples | None:
    """Distance at each sample, rising from the start; None when nothing tells it.

    `is_paused` marks samples that begin a step inside a pause: a path's step there is a walk to
    the fountain, and is not counted. A device's distance that stays 0 counts as not written.
    """
    distance_m = columns.get("distance_m")
    if distance_m is not None and np.nanmax(distance_m, initial=0.0) > 0.0:
        return _never_falling(distance_m, times_s, sport, found)
    if "latitude" in columns and np.isfinite(columns["latitude"]).sum() >= 2:
        found[RepairCode.DISTANCE_FROM_PATH] += 1
        return _from_path(columns["latitude"], columns["longitude"], times_s, is_paused, sport)
    speed_mps = columns.get("speed_mps")
    if speed_mps is not None and np.isfinite(speed_mps).sum() >= 2:
        found[RepairCode.DISTANCE_FROM_SPEED] += 1
        return _from_speed(speed_mps, times_s, is_paused)
    return distance_m


def _never_falling(
    distance_m: Samples, times_s: Samples, sport: str, found: Counter[RepairCode]
) -> Samples:
    known = np.flatnonzero(np.isfinite(distance_m))
    along_m = distance_m[known]
    is_kept = np.ones(len(known), dtype=bool)
    # A single sample outside its neighbours is a dropout (often to 0), not a reset.
    if len(known) >= 3:
        before, here, after = along_m[:-2], along_m[1:-1], along_m[2:]
        is_kept[1:-1] = ~((before <= after) & ((here < before) | (here > after)))
    found[RepairCode.DISTANCE_BACKWARDS] += int((~is_kept).sum())
    known, along_m = known[is_kept], along_m[is_kept]
    steps_m = np.diff(along_m)
    found[RepairCode.DISTANCE_BACKWARDS] += int((steps_m < 0).sum())
    along_m[1:] += np.cumsum(np.where(steps_m < -RESET_M, -steps_m, 0.0))
    along_m = np.maximum.accumulate(along_m)
    # A session cut out of a longer file goes on counting where the one before it ended.
    if along_m[0] > fastest_mps(sport) * (times_s[known[0]] + LONGEST_STEP_S):
        along_m -= along_m[0]
    result = np.full(len(distance_m), np.nan)
    result[known] = along_m
    return result


def _from_path(
    latitude: Samples,
    longitude: Samples,
    times_s: Samples,
    is_paused: npt.NDArray[np.bool_],
    sport: str,
) -> Samples:
    known = np.flatnonzero(np.isfinite(latitude))
    before, after = known[:-1], known[1:]
    steps_m = haversine_m(latitude[before], longitude[before], latitude[after], longitude[after])
    is_leap = steps_m > fastest_mps(sport) * np.maximum(times_s[after] - times_s[before], 1.0)
    steps_m[is_leap | is_paused[before]] = 0.0
    result = np.full(len(latitude), np.nan)
    result[known] = np.append(0.0, np.cumsum(steps_m))
    return result


def _from_speed(speed_mps: Samples, times_s: Samples, is_paused: npt.NDArray[np.bool_]) -> Samples:
    known = np.flatnonzero(np.isfinite(speed_mps))
    before, after = known[:-1], known[1:]
    steps_s = times_s[after] - times_s[before]
    steps_m = steps_s * (speed_mps[before] + speed_mps[after]) / 2
    steps_m[(steps_s > LONGEST_STEP_S) | is_paused[before]] = 0.0
    result = np.full(len(speed_mps), np.nan)
    result[known] = np.append(0.0, np.cumsum(steps_m))
    return result
