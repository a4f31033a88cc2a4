"""What the controller is told each second, and what it answers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from beatrunner.core.controller.goal import Song
from beatrunner.core.estimate import Estimate
from beatrunner.core.gait import Beat


@dataclass(frozen=True, slots=True)
class Sense:
    """One look at belt, runner and music. None: not known now.

    `heart_rate_bpm` is only given when it is fit to lead. `queue` is what plays after `song`.
    """

    elapsed_s: float
    speed_kmh: float | None = None
    incline_pct: float | None = None
    heart_rate_bpm: float | None = None
    cadence_spm: float | None = None
    song: Song | None = None
    song_elapsed_s: float = 0.0
    queue: tuple[Song, ...] = ()

    def plausible(self) -> Sense:
        """The same without what cannot be: no NaN and no infinity goes any further."""
        song = None if self.song is None else _plausible_song(self.song)
        return replace(
            self,
            speed_kmh=_within(self.speed_kmh, 0.0, 40.0),
            incline_pct=_within(self.incline_pct, -20.0, 45.0),
            heart_rate_bpm=_within(self.heart_rate_bpm, 30.0, 230.0),
            cadence_spm=_within(self.cadence_spm, 40.0, 260.0),
            song=song,
            song_elapsed_s=_within(self.song_elapsed_s, 0.0, 1e6) or 0.0,
            queue=tuple(map(_plausible_song, self.queue)),
        )


def _plausible_song(song: Song) -> Song:
    return replace(
        song,
        tempo_bpm=_within(song.tempo_bpm, 20.0, 400.0),
        duration_s=_within(song.duration_s, 1.0, 1e6),
    )


def _within(value: float | None, low: float, high: float) -> float | None:
    """The value, or None where it is no number of this range (NaN compares with nothing)."""
    return value if value is not None and low <= value <= high and math.isfinite(value) else None


class LockState(StrEnum):
    """How the steps stand to the beat."""

    ON_BEAT = "on_beat"
    APPROACHING = "approaching"
    OFF_BEAT = "off_beat"
    BROKEN_FOR_HEART = "broken_for_heart"
    NO_SONG = "no_song"
    NO_TEMPO = "no_tempo"
    NOT_REACHABLE = "not_reachable"
    NOT_WANTED = "not_wanted"


class Reason(StrEnum):
    """Why the advice is what it is, beyond what its mode asks for."""

    HEART_UNKNOWN = "heart_unknown"
    HEART_FORESEEN = "heart_foreseen"
    """Incline gives way before the belt is at its speed: only the model says it must."""
    HEART_LESS_INCLINE = "heart_less_incline"
    HEART_MORE_INCLINE = "heart_more_incline"
    HEART_SLOWER_SONGS = "heart_slower_songs"
    HEART_FASTER_SONGS = "heart_faster_songs"
    HEART_BREAKS_LOCK = "heart_breaks_lock"
    NEAR_CEILING = "near_ceiling"
    NEXT_SONG = "next_song"
    LEARNING_GAIT = "learning_gait"
    BETWEEN_WALK_AND_RUN = "between_walk_and_run"
    AT_LIMIT = "at_limit"
    PLAN_OVER = "plan_over"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the automation would like. `speed_kmh` None: nothing, the runner leads."""

    speed_kmh: float | None = None
    incline_pct: float | None = None
    beat: Beat | None = None
    lock: LockState = LockState.NOT_WANTED
    wanted_spm: Estimate | None = None
    """The cadence that songs should have next, with its 95 % interval."""
    block: int | None = None
    reasons: tuple[Reason, ...] = ()
