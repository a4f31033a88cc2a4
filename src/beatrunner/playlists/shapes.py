"""Playlists as the API takes and tells them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.core.controller.goal import BlockKind
from beatrunner.core.tempo import Verdict
from beatrunner.kit.http import STORABLE, Strict

MOST_SONGS = 500
MOST_MINUTES = 360

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), STORABLE
]
SpeedKmh = Annotated[float, Field(ge=2, le=25)]
CadenceSpm = Annotated[float, Field(ge=80, le=240)]
HeartRateBpm = Annotated[float, Field(ge=60, le=230)]
ExportFormat = Literal["m3u", "spotify", "csv"]
Effect = Literal["helps", "hinders"]


class CadenceTarget(Strict):
    kind: Literal["cadence"]
    cadence_spm: CadenceSpm


class PaceTarget(Strict):
    """On level ground."""

    kind: Literal["pace"]
    speed_kmh: SpeedKmh


class ZoneTarget(Strict):
    """One of the runner's five heart-rate zones."""

    kind: Literal["zone"]
    zone: Annotated[int, Field(ge=1, le=5)]


class PlanBlock(Strict):
    """A part of a workout, as `POST /v1/workouts` takes it. The first of heart-rate target, cadence
    and speed that is given counts; without any, the usual pace of its kind.
    """

    kind: BlockKind
    duration_s: Annotated[float, Field(ge=10, le=21_600)]
    target_low_bpm: HeartRateBpm | None = None
    target_high_bpm: HeartRateBpm | None = None
    speed_kmh: SpeedKmh | None = None
    cadence_spm: CadenceSpm | None = None

    @model_validator(mode="after")
    def _has_both_ends(self) -> Self:
        low, high = self.target_low_bpm, self.target_high_bpm
        if (low is None) != (high is None):
            raise ValueError("a target range has two ends")
        if low is not None and high is not None and low > high:
            raise ValueError("the target range is the wrong way round")
        return self


class PlanTarget(Strict):
    kind: Literal["plan"]
    blocks: Annotated[list[PlanBlock], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if sum(block.duration_s for block in self.blocks) > 60 * MOST_MINUTES:
            raise ValueError(f"a plan lasts {MOST_MINUTES} minutes at most")
        return self


Target = Annotated[
    CadenceTarget | PaceTarget | ZoneTarget | PlanTarget, Field(discriminator="kind")
]


class NewPlaylist(Strict):
    """`minutes` is how long the music is to last; a plan says that itself."""

    name: Name
    target: Target
    minutes: Annotated[float, Field(ge=1, le=MOST_MINUTES)] | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if (self.minutes is None) != isinstance(self.target, PlanTarget):
            raise ValueError("minutes are for all targets but a plan, which has its own")
        return self


class Suggestion(BaseModel):
    """What the runner usually runs; null what no run of theirs tells."""

    cadence_spm: float | None
    speed_mps: float | None
    zone: int | None


class PlaylistChange(Strict):
    """`track_ids` are all songs in their new order: what is not among them is taken out."""

    name: Name | None = None
    track_ids: Annotated[list[UUID], Field(max_length=MOST_SONGS)] | None = None

    @model_validator(mode="after")
    def _has_each_song_once(self) -> Self:
        if self.track_ids is not None and len(set(self.track_ids)) < len(self.track_ids):
            raise ValueError("a song is in a playlist once")
        return self


class PlaylistStretch(BaseModel):
    """A part at one cadence; `kind` is null where it is all there is."""

    kind: BlockKind | None
    length_s: float
    cadence_spm: EstimateAnswer


class PlaylistSong(BaseModel):
    """`cadence_spm` are the steps that fall on its beat where it plays now, null when none do.

    `duration_s` is null where no whole play is known; `stretch` is where its middle falls.
    `effect` is what the song is known to do to this runner at what the playlist is for; null when
    nobody can tell.
    """

    track_id: UUID
    title: str
    artist: str
    tempo_bpm: float | None
    tempo_verdict: Verdict | None
    duration_s: float | None
    stretch: int
    cadence_spm: float | None
    effect: Effect | None
    spotify_uri: str | None


NoteCode = Literal[
    "too_few_songs",
    "too_short",
    "tempo_unknown",
    "tempo_doubtful",
    "out_of_step",
    "cadence_guessed",
    "heart_guessed",
    "short_stretches",
    "artist_again",
]


class PlaylistNote(BaseModel):
    """What is to be known of a playlist.

    `count` is of minutes (`too_few_songs`, `too_short`: that lack, `cadence_guessed`: of own
    running), stretches (`heart_guessed`, `short_stretches`) or songs.
    """

    code: NoteCode
    count: int


class PlaylistSummary(BaseModel):
    id: UUID
    name: str
    target: Target
    minutes: float
    songs: int
    created_at: datetime


class PlaylistPage(BaseModel):
    items: list[PlaylistSummary]
    next_cursor: UUID | None


class Playlist(BaseModel):
    """`minutes` as asked for, `length_s` as it is. Of `library_songs` the tempo of `library_known`
    was known when the playlist was made.
    """

    id: UUID
    name: str
    target: Target
    minutes: float
    length_s: float
    created_at: datetime
    library_songs: int
    library_known: int
    stretches: list[PlaylistStretch]
    songs: list[PlaylistSong]
    notes: list[PlaylistNote]
