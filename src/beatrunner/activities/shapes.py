"""Shapes of the answers about activities."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.activities.visibility import Visibility
from beatrunner.core.recording import RepairCode
from beatrunner.db.types import AnyRow


class ActivitySummary(BaseModel):
    id: UUID
    name: str
    sport: str
    is_indoor: bool
    started_at: datetime
    utc_offset_s: int | None
    elapsed_s: float
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    mean_speed_mps: float | None
    grade_adjusted_speed_mps: float | None
    mean_heart_rate_bpm: float | None
    mean_cadence_spm: float | None
    thumbnail: str | None
    track_count: int


class ActivityPage(BaseModel):
    items: list[ActivitySummary]
    next_cursor: str | None
    total: int


class Lap(BaseModel):
    start_s: float
    end_s: float
    distance_m: float | None


class Repair(BaseModel):
    code: RepairCode
    count: int


class Recording(BaseModel):
    id: UUID
    provenance: str
    file_name: str
    format: str
    device_name: str | None
    started_at: datetime
    length_s: int
    #: Columns that the run has from it; null is all.
    gives: list[str] | None


class OverlappingRun(BaseModel):
    id: UUID
    name: str


class Activity(ActivitySummary):
    description: str | None
    gear_name: str | None
    device_name: str | None
    max_heart_rate_bpm: float | None
    descent_m: float | None
    visibility: Visibility
    energy_kcal: EstimateAnswer | None
    length_s: int
    has_path: bool
    laps: list[Lap]
    pauses: list[tuple[float, float]]
    repairs: list[Repair]
    recordings: list[Recording]
    #: Others at the same time, which may be the same run.
    overlapping: list[OverlappingRun]


class StreamColumn(BaseModel):
    """value[i] = scale * (sum of the non-null deltas up to i); null is a gap."""

    scale: float
    deltas: list[int | None]


class StreamsAnswer(BaseModel):
    length_s: int
    columns: dict[str, StreamColumn]


def summary_of(row: AnyRow) -> ActivitySummary:
    return ActivitySummary.model_validate(row._mapping)
