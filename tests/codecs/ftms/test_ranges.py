"""The limits of machines."""

from __future__ import annotations

import pytest
from hypothesis import given

from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.ranges import (
    SupportedHeartRateRange,
    SupportedInclinationRange,
    SupportedSpeedRange,
    decode_supported_heart_rate_range,
    decode_supported_inclination_range,
    decode_supported_speed_range,
    encode_supported_heart_rate_range,
    encode_supported_inclination_range,
    encode_supported_speed_range,
)
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates


def test_a_virtual_treadmill_has_limits() -> None:
    speeds = decode_supported_speed_range(bytes.fromhex("6400d0070a00"))
    assert speeds == SupportedSpeedRange(1.0, 20.0, 0.1)
    assert speeds.oddities == ()
    assert encode_supported_speed_range(speeds).hex() == "6400d0070a00"
    slopes = decode_supported_inclination_range(bytes.fromhex("000096000500"))
    assert slopes == SupportedInclinationRange(0.0, 15.0, 0.5)
    assert encode_supported_inclination_range(slopes).hex() == "000096000500"


def test_a_belt_may_point_down() -> None:
    slopes = SupportedInclinationRange(-3.0, 15.0, 0.5)
    assert encode_supported_inclination_range(slopes).hex() == "e2ff96000500"
    assert decode_supported_inclination_range(bytes.fromhex("e2ff96000500")) == slopes


def test_heart_rates_take_one_byte() -> None:
    rates = SupportedHeartRateRange(60, 220, 1)
    assert encode_supported_heart_rate_range(rates).hex() == "3cdc01"
    assert decode_supported_heart_rate_range(bytes.fromhex("3cdc01")) == rates


def test_a_console_may_mean_miles() -> None:
    speeds = decode_supported_speed_range(bytes.fromhex("3200b0040a00"), SpeedUnit.MPH)
    assert speeds.minimum_speed_kmh == pytest.approx(0.804672)
    assert speeds.maximum_speed_kmh == pytest.approx(19.312128)
    assert encode_supported_speed_range(speeds, SpeedUnit.MPH).hex() == "3200b0040a00"


@pytest.mark.parametrize(
    ("packet", "expected", "oddity"),
    [
        ("6400d007", SupportedSpeedRange(1, 20, None), Oddity.TOO_SHORT),
        ("6400d0070a0000", SupportedSpeedRange(1, 20, 0.1), Oddity.STRAY_BYTES),
        ("d00764000a00", SupportedSpeedRange(20, 1, 0.1), Oddity.IMPLAUSIBLE_RANGE),
        ("6400d0070000", SupportedSpeedRange(1, 20, 0), Oddity.IMPLAUSIBLE_RANGE),
    ],
)
def test_odd_limits_are_read(packet: str, expected: SupportedSpeedRange, oddity: Oddity) -> None:
    decoded = decode_supported_speed_range(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == (oddity,)


@pytest.mark.parametrize("packet", ["", "64", "6400", "6400d0"])
def test_without_limits_there_is_no_range(packet: str) -> None:
    with pytest.raises(PacketError):
        decode_supported_speed_range(bytes.fromhex(packet))


@pytest.mark.parametrize(
    "limits",
    [
        SupportedSpeedRange(2, 1, 0.1),
        SupportedSpeedRange(1, 2, 0),
        SupportedSpeedRange(1, 2, 0.001),
        SupportedSpeedRange(1, 2, None),
        SupportedSpeedRange(-1, 2, 0.1),
        SupportedSpeedRange(1, float("inf"), 0.1),
        SupportedSpeedRange(float("nan"), 2, 0.1),
    ],
)
def test_what_is_no_range_is_refused(limits: SupportedSpeedRange) -> None:
    with pytest.raises(PacketError):
        encode_supported_speed_range(limits)


@given(PACKETS)
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_supported_speed_range, encode_supported_speed_range, packet)
    assert_tolerates(decode_supported_inclination_range, encode_supported_inclination_range, packet)
    assert_tolerates(decode_supported_heart_rate_range, encode_supported_heart_rate_range, packet)
