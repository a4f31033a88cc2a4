"""Shapes of the answers about what music does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel

from beatrunner.accounts.runner_profile import EstimateAnswer
from beatrunner.core.provenance import Provenance
from beatrunner.db.types import AnyRow
from beatrunner.insights.plays import LeftOut
from beatrunner.kit.http import Strict

ResponseName = Literal["speed", "heart_rate", "cadence", "in_step"]
State = Literal["ready", "computing", "too_little"]
#: As `core.effects.Verdict` has them.
TrackVerdict = Literal["raises", "lowers", "cannot_tell", "not_enough_yet"]
NoteCode = Literal["cadence_lock", "clock_offset", "tempo_octave"]
Felt = Literal["too_easy", "right", "too_hard"]
SharpenedBy = Literal["more_minutes", "other_speeds", "nothing"]
HeadlineCode = Literal["too_little", "cannot_tell", "tempo_raises", "tempo_lowers", "tracks_differ"]


class CurvePoint(BaseModel):
    """`tempo_bpm` is folded to the runner's cadence; the effect is against the mean tempo."""

    tempo_bpm: float
    effect: EstimateAnswer


class TempoOut(BaseModel):
    per_sd: EstimateAnswer
    probability_above: float
    mean_tempo_bpm: float
    sd_tempo_bpm: float
    curve: list[CurvePoint]
    runs_needed: int


class TrackOut(BaseModel):
    """`effect` is against the mean of the tracks heard. `plays_needed`: how many more until its
    interval is narrow enough to tell."""

    track_id: UUID
    title: str
    artist: str
    tempo_bpm: float | None
    effect: EstimateAnswer
    probability_above: float
    plays: int
    plays_needed: int
    verdict: TrackVerdict

    @classmethod
    def of(cls, effect: Mapping[str, Any], track: AnyRow) -> Self:
        """`effect` is as `fitting.effects_to_json` writes it down."""
        told = {"title": track.title, "artist": track.artist, "tempo_bpm": track.tempo_bpm}
        return cls.model_validate({**effect, **told})


class TrackResponse(BaseModel):
    """What one track does to one response; null where it was not heard enough to say anything."""

    response: ResponseName
    unit: str
    association: TrackOut | None
    causal: TrackOut | None


class TrackInsights(BaseModel):
    track_id: UUID
    responses: list[TrackResponse]


class EffectsOut(BaseModel):
    """`tracks` has all that may be named and those heard most, in order of their effect, the
    highest first; `tracks_in_all` counts all. `spread` is how much tracks of one tempo differ,
    `noise` how much plays of one track do; null, as `tempo` is, before there are enough plays."""

    plays: int
    runs: int
    spread: EstimateAnswer | None
    noise: EstimateAnswer | None
    tempo: TempoOut | None
    tracks: list[TrackOut]
    tracks_in_all: int


class Answer(BaseModel):
    """`causal` is of plays whose order chance decided (the player's shuffle, an experiment),
    `association` of all others. Effects are in `unit`."""

    response: ResponseName
    unit: str
    association: EffectsOut | None
    causal: EffectsOut | None


class LeftOutRuns(BaseModel):
    reason: LeftOut
    runs: int


class Library(BaseModel):
    """All that there is but what is kept out, measured or not. `measured` counts those of the runs
    with music that have been gone through, with what they are now."""

    runs: int
    runs_with_music: int
    measured: int
    plays: int
    usual_speed_mps: float | None


class KeptOut(BaseModel):
    """Runs and plays from a source that forbids to combine them with others."""

    provenance: Provenance
    runs: int
    plays: int


class Headline(BaseModel):
    """The one thing worth saying first, about speed. `per_sd` is the change per `sd_tempo_bpm`
    of tempo; `raising` and `lowering` count tracks that may be named; `runs_needed` says how many
    more it takes to tell the effect of tempo."""

    code: HeadlineCode
    is_causal: bool
    per_sd: EstimateAnswer | None
    sd_tempo_bpm: float | None
    raising: int
    lowering: int
    runs_needed: int | None


class Insights(BaseModel):
    """`is_stale`: runs or music have changed since, and new ones are on their way.
    `cadence_spm` is what tempi were folded to."""

    state: State
    computed_at: datetime | None
    is_stale: bool
    runs: int
    plays: int
    cadence_spm: float | None
    left_out: list[LeftOutRuns]
    kept_out: list[KeptOut]
    library: Library
    headline: Headline
    answers: list[Answer]


class CadencePoint(BaseModel):
    speed_mps: float
    cadence_spm: EstimateAnswer


class Surface(BaseModel):
    """`minutes` of steady running on level ground are in the line. Without any the curve is empty.
    `sharpened_by`: what would make it narrower."""

    surface: Literal["treadmill", "outdoor"]
    runs: int
    minutes: float
    cadence_curve: list[CadencePoint]
    population_curve: list[CadencePoint]
    sharpened_by: SharpenedBy


class GaitLines(BaseModel):
    surfaces: list[Surface]


class PlayedTrack(BaseModel):
    """`here_pct`: grade-adjusted speed under this play against the mean of the run's plays.
    `effect` and `verdict` are what all runs say by now. `fits`: whether this play lies where 19 of
    20 plays of the track would; null where that is not known yet."""

    track_id: UUID
    title: str
    artist: str
    here_pct: float
    effect: EstimateAnswer | None
    verdict: TrackVerdict | None
    plays: int
    fits: bool | None


class Note(BaseModel):
    """Something odd. `track_id` with `tempo_octave`; `hours`, by which the music should come
    later, with `clock_offset`."""

    code: NoteCode
    track_id: UUID | None
    hours: int | None


class ActivityInsights(BaseModel):
    """`left_out` says why the run is in no statistics; null when it is, or was not measured yet."""

    activity_id: UUID
    is_measured: bool
    left_out: LeftOut | None
    tracks: list[PlayedTrack]
    notes: list[Note]


class ExperimentTrack(BaseModel):
    track_id: UUID
    title: str
    artist: str
    tempo_bpm: float | None
    spotify_uri: str | None


class ExperimentOut(BaseModel):
    """`tracks` in the order to be played. `runs` are those in which it was recognised."""

    id: UUID
    created_at: datetime
    runs: int
    tracks: list[ExperimentTrack]


class Experiments(BaseModel):
    items: list[ExperimentOut]


class ProposalOut(BaseModel):
    """The songs that would teach most, the most telling first. `sd_pct` is how well the effects of
    songs on speed are known now, `sd_after_pct` as foreseen after the run; the same for the
    effect of tempo per standard deviation, null where no tempi are known."""

    tracks: list[ExperimentTrack]
    sd_pct: float
    sd_after_pct: float
    tempo_sd_pct: float | None
    tempo_sd_after_pct: float | None


class NextExperiment(BaseModel):
    """`proposal` is null before there are runs to as many songs as were asked for."""

    proposal: ProposalOut | None


class Told(Strict):
    """How a run felt; null takes back what was told."""

    felt: Felt | None


class FeltRun(BaseModel):
    """`felt` is null before anything was told. `is_driven`: BeatRunner set the belt."""

    felt: Felt | None
    is_driven: bool


class SatisfactionOf(BaseModel):
    """Runs by how they felt. `right_pct` is the share that felt right, null of none."""

    too_easy: int
    right: int
    too_hard: int
    right_pct: EstimateAnswer | None


class RunToAsk(BaseModel):
    activity_id: UUID
    name: str
    started_at: datetime
    utc_offset_s: int | None


class Satisfaction(BaseModel):
    """`driven` are runs whose belt BeatRunner set, `free` all others. `ask_about` is the latest
    driven run of the last days of which nothing was told."""

    driven: SatisfactionOf
    free: SatisfactionOf
    ask_about: RunToAsk | None
