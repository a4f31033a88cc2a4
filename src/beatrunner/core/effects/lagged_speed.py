"""The speed that the heart has in mind: that of the last minutes, the latest the most.

Heart rate follows a change of speed like a first-order system with a time constant of about 60 s
(`core.span_figures` has the sources). To compare songs at a given speed, the speed has to go
through the same lag. With the speed of the song itself, however well the window of the heart rate
is chosen, a seventh of what a faster song does is still to come when it ends: in the demo, whose
songs do nothing to the heart, that alone made faster music lower the heart rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np

from beatrunner.core.align import Span
from beatrunner.core.moving import filled
from beatrunner.core.pace import level_speed_mps
from beatrunner.core.recording import Samples, Streams
from beatrunner.core.span_figures import HEART_RATE_LAG_S

TIME_CONSTANT_S = 60.0


def lagged_speed_pct(spans: Sequence[Span], streams: Streams) -> list[float | None]:
    """100 times the logarithm of the mean lagged speed, on the level where slopes are known, over
    the seconds in which `span_figures` measures the heart rate of each span; None without any."""
    heart_rate_bpm = streams.columns.get("heart_rate_bpm")
    effort_mps = _effort(streams)
    if heart_rate_bpm is None or effort_mps is None:
        return [None] * len(spans)
    is_known = np.isfinite(heart_rate_bpm)
    count = np.append(0, np.cumsum(is_known))
    total = np.append(0.0, np.cumsum(_lagged(effort_mps) * is_known))
    found: list[float | None] = []
    for span in spans:
        start, end = (
            min(at_s + HEART_RATE_LAG_S, streams.length_s) for at_s in (span.start_s, span.end_s)
        )
        known_s, sum_m = int(count[end] - count[start]), float(total[end] - total[start])
        found.append(100.0 * log(sum_m / known_s) if sum_m > 0.0 else None)
    return found


def _effort(streams: Streams) -> Samples | None:
    """The speed on the level that costs as much, 0 while standing."""
    level_mps = level_speed_mps(streams)
    return None if level_mps is None else np.where(streams.is_moving, filled(level_mps), 0.0)


def _lagged(effort_mps: Samples) -> Samples:
    """From standing."""
    share = 1.0 - exp(-1.0 / TIME_CONSTANT_S)
    now_mps, lagged_mps = 0.0, []
    for each_mps in effort_mps.tolist():
        now_mps += share * (each_mps - now_mps)
        lagged_mps.append(now_mps)
    return np.array(lagged_mps)
