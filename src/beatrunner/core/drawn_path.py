"""A run as one line among thousands: few points, each with its second and the speed up to it.

The seconds say which song played where, the speeds colour by pace; both are those of the streams,
so that nothing has to be guessed from a line with its corners cut.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.path import Rows, shape_rows
from beatrunner.core.recording import Samples, Streams

MOST_POINTS = 80
#: A watch that stood still, perhaps beside a treadmill, went nowhere: about 20 m.
_LEAST_DEG = 0.0002


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """Columns of one length (>= 2). `speeds_mps[i]` is the mean while moving between the points
    i-1 and i, NaN where it is not known; that of the first point is always NaN."""

    seconds: Samples
    latitudes: Samples
    longitudes: Samples
    speeds_mps: Samples


def drawn_path(streams: Streams) -> DrawnPath | None:
    """None for a run without a path, or that stayed in one place."""
    latitudes, longitudes = streams.columns.get("latitude"), streams.columns.get("longitude")
    if latitudes is None or longitudes is None:
        return None
    rows = shape_rows(latitudes, longitudes, MOST_POINTS)
    if len(rows) < 2 or max(np.ptp(latitudes[rows]), np.ptp(longitudes[rows])) < _LEAST_DEG:
        return None
    return DrawnPath(
        rows.astype(np.float64),
        latitudes[rows],
        longitudes[rows],
        _mean_speeds_mps(streams, rows),
    )


def _mean_speeds_mps(streams: Streams, rows: Rows) -> Samples:
    speed_mps = streams.columns.get("speed_mps", np.full(streams.length_s, np.nan))
    counts = streams.is_moving & np.isfinite(speed_mps)
    ways_m = np.concatenate((np.zeros(1), np.cumsum(np.where(counts, speed_mps, 0.0))))
    moving_s = np.concatenate((np.zeros(1), np.cumsum(counts)))
    means_mps = np.full(len(rows), np.nan)
    known_s = np.diff(moving_s[rows])
    np.divide(np.diff(ways_m[rows]), known_s, out=means_mps[1:], where=known_s > 0)
    return means_mps
