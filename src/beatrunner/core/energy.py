"""What walking and running cost: oxygen by speed and incline, and kilocalories as a range.

Sources. Oxygen: ACSM's Guidelines for Exercise Testing and Prescription, 10th ed., table 6.3;
with S in m/min and G as a decimal, walking 3.5 + 0.1 S + 1.8 S G, running 3.5 + 0.2 S + 0.9 S G
ml/kg/min, steady and submaximal, on treadmills. One litre of oxygen is about 5 kcal. From heart
rate: Keytel et al. 2005 (115 people, R² 73 %). No watch of seven came within 20 % of the truth
(Shcherbina 2017), so no range here is narrower than that.
"""

from __future__ import annotations

from typing import Literal

from beatrunner.core.estimate import EDGE_SDS, Estimate, refuse_unknown, root_sum_square

Sex = Literal["female", "male"]

RESTING_VO2 = 3.5  # ml/kg/min, one MET
#: Steady running starts here (walk-run transition 2.0 to 2.1 m/s).
RUNS_FROM_MPS = 2.05
_WALKS_TO_MPS = 100.0 / 60.0
_STEEPEST_PCT = 20.0
_KCAL_PER_MIN_PER_VO2_KG = 1.0 / 200.0
_KJ_PER_KCAL = 4.184
#: Half the width of the range, as a share of the value.
_LEAST_SPREAD = 0.2
_KEYTEL_SPREAD = 0.25
#: Of 3,678 adults (Loe 2013).
_WEIGHT_KG = Estimate.from_sd(77.0, 14.0)
#: Keytel's people were working; below this heart rate the line means nothing.
_KEYTEL_ABOVE_BPM = 90.0


def walking_vo2(speed_mps: float, grade_pct: float = 0.0) -> float:
    """ml/kg/min. Going down costs as much as going level here: ACSM has no term for it."""
    refuse_unknown(speed_mps, grade_pct)
    speed_m_min = 60.0 * max(speed_mps, 0.0)
    return RESTING_VO2 + speed_m_min * (0.1 + 1.8 * max(grade_pct, 0.0) / 100.0)


def running_vo2(speed_mps: float, grade_pct: float = 0.0) -> float:
    """ml/kg/min; at the same speed above walking up to a grade of 11 %."""
    refuse_unknown(speed_mps, grade_pct)
    speed_m_min = 60.0 * max(speed_mps, 0.0)
    return RESTING_VO2 + speed_m_min * (0.2 + 0.9 * max(grade_pct, 0.0) / 100.0)


def treadmill_vo2(speed_mps: float, grade_pct: float = 0.0) -> float:
    """ml/kg/min where nobody said whether the runner walks or runs; rises with speed.

    Walking up to 100 m/min, for which its equation was made, running from 2.05 m/s, and a straight
    line in between: both equations miss how dear walking gets there. Grades count from 0 to 20 %.
    """
    walk, run = _ends_of_gap(grade_pct)
    if speed_mps <= _WALKS_TO_MPS:
        return walking_vo2(speed_mps, _held(grade_pct))
    if speed_mps >= RUNS_FROM_MPS:
        return running_vo2(speed_mps, _held(grade_pct))
    refuse_unknown(speed_mps)
    share = (speed_mps - _WALKS_TO_MPS) / (RUNS_FROM_MPS - _WALKS_TO_MPS)
    return walk + share * (run - walk)


def treadmill_speed_mps(vo2: float, grade_pct: float = 0.0) -> float:
    """The inverse of `treadmill_vo2`; 0 for no more than rest."""
    refuse_unknown(vo2)
    walk, run = _ends_of_gap(grade_pct)
    if vo2 <= walk:
        return _WALKS_TO_MPS * max(vo2 - RESTING_VO2, 0.0) / (walk - RESTING_VO2)
    if vo2 >= run:
        return RUNS_FROM_MPS * (vo2 - RESTING_VO2) / (run - RESTING_VO2)
    return _WALKS_TO_MPS + (vo2 - walk) / (run - walk) * (RUNS_FROM_MPS - _WALKS_TO_MPS)


def _ends_of_gap(grade_pct: float) -> tuple[float, float]:
    grade_pct = _held(grade_pct)
    return walking_vo2(_WALKS_TO_MPS, grade_pct), running_vo2(RUNS_FROM_MPS, grade_pct)


def _held(grade_pct: float) -> float:
    return min(grade_pct, _STEEPEST_PCT)


def kcal_per_min(vo2: float, weight_kg: float | None = None) -> Estimate:
    """Energy by oxygen; a weight that is not known widens the range. Raises ValueError for NaN."""
    weight = _WEIGHT_KG if weight_kg is None else Estimate.exact(weight_kg)
    refuse_unknown(vo2)
    value = vo2 * weight.value * _KCAL_PER_MIN_PER_VO2_KG
    spread = root_sum_square((_LEAST_SPREAD, EDGE_SDS * weight.sd / weight.value))
    return _spread(value, spread)


def kcal_per_min_by_heart(
    heart_rate_bpm: float, weight_kg: float, age_years: float, sex: Sex
) -> Estimate | None:
    """Energy by heart rate while running or walking; None below 90 bpm. ValueError for NaN."""
    refuse_unknown(heart_rate_bpm, weight_kg, age_years)
    if heart_rate_bpm < _KEYTEL_ABOVE_BPM:
        return None
    if sex == "male":
        kj = -55.0969 + 0.6309 * heart_rate_bpm + 0.1988 * weight_kg + 0.2017 * age_years
    else:
        kj = -20.4022 + 0.4472 * heart_rate_bpm - 0.1263 * weight_kg + 0.0740 * age_years
    return _spread(max(kj, 0.0) / _KJ_PER_KCAL, _KEYTEL_SPREAD)


def kcal_of_run(
    moving_s: float,
    speed_mps: float | None,
    heart_rate_bpm: float | None = None,
    *,
    weight_kg: float | None = None,
    age_years: float | None = None,
    sex: Sex | None = None,
) -> Estimate | None:
    """Energy of a run by its means, rest included; `speed_mps` is that of level ground.

    Oxygen is a straight line in the speed as long as one runs, so the mean speed says as much as
    each second's; of a run with much walking it does so within the range. Where the speed is not
    known the heart tells, if all else is known; None otherwise. ValueError for NaN.
    """
    refuse_unknown(moving_s)
    per_min = None
    if speed_mps is not None:
        per_min = kcal_per_min(treadmill_vo2(speed_mps), weight_kg)
    elif heart_rate_bpm and weight_kg and age_years and sex:
        per_min = kcal_per_min_by_heart(heart_rate_bpm, weight_kg, age_years, sex)
    return per_min and per_min.scaled(moving_s / 60.0)


def _spread(value: float, spread: float) -> Estimate:
    return Estimate(value, value * max(1.0 - spread, 0.0), value * (1.0 + spread))
