"""Shapes of the answers about shared runs: none names an identifier, a place or a time more than
it has to.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from beatrunner.activities.shapes import StreamsAnswer


class SharedSong(BaseModel):
    """`id` counts the songs of this run, from "1" on."""

    id: str
    title: str
    artist: str
    tempo_bpm: float | None


class SharedSpan(BaseModel):
    """Seconds [start_s, end_s) of what is shown, under a song or (`song_id` null) under silence, or
    under a song of which a part is hidden.
    """

    song_id: str | None
    start_s: int
    end_s: int
    start_uncertainty_s: float
    moving_s: int
    distance_m: float | None
    speed_mps: float | None
    heart_rate_bpm: float | None
    cadence_spm: float | None


class SharedRun(BaseModel):
    """A run as others see it. `day` is that of the runner's wrist; `started_at` is null unless the
    runner chose to show it. Both, and the figures, are of what is shown alone.
    """

    name: str
    sport: str
    is_indoor: bool
    is_clipped: bool
    day: date
    started_at: datetime | None
    utc_offset_s: int | None
    elapsed_s: int
    moving_s: int
    distance_m: float | None
    ascent_m: float | None
    descent_m: float | None
    mean_speed_mps: float | None
    mean_heart_rate_bpm: float | None
    mean_cadence_spm: float | None
    streams: StreamsAnswer
    songs: list[SharedSong]
    spans: list[SharedSpan]


class ShareLink(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    activity_id: UUID
    activity_name: str
    shows_time: bool
    shows_heart_rate: bool
    created_at: datetime
    expires_at: datetime | None
    opened_count: int
    last_opened_at: datetime | None


class ShareLinks(BaseModel):
    items: list[ShareLink]


class NewShareLink(BaseModel):
    """`path` is shown this once: the database keeps a hash of its last part."""

    link: ShareLink
    path: str
