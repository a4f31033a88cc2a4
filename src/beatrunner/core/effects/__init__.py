"""Which tracks and which tempi go with running faster, and how sure that is."""

from beatrunner.core.effects.calls import Verdict
from beatrunner.core.effects.fit import Effects, TempoEffect, TrackEffect, fit
from beatrunner.core.effects.measured import (
    CADENCE,
    HEART_RATE,
    IN_STEP,
    SPEED,
    MeasuredPlay,
    Response,
)

__all__ = [
    "CADENCE",
    "HEART_RATE",
    "IN_STEP",
    "SPEED",
    "Effects",
    "MeasuredPlay",
    "Response",
    "TempoEffect",
    "TrackEffect",
    "Verdict",
    "fit",
]
