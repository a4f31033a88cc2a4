"""What a file may do to its own bytes, and how much of it is still read."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beatrunner.codecs.fit import read_fit
from beatrunner.core.recording import RawRecording, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError
from tests.codecs.fit.odd_files import (
    ENUM,
    EVENT,
    NOON,
    RECORD,
    TIMESTAMP,
    UINT8,
    UINT32,
    OddFile,
    activity,
)

WHOLE = activity().records(120, 121, 122, 123).build()


def repairs_of(recording: RawRecording) -> dict[RepairCode, int]:
    return {repair.code: repair.count for repair in recording.repairs}


def refusal_of(data: bytes) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read_fit(data)
    return caught.value.reason


@pytest.mark.parametrize("header_size", [12, 14])
def test_both_header_sizes(header_size: int) -> None:
    (recording,) = read_fit(activity().records(120, 121).build(header_size))
    assert len(recording.sample_s) == 2
    assert recording.repairs == ()


def test_compressed_timestamps_count_on_from_any_message() -> None:
    file = activity()
    file.define(1, RECORD, (3, UINT8))
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    file.compressed(1, NOON, 100)  # after the session, which lies 60 s later
    file.data(2, NOON + 65, 0, 0)
    for seconds in (65, 70, 95, 96, 127, 128):
        file.compressed(1, NOON + seconds, 120)
    (recording,) = read_fit(file.build())
    assert recording.sample_s.tolist() == [64, 65, 70, 95, 96, 127, 128]


def test_records_before_any_timestamp_are_left_out() -> None:
    file = OddFile().file_id().define(1, RECORD, (3, UINT8))
    file.compressed(1, 5, 120).session().records(121)
    (recording,) = read_fit(file.build())
    assert recording.columns["heart_rate_bpm"].tolist() == [121]
    assert repairs_of(recording) == {RepairCode.TIME_MISSING: 1}


def test_bad_checksum_is_noted_and_read_on() -> None:
    (recording,) = read_fit(WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]))
    assert len(recording.sample_s) == 4
    assert repairs_of(recording) == {RepairCode.BAD_CHECKSUM: 1}


def test_bad_header_checksum_is_noted_and_read_on() -> None:
    damaged = bytearray(WHOLE)
    damaged[1] ^= 1  # the protocol version
    (recording,) = read_fit(bytes(damaged))
    assert len(recording.sample_s) == 4
    assert RepairCode.BAD_HEADER in repairs_of(recording)


def test_damaged_signature_is_forgiven_where_the_sizes_fit() -> None:
    (recording,) = read_fit(WHOLE.replace(b".FIT", b".GIT"))
    assert len(recording.sample_s) == 4
    assert RepairCode.BAD_HEADER in repairs_of(recording)


@pytest.mark.parametrize("lost", [1, 2, 3, 7, 12])
def test_truncated_tail_costs_only_what_was_there(lost: int) -> None:
    (recording,) = read_fit(WHOLE[:-lost])
    # Behind the last record (six bytes) lies the checksum (two).
    assert len(recording.sample_s) == 4 - max(0, -(-(lost - 2) // 6))
    assert repairs_of(recording) == {RepairCode.TRUNCATED: 1}


def test_file_that_the_watch_never_closed() -> None:
    open_file = bytearray(WHOLE[:-2])
    open_file[4:8] = bytes(4)
    open_file[12:14] = bytes(2)
    (recording,) = read_fit(bytes(open_file))
    assert len(recording.sample_s) == 4
    assert repairs_of(recording) == {RepairCode.TRUNCATED: 1}


def test_undefined_message_ends_the_part_but_not_the_file() -> None:
    broken = activity().records(120, 121)
    broken.body += b"\x07\x01\x02\x03"
    first, second = read_fit(broken.build() + WHOLE)
    assert first.columns["heart_rate_bpm"].tolist() == [120, 121]
    assert repairs_of(first) == {RepairCode.UNDEFINED_MESSAGE: 1}
    assert len(second.sample_s) == 4
    assert second.repairs == ()


def test_stray_bytes_around_chained_files() -> None:
    first, second = read_fit(b"\r\n" + WHOLE + b"stray" + WHOLE + b"\n")
    assert repairs_of(first) == {RepairCode.STRAY_BYTES: 2}
    assert repairs_of(second) == {RepairCode.STRAY_BYTES: 6}
    assert len(first.sample_s) == len(second.sample_s) == 4


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", Refusal.EMPTY),
        (b"<gpx/>", Refusal.UNKNOWN_KIND),
        (b"\x0e" * 500, Refusal.UNKNOWN_KIND),
        (WHOLE[:14], Refusal.DAMAGED),
        (WHOLE[:16], Refusal.DAMAGED),
        (activity().build(), Refusal.NO_SAMPLES),
        (OddFile().file_id(file_type=6).records(120).build(), Refusal.NOT_AN_ACTIVITY),
        (OddFile().file_id(file_type=2).build(), Refusal.NOT_AN_ACTIVITY),
        (OddFile().file_id(file_type=32).build() * 2, Refusal.NOT_AN_ACTIVITY),
    ],
)
def test_what_is_refused(data: bytes, refusal: Refusal) -> None:
    assert refusal_of(data) == refusal


def test_messages_without_content_cost_little() -> None:
    file = activity().define(1, RECORD)
    file.body += b"\x01" * 300_000
    started = time.process_time()
    assert refusal_of(file.build()) == Refusal.NO_SAMPLES
    assert time.process_time() - started < 5


def test_more_messages_than_a_week_has_seconds_are_cut_off() -> None:
    file = OddFile().file_id().records(120).define(2, RECORD)
    file.body += b"\x02" * 1_000_000
    file.session()
    (recording,) = read_fit(file.build(12, checksum=0))
    assert len(recording.sample_s) == 1
    assert repairs_of(recording).keys() >= {RepairCode.TRUNCATED, RepairCode.NO_SUMMARY}


def test_endless_new_definitions_are_cut_off() -> None:
    file = activity().records(120)
    for number in range(50_000):
        kind = number % 65_536
        file.body += bytes([0x42, 0, 0, kind & 0xFF, kind >> 8, 1, number >> 16, 1, 2, 2, 9])
    started = time.process_time()
    (recording,) = read_fit(file.build())
    assert time.process_time() - started < 5
    assert RepairCode.TRUNCATED in repairs_of(recording)


def test_thousands_of_chained_headers() -> None:
    started = time.process_time()
    (recording,) = read_fit(WHOLE + OddFile().build() * 2_000 + WHOLE)
    assert RepairCode.STRAY_BYTES in repairs_of(recording)
    assert time.process_time() - started < 5


@given(st.binary(max_size=300))
@example(b".FIT")
@example(b"\x0e\0\0\0\0\0\0\0.FIT")
@example(b"\xff" * 4 + b"\xff" * 4 + b".FIT" + bytes(40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for candidate in (data, WHOLE[:12] + data, WHOLE + data):
        read_or_refuse(candidate)


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 30))
def test_any_damage_is_read_or_refused(seed: int, changes: int) -> None:
    choose = random.Random(seed)
    damaged = bytearray(RICH)
    for _change in range(changes):
        match choose.randrange(4):
            case 0:
                damaged[choose.randrange(len(damaged))] = choose.randrange(256)
            case 1:
                start = choose.randrange(len(damaged))
                del damaged[start : start + choose.randrange(9)]
            case 2:
                start = choose.randrange(len(damaged))
                damaged[start:start] = choose.randbytes(choose.randrange(9))
            case _:
                start, source = choose.randrange(len(damaged)), choose.randrange(len(damaged))
                damaged[start : start + 20] = damaged[source : source + 20]
    read_or_refuse(bytes(damaged))


def read_or_refuse(data: bytes) -> None:
    try:
        recordings = read_fit(data)
    except UnreadableFileError:
        return
    assert recordings
    for recording in recordings:
        assert recording.started_at.tzinfo is not None
        assert len(recording.sample_s)
        assert all(len(c) == len(recording.sample_s) for c in recording.columns.values())
        assert all(end_s > start_s for start_s, end_s in recording.pauses)


def _rich() -> bytes:
    """A file with some of everything, for damaging."""
    file = activity().records(*range(120, 140))
    file.define(2, EVENT, (TIMESTAMP, UINT32), (0, ENUM), (1, ENUM))
    file.data(2, NOON, 0, 0).data(2, NOON + 5, 0, 4).data(2, NOON + 9, 0, 0)
    file.define(3, RECORD, (3, UINT8), (8, UINT8, 3), (0, UINT32), developer_sizes=(2,))
    for second in range(20, 50):
        file.compressed(3, NOON + second, 130, second, 16, 3, second, b"de")
    big = OddFile(big_endian=True).file_id().session(NOON + 1000).session(NOON + 1010, sport=2)
    return file.build() + big.records(*range(100, 130), start=NOON + 1000).build(12)


RICH = _rich()
