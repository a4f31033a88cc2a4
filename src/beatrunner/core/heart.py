"""What a runner's heart does at a speed, before and while it is watched.

The level comes from fitness: a speed costs oxygen (ACSM), oxygen is a share of the runner's
VO2max, and on a treadmill the share of heart-rate reserve follows it: %HRR = 1.5 + 1.03 %VO2R
(Swain 1998). How the heart gets there is first order with dead time: gain 24.2 ± 8.3 bpm per m/s
and time constant 57.6 ± 23.6 s (Hunt, Fankhauser & Saengsuwan 2015, 24 men), an adequate form by
Hunt & Wang 2024. The two disagree on the gain (Swain's line rises by about 37 bpm per m/s, as
ACSM overrates running): take the level from the first and changes from the second.

Maximum heart rate: 211 - 0.64 age, standard error 10.8 (Nes 2013, 3,320 people from 19 to 89; no
interaction with sex or fitness), so a predicted one carries ±21 bpm. What runs reached bounds it
(`core.heart_bounds`), where the runner did not tell it. Zones are of the heart-rate
reserve (Karvonen 1957). VO2max without a test: HUNT 3 (Loe 2013, 3,678 adults: 43.5 at 40 years,
falling by 3.5 in ten; its inactive and active people lie about 5 below and 6 above).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from beatrunner.core.energy import (
    RESTING_VO2,
    Sex,
    treadmill_speed_mps,
    treadmill_vo2,
)
from beatrunner.core.estimate import Estimate, refuse_unknown, root_sum_square
from beatrunner.core.heart_bounds import (
    FALLS_BPM_PER_YEAR,
    NOTHING_SEEN,
    HeartBounds,
    at_least,
    at_most,
)

FitnessLevel = Literal["beginner", "intermediate", "advanced"]

#: One per cent of grade costs a runner as much as this share of speed more (ACSM, 0.9 G to 0.2).
SPEED_SHARE_PER_PCT = 0.045

_NES_BPM, _NES_BPM_PER_YEAR, _NES_SD_BPM = 211.0, -FALLS_BPM_PER_YEAR, 10.8
_ADULT_AGE_YEARS, _ADULT_AGE_SD_YEARS = 42.0, 13.0
_SWAIN_OFFSET, _SWAIN_SLOPE = 0.015, 1.03
#: Of the oxygen cost of one runner around the equation.
_ACSM_SD_SHARE = 0.1
_GAIN_BPM_PER_MPS = Estimate(24.2, 8.0, 40.5)
_TIME_CONSTANT_S = Estimate(57.6, 15.0, 104.0)
_DEAD_TIME_S = Estimate(6.0, 2.0, 12.0)
_DRIFT_BPM_PER_MIN = Estimate(0.1, -0.1, 0.3)
_FASTEST_MPS = 7.0
#: bpm per m/s; no heart answers less.
_LEAST_GAIN = 8.0
_ZONE_EDGES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
#: Of the reserve; less when the maximum is only predicted, which may be 21 bpm too high.
_CEILING_SHARE, _CAREFUL_CEILING_SHARE = 0.9, 0.85

# Without a measurement of resting heart rate: round figures of adults.
_RESTING_BPM: dict[FitnessLevel | None, float] = {
    None: 65.0,
    "beginner": 70.0,
    "intermediate": 63.0,
    "advanced": 55.0,
}
_RESTING_SD_BPM = 8.0
# Without a measurement of VO2max: ml/kg/min at 40 years, and its differences.
_VO2_MAX, _VO2_MAX_SD, _VO2_MAX_PER_YEAR = 43.5, 8.0, -0.35
_VO2_MAX_BY_SEX: dict[Sex, float] = {"male": 4.5, "female": -4.5}
_VO2_MAX_BY_LEVEL: dict[FitnessLevel, float] = {
    "beginner": -5.0,
    "intermediate": 0.0,
    "advanced": 6.0,
}
_VO2_MAX_SD_IN_LEVEL = 6.0
_LEAST_VO2_MAX = 15.0
_MEASURED_SD_BPM, _MEASURED_SD_VO2 = 2.0, 3.5


@dataclass(frozen=True, slots=True)
class Runner:
    """What a runner told of themself, None where they did not; and `seen` in their runs."""

    age_years: float | None = None
    sex: Sex | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    vo2_max: float | None = None  # ml/kg/min
    resting_heart_rate_bpm: float | None = None
    max_heart_rate_bpm: float | None = None
    fitness_level: FitnessLevel | None = None
    seen: HeartBounds = NOTHING_SEEN


@dataclass(frozen=True, slots=True)
class Zone:
    """`low_bpm` belongs to it, `high_bpm` to the next; the last has no end."""

    number: int
    low_bpm: float
    high_bpm: float


def zones(resting_heart_rate_bpm: float, max_heart_rate_bpm: float) -> tuple[Zone, ...]:
    """Five, at 50, 60, 70, 80 and 90 % of the reserve. Raises ValueError without a reserve."""
    reserve_bpm = _reserve_bpm(resting_heart_rate_bpm, max_heart_rate_bpm)
    edges_bpm = [resting_heart_rate_bpm + share * reserve_bpm for share in _ZONE_EDGES]
    return tuple(
        Zone(number, low_bpm, high_bpm)
        for number, (low_bpm, high_bpm) in enumerate(pairwise(edges_bpm), start=1)
    )


def zone_at(heart_rate_bpm: float, of: tuple[Zone, ...]) -> int | None:
    """The number of the zone, None below the first and for NaN."""
    return max((zone.number for zone in of if heart_rate_bpm >= zone.low_bpm), default=None)


def max_heart_rate_bpm(age_years: float) -> Estimate:
    """Predicted by age, and therefore wide. Raises ValueError for NaN."""
    refuse_unknown(age_years)
    return Estimate.from_sd(_NES_BPM + _NES_BPM_PER_YEAR * age_years, _NES_SD_BPM)


@dataclass(frozen=True, slots=True)
class Level:
    """The heart rate that an effort led to after some minutes; `effort_mps` on the level."""

    effort_mps: float
    heart_rate_bpm: Estimate


@dataclass(frozen=True, slots=True)
class HeartModel:
    """One runner's heart, as far as it is known.

    The first four are of its response, the others of its level, which may have been seen in runs:
    `own_s` seconds of them.
    """

    gain_bpm_per_mps: Estimate
    time_constant_s: Estimate
    dead_time_s: Estimate
    drift_bpm_per_min: Estimate
    resting_heart_rate_bpm: Estimate
    max_heart_rate_bpm: Estimate
    vo2_max: Estimate
    level: Level | None = None
    own_s: float = 0.0

    def reserve_share(self, heart_rate_bpm: float) -> float:
        """0 at rest, 1 at the maximum."""
        resting_bpm = self.resting_heart_rate_bpm.value
        reserve_bpm = _reserve_bpm(resting_bpm, self.max_heart_rate_bpm.value)
        return (heart_rate_bpm - resting_bpm) / reserve_bpm

    def at_share(self, reserve_share: float) -> float:
        """The heart rate at this share of the reserve, the inverse of `reserve_share`."""
        resting_bpm = self.resting_heart_rate_bpm.value
        return resting_bpm + reserve_share * (self.max_heart_rate_bpm.value - resting_bpm)

    def oxygen(self, heart_rate_bpm: float) -> float:
        """ml/kg/min that go with it. Raises ValueError for NaN."""
        refuse_unknown(heart_rate_bpm)
        return _oxygen(self.reserve_share(heart_rate_bpm), self.vo2_max.value)

    def heart_rate_bpm(self, speed_mps: float, grade_pct: float = 0.0) -> Estimate:
        """After some minutes at this speed, before drift; at most the maximum.

        Raises ValueError for NaN.
        """
        vo2 = treadmill_vo2(speed_mps, grade_pct)
        estimate = self._propagated(
            lambda resting, most, vo2_max, cost: (
                resting + (most - resting) * _heart_share(vo2 * cost, vo2_max)
            )
        )
        seen = self._seen_bpm(speed_mps * _effort_share(grade_pct))
        estimate = estimate if seen is None else estimate.combined(seen)
        return estimate.clipped(self.resting_heart_rate_bpm.low, self.max_heart_rate_bpm.value)

    def speed_mps(self, heart_rate_bpm: float, grade_pct: float = 0.0) -> Estimate:
        """The speed that leads to this heart rate. Raises ValueError for NaN."""
        refuse_unknown(heart_rate_bpm, grade_pct)
        estimate = self._propagated(
            lambda resting, most, vo2_max, cost: treadmill_speed_mps(
                _oxygen((heart_rate_bpm - resting) / max(most - resting, 1.0), vo2_max) / cost,
                grade_pct,
            )
        )
        seen = self._seen_mps(heart_rate_bpm)
        if seen is not None:
            estimate = estimate.combined(seen.scaled(1.0 / _effort_share(grade_pct)))
        return estimate.clipped(0.0, _FASTEST_MPS)

    def _seen_bpm(self, effort_mps: float) -> Estimate | None:
        """From the level that was seen, by the gain."""
        if self.level is None:
            return None
        away_mps, level = effort_mps - self.level.effort_mps, self.level.heart_rate_bpm
        gain = self.gain_bpm_per_mps
        sd = root_sum_square((level.sd, gain.sd * away_mps))
        return Estimate.from_sd(level.value + gain.value * away_mps, sd)

    def _seen_mps(self, heart_rate_bpm: float) -> Estimate | None:
        """The inverse of `_seen_bpm`."""
        if self.level is None:
            return None
        gain = max(self.gain_bpm_per_mps.value, _LEAST_GAIN)
        away_mps = (heart_rate_bpm - self.level.heart_rate_bpm.value) / gain
        unsure = (self.level.heart_rate_bpm.sd, self.gain_bpm_per_mps.sd * away_mps)
        return Estimate.from_sd(self.level.effort_mps + away_mps, root_sum_square(unsure) / gain)

    def _propagated(self, of: Callable[..., float]) -> Estimate:
        """A function of (resting, maximum, VO2max, cost around the equation) as an estimate.

        Independent errors, each moved by one deviation both ways; the function is near enough
        to linear within one.
        """
        inputs = (
            self.resting_heart_rate_bpm,
            self.max_heart_rate_bpm,
            self.vo2_max,
            Estimate.from_sd(1.0, _ACSM_SD_SHARE),
        )
        middle = [known.value for known in inputs]
        deviations = []
        for place, known in enumerate(inputs):
            before, after = middle[:place], middle[place + 1 :]
            high = of(*before, known.value + known.sd, *after)
            low = of(*before, known.value - known.sd, *after)
            deviations.append((high - low) / 2.0)
        return Estimate.from_sd(of(*middle), root_sum_square(deviations))


def population_heart(runner: Runner) -> HeartModel:
    """What is known of a heart before it was watched. Raises ValueError without a reserve."""
    resting, most = resting_heart_rate_of(runner), max_heart_rate_of(runner)
    _reserve_bpm(resting.value, most.value)
    return HeartModel(
        _GAIN_BPM_PER_MPS,
        _TIME_CONSTANT_S,
        _DEAD_TIME_S,
        _DRIFT_BPM_PER_MIN,
        resting,
        most,
        vo2_max_of(runner),
    )


def max_heart_rate_of(runner: Runner) -> Estimate:
    """Measured; or by age, or of an adult of unknown age, and at least what runs reached."""
    if runner.max_heart_rate_bpm is not None:
        return Estimate.from_sd(runner.max_heart_rate_bpm, _MEASURED_SD_BPM)
    if runner.age_years is not None:
        predicted = max_heart_rate_bpm(runner.age_years)
    else:
        by_age = _NES_BPM_PER_YEAR * _ADULT_AGE_SD_YEARS
        predicted = Estimate.from_sd(
            max_heart_rate_bpm(_ADULT_AGE_YEARS).value, root_sum_square((_NES_SD_BPM, by_age))
        )
    reached_bpm = runner.seen.max_bpm
    return predicted if reached_bpm is None else at_least(predicted, reached_bpm)


def resting_heart_rate_of(runner: Runner) -> Estimate:
    """Measured; or a round figure by fitness level, and at most what runs saw."""
    if runner.resting_heart_rate_bpm is not None:
        return Estimate.from_sd(runner.resting_heart_rate_bpm, _MEASURED_SD_BPM)
    usual = Estimate.from_sd(_RESTING_BPM[runner.fitness_level], _RESTING_SD_BPM)
    seen_bpm = runner.seen.resting_bpm
    return usual if seen_bpm is None else at_most(usual, seen_bpm)


def vo2_max_of(runner: Runner) -> Estimate:
    """Measured, or guessed from fitness level, age and sex, in ml/kg/min."""
    if runner.vo2_max is not None:
        refuse_unknown(runner.vo2_max)
        return Estimate.from_sd(runner.vo2_max, _MEASURED_SD_VO2)
    value, sd = _VO2_MAX, _VO2_MAX_SD
    if runner.sex is not None:
        value += _VO2_MAX_BY_SEX[runner.sex]
    if runner.fitness_level is not None:
        value, sd = value + _VO2_MAX_BY_LEVEL[runner.fitness_level], _VO2_MAX_SD_IN_LEVEL
    if runner.age_years is not None:
        refuse_unknown(runner.age_years)
        value += _VO2_MAX_PER_YEAR * (runner.age_years - 40.0)
    return Estimate.from_sd(max(value, _LEAST_VO2_MAX), sd)


def default_ceiling_bpm(runner: Runner) -> float:
    """The heart rate a workout stays below when the runner named none: 90 % of the reserve,
    85 % when the maximum is only predicted. What runs reached does not raise it: a sensor may err,
    and the ceiling protects."""
    heart = population_heart(replace(runner, seen=NOTHING_SEEN))
    is_measured = runner.max_heart_rate_bpm is not None
    share = _CEILING_SHARE if is_measured else _CAREFUL_CEILING_SHARE
    return heart.at_share(share)


def _effort_share(grade_pct: float) -> float:
    """What a grade makes of a speed, as the level speed that costs as much."""
    return max(1.0 + SPEED_SHARE_PER_PCT * grade_pct, 0.5)


def _reserve_bpm(resting_heart_rate_bpm: float, max_heart_rate_bpm: float) -> float:
    refuse_unknown(resting_heart_rate_bpm, max_heart_rate_bpm)
    if max_heart_rate_bpm <= resting_heart_rate_bpm:
        raise ValueError("The maximum heart rate must be above the resting heart rate.")
    return max_heart_rate_bpm - resting_heart_rate_bpm


def _heart_share(vo2: float, vo2_max: float) -> float:
    """Share of the heart-rate reserve at an oxygen uptake; at rest 0."""
    share = (vo2 - RESTING_VO2) / max(vo2_max - RESTING_VO2, 1.0)
    return _SWAIN_OFFSET + _SWAIN_SLOPE * share if share > 0.0 else 0.0


def _oxygen(heart_share: float, vo2_max: float) -> float:
    """The inverse of `_heart_share`, in ml/kg/min."""
    share = (heart_share - _SWAIN_OFFSET) / _SWAIN_SLOPE
    return RESTING_VO2 + max(share, 0.0) * (vo2_max - RESTING_VO2)
