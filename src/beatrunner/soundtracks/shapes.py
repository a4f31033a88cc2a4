"""Shapes of the answers about soundtracks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from beatrunner.core.clock_offset import Silence
from beatrunner.core.confidence import ConfidenceReason, Level
from beatrunner.core.listening import ListenKind


class Track(BaseModel):
    id: UUID
    title: str
    artist: str
    album: str | None
    kind: ListenKind
    tempo_bpm: float | None


class Span(BaseModel):
    ordinal: int
    track_id: UUID | None
    start_s: int
    end_s: int
    start_uncertainty_s: float
    elapsed_s: int
    moving_s: float
    distance_m: float | None
    speed_mps: float | None
    grade_adjusted_speed_mps: float | None
    heart_rate_bpm: float | None
    heart_rate_lag_s: int
    cadence_spm: float | None
    grade_pct: float | None
    tempo_bpm: float | None
    in_step_pct: float | None


class NearbyListen(BaseModel):
    """A play in seconds since the activity's start, before the clock offset."""

    track_id: UUID
    started_s: float
    ended_s: float
    uncertainty_s: float


class Soundtrack(BaseModel):
    activity_id: UUID
    computed_at: datetime | None
    clock_offset_s: float
    confidence: Level
    confidence_reason: ConfidenceReason
    confidence_figures: dict[str, float]
    spans: list[Span]
    tracks: list[Track]
    listens: list[NearbyListen]


class OffsetSuggestion(BaseModel):
    """The clock offset that fits the runner's steps, its 95 % interval and how sure that is.

    Where nothing can be told, `silence` says why and the rest is null.
    """

    clock_offset_s: int | None
    low_s: int | None
    high_s: int | None
    sure_pct: float | None
    silence: Silence | None
