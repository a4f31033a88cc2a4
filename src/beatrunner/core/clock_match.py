"""How far apart two devices' clocks are, told by what both recorded of one run.

Theory of operation. Where both know the path, the right shift is the one at which they were in the
same place at the same time. Where they do not, the speeds, heart rates or steps of both go up and
down together: the shift with the highest correlation is taken, if it beats the clocks' own word
clearly. The search is bounded: clocks are set by satellites or by the network, and differ by
seconds; what lies farther apart is no matter of clocks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from beatrunner.core.grade import smoothed
from beatrunner.core.path import EARTH_RADIUS_M
from beatrunner.core.recording import Samples, Streams

#: As far as clocks are searched beside their own word.
WITHIN_S = 120
#: Rows that are compared, evenly spread, so that a day costs no more than an hour.
_MOST_ROWS = 600
_LEAST_ROWS = 30
_LEAST_CORRELATION, _CLEARLY_BETTER = 0.7, 0.05
_SMOOTHED_S = 5


def best_shift_s(a: Streams, b: Streams, about_s: int, within_s: int = WITHIN_S) -> int:
    """Seconds from row 0 of `a` to row 0 of `b`, `about_s` as the clocks have it.

    `about_s` when nothing tells better.
    """
    if has_path(a) and has_path(b):
        return path_match(a, b, about_s, within_s)[0]
    for name in ("speed_mps", "heart_rate_bpm", "cadence_spm"):
        if name in a.columns and name in b.columns:
            return _by_correlation(a.columns[name], b.columns[name], about_s, within_s)
    return about_s


def has_path(streams: Streams) -> bool:
    return "latitude" in streams.columns and "longitude" in streams.columns


def path_match(
    a: Streams, b: Streams, about_s: int, within_s: int = WITHIN_S
) -> tuple[int, Samples]:
    """The shift at which both were nearest to each other by the median, and their distances in
    metres then (empty when they share too few rows)."""
    best: tuple[float, int] | None = None
    shift_s, apart_m = about_s, np.empty(0)
    for shift in _outwards(about_s, within_s):
        found_m = _apart_m(a, b, shift)
        if len(found_m) < _LEAST_ROWS:
            continue
        # A decimetre is noise: of equals the clocks' own word stands.
        median = round(float(np.median(found_m)), 1), abs(shift - about_s)
        if best is None or median < best:
            best, shift_s, apart_m = median, shift, found_m
    return shift_s, apart_m


def _outwards(about_s: int, within_s: int) -> Iterator[int]:
    yield about_s
    for off_s in range(1, within_s + 1):
        yield about_s - off_s
        yield about_s + off_s


def _shared(length_a: int, length_b: int, shift_s: int) -> tuple[slice, slice]:
    """The rows of either that are of the same seconds."""
    start, end = max(0, shift_s), max(0, shift_s, min(length_a, shift_s + length_b))
    return slice(start, end), slice(start - shift_s, end - shift_s)


def _apart_m(a: Streams, b: Streams, shift_s: int) -> Samples:
    """On a plane that touches the ground in the middle: exact enough for some kilometres."""
    rows_a, rows_b = _shared(a.length_s, b.length_s, shift_s)
    step = max(1, (rows_a.stop - rows_a.start) // _MOST_ROWS)
    north_a = a.columns["latitude"][rows_a][::step]
    north_b = b.columns["latitude"][rows_b][::step]
    east_a = a.columns["longitude"][rows_a][::step]
    east_b = b.columns["longitude"][rows_b][::step]
    # Over the date line the shorter way.
    east = np.radians((east_b - east_a + 180.0) % 360.0 - 180.0) * np.cos(np.radians(north_a))
    apart_m = EARTH_RADIUS_M * np.hypot(np.radians(north_b - north_a), east)
    return np.asarray(apart_m[np.isfinite(apart_m)])


def _by_correlation(a: Samples, b: Samples, about_s: int, within_s: int) -> int:
    best_s, best = about_s, correlation(a, b, about_s)
    if not np.isfinite(best):
        return about_s
    least = max(_LEAST_CORRELATION, best + _CLEARLY_BETTER)
    for shift_s in _outwards(about_s, within_s):
        found = correlation(a, b, shift_s)
        if found >= least and found > best:
            best_s, best = shift_s, found
    return best_s


def correlation(a: Samples, b: Samples, shift_s: int) -> float:
    """Of two columns where both are known; NaN where they share too little, or nothing changes."""
    rows_a, rows_b = _shared(len(a), len(b), shift_s)
    a, b = a[rows_a], b[rows_b]
    is_known = np.isfinite(a) & np.isfinite(b)
    a, b = a[is_known], b[is_known]
    if len(a) < _LEAST_ROWS:
        return float("nan")
    a, b = smoothed(a, _SMOOTHED_S), smoothed(b, _SMOOTHED_S)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / scale if scale > 1e-6 * len(a) else float("nan")
