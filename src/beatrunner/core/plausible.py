"""Measured values that cannot be true are gaps; cadence is steps of both feet.

Every limit is far outside what people do, because a wrong gap is as bad as a wrong value. What
devices really write: heart rate 0 while the strap is silent, positions at (0, 0) before the first
fix, a stale first fix kilometres away, an invalid first altitude, cadence of one leg, and
cadence doubled by the watch and again by an exporter.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from beatrunner.core.path import haversine_m
from beatrunner.core.recording import RepairCode, Samples
from beatrunner.core.sports import ON_FOOT, RUNNING

Columns = dict[str, Samples]

HEART_RATE_BPM = (25.0, 250.0)
ALTITUDE_M = (-500.0, 9000.0)
CADENCE_SPM = (0.0, 300.0)
FASTEST_ON_FOOT_MPS = 15.0
FASTEST_MPS = 60.0
#: Nobody runs at this speed with fewer steps than this, nor with more than the other.
RUNNING_MPS = 1.9
FEWEST_RUNNING_SPM = 110.0
MOST_RUNNING_SPM = 240.0
#: No runner climbs or falls faster than this between two samples.
FASTEST_CLIMB_MPS = 10.0
_FIRST_SAMPLES = 5


def fastest_mps(sport: str) -> float:
    """The speed above which a sample of this sport is an error of the device."""
    return FASTEST_ON_FOOT_MPS if sport in ON_FOOT else FASTEST_MPS


def without_implausible(
    columns: Columns, times_s: Samples, sport: str, found: Counter[RepairCode]
) -> Columns:
    """The columns with impossible values as NaN; what was mended is counted into `found`."""
    # No measured value comes near a billion; beyond, sums could overflow.
    cleaned = {
        name: np.where(np.abs(values) < 1e9, values, np.nan) for name, values in columns.items()
    }
    if (heart_rate_bpm := cleaned.get("heart_rate_bpm")) is not None:
        _blank(heart_rate_bpm, heart_rate_bpm == 0.0, found, RepairCode.ZERO_HEART_RATE)
        _keep_within(heart_rate_bpm, HEART_RATE_BPM, found)
    if (speed_mps := cleaned.get("speed_mps")) is not None:
        _keep_within(speed_mps, (0.0, fastest_mps(sport)), found)
    if (cadence_spm := cleaned.get("cadence_spm")) is not None:
        if sport in RUNNING:
            _both_feet(cadence_spm, speed_mps, found)
        _keep_within(cadence_spm, CADENCE_SPM, found)
    if (altitude_m := cleaned.get("altitude_m")) is not None:
        _keep_within(altitude_m, ALTITUDE_M, found)
        _blank_first_altitude(altitude_m, times_s, found)
    if (distance_m := cleaned.get("distance_m")) is not None:
        _keep_within(distance_m, (0.0, 1e7), found)
    if "latitude" in cleaned and "longitude" in cleaned:
        _blank_positions(cleaned["latitude"], cleaned["longitude"], times_s, sport, found)
    else:
        cleaned.pop("latitude", None)
        cleaned.pop("longitude", None)
    return cleaned


def _blank(
    values: Samples,
    is_wrong: npt.NDArray[np.bool_],
    found: Counter[RepairCode],
    code: RepairCode = RepairCode.IMPLAUSIBLE_VALUES,
) -> None:
    found[code] += int(is_wrong.sum())
    values[is_wrong] = np.nan


def _keep_within(values: Samples, limits: tuple[float, float], found: Counter[RepairCode]) -> None:
    _blank(values, (values < limits[0]) | (values > limits[1]), found)


def _both_feet(cadence_spm: Samples, speed_mps: Samples | None, found: Counter[RepairCode]) -> None:
    """Double cadence of one leg, halve cadence doubled twice, in place.

    Judged by the median while running, so that walks at both ends do not decide.
    """
    is_running = cadence_spm > 0.0
    if speed_mps is not None and np.isfinite(speed_mps).any():
        is_running &= speed_mps >= RUNNING_MPS
    if not is_running.any():
        return
    median_spm = float(np.median(cadence_spm[is_running]))
    if median_spm < FEWEST_RUNNING_SPM:
        cadence_spm *= 2.0
        found[RepairCode.CADENCE_PER_LEG] += 1
    elif median_spm > MOST_RUNNING_SPM:
        cadence_spm *= 0.5
        found[RepairCode.CADENCE_DOUBLED_TWICE] += 1


def _blank_first_altitude(
    altitude_m: Samples, times_s: Samples, found: Counter[RepairCode]
) -> None:
    """Blank what comes before a cliff among the first few altitudes, in place."""
    known = np.flatnonzero(np.isfinite(altitude_m))[: _FIRST_SAMPLES + 1]
    if len(known) < 2:
        return
    climb_m = np.abs(np.diff(altitude_m[known]))
    cliffs = np.flatnonzero(climb_m > FASTEST_CLIMB_MPS * np.maximum(np.diff(times_s[known]), 1.0))
    if len(cliffs):
        before_cliff = known[: cliffs[-1] + 1]
        found[RepairCode.IMPLAUSIBLE_VALUES] += len(before_cliff)
        altitude_m[before_cliff] = np.nan


def _blank_positions(
    latitude: Samples,
    longitude: Samples,
    times_s: Samples,
    sport: str,
    found: Counter[RepairCode],
) -> None:
    """Blank impossible places, and points that leave and return faster than the sport allows."""
    is_wrong = (np.abs(latitude) > 90.0) | (np.abs(longitude) > 180.0)
    is_wrong |= (latitude == 0.0) & (longitude == 0.0)
    is_half = np.isnan(latitude) != np.isnan(longitude)
    known = np.flatnonzero(~(is_wrong | np.isnan(latitude) | np.isnan(longitude)))
    if len(known) >= 3:
        step_m = haversine_m(
            latitude[known[:-1]], longitude[known[:-1]], latitude[known[1:]], longitude[known[1:]]
        )
        is_leap = step_m > fastest_mps(sport) * np.maximum(np.diff(times_s[known]), 1.0)
        # The first and the last point have one neighbour, which alone decides.
        is_wrong[known] = np.append(True, is_leap) & np.append(is_leap, True)
    found[RepairCode.IMPLAUSIBLE_VALUES] += int(is_wrong.sum())
    latitude[is_wrong | is_half] = np.nan
    longitude[is_wrong | is_half] = np.nan
