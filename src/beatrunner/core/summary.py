"""The figures of a whole activity, as lists and totals show them.

Means are over moving time. The device's own distance and ascent are preferred when they agree
with its samples: it saw more than it wrote (a foot pod's calibration, a barometer's resolution).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from beatrunner.core.ascent import ascent_descent_m
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, Samples, Streams

#: The device's distance is believed when it is within this share of its samples' distance, its
#: elapsed time when it is within so many seconds of its samples' time.
DISTANCE_AGREES = 0.1
ELAPSED_AGREES_S = 60.0


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of one activity; None where nothing was measured."""

    elapsed_s: float
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    descent_m: float | None
    mean_heart_rate_bpm: float | None
    max_heart_rate_bpm: float | None
    mean_cadence_spm: float | None
    mean_speed_mps: float | None
    grade_adjusted_speed_mps: float | None
    laps: tuple[Lap, ...]
    has_path: bool


def summarise(raw: RawRecording, streams: Streams) -> Summary:
    """`streams` is `to_grid(raw)`'s. Speeds are distance over moving time."""
    columns, is_moving = streams.columns, streams.is_moving
    elapsed_s = _elapsed_s(raw, streams)
    moving_s = min(float(is_moving.sum()), elapsed_s)
    distance_m = _distance_m(raw.totals, columns.get("distance_m"))
    ascent_m, descent_m = _ascent_descent_m(raw, columns.get("altitude_m"))
    mean_speed_mps = distance_m / moving_s if distance_m is not None and moving_s else None
    mean_heart_rate_bpm, max_heart_rate_bpm = _heart_rates_bpm(streams)
    return Summary(
        elapsed_s=elapsed_s,
        moving_s=moving_s,
        distance_m=distance_m,
        ascent_m=ascent_m,
        descent_m=descent_m,
        mean_heart_rate_bpm=mean_heart_rate_bpm,
        max_heart_rate_bpm=max_heart_rate_bpm,
        mean_cadence_spm=_mean_cadence_spm(streams),
        mean_speed_mps=mean_speed_mps,
        grade_adjusted_speed_mps=_grade_adjusted(streams, mean_speed_mps),
        laps=_laps_within(raw.laps, streams.length_s),
        has_path="latitude" in columns,
    )


def summarise_together(leading: Summary, streams: Streams) -> Summary:
    """The figures of a run whose columns come from several recordings.

    Times, distance and laps are those of the `leading` one where it has them, as is what the
    climb was by its device; what other recordings may have given is measured in `streams`.
    """
    distance_m = leading.distance_m
    if distance_m is None:
        distance_m = _distance_m(DeviceTotals(), streams.columns.get("distance_m"))
    moving_s = leading.moving_s
    mean_speed_mps = distance_m / moving_s if distance_m is not None and moving_s else None
    mean_heart_rate_bpm, max_heart_rate_bpm = _heart_rates_bpm(streams)
    return replace(
        leading,
        distance_m=distance_m,
        mean_speed_mps=mean_speed_mps,
        mean_heart_rate_bpm=mean_heart_rate_bpm,
        max_heart_rate_bpm=max_heart_rate_bpm,
        mean_cadence_spm=_mean_cadence_spm(streams),
        grade_adjusted_speed_mps=_grade_adjusted(streams, mean_speed_mps),
        has_path="latitude" in streams.columns,
    )


def _heart_rates_bpm(streams: Streams) -> tuple[float | None, float | None]:
    """Mean and highest."""
    heart_rate_bpm = streams.columns.get("heart_rate_bpm", np.empty(0))
    known = heart_rate_bpm[np.isfinite(heart_rate_bpm)]
    return (float(known.mean()), float(known.max())) if len(known) else (None, None)


def _mean_cadence_spm(streams: Streams) -> float | None:
    cadence_spm = streams.columns.get("cadence_spm")
    if cadence_spm is None:
        return None
    stepping_spm = cadence_spm[streams.is_moving & (cadence_spm > 0.0)]
    return float(stepping_spm.mean()) if len(stepping_spm) else None


def _elapsed_s(raw: RawRecording, streams: Streams) -> float:
    """From the start to the last sample, as every watch counts: one less than there are rows."""
    sampled_s = float(streams.length_s - 1)
    device_s = raw.totals.elapsed_s
    is_believed = device_s is not None and abs(device_s - sampled_s) <= ELAPSED_AGREES_S
    return device_s if is_believed and device_s is not None else sampled_s


def _distance_m(totals: DeviceTotals, distance_m: Samples | None) -> float | None:
    device_m = _finite(totals.distance_m)
    if distance_m is None:
        return device_m
    sampled_m = float(np.nanmax(distance_m))
    if device_m is not None and abs(device_m - sampled_m) <= DISTANCE_AGREES * sampled_m:
        return device_m
    return sampled_m


def _ascent_descent_m(
    raw: RawRecording, altitude_m: Samples | None
) -> tuple[float | None, float | None]:
    if raw.is_indoor:
        return None, None
    device_m = _finite(raw.totals.ascent_m), _finite(raw.totals.descent_m)
    if altitude_m is None:
        return device_m
    sampled_m = ascent_descent_m(altitude_m)
    return (
        sampled_m[0] if device_m[0] is None else device_m[0],
        sampled_m[1] if device_m[1] is None else device_m[1],
    )


def _finite(total: float | None) -> float | None:
    """A damaged file's total may be NaN, which no list can sort."""
    return total if total is not None and math.isfinite(total) else None


def _grade_adjusted(streams: Streams, mean_speed_mps: float | None) -> float | None:
    """The mean speed, scaled by what the slopes cost where both are known."""
    adjusted_mps = streams.columns.get("grade_adjusted_speed_mps")
    if adjusted_mps is None or mean_speed_mps is None:
        return None
    is_both = streams.is_moving & np.isfinite(adjusted_mps)
    speed_sum = float(streams.columns["speed_mps"][is_both].sum())
    return mean_speed_mps * float(adjusted_mps[is_both].sum()) / speed_sum if speed_sum else None


def _laps_within(laps: tuple[Lap, ...], length_s: int) -> tuple[Lap, ...]:
    return tuple(
        Lap(max(lap.start_s, 0.0), min(lap.end_s, float(length_s)), lap.distance_m)
        for lap in laps
        if max(lap.start_s, 0.0) < min(lap.end_s, float(length_s))
    )
