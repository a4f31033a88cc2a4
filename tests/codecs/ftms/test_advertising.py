"""What machines advertise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.advertising import (
    FitnessMachineType,
    ServiceData,
    decode_service_data,
    encode_service_data,
)
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates

TREADMILL = FitnessMachineType.TREADMILL


@pytest.mark.parametrize(
    ("packet", "expected", "oddities"),
    [
        ("010100", ServiceData(True, TREADMILL), ()),
        ("002100", ServiceData(False, TREADMILL | FitnessMachineType.INDOOR_BIKE), ()),
        ("01", ServiceData(True, FitnessMachineType(0)), (Oddity.TOO_SHORT,)),
        ("0101", ServiceData(True, TREADMILL), (Oddity.TOO_SHORT,)),
        ("0301c0", ServiceData(True, TREADMILL), (Oddity.RESERVED_BITS,)),
        ("01010000", ServiceData(True, TREADMILL), (Oddity.STRAY_BYTES,)),
    ],
)
def test_service_data_tells_the_type(
    packet: str, expected: ServiceData, oddities: tuple[Oddity, ...]
) -> None:
    decoded = decode_service_data(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == oddities


def test_no_bytes_tell_nothing() -> None:
    with pytest.raises(PacketError):
        decode_service_data(b"")


@given(st.builds(ServiceData, st.booleans(), st.integers(0, 63).map(FitnessMachineType)))
def test_service_data_comes_back(data: ServiceData) -> None:
    decoded = decode_service_data(encode_service_data(data))
    assert decoded == data
    assert decoded.oddities == ()


@given(PACKETS)
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_service_data, encode_service_data, packet)
