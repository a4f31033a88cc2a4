"""What a runner may ask of the lists of their songs, artists and albums."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TrackSort(StrEnum):
    PLAYS = "plays"
    RUN_PLAYS = "run_plays"
    TEMPO = "tempo_bpm"
    TITLE = "title"


class WantedVerdict(StrEnum):
    OWN = "own"
    CONFIRMED = "confirmed"
    SINGLE = "single"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WantedTracks:
    """`artist` and `album` are exact; `in_step_spm`: songs that are stepped to at this cadence, on
    the beat, its half or double."""

    q: str = ""
    artist: str | None = None
    album: str | None = None
    min_tempo_bpm: float | None = None
    max_tempo_bpm: float | None = None
    in_step_spm: float | None = None
    verdict: WantedVerdict | None = None
    min_plays: int = 0
    sort: TrackSort = TrackSort.PLAYS
    is_descending: bool = True


class GroupSort(StrEnum):
    RUN_TIME = "run_time"
    PLAYS = "plays"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class WantedGroups:
    """Artists or albums; `artist` and `album` are exact and leave at most one, or one's albums."""

    are_albums: bool
    q: str = ""
    artist: str | None = None
    album: str | None = None
    sort: GroupSort = GroupSort.RUN_TIME
    is_descending: bool = True
