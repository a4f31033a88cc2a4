"""Shapes of the answers about a year, and about runs like one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.activities.shapes import ActivitySummary
from beatrunner.soundtracks.home import Day, Totals


class YearSong(BaseModel):
    """`moving_s`: how long was run to it in the year."""

    track_id: UUID
    title: str
    artist: str
    moving_s: float
    plays: int
    runs: int


class YearName(BaseModel):
    """An artist, or an album with its artist."""

    name: str
    artist: str | None
    moving_s: float
    songs: int


class Month(BaseModel):
    """`music_s` of the moving time had music."""

    month: int
    activities: int
    distance_m: float
    moving_s: float
    music_s: float


class NotableRun(BaseModel):
    """`song` is what was run to longest in it."""

    activity_id: UUID
    name: str
    started_at: datetime
    utc_offset_s: int | None
    distance_m: float | None
    moving_s: float
    mean_speed_mps: float | None
    song: YearSong | None


class Streak(BaseModel):
    first_day: date
    count: int


class CalledSong(BaseModel):
    """A song of the year that may be named as one with which the runner is faster. `effect` is in
    per cent of speed, against the mean of all songs; `is_causal`: chance ordered its plays."""

    track_id: UUID
    title: str
    artist: str
    effect: EstimateAnswer
    is_causal: bool


class Year(BaseModel):
    """A year in the runner's own calendar. `years` are the first and the last with a run, None
    without any run at all."""

    year: int
    years: tuple[int, int] | None
    starts_at: datetime
    ends_at: datetime
    totals: Totals
    before: Totals
    music_s: float
    months: list[Month]
    days: list[Day]
    songs: list[YearSong]
    artists: list[YearName]
    albums: list[YearName]
    songs_in_all: int
    artists_in_all: int
    discovered: int
    discoveries: list[YearSong]
    faster_songs: list[CalledSong]
    first_run: NotableRun | None
    longest_run: NotableRun | None
    fastest_run: NotableRun | None
    days_in_a_row: Streak | None
    weeks_in_a_row: Streak | None


class SimilarRuns(BaseModel):
    """`same_route`: the latest first; `similar_length`: the nearest in length first, none of them
    among the former."""

    same_route: list[ActivitySummary]
    similar_length: list[ActivitySummary]
