"""Which seconds the runner was moving.

The device's timer comes first: in a pause nobody moves. Beyond that, speed decides with
hysteresis, because GPS speed of a standing runner flickers around any single threshold. On a
treadmill steps decide too: the belt's speed may be missing or uncalibrated. Sports in which
standing still is part of the work (strength, swimming at the wall) go by the timer alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples

STARTS_ABOVE_MPS = 0.6
STOPS_BELOW_MPS = 0.4
STEPS_ABOVE_SPM = 60.0
_BY_TIMER_ALONE = frozenset({"strength", "swim", "row", "other"})


def moving_rows(
    columns: Mapping[str, Samples],
    is_paused: npt.NDArray[np.bool_],
    sport: str,
    is_indoor: bool,
) -> npt.NDArray[np.bool_]:
    """True per row of the 1 Hz grid while moving.

    In a gap without speed the distance covered across it decides: a tunnel is run through, at a
    traffic light nothing is covered. A recording with neither speed, distance nor cadence moves
    wherever it has samples.
    """
    speed_mps, cadence_spm = columns.get("speed_mps"), columns.get("cadence_spm")
    distance_m = columns.get("distance_m")
    if sport in _BY_TIMER_ALONE or (speed_mps is None and cadence_spm is None):
        is_sampled = np.zeros(len(is_paused), dtype=bool)
        for values in columns.values():
            is_sampled |= np.isfinite(values)
        return is_sampled & ~is_paused
    is_moving = np.zeros(len(is_paused), dtype=bool)
    if speed_mps is not None:
        is_moving = _with_hysteresis(_without_gaps(speed_mps, distance_m))
    if cadence_spm is not None and (is_indoor or speed_mps is None):
        is_moving |= np.nan_to_num(cadence_spm) >= STEPS_ABOVE_SPM
    return is_moving & ~is_paused


def filled(values: Samples) -> Samples:
    """Gaps bridged linearly, ends held; for columns with at least one value."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known])


def _without_gaps(speed_mps: Samples, distance_m: Samples | None) -> Samples:
    if distance_m is None:
        return np.nan_to_num(speed_mps)
    steps_m = np.diff(filled(distance_m), append=np.nanmax(distance_m))
    return np.where(np.isfinite(speed_mps), speed_mps, steps_m)


def _with_hysteresis(speed_mps: Samples) -> npt.NDArray[np.bool_]:
    is_decided = (speed_mps >= STARTS_ABOVE_MPS) | (speed_mps < STOPS_BELOW_MPS)
    # Between the thresholds the last decision holds; before the first, standing.
    last_decided = np.maximum.accumulate(np.where(is_decided, np.arange(len(speed_mps)), 0))
    return np.asarray(speed_mps[last_decided] >= STARTS_ABOVE_MPS)
