"""Records in several notifications."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.data_record import DataRecord, split_treadmill_data
from beatrunner.codecs.ftms.treadmill_data import TreadmillData, decode_treadmill_data
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.ftms.test_treadmill_data import EVERYTHING, RECORDS

FIRST = TreadmillData(total_distance_m=10, elapsed_time_s=5, more_data=True)
LAST = TreadmillData(instantaneous_speed_kmh=8, elapsed_time_s=5)
WHOLE = TreadmillData(instantaneous_speed_kmh=8, total_distance_m=10, elapsed_time_s=5)


def joined(packets: tuple[bytes, ...]) -> TreadmillData | None:
    record = DataRecord()
    *first, last = [record.add(decode_treadmill_data(packet)) for packet in packets]
    assert first == [None] * len(first)
    return last


@given(RECORDS.filter(lambda data: not data.more_data), st.integers(20, 60))
def test_whatever_was_split_is_joined(data: TreadmillData, payload_bytes: int) -> None:
    packets = split_treadmill_data(data, payload_bytes)
    assert all(len(packet) <= payload_bytes for packet in packets)
    assert joined(packets) == data


def test_a_long_record_needs_two_notifications() -> None:
    packets = split_treadmill_data(EVERYTHING)
    assert [packet[0] & 1 for packet in packets] == [1, 0]
    assert len(split_treadmill_data(EVERYTHING, 60)) == 1


def test_no_link_is_narrower_than_the_default() -> None:
    with pytest.raises(PacketError):
        split_treadmill_data(WHOLE, 19)


@pytest.mark.parametrize("data", [FIRST, replace(LAST, instantaneous_speed_kmh=None)])
def test_a_record_without_speed_is_not_whole(data: TreadmillData) -> None:
    with pytest.raises(PacketError):
        split_treadmill_data(data)


def test_elapsed_time_may_come_with_every_part() -> None:
    record = DataRecord()
    assert record.add(FIRST) is None
    whole = record.add(LAST)
    assert whole == WHOLE
    assert whole.oddities == ()


def test_a_lost_end_takes_its_record_along() -> None:
    record = DataRecord()
    record.add(replace(FIRST, heart_rate_bpm=150))
    record.add(replace(FIRST, total_distance_m=13))
    whole = record.add(LAST)
    assert whole == replace(WHOLE, total_distance_m=13)
    assert whole.oddities == (Oddity.PART_LOST,)


def test_parts_are_not_used_twice() -> None:
    record = DataRecord()
    record.add(FIRST)
    record.add(LAST)
    assert record.add(LAST) == LAST


def test_a_record_has_the_oddities_of_its_parts() -> None:
    record = DataRecord()
    record.add(replace(FIRST, oddities=(Oddity.STRAY_BYTES,)))
    whole = record.add(replace(LAST, oddities=(Oddity.STRAY_BYTES, Oddity.RESERVED_BITS)))
    assert whole is not None
    assert whole.oddities == (Oddity.STRAY_BYTES, Oddity.RESERVED_BITS)


def test_who_never_ends_a_record_never_delivers_one() -> None:
    record = DataRecord()
    assert [record.add(FIRST) for _ in range(5)] == [None] * 5
