from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.fit.crc import crc16
from tests.codecs.fit import odd_files


def test_check_value_of_crc_16_arc() -> None:
    assert crc16(b"123456789") == 0xBB3D


@given(st.binary(max_size=600))
def test_is_the_bitwise_definition(data: bytes) -> None:
    assert crc16(data) == odd_files.crc16(data)


@given(st.binary(min_size=1, max_size=100))
def test_a_message_with_its_checksum_is_zero(data: bytes) -> None:
    assert crc16(data + crc16(data).to_bytes(2, "little")) == 0
