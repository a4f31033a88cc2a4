"""All measured runs of a runner together: fitted, and written down as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from beatrunner.core.effects import (
    Answers,
    Effects,
    MeasuredPlay,
    Response,
    TempoEffect,
    TrackEffect,
    Verdict,
    answers,
)
from beatrunner.core.estimate import Estimate
from beatrunner.insights.plays import RESPONSES, USUAL_CADENCE_SPM, PlayRow, measured_play

#: Digits are kept to a thousandth of a percent, a beat or a step.
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class KnownRun:
    """A measured run that tells something, and the places in it that chance decided."""

    activity_id: UUID
    cadence_spm: float | None
    moving_s: float
    plays: Sequence[PlayRow]
    chance: Collection[int] = ()


def own_cadence(runs: Iterable[KnownRun]) -> float:
    """The runner's cadence over all their runs, the usual one where no steps were counted."""
    stepped = [(run.cadence_spm, run.moving_s) for run in runs if run.cadence_spm]
    total_s = sum(moving_s for _, moving_s in stepped)
    if not total_s:
        return USUAL_CADENCE_SPM
    return sum(cadence * moving_s for cadence, moving_s in stepped) / total_s


def plays_for(
    response: Response,
    runs: Iterable[KnownRun],
    tempo_bpm: Mapping[str, float],
    cadence_spm: float,
) -> list[MeasuredPlay]:
    """`tempo_bpm` by track, as far as known."""
    found = (
        measured_play(
            str(run.activity_id),
            row,
            response,
            tempo_bpm.get(row.track_id),
            cadence_spm,
            run.chance,
        )
        for run in runs
        for row in run.plays
    )
    return [play for play in found if play is not None]


def fit_all(
    runs: Sequence[KnownRun], tempo_bpm: Mapping[str, float], cadence_spm: float
) -> dict[Response, Answers]:
    """Takes seconds for thousands of tracks."""
    return {
        response: answers(plays_for(response, runs, tempo_bpm, cadence_spm), response)
        for response in RESPONSES
    }


def effects_to_json(effects: Effects) -> dict[str, Any]:
    tempo = effects.tempo
    return {
        "plays": effects.plays,
        "runs": effects.runs,
        "spread": effects.spread and _estimate(effects.spread),
        "noise": effects.noise and _estimate(effects.noise),
        "tempo": None if tempo is None else _tempo(tempo),
        "tracks": [_track(track) for track in effects.tracks],
    }


def _tempo(tempo: TempoEffect) -> dict[str, Any]:
    return {
        "per_sd": _estimate(tempo.per_sd),
        "probability_above": round(tempo.probability_above, _DIGITS),
        "mean_tempo_bpm": round(tempo.mean_bpm, 1),
        "sd_tempo_bpm": round(tempo.sd_bpm, 1),
        "curve": [
            {"tempo_bpm": round(at_bpm, 1), "effect": _estimate(effect)}
            for at_bpm, effect in tempo.curve
        ],
        "runs_needed": tempo.runs_needed,
    }


def _track(track: TrackEffect) -> dict[str, Any]:
    return {
        "track_id": track.track,
        "effect": _estimate(track.effect),
        "probability_above": round(track.probability_above, _DIGITS),
        "plays": track.plays,
        "plays_needed": track.plays_needed,
        "verdict": str(track.verdict),
    }


def _estimate(estimate: Estimate) -> dict[str, float]:
    return asdict(estimate.rounded(_DIGITS))


def is_called(track: Mapping[str, Any]) -> bool:
    """Whether a track, as written down, may be named."""
    return track["verdict"] in {Verdict.RAISES, Verdict.LOWERS}
