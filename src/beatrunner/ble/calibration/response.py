"""How a belt answered one change of speed: lag, ramp, overshoot, and where it settled.

Readings come about once a second, so a ramp of two seconds is seen in two or three of them. A line
through those that lie inside the change gives its slope, and where it leaves the speed before
gives the lag. Where there is no such line the figures are taken slower than they can be: a slow
calibration lets the governor be patient, a quick one would make it stop a belt that does well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, linear_regression, median

from beatrunner.ble.telemetry import Reading

#: Nearer than this a speed counts as reached; consoles report hundredths and round to tenths.
NEAR_KMH = 0.1
_EDGE = 0.08
"""This part of a change, at both of its ends, is not counted as ramp."""
_LAST = 3


#: Seconds since the command, and how much of the change was seen then.
_Share = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Response:
    """`settled_kmh` is the mean of the last readings; lag and ramp are None if nothing moved."""

    settled_kmh: float
    interval_s: float
    lag_s: float | None = None
    ramp_kmh_s: float | None = None
    overshoot_kmh: float = 0.0
    settle_s: float = 0.0
    """From the first reaction until the belt stays where it settles."""


def without_zero_frames(readings: Sequence[Reading]) -> list[Reading]:
    """Without the single readings of zero that some machines send in the middle of a run."""
    speeds = [0.1, *(reading.speed_kmh for reading in readings), 0.1]
    return [
        reading
        for before, reading, after in zip(speeds, readings, speeds[2:], strict=False)
        if reading.speed_kmh > 0 or not (before > 0 and after > 0)
    ]


def is_settled(readings: Sequence[Reading]) -> bool:
    """Whether the last readings agree."""
    last = [reading.speed_kmh for reading in readings[-_LAST:]]
    return len(last) == _LAST and max(last) - min(last) < NEAR_KMH / 2


def response_of(told_s: float, before_kmh: float, readings: Sequence[Reading]) -> Response:
    """The response to a command given at `told_s` to a belt at `before_kmh`.

    `readings` are at least three, all that came since, and the last ones settled.
    """
    settled_kmh = fmean(reading.speed_kmh for reading in readings[-_LAST:])
    interval_s = median(later.at_s - earlier.at_s for earlier, later in pairwise(readings))
    change_kmh = settled_kmh - before_kmh
    if abs(change_kmh) < NEAR_KMH:
        return Response(settled_kmh, interval_s)
    shares = [(each.at_s - told_s, (each.speed_kmh - before_kmh) / change_kmh) for each in readings]
    left, reached = _bracket(shares)
    slope_per_s, lag_s = _line(shares, left, reached)
    beyond = [share - 1.0 for _at_s, share in shares]
    off_s = [at_s for at_s, share in shares if abs(share - 1.0) * abs(change_kmh) >= NEAR_KMH]
    overshoot_kmh = max(*beyond, 0.0) * abs(change_kmh)
    return Response(
        settled_kmh=settled_kmh,
        interval_s=interval_s,
        lag_s=lag_s,
        ramp_kmh_s=slope_per_s * abs(change_kmh),
        overshoot_kmh=overshoot_kmh if overshoot_kmh >= NEAR_KMH else 0.0,
        settle_s=max((off_s[-1] if off_s else reached[0]) + interval_s - lag_s, 0.0),
    )


def _bracket(shares: Sequence[_Share]) -> tuple[_Share, _Share]:
    """The last reading of the speed before, and the first of the one it was going to."""
    reached = next((n for n, (_at_s, share) in enumerate(shares) if share >= 1.0 - _EDGE), -1)
    still = [each for each in shares[: max(reached, 0)] if each[1] <= _EDGE]
    return (still[-1] if still else (0.0, 0.0)), shares[reached]


def _line(shares: Sequence[_Share], left: _Share, reached: _Share) -> tuple[float, float]:
    """Slope of the change, as a share of it per second, and when the change began."""
    inside = [each for each in shares if left[0] < each[0] < reached[0]]
    if len(inside) >= 2:
        slope, start = linear_regression(*zip(*inside, strict=True))
        if slope > 0:
            return slope, max(-start / slope, 0.0)
    slope = (min(reached[1], 1.0) - left[1]) / max(reached[0] - left[0], 0.1)
    return slope, left[0]
