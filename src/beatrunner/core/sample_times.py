"""One rising clock from the times a device wrote.

Watches write odd times: a step back of a second when GPS corrects the clock, the same second
twice, one sample hours away, a jump when the clock is first set. Each has its own mend:

- a single sample more than a minute outside its two neighbours' times is dropped;
- samples before the start at the head of the file come from a clock not yet set: dropped;
- a jump is closed up, so that the next sample follows a second later. Backwards, a jump is more
  than half an hour. Forwards it is more than twelve hours, or more than one hour when the device's
  own elapsed time says that the hours did not pass: a long rest is real and stays a gap;
- what then still steps backwards is sorted.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import RepairCode, Samples
from beatrunner.core.refusals import Refusal, UnreadableFileError

LONGEST_S = 7 * 24 * 3600
GLITCH_S = 60.0
JUMP_BACK_S = 1800.0
JUMP_AHEAD_S = 12 * 3600.0
CONTRADICTED_JUMP_AHEAD_S = 3600.0


def first_believed_s(times_s: Samples) -> float:
    """When a recording with these times, counted from anywhere, began by its samples alone.

    With the first, unless the clock was not yet set then: more than a week from the others.
    Several samples up to half an hour earlier are laps or segments in the wrong order.
    """
    middle_s = np.sort(times_s)[len(times_s) // 2]
    agreed = times_s[np.abs(times_s - middle_s) <= LONGEST_S]
    earlier = agreed[(agreed < agreed[0]) & (agreed >= agreed[0] - JUMP_BACK_S)]
    return float(earlier.min() if len(earlier) > 1 else agreed[0])


def mend_times(
    sample_s: Samples, device_elapsed_s: float | None, found: Counter[RepairCode]
) -> tuple[npt.NDArray[np.intp], Samples]:
    """(indices of the samples that stay, their times): never falling, from 0 to below a week.

    What was mended is counted into `found`. Raises `UnreadableFileError`: `NO_SAMPLES` when no
    sample has a time, `TOO_LONG` for more than a week.
    """
    kept = np.flatnonzero(np.isfinite(sample_s))
    found[RepairCode.TIME_MISSING] += len(sample_s) - len(kept)
    if len(kept) == 0:
        raise UnreadableFileError(Refusal.NO_SAMPLES, "no sample has a time")
    for drop in (_before_the_start, _glitches):
        dropped = drop(sample_s[kept])
        found[RepairCode.TIME_JUMP] += int(dropped.sum())
        kept = kept[~dropped]
    times_s = _close_jumps(sample_s[kept], device_elapsed_s, found)
    steps_back = int((np.diff(times_s) < 0).sum())
    if steps_back:
        found[RepairCode.TIME_BACKWARDS] += steps_back
        order = np.argsort(times_s, kind="stable")
        kept, times_s = kept[order], times_s[order]
    if times_s[-1] >= LONGEST_S:
        raise UnreadableFileError(Refusal.TOO_LONG, f"{times_s[-1]:.0f} s")
    return kept, np.maximum(times_s, 0.0)


def _before_the_start(times_s: Samples) -> npt.NDArray[np.bool_]:
    """Marks the leading samples more than a second before the start, unless all are."""
    is_before = times_s < -1.0
    if is_before.all():
        return np.zeros(len(times_s), dtype=bool)
    return np.asarray(np.logical_and.accumulate(is_before))


def _glitches(times_s: Samples) -> npt.NDArray[np.bool_]:
    """Marks single samples far outside the times of their two neighbours."""
    is_glitch = np.zeros(len(times_s), dtype=bool)
    if len(times_s) >= 3:
        before, here, after = times_s[:-2], times_s[1:-1], times_s[2:]
        is_outside = (here > after + GLITCH_S) | (here < before - GLITCH_S)
        is_glitch[1:-1] = (before <= after) & is_outside
    return is_glitch


def _close_jumps(
    times_s: Samples, device_elapsed_s: float | None, found: Counter[RepairCode]
) -> Samples:
    # Bounded so that sums of steps stay finite, far beyond any recording.
    times_s = np.clip(times_s, -1e12, 1e12)
    is_contradicted = (
        device_elapsed_s is not None and times_s[-1] > device_elapsed_s + CONTRADICTED_JUMP_AHEAD_S
    )
    ahead_s = CONTRADICTED_JUMP_AHEAD_S if is_contradicted else JUMP_AHEAD_S
    steps_s = np.diff(times_s, prepend=0.0)
    is_jump = (steps_s < -JUMP_BACK_S) | (steps_s > ahead_s)
    if not is_jump.any():
        return times_s
    found[RepairCode.TIME_JUMP] += int(is_jump.sum())
    steps_s[is_jump] = 1.0
    return np.asarray(np.cumsum(steps_s))
