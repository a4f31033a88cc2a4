"""Climbed and descended metres from noisy altitude.

Summing every rise counts the noise: a flat hour gains hundreds of metres. So altitude is smoothed
over 15 s, and then followed with hysteresis: only a move of a metre from the last counted level
counts. Both were chosen against the watches' own barometric totals on four public runs (347, 142,
64 and 57 m by the watch; 355, 134, 63 and 50 m here). Altitude from GPS alone still overstates, and
watches themselves err by 3 to 10 % on hills (Ammann et al. 2016).
"""

from __future__ import annotations

import numpy as np

from beatrunner.core.grade import smoothed
from beatrunner.core.recording import Samples

THRESHOLD_M = 1.0
WINDOW_S = 15


def ascent_descent_m(altitude_m: Samples) -> tuple[float, float]:
    """(ascent, descent), both positive, of altitudes a second apart; gaps are bridged.

    (0, 0) for fewer than two known altitudes.
    """
    known_m = altitude_m[np.isfinite(altitude_m)]
    if len(known_m) < 2:
        return 0.0, 0.0
    ascent_m = descent_m = 0.0
    level_m = float(known_m[0])
    for height_m in smoothed(known_m, WINDOW_S).tolist():
        if height_m >= level_m + THRESHOLD_M:
            ascent_m += height_m - level_m
            level_m = height_m
        elif height_m <= level_m - THRESHOLD_M:
            descent_m += level_m - height_m
            level_m = height_m
    return ascent_m, descent_m
