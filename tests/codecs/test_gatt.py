"""Numbers and readers: what every characteristic rests on."""

from __future__ import annotations

from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.gatt import (
    UINT8,
    UINT16,
    Number,
    Oddity,
    PacketError,
    PacketReader,
    assigned_uuid,
)
from tests.codecs.packets import storable

SLOPE = Number(2, signed=True, per_unit=10, not_available=0x7FFF)
NUMBERS = [UINT8, Number(3), SLOPE, Number(2, per_unit=100), Number(2, per_unit=256), Number(4)]


class Letter(IntEnum):
    A = 1


def test_uuids_are_written_in_full() -> None:
    assert assigned_uuid(0x1826) == "00001826-0000-1000-8000-00805f9b34fb"
    assert assigned_uuid(0x2ACD) == "00002acd-0000-1000-8000-00805f9b34fb"


@given(st.data())
def test_numbers_come_back(data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(NUMBERS))
    value = data.draw(storable(number))
    assert number.decode(number.encode(value)) == value


@pytest.mark.parametrize(
    ("number", "value", "raw"),
    [
        (UINT16, 1000, "e803"),
        (SLOPE, -1.5, "f1ff"),
        (SLOPE, 1.26, "0d00"),
        (SLOPE, 1.24, "0c00"),
        (Number(3), 70_000, "701101"),
    ],
)
def test_numbers_are_little_endian_and_rounded(number: Number, value: float, raw: str) -> None:
    assert number.encode(value).hex() == raw


def test_not_available_goes_both_ways() -> None:
    assert SLOPE.decode(bytes.fromhex("ff7f")) is None
    assert SLOPE.encode(None).hex() == "ff7f"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e308, None])
@pytest.mark.parametrize("number", [UINT8, Number(2, per_unit=100)])
def test_no_packet_carries_what_is_no_number(number: Number, value: float | None) -> None:
    with pytest.raises(PacketError):
        number.encode(value)


@pytest.mark.parametrize(
    ("number", "value"),
    [(UINT8, 256), (UINT8, -1), (SLOPE, -3276.9), (SLOPE, 3276.8), (SLOPE, 3276.7)],
)
def test_what_does_not_fit_is_refused(number: Number, value: float) -> None:
    with pytest.raises(PacketError):
        number.encode(value)


def test_a_reader_tells_what_is_odd_once_and_in_order() -> None:
    reader = PacketReader(bytearray.fromhex("f1 07 08 0900 aa"))
    assert reader.flags(1, 0x01) == 1
    assert (reader.code(Letter), reader.code(Letter)) == (7, 8)
    assert reader.number(UINT16) == 9
    assert reader.remaining == 1
    assert reader.finish() == (
        Oddity.RESERVED_BITS,
        Oddity.RESERVED_VALUE,
        Oddity.STRAY_BYTES,
    )


def test_nothing_is_read_out_of_a_number_that_was_cut_off() -> None:
    reader = PacketReader(b"\x01")
    assert (reader.number(UINT16), reader.number(UINT8)) == (None, None)
    assert reader.finish() == (Oddity.TOO_SHORT,)


def test_flags_and_codes_have_to_be_there() -> None:
    with pytest.raises(PacketError):
        PacketReader(b"\x01").flags(2, 1)
    with pytest.raises(PacketError):
        PacketReader(b"").code(Letter)


def test_a_clean_packet_has_no_oddities() -> None:
    reader = PacketReader(b"\x01\x01\x05")
    assert (reader.flags(1, 3), reader.code(Letter), reader.rest()) == (1, Letter.A, b"\x05")
    assert reader.finish() == ()
