"""Treadmill Data: packets of real machines, round trips, and any bytes at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.treadmill_data import (
    FIELDS,
    TreadmillData,
    decode_treadmill_data,
    encode_treadmill_data,
)
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates, storable

TOO_SHORT, STRAY_BYTES = (Oddity.TOO_SHORT,), (Oddity.STRAY_BYTES,)


def _records() -> st.SearchStrategy[TreadmillData]:
    optional = {
        field.name: st.none() | storable(field.number)
        for field in FIELDS[1:]
        if "gain" not in field.name
    }
    gains = {field.name: storable(field.number) for field in FIELDS if "gain" in field.name}
    speed = {FIELDS[0].name: storable(FIELDS[0].number)}
    last = st.builds(TreadmillData, **speed, **optional)
    climbing = st.builds(TreadmillData, **speed, **optional, **gains)
    earlier = st.builds(TreadmillData, **optional, more_data=st.just(True))
    return last | climbing | earlier


RECORDS = _records()

EVERYTHING = TreadmillData(
    instantaneous_speed_kmh=10.0,
    average_speed_kmh=9.99,
    total_distance_m=70_000,
    inclination_pct=-1.5,
    ramp_angle_deg=-0.9,
    positive_elevation_gain_m=12.3,
    negative_elevation_gain_m=0.4,
    instantaneous_pace_km_per_min=1.6,
    average_pace_km_per_min=1.5,
    total_energy_kcal=300,
    energy_per_hour_kcal=700,
    energy_per_minute_kcal=12,
    heart_rate_bpm=162,
    metabolic_equivalent=9.8,
    elapsed_time_s=1800,
    remaining_time_s=600,
    force_on_belt_n=-20,
    power_output_w=250,
)
EVERYTHING_HEX = (
    "fe1f e803 e703 701101 f1ff f7ff 7b00 0400 10 0f 2c01bc020c a2 62 0807 5802 ecff fa00"
)


def decode_hex(packet: str) -> TreadmillData:
    return decode_treadmill_data(bytes.fromhex(packet))


def test_every_field_has_its_place() -> None:
    decoded = decode_hex(EVERYTHING_HEX)
    assert decoded == EVERYTHING
    assert decoded.oddities == ()
    assert encode_treadmill_data(EVERYTHING) == bytes.fromhex(EVERYTHING_HEX)


def test_a_virtual_treadmill_starts_to_run() -> None:
    decoded = decode_hex("0c045a000000000900ff7f0100")
    assert decoded.oddities == ()
    assert decoded == TreadmillData(
        instantaneous_speed_kmh=0.9, total_distance_m=0, inclination_pct=0.9, elapsed_time_s=1
    )
    assert encode_treadmill_data(decoded).hex() == "0c045a000000000900ff7f0100"


def test_a_walking_pad_counts_steps_by_a_reserved_bit() -> None:
    """CITYSPORTS-Linker: flags 0x2484, no energy per hour and minute."""
    decoded = decode_hex("8424 2c01 640000 0500ffffff 7800 9b0000")
    assert decoded == TreadmillData(
        instantaneous_speed_kmh=3.0,
        total_distance_m=100,
        total_energy_kcal=5,
        elapsed_time_s=120,
        step_count=155,
    )
    assert decoded.oddities == (Oddity.STEPS_IN_RESERVED_BIT,)


def test_the_reserved_bit_may_mean_nothing() -> None:
    decoded = decode_hex("0020 2c01")
    assert decoded == TreadmillData(instantaneous_speed_kmh=3.0)
    assert decoded.oddities == (Oddity.RESERVED_BITS,)


def test_nothing_at_all_may_follow_the_flags() -> None:
    assert decode_hex("0120").oddities == (Oddity.RESERVED_BITS,)


def test_steps_that_are_cut_off_are_missing() -> None:
    decoded = decode_hex("0020 2c01 9b00")
    assert decoded == TreadmillData(instantaneous_speed_kmh=3.0)
    assert Oddity.TOO_SHORT in decoded.oddities


def test_bit_0_is_inverted() -> None:
    assert decode_hex("0100") == TreadmillData(more_data=True)
    assert decode_hex("0000e803") == TreadmillData(instantaneous_speed_kmh=10)


@pytest.mark.parametrize(
    ("packet", "pace_km_per_min", "oddities"),
    [
        ("6001 e803 02 03 78", 0.2, ()),
        ("6001 e803 2c01 9001 78", 0.2, (Oddity.PACE_IN_SECONDS,)),
        ("6001 e803 0000 9001 78", None, (Oddity.PACE_IN_SECONDS,)),
        ("6021 e803 2c01 9001 78 9b0000", 0.2, None),
        ("6021 e803 2c01 9001 78", 0.2, (Oddity.RESERVED_BITS, Oddity.PACE_IN_SECONDS)),
    ],
)
def test_the_length_tells_how_pace_is_stored(
    packet: str, pace_km_per_min: float | None, oddities: tuple[Oddity, ...] | None
) -> None:
    decoded = decode_hex(packet)
    assert decoded.instantaneous_pace_km_per_min == pace_km_per_min
    assert decoded.heart_rate_bpm == 120
    assert decoded.step_count in {None, 155}
    if oddities is not None:
        assert decoded.oddities == oddities


@pytest.mark.parametrize(
    ("packet", "expected", "oddities"),
    [
        ("0c04 5a00 0000", TreadmillData(instantaneous_speed_kmh=0.9), TOO_SHORT),
        ("0000", TreadmillData(), TOO_SHORT),
        ("0000 64", TreadmillData(), TOO_SHORT),
        ("0000 6400 ffff", TreadmillData(instantaneous_speed_kmh=1), STRAY_BYTES),
        ("00c0 6400", TreadmillData(instantaneous_speed_kmh=1), (Oddity.RESERVED_BITS,)),
    ],
)
def test_what_is_there_is_read(
    packet: str, expected: TreadmillData, oddities: tuple[Oddity, ...]
) -> None:
    decoded = decode_hex(packet)
    assert decoded == expected
    assert decoded.oddities == oddities


@pytest.mark.parametrize("packet", [b"", b"\x00"])
def test_without_flags_there_is_nothing(packet: bytes) -> None:
    with pytest.raises(PacketError):
        decode_treadmill_data(packet)


def test_a_console_may_mean_miles() -> None:
    in_miles = decode_treadmill_data(bytes.fromhex("0200 5802 b004"), SpeedUnit.MPH)
    assert in_miles.instantaneous_speed_kmh == pytest.approx(9.656, abs=1e-3)
    assert in_miles.average_speed_kmh == pytest.approx(19.312, abs=1e-3)
    assert encode_treadmill_data(in_miles, SpeedUnit.MPH) == bytes.fromhex("020058 02b004")


@pytest.mark.parametrize(
    "data",
    [
        TreadmillData(),
        TreadmillData(instantaneous_speed_kmh=1, more_data=True),
        TreadmillData(instantaneous_speed_kmh=float("nan")),
        TreadmillData(instantaneous_speed_kmh=-0.01),
        TreadmillData(instantaneous_speed_kmh=655.36),
        TreadmillData(instantaneous_speed_kmh=1, positive_elevation_gain_m=1),
        TreadmillData(instantaneous_speed_kmh=1, inclination_pct=3276.7),
        TreadmillData(instantaneous_speed_kmh=1, energy_per_minute_kcal=255),
    ],
)
def test_what_no_packet_carries_is_refused(data: TreadmillData) -> None:
    with pytest.raises(PacketError):
        encode_treadmill_data(data)


@given(RECORDS)
def test_records_come_back(data: TreadmillData) -> None:
    decoded = decode_treadmill_data(encode_treadmill_data(data))
    assert decoded == data
    assert decoded.oddities == (() if data.step_count is None else (Oddity.STEPS_IN_RESERVED_BIT,))


@given(RECORDS, st.integers(0, 60))
def test_a_packet_cut_short_keeps_what_came_before(data: TreadmillData, length: int) -> None:
    data = replace(
        data, instantaneous_pace_km_per_min=None, average_pace_km_per_min=None, step_count=None
    )
    packet = encode_treadmill_data(data)
    if not 2 <= length < len(packet):
        return
    decoded = decode_treadmill_data(packet[:length])
    assert decoded.oddities in ((), (Oddity.TOO_SHORT,))
    for field in FIELDS:
        assert getattr(decoded, field.name) in (None, getattr(data, field.name))


FLAGS = st.integers(0, (1 << 14) - 1).map(lambda flags: flags.to_bytes(2, "little"))


@given(PACKETS | st.tuples(FLAGS, PACKETS).map(b"".join))
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_treadmill_data, encode_treadmill_data, packet)
