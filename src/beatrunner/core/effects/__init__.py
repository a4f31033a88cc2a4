"""Which tracks and which tempi go with running faster, and how sure that is."""

from beatrunner.core.effects.calls import Verdict
from beatrunner.core.effects.experiment import Answers, Candidate, Proposal, answers, proposal
from beatrunner.core.effects.fit import Effects, TempoEffect, TrackEffect, fit
from beatrunner.core.effects.interval_workout import is_interval_workout
from beatrunner.core.effects.measured import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    MeasuredPlay,
    Response,
)
from beatrunner.core.effects.of_run import Music, folded_tempo_bpm, plays_of_run

__all__ = [
    "CADENCE",
    "HEART_RATE",
    "IN_STEP",
    "SPEED",
    "Answers",
    "Candidate",
    "Effects",
    "MeasuredPlay",
    "Music",
    "Proposal",
    "Response",
    "TempoEffect",
    "TrackEffect",
    "Verdict",
    "answers",
    "fit",
    "folded_tempo_bpm",
    "is_interval_workout",
    "plays_of_run",
    "proposal",
]
