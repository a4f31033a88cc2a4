"""Straps: measurements as sent, round trips, and any bytes at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs import heart_rate
from beatrunner.codecs.gatt import UINT16, Number, Oddity, PacketError
from beatrunner.codecs.heart_rate import (
    BodySensorLocation,
    HeartRateControlPoint,
    HeartRateMeasurement,
    SensorContact,
    decode_body_sensor_location,
    decode_heart_rate_control_point,
    decode_heart_rate_measurement,
    encode_body_sensor_location,
    encode_heart_rate_control_point,
    encode_heart_rate_measurement,
)
from tests.codecs.packets import PACKETS, assert_tolerates, storable

MEASUREMENTS = st.builds(
    HeartRateMeasurement,
    storable(UINT16),
    st.sampled_from(SensorContact),
    st.none() | storable(UINT16),
    st.lists(storable(Number(2, per_unit=1024)), max_size=7).map(tuple),
)


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        ("105ba202", HeartRateMeasurement(91, rr_intervals_s=(674 / 1024,))),
        ("0048", HeartRateMeasurement(72)),
        ("012c01", HeartRateMeasurement(300)),
        ("0448", HeartRateMeasurement(72, SensorContact.NOT_DETECTED)),
        ("0648", HeartRateMeasurement(72, SensorContact.DETECTED)),
        ("08482c01", HeartRateMeasurement(72, energy_expended_kj=300)),
        (
            "1f2c01 0a00 0004 0002",
            HeartRateMeasurement(300, SensorContact.DETECTED, 10, (1.0, 0.5)),
        ),
    ],
)
def test_measurements_have_their_bytes(packet: str, expected: HeartRateMeasurement) -> None:
    raw = bytes.fromhex(packet)
    decoded = decode_heart_rate_measurement(raw)
    assert decoded == expected
    assert decoded.oddities == ()
    assert encode_heart_rate_measurement(expected) == raw


def test_a_low_rate_may_take_two_bytes() -> None:
    assert decode_heart_rate_measurement(bytes.fromhex("014800")) == HeartRateMeasurement(72)


def test_contact_that_is_not_supported_says_nothing() -> None:
    measurement = decode_heart_rate_measurement(bytes.fromhex("0248"))
    assert measurement.sensor_contact is SensorContact.NOT_SUPPORTED


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("00", HeartRateMeasurement(None), Oddity.TOO_SHORT),
        ("0148", HeartRateMeasurement(None), Oddity.TOO_SHORT),
        ("08482c", HeartRateMeasurement(72), Oddity.TOO_SHORT),
        ("1048000400", HeartRateMeasurement(72, rr_intervals_s=(1.0,)), Oddity.TOO_SHORT),
        ("004800", HeartRateMeasurement(72), Oddity.STRAY_BYTES),
        ("e048", HeartRateMeasurement(72), Oddity.RESERVED_BITS),
    ],
)
def test_what_is_there_is_read(packet: str, expected: HeartRateMeasurement, oddity: Oddity) -> None:
    decoded = decode_heart_rate_measurement(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


@pytest.mark.parametrize(
    ("packet", "heart_rate_bpm"),
    [("0048", 72), ("0648", 72), ("0448", None), ("0000", None), ("0600", None), ("00", None)],
)
def test_only_a_rate_from_skin_is_fit_for_use(packet: str, heart_rate_bpm: float | None) -> None:
    measurement = decode_heart_rate_measurement(bytes.fromhex(packet))
    assert measurement.fit_heart_rate_bpm == heart_rate_bpm


@pytest.mark.parametrize(
    ("measurement", "fits"),
    [
        (HeartRateMeasurement(72, rr_intervals_s=(1.0,) * 9), True),
        (HeartRateMeasurement(72, rr_intervals_s=(1.0,) * 10), False),
        (HeartRateMeasurement(300, rr_intervals_s=(1.0,) * 8), True),
        (HeartRateMeasurement(300, rr_intervals_s=(1.0,) * 9), False),
        (HeartRateMeasurement(300, energy_expended_kj=1, rr_intervals_s=(1.0,) * 7), True),
        (HeartRateMeasurement(300, energy_expended_kj=1, rr_intervals_s=(1.0,) * 8), False),
        (HeartRateMeasurement(None), False),
        (HeartRateMeasurement(float("nan")), False),
        (HeartRateMeasurement(-1), False),
        (HeartRateMeasurement(72, rr_intervals_s=(64.0,)), False),
    ],
)
def test_what_does_not_fit_is_refused(measurement: HeartRateMeasurement, fits: bool) -> None:
    if fits:
        packet = encode_heart_rate_measurement(measurement)
        assert decode_heart_rate_measurement(packet) == measurement
    else:
        with pytest.raises(PacketError):
            encode_heart_rate_measurement(measurement)


def test_no_bytes_are_no_measurement() -> None:
    with pytest.raises(PacketError):
        decode_heart_rate_measurement(b"")


def test_uuids_are_those_of_the_service() -> None:
    assert heart_rate.HEART_RATE_SERVICE.startswith("0000180d-")
    assert heart_rate.HEART_RATE_MEASUREMENT.startswith("00002a37-")
    assert heart_rate.BODY_SENSOR_LOCATION.startswith("00002a38-")
    assert heart_rate.HEART_RATE_CONTROL_POINT.startswith("00002a39-")


def test_locations_are_numbered_without_gaps() -> None:
    assert list(BodySensorLocation) == list(range(7))


def test_the_location_is_one_byte() -> None:
    assert decode_body_sensor_location(b"\x01") is BodySensorLocation.CHEST
    assert decode_body_sensor_location(b"\x07") == 7
    assert encode_body_sensor_location(BodySensorLocation.FOOT) == b"\x06"
    with pytest.raises(PacketError):
        decode_body_sensor_location(b"")


def test_energy_is_reset_by_one_byte() -> None:
    reset = HeartRateControlPoint.RESET_ENERGY_EXPENDED
    assert encode_heart_rate_control_point(reset) == b"\x01"
    assert decode_heart_rate_control_point(b"\x01") is reset
    assert decode_heart_rate_control_point(b"\x02") == 2
    with pytest.raises(PacketError):
        decode_heart_rate_control_point(b"")


@given(MEASUREMENTS)
def test_measurements_come_back(measurement: HeartRateMeasurement) -> None:
    decoded = decode_heart_rate_measurement(encode_heart_rate_measurement(measurement))
    assert decoded == measurement
    assert decoded.oddities == ()


@given(PACKETS.filter(lambda packet: len(packet) <= 20))
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_heart_rate_measurement, encode_heart_rate_measurement, packet)
