"""From what a device wrote to one row per second.

Theory of operation. Watches sample every second, or "smartly" every 4 to 8 s, or ten times a
second; they write a column now and then, step back in time, and stop while paused. Everything
after this module wants row i to be second i. The steps, each in its own module: one rising clock
(`sample_times`), impossible values out (`plausible`), distance that never falls (`distance`); then
each column by itself is put on the grid, linearly between samples at most 10 s apart. What lies
farther apart, and the inside of a pause, stays NaN: a gap is told as a gap. Last come speed where
the device wrote none, moving time (`moving`), grade (`grade`) and grade-adjusted speed (`pace`).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from beatrunner.core.distance import mend_distance
from beatrunner.core.grade import STEEPEST_PCT, grade_pct, smoothed
from beatrunner.core.moving import filled, moving_rows
from beatrunner.core.pace import grade_adjusted_speed_mps
from beatrunner.core.plausible import Columns, fastest_mps, without_implausible
from beatrunner.core.recording import (
    COLUMNS,
    RawRecording,
    Repair,
    RepairCode,
    Samples,
    Streams,
)
from beatrunner.core.sample_times import mend_times

#: Smart recording writes every 4 to 8 s; what is farther apart is a gap.
LONGEST_BRIDGE_S = 10.0
#: A device may go on for this long after its last sample and still have recorded.
LONGEST_TAIL_S = 60.0
SPEED_WINDOW_S = 9


def to_grid(raw: RawRecording) -> tuple[Streams, tuple[Repair, ...]]:
    """The recording as `Streams`, and what had to be mended (without `raw.repairs`).

    The grid reaches from `raw.started_at` to the second of the last sample, or up to a minute
    further when the device's elapsed time says so. Columns without a single value are absent.
    Raises `UnreadableFileError`: `NO_SAMPLES` when no sample has a time, `TOO_LONG` for more than
    a week.
    """
    found: Counter[RepairCode] = Counter()
    kept, times_s = mend_times(raw.sample_s, raw.totals.elapsed_s, found)
    length_s = _length_s(float(times_s[-1]), raw.totals.elapsed_s)
    is_paused = _rows_between(_ordered(raw.pauses), length_s)
    samples = {name: raw.columns[name][kept] for name in COLUMNS if name in raw.columns}
    samples = without_implausible(samples, times_s, raw.sport, found)
    starts_in_pause = is_paused[times_s.astype(np.intp)]
    distance_m = mend_distance(samples, times_s, starts_in_pause, raw.sport, found)
    if distance_m is not None:
        samples["distance_m"] = distance_m
    if raw.is_indoor and "grade_pct" in raw.columns:
        samples["grade_pct"] = np.clip(raw.columns["grade_pct"][kept], -STEEPEST_PCT, STEEPEST_PCT)
    columns = _on_grid(samples, times_s, length_s)
    is_inside_pause = is_paused & np.append(False, is_paused[:-1])
    for values in columns.values():
        values[is_inside_pause] = np.nan
    columns = {name: values for name, values in columns.items() if np.isfinite(values).any()}
    _complete_speed(columns, raw.sport)
    is_moving = moving_rows(columns, is_paused, raw.sport, raw.is_indoor)
    if not raw.is_indoor:
        _add_grade(columns, is_moving)
    if "grade_pct" in columns and "speed_mps" in columns:
        columns["grade_adjusted_speed_mps"] = grade_adjusted_speed_mps(
            columns["speed_mps"], columns["grade_pct"]
        )
    repairs = tuple(Repair(code, count) for code, count in found.items() if count)
    return Streams(length_s, columns, is_moving), repairs


def _length_s(last_sample_s: float, device_elapsed_s: float | None) -> int:
    # Row i stands for the second that begins at i, so the last sample has a row of its own.
    end_s = last_sample_s + 1.0
    if device_elapsed_s is not None and end_s < device_elapsed_s <= end_s + LONGEST_TAIL_S:
        end_s = device_elapsed_s
    return int(end_s)


def _ordered(pauses: tuple[tuple[float, float], ...]) -> tuple[Samples, Samples]:
    """Starts and ends of the pauses that have a length; files hold negative ones too."""
    pairs = np.array(pauses, dtype=np.float64).reshape(-1, 2)
    pairs = pairs[pairs[:, 1] > pairs[:, 0]]
    return pairs[:, 0], pairs[:, 1]


def _rows_between(bounds: tuple[Samples, Samples], length_s: int) -> npt.NDArray[np.bool_]:
    """Marks the rows in any of the half-open intervals, whose bounds are rounded to seconds."""
    changes = np.zeros(length_s + 1, dtype=np.int64)
    for edge, change in zip(bounds, (1, -1), strict=True):
        rows = np.rint(np.clip(edge, 0.0, length_s)).astype(np.intp)
        np.add.at(changes, rows, change)
    return np.asarray(np.cumsum(changes)[:-1] > 0)


def _on_grid(samples: Columns, times_s: Samples, length_s: int) -> Columns:
    grid: Columns = {}
    for name, values in samples.items():
        is_known = np.isfinite(values)
        known_s, known = times_s[is_known], values[is_known]
        if len(known) == 0:
            continue
        # Of samples at the same time the last one counts.
        is_last = np.append(np.diff(known_s) > 0.0, True)
        known_s, known = known_s[is_last], known[is_last]
        if name == "longitude":
            # Between 179.9 and -179.9 lies the date line, not Greenwich.
            known = np.unwrap(known, period=360.0)
        rows = np.interp(np.arange(length_s), known_s, known)
        if name == "longitude":
            rows = (rows + 180.0) % 360.0 - 180.0
        rows[_gap_rows(known_s, length_s)] = np.nan
        grid[name] = rows
    return grid


def _gap_rows(known_s: Samples, length_s: int) -> npt.NDArray[np.bool_]:
    """Marks the rows inside gaps, and those a second or more outside the first and last sample."""
    is_gap = np.diff(known_s) > LONGEST_BRIDGE_S
    starts = np.concatenate(([0.0], np.floor(known_s[:-1][is_gap]) + 1, [np.ceil(known_s[-1] + 1)]))
    ends = np.concatenate(([np.floor(known_s[0])], np.ceil(known_s[1:][is_gap]), [length_s]))
    return _rows_between((starts, ends), length_s)


def _complete_speed(columns: Columns, sport: str) -> None:
    """Speed from smoothed distance, where the device wrote none or only scraps of it."""
    distance_m = columns.get("distance_m")
    if distance_m is None:
        return
    speed_mps = columns.get("speed_mps")
    known = np.isfinite(distance_m)
    if speed_mps is not None and np.isfinite(speed_mps).sum() >= 0.5 * known.sum():
        return
    steps_m = np.diff(filled(distance_m), prepend=distance_m[known][0])
    derived_mps = np.clip(smoothed(steps_m, SPEED_WINDOW_S), 0.0, fastest_mps(sport))
    columns["speed_mps"] = np.where(known, derived_mps, np.nan)


def _add_grade(columns: Columns, is_moving: npt.NDArray[np.bool_]) -> None:
    if "altitude_m" not in columns or "distance_m" not in columns:
        return
    grade = grade_pct(columns["altitude_m"], columns["distance_m"], is_moving)
    if grade is not None:
        columns["grade_pct"] = grade
