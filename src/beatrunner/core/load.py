"""How much a run asked of the heart, and where weeks of it lead.

A run's load is Banister's TRIMP: minutes x f x a exp(b f) with f the share of heart-rate reserve;
a 0.64 and b 1.92 for men, 0.86 and 1.67 for women. Of others the mean of the two is taken. The
trend is two means of the daily load that fade with 42 and 7 days: what one is used to (fitness,
so called) and what is in the legs now (fatigue); their difference says whether a week was more
than usual. None of this foretells a form or an injury.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

import numpy as np

from beatrunner.core.energy import Sex
from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import HeartModel
from beatrunner.core.recording import Samples

_WEIGHTS: dict[Sex, tuple[float, float]] = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
_SLOW_DAYS, _FAST_DAYS = 42.0, 7.0


@dataclass(frozen=True, slots=True)
class LoadDay:
    """`load` of the day; `usual` and `lately` as they stand in the evening."""

    day: date
    load: float
    usual: float
    lately: float

    @property
    def balance(self) -> float:
        """Below 0 when lately was more than usual."""
        return self.usual - self.lately


def trimp(heart_rate_bpm: Samples, heart: HeartModel, sex: Sex | None = None) -> Estimate:
    """Of a run, given as one value a second; seconds without a heart rate count as none.

    The interval is what is not known of resting and maximum heart rate. Raises ValueError for a
    heart without a reserve.
    """
    resting, most = heart.resting_heart_rate_bpm, heart.max_heart_rate_bpm
    if most.value <= resting.value:
        raise ValueError("The maximum heart rate must be above the resting heart rate.")
    value = _trimp(heart_rate_bpm, resting.value, most.value, sex)
    # More resting or more maximum: the same beats are a smaller share of the reserve.
    low = _trimp(heart_rate_bpm, resting.high, max(most.high, resting.high + 1.0), sex)
    high = _trimp(heart_rate_bpm, resting.low, max(most.low, resting.low + 1.0), sex)
    return Estimate(value, min(low, value), max(high, value))


def trend(loads: Mapping[date, float], until: date) -> list[LoadDay]:
    """A row a day from the first load to `until`; nothing where there is none before that.

    Starts from 0, so that the first six weeks say too little to be shown as a trend.
    """
    days = sorted(day for day in loads if day <= until)
    rows: list[LoadDay] = []
    usual = lately = 0.0
    day = days[0] if days else until + timedelta(days=1)
    while day <= until:
        load = loads.get(day, 0.0)
        usual += (load - usual) * (1.0 - exp(-1.0 / _SLOW_DAYS))
        lately += (load - lately) * (1.0 - exp(-1.0 / _FAST_DAYS))
        rows.append(LoadDay(day, load, usual, lately))
        day += timedelta(days=1)
    return rows


def _trimp(heart_rate_bpm: Samples, resting_bpm: float, most_bpm: float, sex: Sex | None) -> float:
    known_bpm = heart_rate_bpm[np.isfinite(heart_rate_bpm)]
    share = np.clip((known_bpm - resting_bpm) / (most_bpm - resting_bpm), 0.0, 1.0)
    weights = [_WEIGHTS[sex]] if sex is not None else list(_WEIGHTS.values())
    each = [float((share * a * np.exp(b * share)).sum()) / 60.0 for a, b in weights]
    return sum(each) / len(each)
