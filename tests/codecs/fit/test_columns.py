"""Fields of record messages: types, scales, preferences."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest

from beatrunner.codecs.fit import read_fit
from beatrunner.core.recording import RepairCode, Samples
from tests.codecs.fit.odd_files import (
    BYTE,
    FLOAT32,
    FLOAT64,
    NOON,
    RECORD,
    SINT8,
    SINT16,
    SINT32,
    SINT64,
    STRING,
    TIMESTAMP,
    UINT8,
    UINT8Z,
    UINT16,
    UINT16Z,
    UINT32,
    UINT32Z,
    UINT64,
    UINT64Z,
    OddFile,
    Value,
    activity,
)


def read_column(name: str, *fields: tuple[int, int, Value], sport: int = 1) -> Samples | None:
    """The column of one record that has just these (number, base type, value)."""
    file = OddFile().file_id().session(sport=sport)
    file.define(1, RECORD, (TIMESTAMP, UINT32), *((number, kind) for number, kind, _ in fields))
    file.data(1, NOON, *(value for _, _, value in fields))
    (recording,) = read_fit(file.build())
    return recording.columns.get(name)


@pytest.mark.parametrize(
    ("base_type", "invalid"),
    [
        (SINT8, 0x7F),
        (UINT8, 0xFF),
        (SINT16, 0x7FFF),
        (UINT16, 0xFFFF),
        (SINT32, 0x7FFFFFFF),
        (UINT32, 0xFFFFFFFF),
        (UINT8Z, 0),
        (UINT16Z, 0),
        (UINT32Z, 0),
        (SINT64, 0x7FFFFFFFFFFFFFFF),
        (UINT64, 0xFFFFFFFFFFFFFFFF),
        (UINT64Z, 0),
        (FLOAT32, math.nan),
        (FLOAT64, math.nan),
        (FLOAT64, math.inf),
        (FLOAT64, 1e300),
    ],
)
@pytest.mark.parametrize("big_endian", [False, True])
def test_every_base_type_and_its_invalid_value(
    base_type: int, invalid: float, big_endian: bool
) -> None:
    file = OddFile(big_endian=big_endian).file_id().session()
    file.define(1, RECORD, (TIMESTAMP, UINT32), (3, base_type))
    file.data(1, NOON, 120).data(1, NOON + 1, invalid)
    (recording,) = read_fit(file.build())
    assert recording.columns["heart_rate_bpm"] == pytest.approx([120, math.nan], nan_ok=True)


def test_position_is_in_semicircles() -> None:
    assert read_column("latitude", (0, SINT32, 2**30)) == pytest.approx([90])
    assert read_column("longitude", (1, SINT32, -(2**29))) == pytest.approx([-45])


def test_altitude_and_speed_have_scale_and_offset() -> None:
    assert read_column("altitude_m", (2, UINT16, 2500 + 614)) == pytest.approx([122.8])
    assert read_column("speed_mps", (6, UINT16, 3250)) == pytest.approx([3.25])


def test_enhanced_fields_are_preferred() -> None:
    altitude_m = read_column("altitude_m", (2, UINT16, 2600), (78, UINT32, 2700))
    speed_mps = read_column("speed_mps", (73, UINT32, 4000), (6, UINT16, 3000))
    assert altitude_m == pytest.approx([40])
    assert speed_mps == pytest.approx([4])


def test_enhanced_fields_alone_are_enough() -> None:
    assert read_column("altitude_m", (78, UINT32, 2700)) == pytest.approx([40])
    assert read_column("speed_mps", (73, UINT32, 4000)) == pytest.approx([4])


def test_plain_field_serves_where_the_enhanced_one_is_invalid() -> None:
    speed_mps = read_column("speed_mps", (73, UINT32, 0xFFFFFFFF), (6, UINT16, 3000))
    assert speed_mps == pytest.approx([3])


def test_cadence_on_foot_counts_both_feet_with_the_fraction() -> None:
    assert read_column("cadence_spm", (4, UINT8, 85), (53, UINT8, 64)) == pytest.approx([171])


def test_cadence_of_a_ride_stays_revolutions() -> None:
    assert read_column("cadence_spm", (4, UINT8, 85), sport=2) == pytest.approx([85])


def test_fraction_without_cadence_says_nothing() -> None:
    assert read_column("cadence_spm", (4, UINT8, 0xFF), (53, UINT8, 64)) is None


def test_cadence256_serves_where_cadence_is_missing() -> None:
    assert read_column("cadence_spm", (52, UINT16, 85 * 256 + 128)) == pytest.approx([171])


def test_of_an_array_the_first_value_counts() -> None:
    file = activity().define(1, RECORD, (TIMESTAMP, UINT32), (3, UINT8, 3))
    (recording,) = read_fit(file.data(1, NOON, 120, 130, 140).build())
    assert recording.columns["heart_rate_bpm"] == pytest.approx([120])


def test_of_a_field_defined_twice_the_first_counts() -> None:
    file = activity().define(1, RECORD, (TIMESTAMP, UINT32), (3, UINT8), (3, UINT8))
    (recording,) = read_fit(file.data(1, NOON, 120, 130).build())
    assert recording.columns["heart_rate_bpm"] == pytest.approx([120])


def test_size_that_is_no_multiple_of_the_type_is_passed_over() -> None:
    file = activity().define(1, RECORD, (TIMESTAMP, UINT32), (6, BYTE, 3), (3, UINT8))
    definition = file.body.rindex(bytes([6, 3, BYTE]))
    file.body[definition + 2] = UINT16
    (recording,) = read_fit(file.data(1, NOON, 1, 2, 3, 120).build())
    assert "speed_mps" not in recording.columns
    assert recording.columns["heart_rate_bpm"] == pytest.approx([120])


def test_strings_and_developer_fields_are_stepped_over() -> None:
    fields = (TIMESTAMP, UINT32), (200, STRING, 7), (3, UINT8)
    file = activity().define(1, RECORD, *fields, developer_sizes=(4, 2))
    for second in range(3):
        file.data(1, NOON + second, b"odd", 120 + second, b"\xff" * 4, b"\x01\x02")
    (recording,) = read_fit(file.build())
    assert recording.columns["heart_rate_bpm"] == pytest.approx([120, 121, 122])
    assert recording.repairs == ()


def test_compressed_speed_and_distance_wrap_every_256_metres() -> None:
    file = activity().define(1, RECORD, (TIMESTAMP, UINT32), (8, BYTE, 3))
    for second, (speed, sixteenths) in enumerate([(300, 4000), (310, 4095), (320, 50)]):
        packed = struct.pack("<I", speed | sixteenths << 12)[:3]
        file.data(1, NOON + second, *packed)
    file.data(1, NOON + 3, 0xFF, 0xFF, 0xFF)
    (recording,) = read_fit(file.build())
    expected_m = [4000 / 16, 4095 / 16, (4096 + 50) / 16, math.nan]
    assert recording.columns["distance_m"] == pytest.approx(expected_m, nan_ok=True)
    assert recording.columns["speed_mps"] == pytest.approx([3, 3.1, 3.2, math.nan], nan_ok=True)


def test_heart_rate_of_all_zeros_is_none() -> None:
    (recording,) = read_fit(activity().records(0, 0, 0).build())
    assert "heart_rate_bpm" not in recording.columns
    assert {r.code: r.count for r in recording.repairs} == {RepairCode.ZERO_HEART_RATE: 3}


def test_invalid_first_altitude_and_empty_last_record_are_gaps() -> None:
    file = activity().define(1, RECORD, (TIMESTAMP, UINT32), (2, UINT16), (3, UINT8))
    file.data(1, NOON, 0xFFFF, 120).data(1, NOON + 1, 2550, 121).data(1, NOON + 2, 0xFFFF, 0xFF)
    (recording,) = read_fit(file.build())
    altitude_m = recording.columns["altitude_m"]
    assert len(recording.sample_s) == 3
    assert altitude_m == pytest.approx([math.nan, 10, math.nan], nan_ok=True)


def test_layouts_that_take_turns_keep_the_order_of_the_file() -> None:
    file = activity()
    file.define(1, RECORD, (TIMESTAMP, UINT32), (3, UINT8))
    file.define(2, RECORD, (TIMESTAMP, UINT32), (4, UINT8), (3, UINT8))
    file.data(1, NOON, 100).data(2, NOON + 1, 80, 101).data(1, NOON + 2, 102)
    # The slot is filled again, and the time steps back by a second.
    file.define(1, RECORD, (3, UINT8), (TIMESTAMP, UINT32)).data(1, 103, NOON + 1)
    (recording,) = read_fit(file.build())
    np.testing.assert_array_equal(recording.sample_s, [0, 1, 2, 1])
    np.testing.assert_array_equal(recording.columns["heart_rate_bpm"], [100, 101, 102, 103])
