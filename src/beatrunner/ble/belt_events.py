"""Fitness Machine Status, as far as it bears on the belt, in the governor's words."""

from __future__ import annotations

from beatrunner.codecs.ftms.machine_status import MachineStatus, StatusOpCode
from beatrunner.core.governor import EventKind, MachineEvent

_KINDS = {
    StatusOpCode.RESET: EventKind.CONTROL_LOST,
    StatusOpCode.STOPPED_OR_PAUSED_BY_USER: EventKind.STOPPED_BY_USER,
    StatusOpCode.STOPPED_BY_SAFETY_KEY: EventKind.SAFETY_KEY,
    StatusOpCode.STARTED_OR_RESUMED_BY_USER: EventKind.STARTED_BY_USER,
    StatusOpCode.TARGET_SPEED_CHANGED: EventKind.SPEED_CHANGED,
    StatusOpCode.TARGET_INCLINATION_CHANGED: EventKind.INCLINE_CHANGED,
    StatusOpCode.CONTROL_PERMISSION_LOST: EventKind.CONTROL_LOST,
}
_TARGETS = {EventKind.SPEED_CHANGED, EventKind.INCLINE_CHANGED}


def event_of(status: MachineStatus) -> MachineEvent | None:
    """None for what does not bear on the belt, and for a changed target that was cut off.

    A machine may repeat an old status to whoever subscribes: the governor knows that.
    """
    kind = _KINDS.get(StatusOpCode(status.op_code)) if status.op_code in _KINDS else None
    if kind is None or (kind in _TARGETS and not status.parameters):
        return None
    return MachineEvent(kind, status.parameters[0] if kind in _TARGETS else 0.0)
