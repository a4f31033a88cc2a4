from __future__ import annotations

import pytest

from beatrunner.ble.belt_events import event_of
from beatrunner.codecs.ftms.machine_status import decode_machine_status
from beatrunner.core.governor import EventKind, MachineEvent


@pytest.mark.parametrize(
    ("packet", "event"),
    [
        ("01", MachineEvent(EventKind.CONTROL_LOST)),
        ("0201", MachineEvent(EventKind.STOPPED_BY_USER)),
        ("0202", MachineEvent(EventKind.STOPPED_BY_USER)),
        ("03", MachineEvent(EventKind.SAFETY_KEY)),
        ("04", MachineEvent(EventKind.STARTED_BY_USER)),
        ("05e803", MachineEvent(EventKind.SPEED_CHANGED, 10.0)),
        ("061e00", MachineEvent(EventKind.INCLINE_CHANGED, 3.0)),
        ("ff", MachineEvent(EventKind.CONTROL_LOST)),
        ("05e8", None),
        ("06", None),
        ("0d2c01", None),
        ("42", None),
    ],
)
def test_statuses_in_the_governors_words(packet: str, event: MachineEvent | None) -> None:
    assert event_of(decode_machine_status(bytes.fromhex(packet))) == event
