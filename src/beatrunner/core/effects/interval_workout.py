"""Whether a run was a structured interval workout: the plan set its speed, not the music.

The speeds of such a run fall into two groups, far apart, that alternate in blocks of much the same
length. The split is Otsu's (1979, IEEE Trans. SMC 9:62): the threshold that explains most of the
variance. Any run explains some of it, of course (a normal distribution 64 %, a slow drift 75 %),
so that this share decides little; the gap and the likeness of the blocks do. Most fast blocks are
alike, not all: noise and a brisk warm-up make some of their own.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples

_SMOOTH_S = 15
_LEAST_MOVING_S = 600
_BINS = 64
#: Of the logarithm of speed, between the groups and within them.
_LEAST_EXPLAINED = 0.66
_LEAST_GAP = 0.15
_BLOCK_S = (20, 720)
_FEWEST_FAST = 4
#: Fast blocks are alike within this share of their median length, and such a share of them is.
_ALIKE = 0.3
_LEAST_ALIKE = 0.6
_LEAST_SHARE = 0.3


def is_interval_workout(
    grade_adjusted_speed_mps: Samples, is_moving: npt.NDArray[np.bool_]
) -> bool:
    """From one value a second (NaN: not known); False for what is too short to say."""
    is_known = is_moving & np.isfinite(grade_adjusted_speed_mps) & (grade_adjusted_speed_mps > 0.3)
    if is_known.sum() < _LEAST_MOVING_S:
        return False
    log_speed = np.log(grade_adjusted_speed_mps[is_known])
    smooth = np.convolve(log_speed, np.full(_SMOOTH_S, 1.0 / _SMOOTH_S), mode="valid")
    if np.ptp(smooth) < _LEAST_GAP:
        return False
    threshold, explained = _split(smooth)
    is_fast = smooth > threshold
    gap = float(smooth[is_fast].mean() - smooth[~is_fast].mean())
    return explained >= _LEAST_EXPLAINED and gap >= _LEAST_GAP and _alternates(is_fast)


def _split(values: Samples) -> tuple[float, float]:
    """The threshold between two groups, and the share of the variance between them."""
    counts, edges = np.histogram(values, _BINS)
    middles = (edges[1:] + edges[:-1]) / 2.0
    below, sums = np.cumsum(counts)[:-1], np.cumsum(counts * middles)[:-1]
    total, total_sum = int(counts.sum()), float(counts @ middles)
    above = total - below
    between = below * above * (sums / below - (total_sum - sums) / above) ** 2 / total**2
    variance = float(counts @ (middles - total_sum / total) ** 2) / total
    best = int(np.argmax(between))
    return float(edges[best + 1]), float(between[best]) / variance


def _alternates(is_fast: npt.NDArray[np.bool_]) -> bool:
    """Fast blocks of about one length, with rests between them, for a good part of the run."""
    edges = np.flatnonzero(np.diff(is_fast.astype(np.int8))) + 1
    bounds = np.concatenate([[0], edges, [len(is_fast)]])
    lengths_s = np.diff(bounds)
    fast_s = lengths_s[is_fast[bounds[:-1]]]
    fast_s = fast_s[fast_s >= _BLOCK_S[0]]
    if len(fast_s) < _FEWEST_FAST or np.median(fast_s) > _BLOCK_S[1]:
        return False
    is_alike = np.abs(fast_s / np.median(fast_s) - 1.0) <= _ALIKE
    covers = (edges[-1] - edges[0]) >= _LEAST_SHARE * len(is_fast)
    return bool(covers and is_alike.sum() >= _FEWEST_FAST and is_alike.mean() >= _LEAST_ALIKE)
