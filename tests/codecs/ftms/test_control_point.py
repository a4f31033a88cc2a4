"""The control point: what was seen on the air, round trips, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.control_point import (
    PARAMETERS,
    ControlPoint,
    ControlPointResponse,
    OpCode,
    ResultCode,
    SpinDownControl,
    StopOrPause,
    decode_control_point,
    decode_control_point_response,
    encode_control_point,
    encode_control_point_response,
    set_target_inclination,
    set_target_speed,
    stop_or_pause,
)
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates, storable

CHOICES = {OpCode.STOP_OR_PAUSE: StopOrPause, OpCode.SPIN_DOWN_CONTROL: SpinDownControl}


@st.composite
def requests(draw: st.DrawFn) -> ControlPoint:
    op_code = draw(st.sampled_from(list(PARAMETERS)))
    if op_code in CHOICES:
        return ControlPoint(op_code, (draw(st.sampled_from(list(CHOICES[op_code]))),))
    return ControlPoint(op_code, tuple(draw(storable(number)) for number in PARAMETERS[op_code]))


def test_codes_are_numbered_without_gaps() -> None:
    assert list(OpCode) == [*range(0x15), 0x80]
    assert list(ResultCode) == [1, 2, 3, 4, 5]
    assert list(StopOrPause) == [1, 2]
    assert list(SpinDownControl) == [1, 2]


@pytest.mark.parametrize(
    ("request_", "packet"),
    [
        (ControlPoint(OpCode.REQUEST_CONTROL), "00"),
        (ControlPoint(OpCode.RESET), "01"),
        (set_target_speed(10), "02e803"),
        (set_target_speed(30), "02b80b"),
        (set_target_inclination(-1.5), "03f1ff"),
        (ControlPoint(OpCode.SET_TARGET_RESISTANCE_LEVEL, (2.5,)), "0419"),
        (ControlPoint(OpCode.SET_TARGET_POWER, (-2,)), "05feff"),
        (ControlPoint(OpCode.SET_TARGET_HEART_RATE, (150,)), "0696"),
        (ControlPoint(OpCode.START_OR_RESUME), "07"),
        (stop_or_pause(StopOrPause.STOP), "0801"),
        (stop_or_pause(StopOrPause.PAUSE), "0802"),
        (ControlPoint(OpCode.SET_TARGETED_EXPENDED_ENERGY, (300,)), "092c01"),
        (ControlPoint(OpCode.SET_TARGETED_NUMBER_OF_STEPS, (300,)), "0a2c01"),
        (ControlPoint(OpCode.SET_TARGETED_NUMBER_OF_STRIDES, (300,)), "0b2c01"),
        (ControlPoint(OpCode.SET_TARGETED_DISTANCE, (70_000,)), "0c701101"),
        (ControlPoint(OpCode.SET_TARGETED_TRAINING_TIME, (1800,)), "0d0807"),
        (ControlPoint(OpCode.SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES, (1, 2)), "0e01000200"),
        (
            ControlPoint(OpCode.SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES, (1, 2, 3)),
            "0f010002000300",
        ),
        (
            ControlPoint(OpCode.SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES, (1, 2, 3, 4, 5)),
            "1001000200030004000500",
        ),
        (
            ControlPoint(OpCode.SET_INDOOR_BIKE_SIMULATION_PARAMETERS, (-1.0, 2.5, 0.004, 0.51)),
            "1118fcfa002833",
        ),
        (ControlPoint(OpCode.SET_WHEEL_CIRCUMFERENCE, (2105.0,)), "123a52"),
        (ControlPoint(OpCode.SPIN_DOWN_CONTROL, (SpinDownControl.START,)), "1301"),
        (ControlPoint(OpCode.SET_TARGETED_CADENCE, (85.5,)), "14ab00"),
    ],
)
def test_every_procedure_has_its_bytes(request_: ControlPoint, packet: str) -> None:
    assert encode_control_point(request_).hex() == packet
    decoded = decode_control_point(bytes.fromhex(packet))
    assert decoded == request_
    assert decoded.oddities == ()


@pytest.mark.parametrize(
    ("packet", "request_op_code", "result"),
    [
        ("800205", OpCode.SET_TARGET_SPEED, ResultCode.CONTROL_NOT_PERMITTED),
        ("800001", OpCode.REQUEST_CONTROL, ResultCode.SUCCESS),
        ("800701", OpCode.START_OR_RESUME, ResultCode.SUCCESS),
        ("800201", OpCode.SET_TARGET_SPEED, ResultCode.SUCCESS),
        ("800203", OpCode.SET_TARGET_SPEED, ResultCode.INVALID_PARAMETER),
        ("800704", OpCode.START_OR_RESUME, ResultCode.OPERATION_FAILED),
    ],
)
def test_a_virtual_treadmill_answers(
    packet: str, request_op_code: OpCode, result: ResultCode
) -> None:
    decoded = decode_control_point_response(bytes.fromhex(packet))
    assert decoded == ControlPointResponse(request_op_code, result)
    assert decoded.oddities == ()
    assert encode_control_point_response(decoded).hex() == packet


def test_a_reserved_op_code_is_refused_by_its_number() -> None:
    request = decode_control_point(b"\x15\x01")
    assert request == ControlPoint(0x15)
    assert request.oddities == (Oddity.RESERVED_VALUE,)
    refusal = ControlPointResponse(request.op_code, ResultCode.OP_CODE_NOT_SUPPORTED)
    assert encode_control_point_response(refusal).hex() == "801502"
    assert decode_control_point_response(bytes.fromhex("801502")) == refusal


def test_a_spin_down_answers_with_two_speeds() -> None:
    response = ControlPointResponse(OpCode.SPIN_DOWN_CONTROL, ResultCode.SUCCESS, (20.5, 32.0))
    assert encode_control_point_response(response).hex() == "8013010208800c"
    assert decode_control_point_response(bytes.fromhex("8013010208800c")) == response
    failed = decode_control_point_response(bytes.fromhex("8013040208800c"))
    assert (failed.parameters, failed.oddities) == ((), (Oddity.STRAY_BYTES,))


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("02e8", ControlPoint(OpCode.SET_TARGET_SPEED), Oddity.TOO_SHORT),
        ("08", ControlPoint(OpCode.STOP_OR_PAUSE), Oddity.TOO_SHORT),
        ("0800", ControlPoint(OpCode.STOP_OR_PAUSE, (0,)), Oddity.RESERVED_VALUE),
        ("0000", ControlPoint(OpCode.REQUEST_CONTROL), Oddity.STRAY_BYTES),
        ("800001", ControlPoint(OpCode.RESPONSE_CODE), Oddity.RESERVED_VALUE),
    ],
)
def test_a_server_sees_what_is_wrong(packet: str, expected: ControlPoint, oddity: Oddity) -> None:
    decoded = decode_control_point(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


@pytest.mark.parametrize(
    ("packet", "oddity"),
    [("80000100", Oddity.STRAY_BYTES), ("800006", Oddity.RESERVED_VALUE)],
)
def test_a_client_sees_what_is_wrong(packet: str, oddity: Oddity) -> None:
    assert decode_control_point_response(bytes.fromhex(packet)).oddities == (oddity,)


@pytest.mark.parametrize("packet", ["", "00", "0000", "80", "8002", "810001"])
def test_what_is_no_answer_is_refused(packet: str) -> None:
    with pytest.raises(PacketError):
        decode_control_point_response(bytes.fromhex(packet))


def test_no_bytes_are_no_request() -> None:
    with pytest.raises(PacketError):
        decode_control_point(b"")


@pytest.mark.parametrize(
    "request_",
    [
        ControlPoint(0x15),
        ControlPoint(OpCode.RESPONSE_CODE),
        ControlPoint(OpCode.SET_TARGET_SPEED),
        ControlPoint(OpCode.REQUEST_CONTROL, (1,)),
        ControlPoint(OpCode.STOP_OR_PAUSE, (0,)),
        set_target_speed(float("nan")),
        set_target_speed(-1),
        set_target_speed(655.36),
        set_target_inclination(float("inf")),
    ],
)
def test_what_cannot_be_asked_is_refused(request_: ControlPoint) -> None:
    with pytest.raises(PacketError):
        encode_control_point(request_)


@pytest.mark.parametrize(
    "response",
    [
        ControlPointResponse(OpCode.RESET, 0),
        ControlPointResponse(256, ResultCode.SUCCESS),
        ControlPointResponse(OpCode.RESET, ResultCode.SUCCESS, (1,)),
        ControlPointResponse(OpCode.SPIN_DOWN_CONTROL, ResultCode.SUCCESS),
    ],
)
def test_what_cannot_be_answered_is_refused(response: ControlPointResponse) -> None:
    with pytest.raises(PacketError):
        encode_control_point_response(response)


def test_a_console_may_take_miles() -> None:
    six_mph = set_target_speed(6 * 1.609344)
    assert encode_control_point(six_mph, SpeedUnit.MPH).hex() == "025802"
    (speed_kmh,) = decode_control_point(bytes.fromhex("025802"), SpeedUnit.MPH).parameters
    assert speed_kmh == pytest.approx(9.656064)


@given(requests())
def test_requests_come_back(request_: ControlPoint) -> None:
    assert decode_control_point(encode_control_point(request_)) == request_


@given(
    PACKETS | st.tuples(st.integers(0, 0x15).map(lambda code: bytes([code])), PACKETS).map(b"".join)
)
def test_any_request_is_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_control_point, encode_control_point, packet)


@given(PACKETS.map(lambda packet: b"\x80" + packet))
def test_any_answer_is_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_control_point_response, encode_control_point_response, packet)
