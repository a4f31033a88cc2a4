"""Workouts as the API takes and tells them. `codecs.live` has the same settings for sockets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.codecs import live as wire
from beatrunner.kit.errors import RefusedError
from beatrunner.kit.http import STORABLE, Strict
from beatrunner.workouts.wanted import fault_of

SpeedKmh = Annotated[float, Field(ge=0, le=60)]
InclinePct = Annotated[float, Field(ge=-60, le=60)]
HeartRateBpm = Annotated[float, Field(ge=0, le=300)]
CadenceSpm = Annotated[float, Field(ge=0, le=500)]
TempoBpm = Annotated[float, Field(gt=0, le=1000)]
Name = Annotated[str, StringConstraints(max_length=300), STORABLE]


class Block(Strict):
    kind: Literal["warm_up", "work", "recovery", "cool_down"]
    duration_s: Annotated[float, Field(gt=0, le=86_400)]
    target_low_bpm: HeartRateBpm | None = None
    target_high_bpm: HeartRateBpm | None = None
    speed_kmh: SpeedKmh | None = None
    cadence_spm: CadenceSpm | None = None


class WorkoutSettings(Strict):
    mode: wire.Mode
    speed_kmh: SpeedKmh | None = None
    target_low_bpm: HeartRateBpm | None = None
    target_high_bpm: HeartRateBpm | None = None
    ceiling_bpm: HeartRateBpm | None = None
    max_speed_kmh: SpeedKmh | None = None
    max_incline_pct: InclinePct | None = None
    blocks: Annotated[list[Block], Field(max_length=100, default_factory=list)]

    def checked(self) -> dict[str, object]:
        """As it is stored. Raises RefusedError for what nobody could conduct."""
        settings = msgspec.convert(self.model_dump(), wire.Settings)
        fault = fault_of(settings)
        if fault is not None:
            raise RefusedError(fault)
        stored: dict[str, object] = msgspec.to_builtins(settings)
        return stored


class NewWorkout(Strict):
    bridge_id: UUID
    settings: WorkoutSettings


class NewSong(Strict):
    title: Name
    artist: Name
    tempo_bpm: TempoBpm | None = None
    started_at: AwareDatetime | None = None


class Summary(BaseModel):
    """`zone_s`: seconds in each of the five heart-rate zones; `in_step_s` of the `beat_s` with a
    beat.
    """

    distance_m: float | None
    elapsed_s: float
    moving_s: float
    mean_heart_rate_bpm: float | None
    max_heart_rate_bpm: float | None
    mean_cadence_spm: float | None
    ascent_m: float
    energy_kcal: EstimateAnswer
    zone_s: list[float]
    in_step_s: float
    beat_s: float


class Workout(BaseModel):
    id: UUID
    state: wire.State
    settings: WorkoutSettings
    bridge_id: UUID | None
    treadmill_name: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    activity_id: UUID | None
    summary: Summary | None


class WorkoutPage(BaseModel):
    items: list[Workout]
    next_cursor: UUID | None
