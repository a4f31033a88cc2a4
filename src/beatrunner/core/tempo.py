"""What several sources say of one song's tempo, and what follows from it.

Every source of tempi errs by octaves: it counts each second beat, or two to a beat. For running
that is harmless, as a song at 85 is stepped to like one at 170 (`core.gait`). So sources are
compared modulo octave: two agree when one is the other's half, same or double, within 4 %, which
is about where people begin to hear a difference. A factor of three is another tempo, not another
octave. What each source said is kept as it said it; nothing is folded here for good.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST_BPM = 20.0
MOST_BPM = 400.0

SAME_WITHIN = 0.04
OCTAVES = (0.5, 1.0, 2.0)


class Verdict(StrEnum):
    OWN = "own"  # the runner said so
    CONFIRMED = "confirmed"  # most sources, and at least two of them, agree
    SINGLE = "single"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Reading:
    """One source's word; `is_own` when the source is the runner."""

    source: str
    tempo_bpm: float
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """The tempo to go by: the word of `source`, as it was said."""

    tempo_bpm: float
    source: str
    verdict: Verdict


def is_tempo(tempo_bpm: float) -> bool:
    """Whether music can have it; sources say 0 for "unknown"."""
    return LEAST_BPM <= tempo_bpm <= MOST_BPM


def tempo_or_none(said: object) -> float | None:
    """The tempo that somebody's number means; None for what is no number, or no tempo."""
    return float(said) if isinstance(said, int | float) and is_tempo(said) else None


def agree(one_bpm: float, other_bpm: float) -> bool:
    """Whether two tempi are the same but for an octave."""
    most = math.log(1.0 + SAME_WITHIN)
    return any(abs(math.log(one_bpm * octave / other_bpm)) <= most for octave in OCTAVES)


def weigh(readings: Sequence[Reading]) -> Weighed | None:
    """What follows from readings in the order in which sources are trusted; None from none.

    The runner's word stands by itself. Of the others the largest group that agrees wins, and
    within it the most trusted source; of groups of one size, the one with the more trusted.
    """
    if not readings:
        return None
    own = next((reading for reading in readings if reading.is_own), None)
    if own is not None:
        return Weighed(own.tempo_bpm, own.source, Verdict.OWN)
    best, followers = readings[0], 0
    for reading in readings:
        agreeing = sum(agree(reading.tempo_bpm, other.tempo_bpm) for other in readings)
        if agreeing > followers:
            best, followers = reading, agreeing
    return Weighed(best.tempo_bpm, best.source, _verdict(followers, len(readings)))


def _verdict(agreeing: int, readings: int) -> Verdict:
    if readings == 1:
        return Verdict.SINGLE
    return Verdict.CONFIRMED if 2 <= agreeing > readings - agreeing else Verdict.UNCERTAIN


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """How a source can be asked about a track.

    `identities` are those of `core.track_identity`, in a stable order.
    """

    title: str
    artist: str
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A source's answer. `tempo_bpm` None: it does not know the track, or not its tempo.

    `isrc`: the identity that the source gave the recording, by which other sources may know it.
    """

    tempo_bpm: float | None
    isrc: str | None = None
