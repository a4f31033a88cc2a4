"""How far a soundtrack can be trusted, and the one reason that says most.

The rules, the first that applies decides:

1. `no_music`: nothing played. Level none.
2. `overlapping_plays`: plays contradict each other for more than a tenth of the music (crossfade
   stays below). From a tenth fair, from three tenths poor: two people may share the account.
3. `offline_plays`: more than a tenth of the music was played offline, whose times may be those of
   the upload. Fair, and from half of the music poor; not when the runner has set the offset.
4. `coarse_times`: the typical uncertainty of a start is more than a tenth of the typical song.
   Fair, and from a third poor: the effect of a song is then mixed with its neighbours'.
5. `much_silence`: music for less than half of the activity. Fair: plays may be missing.
6. `offset_set_by_runner`: the runner moved the music by ear or eye. Good.
7. `exact_times`: none of these. Good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np

from beatrunner.core.align import Play, Span, play_seconds

Level = Literal["good", "fair", "poor", "none"]

OVERLAP_FAIR, OVERLAP_POOR = 0.1, 0.3
OFFLINE_FAIR, OFFLINE_POOR = 0.1, 0.5
COARSE_FAIR, COARSE_POOR = 0.1, 1 / 3
MUSIC_FAIR = 0.5


class ConfidenceReason(StrEnum):
    NO_MUSIC = "no_music"
    OVERLAPPING_PLAYS = "overlapping_plays"
    OFFLINE_PLAYS = "offline_plays"
    COARSE_TIMES = "coarse_times"
    MUCH_SILENCE = "much_silence"
    OFFSET_SET_BY_RUNNER = "offset_set_by_runner"
    EXACT_TIMES = "exact_times"


@dataclass(frozen=True, slots=True)
class Confidence:
    """A level, its reason, and the figures it rests on.

    `figures`: `music_pct` of the activity; `overlap_pct` and `offline_pct` of the music;
    `uncertainty_s` (median of the starts within the activity) and `song_s` (median span of music).
    """

    level: Level
    reason: ConfidenceReason
    figures: dict[str, float]


def confidence(
    plays: Sequence[Play], spans: Sequence[Span], length_s: int, clock_offset_s: float = 0.0
) -> Confidence:
    """Judge `spans`, which are `align(plays, length_s, clock_offset_s)`'s."""
    songs = [span for span in spans if span.play_index is not None]
    music_s = sum(song.elapsed_s for song in songs)
    if not music_s:
        return Confidence("none", ConfidenceReason.NO_MUSIC, {"music_pct": 0.0})
    offline_s = sum(
        song.elapsed_s
        for song in songs
        if song.play_index is not None and plays[song.play_index].is_offline
    )
    # A song already playing at the start has no start within the activity to be wrong about.
    uncertainties_s = [song.start_uncertainty_s for song in songs if song.start_s > 0]
    uncertainty_s = float(np.median(uncertainties_s)) if uncertainties_s else 0.0
    song_s = float(np.median([song.elapsed_s for song in songs]))
    overlap = _overlap_s(plays, length_s, clock_offset_s) / music_s
    offline = offline_s / music_s
    music = music_s / length_s
    level, reason = _judge(overlap, offline, uncertainty_s / song_s, music, clock_offset_s)
    figures = {
        "music_pct": 100.0 * music,
        "overlap_pct": 100.0 * overlap,
        "offline_pct": 100.0 * offline,
        "uncertainty_s": uncertainty_s,
        "song_s": song_s,
    }
    return Confidence(level, reason, figures)


def _judge(
    overlap: float, offline: float, coarse: float, music: float, clock_offset_s: float
) -> tuple[Level, ConfidenceReason]:
    if overlap > OVERLAP_FAIR:
        return "poor" if overlap >= OVERLAP_POOR else "fair", ConfidenceReason.OVERLAPPING_PLAYS
    if offline > OFFLINE_FAIR and not clock_offset_s:
        return "poor" if offline >= OFFLINE_POOR else "fair", ConfidenceReason.OFFLINE_PLAYS
    if coarse > COARSE_FAIR:
        return "poor" if coarse >= COARSE_POOR else "fair", ConfidenceReason.COARSE_TIMES
    if music < MUSIC_FAIR:
        return "fair", ConfidenceReason.MUCH_SILENCE
    if clock_offset_s:
        return "good", ConfidenceReason.OFFSET_SET_BY_RUNNER
    return "good", ConfidenceReason.EXACT_TIMES


def _overlap_s(plays: Sequence[Play], length_s: int, clock_offset_s: float) -> int:
    """Seconds claimed by more than one play."""
    changes = np.zeros(length_s + 1, dtype=np.int64)
    for start, end, _ in play_seconds(plays, length_s, clock_offset_s):
        changes[start] += 1
        changes[end] -= 1
    return int((np.cumsum(changes) > 1).sum())
