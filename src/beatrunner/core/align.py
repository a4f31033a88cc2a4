"""Which song was playing at each second of an activity.

Theory of operation. Plays come from a music service whose clock is not the watch's: they overlap
(crossfade, two devices), leave gaps, repeat, or contradict each other. The soundtrack must still
cover the activity exactly once. So the activity is a row of whole seconds, and the plays are
painted onto it in order of their start: at every second the play that *started last* and has not
ended owns it. A play inside another therefore interrupts it, and the outer one resumes. Runs of
equal owners are the spans; what nobody painted is silence. Tiling, order and single billing hold
by construction, whatever the input.

Two faults of other tools are avoided on purpose: a song already playing when the activity starts
is clipped, not lost; and time in which the runner stood or the watch was paused belongs to the
span it fell into as elapsed time only. Moving time is counted by `core.span_figures`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Silence up to this long between two plays is a change of songs, not silence: players report
#: starts late and lengths in rounded seconds. The song before is taken to last until the next.
CHANGEOVER_S = 3

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Play:
    """One play, in seconds since the activity's start; it may begin before and end after it.

    `uncertainty_s` bounds how far the true start may lie from `started_s`. `is_offline` plays
    may carry the time of their upload.
    """

    track_key: str
    started_s: float
    ended_s: float
    uncertainty_s: float = 0.0
    is_offline: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds [start_s, end_s) of an activity under one play, or under silence (both None).

    `play_index` points into the plays given to `align`. `start_uncertainty_s` says how far the
    change at `start_s` may really lie from it; it is 0 at the activity's own start.
    """

    track_key: str | None
    play_index: int | None
    start_s: int
    end_s: int
    start_uncertainty_s: float

    @property
    def elapsed_s(self) -> int:
        return self.end_s - self.start_s


def align(plays: Sequence[Play], length_s: int, clock_offset_s: float = 0.0) -> tuple[Span, ...]:
    """Spans that tile [0, length_s] exactly, in order, in whole seconds.

    A positive `clock_offset_s` moves the music later along the run. Plays that are inverted,
    shorter than half a second, not finite or outside the activity are ignored. Of two plays that
    start in the same second the longer one wins. An activity of no length has no spans.
    """
    if length_s <= 0:
        return ()
    seconds = play_seconds(plays, length_s, clock_offset_s)
    owner = np.full(length_s, _NOBODY, dtype=np.int64)
    for start, end, index in seconds:
        owner[start:end] = index
    _close_changeovers(owner)
    starts = _run_starts(owner)
    ends = np.append(starts[1:], length_s)
    play_starts = {index: start for start, _, index in seconds}
    spans: list[Span] = []
    previous = _NOBODY
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        index = int(owner[start])
        # A change is as well known as the start of the play that begins there; where a play
        # merely ends (into silence, or into an interrupted one), as that play's own times.
        begins_here = index != _NOBODY and play_starts[index] == start
        known_by = index if begins_here else previous
        spans.append(
            Span(
                track_key=None if index == _NOBODY else plays[index].track_key,
                play_index=None if index == _NOBODY else index,
                start_s=start,
                end_s=end,
                start_uncertainty_s=(
                    0.0 if start == 0 else _uncertainty_s(plays[known_by], length_s)
                ),
            )
        )
        previous = index
    return tuple(spans)


def play_seconds(
    plays: Sequence[Play], length_s: int, clock_offset_s: float = 0.0
) -> list[tuple[int, int, int]]:
    """(start, end, play_index) in whole seconds inside [0, length_s] of the plays that count.

    In order of their true starts, which may lie before the activity; of equal starts the longer
    play comes last.
    """
    offset_s = clock_offset_s if math.isfinite(clock_offset_s) else 0.0
    result: list[tuple[int, int, int]] = []
    for index, play in enumerate(plays):
        start_s, end_s = play.started_s + offset_s, play.ended_s + offset_s
        if not (math.isfinite(start_s) and math.isfinite(end_s)):
            continue
        start, end = math.floor(start_s + 0.5), math.floor(end_s + 0.5)
        if start < end and end > 0 and start < length_s:
            result.append((start, end, index))
    return [(max(start, 0), min(end, length_s), index) for start, end, index in sorted(result)]


def _run_starts(owner: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate(([0], np.flatnonzero(np.diff(owner)) + 1)).astype(np.int64)


def _close_changeovers(owner: npt.NDArray[np.int64]) -> None:
    """Give short silences between two plays to the play before, in place."""
    starts = _run_starts(owner)
    ends = np.append(starts[1:], len(owner))
    is_short_silence = (owner[starts] == _NOBODY) & (ends - starts <= CHANGEOVER_S)
    for start, end in zip(starts[is_short_silence], ends[is_short_silence], strict=True):
        if start > 0 and end < len(owner):
            owner[start:end] = owner[start - 1]


def _uncertainty_s(play: Play, length_s: int) -> float:
    """The play's uncertainty as a number fit for storing: unknown is the whole activity."""
    if math.isnan(play.uncertainty_s):
        return float(length_s)
    return min(max(play.uncertainty_s, 0.0), float(length_s))
