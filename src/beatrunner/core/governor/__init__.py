"""The treadmill governor."""

from beatrunner.core.governor.bounds import Bounds, Calibration, Limits
from beatrunner.core.governor.guard import Governor
from beatrunner.core.governor.tick import (
    Confirm,
    EventKind,
    HeartRate,
    Lease,
    MachineEvent,
    Nudge,
    Outcome,
    Result,
    Telemetry,
    Tick,
    Wish,
)
from beatrunner.core.governor.verdict import (
    Alarm,
    Command,
    Lock,
    Reason,
    SetIncline,
    SetSpeed,
    Shown,
    Start,
    Stop,
    Verdict,
)

__all__ = [
    "Alarm",
    "Bounds",
    "Calibration",
    "Command",
    "Confirm",
    "EventKind",
    "Governor",
    "HeartRate",
    "Lease",
    "Limits",
    "Lock",
    "MachineEvent",
    "Nudge",
    "Outcome",
    "Reason",
    "Result",
    "SetIncline",
    "SetSpeed",
    "Shown",
    "Start",
    "Stop",
    "Telemetry",
    "Tick",
    "Verdict",
    "Wish",
]
