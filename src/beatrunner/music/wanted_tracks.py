"""What a runner may ask of the list of their songs."""

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
    """`in_step_spm`: songs that are stepped to at this cadence, on the beat, its half or double."""

    q: str = ""
    min_tempo_bpm: float | None = None
    max_tempo_bpm: float | None = None
    in_step_spm: float | None = None
    verdict: WantedVerdict | None = None
    min_plays: int = 0
    sort: TrackSort = TrackSort.PLAYS
    is_descending: bool = True
