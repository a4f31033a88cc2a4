"""The machine's status: what was seen on the air, round trips, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.control_point import StopOrPause
from beatrunner.codecs.ftms.machine_status import (
    STATUS_PARAMETERS,
    MachineStatus,
    SpinDownStatus,
    StatusOpCode,
    decode_machine_status,
    encode_machine_status,
)
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates, storable

CHOICES = {
    StatusOpCode.STOPPED_OR_PAUSED_BY_USER: StopOrPause,
    StatusOpCode.SPIN_DOWN_STATUS: SpinDownStatus,
}


@st.composite
def statuses(draw: st.DrawFn) -> MachineStatus:
    op_code = draw(st.sampled_from(list(StatusOpCode)))
    if op_code in CHOICES:
        return MachineStatus(op_code, (draw(st.sampled_from(list(CHOICES[op_code]))),))
    numbers = STATUS_PARAMETERS[op_code]
    return MachineStatus(op_code, tuple(draw(storable(number)) for number in numbers))


def test_every_status_has_parameters() -> None:
    assert set(STATUS_PARAMETERS) == set(StatusOpCode)


def test_codes_are_numbered_without_gaps() -> None:
    assert list(StatusOpCode) == [*range(0x01, 0x16), 0xFF]
    assert list(SpinDownStatus) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        ("01", MachineStatus(StatusOpCode.RESET)),
        ("0201", MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (StopOrPause.STOP,))),
        ("0202", MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (StopOrPause.PAUSE,))),
        ("03", MachineStatus(StatusOpCode.STOPPED_BY_SAFETY_KEY)),
        ("04", MachineStatus(StatusOpCode.STARTED_OR_RESUMED_BY_USER)),
        ("05e803", MachineStatus(StatusOpCode.TARGET_SPEED_CHANGED, (10.0,))),
        ("061400", MachineStatus(StatusOpCode.TARGET_INCLINATION_CHANGED, (2.0,))),
        ("0719", MachineStatus(StatusOpCode.TARGET_RESISTANCE_LEVEL_CHANGED, (2.5,))),
        ("08feff", MachineStatus(StatusOpCode.TARGET_POWER_CHANGED, (-2,))),
        ("0996", MachineStatus(StatusOpCode.TARGET_HEART_RATE_CHANGED, (150,))),
        ("0a2c01", MachineStatus(StatusOpCode.TARGETED_EXPENDED_ENERGY_CHANGED, (300,))),
        ("0b2c01", MachineStatus(StatusOpCode.TARGETED_NUMBER_OF_STEPS_CHANGED, (300,))),
        ("0c2c01", MachineStatus(StatusOpCode.TARGETED_NUMBER_OF_STRIDES_CHANGED, (300,))),
        ("0d701101", MachineStatus(StatusOpCode.TARGETED_DISTANCE_CHANGED, (70_000,))),
        ("0e0807", MachineStatus(StatusOpCode.TARGETED_TRAINING_TIME_CHANGED, (1800,))),
        (
            "0f01000200",
            MachineStatus(StatusOpCode.TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED, (1, 2)),
        ),
        (
            "10010002000300",
            MachineStatus(StatusOpCode.TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED, (1, 2, 3)),
        ),
        (
            "1101000200030004000500",
            MachineStatus(
                StatusOpCode.TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED, (1, 2, 3, 4, 5)
            ),
        ),
        (
            "1218fcfa002833",
            MachineStatus(
                StatusOpCode.INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED, (-1.0, 2.5, 0.004, 0.51)
            ),
        ),
        ("133a52", MachineStatus(StatusOpCode.WHEEL_CIRCUMFERENCE_CHANGED, (2105.0,))),
        ("1402", MachineStatus(StatusOpCode.SPIN_DOWN_STATUS, (SpinDownStatus.SUCCESS,))),
        ("15ab00", MachineStatus(StatusOpCode.TARGETED_CADENCE_CHANGED, (85.5,))),
        ("ff", MachineStatus(StatusOpCode.CONTROL_PERMISSION_LOST)),
    ],
)
def test_statuses_have_their_bytes(packet: str, expected: MachineStatus) -> None:
    decoded = decode_machine_status(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == ()
    assert encode_machine_status(expected).hex() == packet


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("00", MachineStatus(0), Oddity.RESERVED_VALUE),
        ("160102", MachineStatus(0x16), Oddity.RESERVED_VALUE),
        ("02", MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER), Oddity.TOO_SHORT),
        (
            "0203",
            MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (3,)),
            Oddity.RESERVED_VALUE,
        ),
        ("05e8", MachineStatus(StatusOpCode.TARGET_SPEED_CHANGED), Oddity.TOO_SHORT),
        ("0300", MachineStatus(StatusOpCode.STOPPED_BY_SAFETY_KEY), Oddity.STRAY_BYTES),
    ],
)
def test_an_odd_status_is_still_a_status(
    packet: str, expected: MachineStatus, oddity: Oddity
) -> None:
    decoded = decode_machine_status(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


def test_no_bytes_are_no_status() -> None:
    with pytest.raises(PacketError):
        decode_machine_status(b"")


@pytest.mark.parametrize(
    "status",
    [
        MachineStatus(0),
        MachineStatus(StatusOpCode.RESET, (1,)),
        MachineStatus(StatusOpCode.TARGET_SPEED_CHANGED),
        MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (3,)),
    ],
)
def test_what_is_no_status_is_refused(status: MachineStatus) -> None:
    with pytest.raises(PacketError):
        encode_machine_status(status)


def test_a_console_may_mean_miles() -> None:
    (speed_kmh,) = decode_machine_status(bytes.fromhex("055802"), SpeedUnit.MPH).parameters
    assert speed_kmh == pytest.approx(9.656064)


@given(statuses())
def test_statuses_come_back(status: MachineStatus) -> None:
    assert decode_machine_status(encode_machine_status(status)) == status


KNOWN = st.sampled_from(list(StatusOpCode)).map(lambda code: bytes([code]))


@given(PACKETS | st.tuples(KNOWN, PACKETS).map(b"".join))
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_machine_status, encode_machine_status, packet)
