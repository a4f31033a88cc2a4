"""Foot pods: measurements as sent, the control point, round trips, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs import footpod
from beatrunner.codecs.footpod import (
    RscFeature,
    RscMeasurement,
    ScControlPoint,
    ScControlPointResponse,
    ScOpCode,
    ScResult,
    SensorLocation,
    decode_rsc_feature,
    decode_rsc_measurement,
    decode_sc_control_point,
    decode_sc_control_point_response,
    decode_sensor_location,
    encode_rsc_feature,
    encode_rsc_measurement,
    encode_sc_control_point,
    encode_sc_control_point_response,
    encode_sensor_location,
)
from beatrunner.codecs.gatt import UINT8, Number, Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates, storable

DISTANCES = storable(Number(4, per_unit=10))
MEASUREMENTS = st.builds(
    RscMeasurement,
    storable(Number(2, per_unit=256)),
    storable(UINT8),
    st.none() | storable(Number(2, per_unit=100)),
    st.none() | DISTANCES,
    st.booleans(),
)
LOCATIONS = st.sampled_from(SensorLocation)
REQUESTS = (
    st.builds(ScControlPoint, st.just(ScOpCode.SET_CUMULATIVE_VALUE), DISTANCES)
    | st.builds(ScControlPoint, st.just(ScOpCode.UPDATE_SENSOR_LOCATION), LOCATIONS)
    | st.sampled_from(
        [
            ScControlPoint(ScOpCode.START_SENSOR_CALIBRATION),
            ScControlPoint(ScOpCode.REQUEST_SUPPORTED_SENSOR_LOCATIONS),
        ]
    )
)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        ("00 0003 b4", RscMeasurement(3.0, 180)),
        ("04 8003 b4", RscMeasurement(3.5, 180, is_running=True)),
        ("01 0003 b4 6400", RscMeasurement(3.0, 180, stride_length_m=1.0)),
        ("02 0003 b4 70110100", RscMeasurement(3.0, 180, total_distance_m=7000.0)),
        ("07 0003 b4 6e00 0a000000", RscMeasurement(3.0, 180, 1.1, 1.0, is_running=True)),
    ],
)
def test_measurements_have_their_bytes(packet: str, expected: RscMeasurement) -> None:
    raw = bytes.fromhex(packet)
    decoded = decode_rsc_measurement(raw)
    assert decoded == expected
    assert decoded.oddities == ()
    assert encode_rsc_measurement(expected) == raw


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("00", RscMeasurement(None, None), Oddity.TOO_SHORT),
        ("00 0003", RscMeasurement(3.0, None), Oddity.TOO_SHORT),
        ("03 0003 b4 6400 0a00", RscMeasurement(3.0, 180, 1.0), Oddity.TOO_SHORT),
        ("00 0003 b4 00", RscMeasurement(3.0, 180), Oddity.STRAY_BYTES),
        ("f8 0003 b4", RscMeasurement(3.0, 180), Oddity.RESERVED_BITS),
    ],
)
def test_what_is_there_is_read(packet: str, expected: RscMeasurement, oddity: Oddity) -> None:
    decoded = decode_rsc_measurement(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


@pytest.mark.parametrize(
    ("cadence_per_min", "is_running", "cadence_spm"),
    [
        (85, True, 170),
        (119, True, 238),
        (120, True, 120),
        (170, True, 170),
        (85, False, 85),
        (0, True, 0),
        (None, True, None),
    ],
)
def test_a_runner_has_two_feet(
    cadence_per_min: float | None, is_running: bool, cadence_spm: float | None
) -> None:
    measurement = RscMeasurement(3.0, cadence_per_min, is_running=is_running)
    assert measurement.cadence_spm == cadence_spm
    assert measurement.counts_one_foot == (cadence_spm != cadence_per_min)


@pytest.mark.parametrize(
    "measurement",
    [
        RscMeasurement(None, 180),
        RscMeasurement(3.0, None),
        RscMeasurement(256.0, 180),
        RscMeasurement(float("nan"), 180),
        RscMeasurement(3.0, 256),
        RscMeasurement(3.0, 180, total_distance_m=-1),
    ],
)
def test_what_does_not_fit_is_refused(measurement: RscMeasurement) -> None:
    with pytest.raises(PacketError):
        encode_rsc_measurement(measurement)


def test_features_are_two_bytes() -> None:
    features = RscFeature.TOTAL_DISTANCE | RscFeature.WALKING_OR_RUNNING_STATUS
    assert encode_rsc_feature(features) == b"\x06\x00"
    assert decode_rsc_feature(b"\x06\x00") == features
    assert decode_rsc_feature(b"\xe6\xff") == features
    with pytest.raises(PacketError):
        decode_rsc_feature(b"\x06")


def test_uuids_are_those_of_the_service() -> None:
    assert footpod.RUNNING_SPEED_AND_CADENCE_SERVICE.startswith("00001814-")
    assert footpod.RSC_MEASUREMENT.startswith("00002a53-")
    assert footpod.RSC_FEATURE.startswith("00002a54-")
    assert footpod.SENSOR_LOCATION.startswith("00002a5d-")
    assert footpod.SC_CONTROL_POINT.startswith("00002a55-")


def test_codes_are_numbered_without_gaps() -> None:
    assert list(SensorLocation) == list(range(17))
    assert list(ScOpCode) == [1, 2, 3, 4, 0x10]
    assert list(ScResult) == [1, 2, 3, 4]
    assert list(RscFeature) == [1, 2, 4, 8, 16]


def test_the_location_is_one_byte() -> None:
    assert decode_sensor_location(b"\x02") is SensorLocation.IN_SHOE
    assert decode_sensor_location(b"\x11") == 17
    assert encode_sensor_location(SensorLocation.HIP) == b"\x03"
    with pytest.raises(PacketError):
        decode_sensor_location(b"")


@pytest.mark.parametrize(
    ("packet", "request_"),
    [
        ("01e8030000", ScControlPoint(ScOpCode.SET_CUMULATIVE_VALUE, 100.0)),
        ("02", ScControlPoint(ScOpCode.START_SENSOR_CALIBRATION)),
        ("0302", ScControlPoint(ScOpCode.UPDATE_SENSOR_LOCATION, SensorLocation.IN_SHOE)),
        ("04", ScControlPoint(ScOpCode.REQUEST_SUPPORTED_SENSOR_LOCATIONS)),
    ],
)
def test_procedures_have_their_bytes(packet: str, request_: ScControlPoint) -> None:
    assert encode_sc_control_point(request_).hex() == packet
    decoded = decode_sc_control_point(bytes.fromhex(packet))
    assert decoded == request_
    assert decoded.oddities == ()


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("01e803", ScControlPoint(ScOpCode.SET_CUMULATIVE_VALUE), Oddity.TOO_SHORT),
        ("03", ScControlPoint(ScOpCode.UPDATE_SENSOR_LOCATION), Oddity.TOO_SHORT),
        ("0311", ScControlPoint(ScOpCode.UPDATE_SENSOR_LOCATION, 17), Oddity.RESERVED_VALUE),
        ("0500", ScControlPoint(5), Oddity.RESERVED_VALUE),
        ("100101", ScControlPoint(ScOpCode.RESPONSE_CODE), Oddity.RESERVED_VALUE),
        ("0200", ScControlPoint(ScOpCode.START_SENSOR_CALIBRATION), Oddity.STRAY_BYTES),
    ],
)
def test_a_pod_sees_what_is_wrong(packet: str, expected: ScControlPoint, oddity: Oddity) -> None:
    decoded = decode_sc_control_point(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


@pytest.mark.parametrize(
    "request_",
    [
        ScControlPoint(5),
        ScControlPoint(ScOpCode.RESPONSE_CODE),
        ScControlPoint(ScOpCode.SET_CUMULATIVE_VALUE),
        ScControlPoint(ScOpCode.SET_CUMULATIVE_VALUE, -1),
        ScControlPoint(ScOpCode.UPDATE_SENSOR_LOCATION, 17),
        ScControlPoint(ScOpCode.UPDATE_SENSOR_LOCATION),
        ScControlPoint(ScOpCode.START_SENSOR_CALIBRATION, 1),
    ],
)
def test_what_cannot_be_asked_is_refused(request_: ScControlPoint) -> None:
    with pytest.raises(PacketError):
        encode_sc_control_point(request_)


ASKED = ScOpCode.REQUEST_SUPPORTED_SENSOR_LOCATIONS


@pytest.mark.parametrize(
    ("packet", "response"),
    [
        ("100101", ScControlPointResponse(ScOpCode.SET_CUMULATIVE_VALUE, ScResult.SUCCESS)),
        ("100502", ScControlPointResponse(5, ScResult.OP_CODE_NOT_SUPPORTED)),
        ("10040102", ScControlPointResponse(ASKED, ScResult.SUCCESS, (SensorLocation.IN_SHOE,))),
    ],
)
def test_answers_have_their_bytes(packet: str, response: ScControlPointResponse) -> None:
    assert encode_sc_control_point_response(response).hex() == packet
    assert decode_sc_control_point_response(bytes.fromhex(packet)) == response


@pytest.mark.parametrize("packet", ["", "01", "10", "1001"])
def test_what_is_no_answer_is_refused(packet: str) -> None:
    with pytest.raises(PacketError):
        decode_sc_control_point_response(bytes.fromhex(packet))


@pytest.mark.parametrize(
    "response",
    [
        ScControlPointResponse(ScOpCode.SET_CUMULATIVE_VALUE, 0),
        ScControlPointResponse(256, ScResult.SUCCESS),
        ScControlPointResponse(ASKED, ScResult.SUCCESS, (17,)),
        ScControlPointResponse(ASKED, ScResult.OPERATION_FAILED, (SensorLocation.HIP,)),
    ],
)
def test_what_cannot_be_answered_is_refused(response: ScControlPointResponse) -> None:
    with pytest.raises(PacketError):
        encode_sc_control_point_response(response)


@given(MEASUREMENTS)
def test_measurements_come_back(measurement: RscMeasurement) -> None:
    decoded = decode_rsc_measurement(encode_rsc_measurement(measurement))
    assert decoded == measurement
    assert decoded.oddities == ()


@given(REQUESTS)
def test_requests_come_back(request_: ScControlPoint) -> None:
    assert decode_sc_control_point(encode_sc_control_point(request_)) == request_


@given(PACKETS)
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_rsc_measurement, encode_rsc_measurement, packet)
    assert_tolerates(decode_sc_control_point, encode_sc_control_point, packet)
    answer = b"\x10" + packet
    assert_tolerates(decode_sc_control_point_response, encode_sc_control_point_response, answer)
