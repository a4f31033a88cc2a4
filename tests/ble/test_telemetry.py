from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.quirks import Quirks
from beatrunner.ble.telemetry import Reading, Telemetry
from beatrunner.codecs.ftms.data_record import split_treadmill_data
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.treadmill_data import TreadmillData, encode_treadmill_data


def _speed(speed_kmh: float) -> bytes:
    return encode_treadmill_data(TreadmillData(instantaneous_speed_kmh=speed_kmh))


def test_a_reading_is_stamped_when_it_arrives() -> None:
    # The bytes of facts sheet section 5: 11.14 km/h is 0x045a.
    packet = bytes.fromhex("0c045a04000000" + "0900" + "ff7f" + "0100")
    assert Telemetry(Quirks()).hear(packet, 12.5) == Reading(
        speed_kmh=11.14,
        incline_pct=0.9,
        distance_m=0.0,
        elapsed_s=1.0,
        heart_rate_bpm=None,
        at_s=12.5,
    )


def test_parts_are_joined() -> None:
    data = TreadmillData(
        instantaneous_speed_kmh=8.0,
        average_speed_kmh=7.0,
        total_distance_m=100.0,
        inclination_pct=2.0,
        ramp_angle_deg=1.0,
        positive_elevation_gain_m=3.0,
        negative_elevation_gain_m=0.0,
        total_energy_kcal=50.0,
        heart_rate_bpm=140.0,
        elapsed_time_s=60.0,
        remaining_time_s=0.0,
    )
    *parts, last = split_treadmill_data(data)
    assert parts
    telemetry = Telemetry(Quirks())
    assert [telemetry.hear(part, 1.0) for part in parts] == [None] * len(parts)
    assert telemetry.hear(last, 2.0) == Reading(8.0, 2.0, 100.0, 60.0, 140.0, 2.0)


@pytest.mark.parametrize("packet", [b"", b"\x00", b"\x00\x00", b"\x00\x00\x10"])
def test_a_packet_without_a_speed_is_no_reading(packet: bytes) -> None:
    assert Telemetry(Quirks()).hear(packet, 1.0) is None


def test_miles_become_kilometres() -> None:
    reading = Telemetry(Quirks(data_in_mph=True)).hear(bytes.fromhex("00002c01"), 1.0)
    assert reading
    assert reading.speed_kmh == pytest.approx(3 * SpeedUnit.MPH.value)


def test_an_incline_that_means_nothing_is_not_told() -> None:
    packet = encode_treadmill_data(
        TreadmillData(instantaneous_speed_kmh=5.0, inclination_pct=3.0, ramp_angle_deg=None)
    )
    reading = Telemetry(Quirks(reports_incline=False)).hear(packet, 1.0)
    assert reading
    assert reading.incline_pct is None


def test_a_machine_without_the_quirk_stands_when_it_says_so() -> None:
    telemetry = Telemetry(Quirks())
    telemetry.hear(_speed(5.0), 1.0)
    reading = telemetry.hear(_speed(0.0), 1.1)
    assert reading
    assert reading.speed_kmh == 0


def test_a_single_zero_is_the_speed_before_but_not_for_long() -> None:
    telemetry = Telemetry(Quirks(zero_debounce_s=3.0))
    told = [(5.0, 1.0), (0.0, 2.0), (5.5, 3.0), (0.0, 4.0), (0.0, 5.9), (0.0, 6.0)]
    readings = [telemetry.hear(_speed(kmh), at_s) for kmh, at_s in told]
    assert [each and each.speed_kmh for each in readings] == [5.0, 5.0, 5.5, 5.5, 5.5, 0.0]


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_no_bytes_are_too_odd(packets: list[bytes]) -> None:
    telemetry = Telemetry(Quirks())
    for packet in packets:
        reading = telemetry.hear(packet, 1.0)
        assert reading is None or reading.speed_kmh >= 0
