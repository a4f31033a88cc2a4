"""Shapes of the answer about training."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from beatrunner.accounts.runner_profile import EstimateAnswer


class TrainingWeek(BaseModel):
    """`load` is that of the `with_heart_rate` of its `activities`; None where there is none of
    them."""

    week_start: date
    activities: int
    with_heart_rate: int
    distance_m: float
    moving_s: float
    load: EstimateAnswer | None


class LoadDay(BaseModel):
    """Load of a week, as the mean of the days that fades with 42 and with 7 days has it on the
    evening of `day`."""

    day: date
    usual: EstimateAnswer
    lately: EstimateAnswer


class Effort(BaseModel):
    """The fastest stretch of the run, from `start_s` after its start."""

    activity_id: UUID
    name: str
    started_at: datetime
    utc_offset_s: int | None
    start_s: float
    lasted_s: float


class BestEfforts(BaseModel):
    """`recent` is the best of the last 90 days, None where they have none."""

    distance_m: float
    surface: Literal["outdoor", "treadmill"]
    best: Effort
    recent: Effort | None


class Training(BaseModel):
    """Of the last weeks; best efforts of all time.

    `unmeasured` runs are being read. `max_is` says what the loads' maximum heart rate rests on.
    """

    weeks: list[TrainingWeek]
    days: list[LoadDay]
    best_efforts: list[BestEfforts]
    activities: int
    with_heart_rate: int
    unmeasured: int
    max_heart_rate_bpm: EstimateAnswer
    resting_heart_rate_bpm: EstimateAnswer
    max_is: Literal["told", "seen", "predicted"]
    is_resting_told: bool
