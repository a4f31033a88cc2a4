"""The training status, with and without its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.ftms.training_status import (
    TrainingStatus,
    TrainingStatusCode,
    decode_training_status,
    encode_training_status,
)
from beatrunner.codecs.gatt import Oddity, PacketError
from tests.codecs.packets import PACKETS, assert_tolerates

CODES = st.sampled_from(TrainingStatusCode)
TEXTS = st.text(max_size=20).filter(lambda text: not text.endswith("\0"))
MANUAL = TrainingStatus(TrainingStatusCode.MANUAL_MODE, "é")


@given(st.builds(TrainingStatus, CODES, TEXTS, st.booleans()))
def test_statuses_come_back(status: TrainingStatus) -> None:
    decoded = decode_training_status(encode_training_status(status))
    assert decoded == status
    assert decoded.oddities == ()


def test_codes_are_numbered_without_gaps() -> None:
    assert list(TrainingStatusCode) == list(range(16))


@pytest.mark.parametrize(
    ("packet", "expected", "oddities"),
    [
        ("000d", TrainingStatus(TrainingStatusCode.MANUAL_MODE), ()),
        ("010dc3a9", MANUAL, ()),
        ("", TrainingStatus(None), (Oddity.TOO_SHORT,)),
        ("00", TrainingStatus(None), (Oddity.TOO_SHORT,)),
        ("0010", TrainingStatus(0x10), (Oddity.RESERVED_VALUE,)),
        ("fc01", TrainingStatus(TrainingStatusCode.IDLE), (Oddity.RESERVED_BITS,)),
        ("000141", TrainingStatus(TrainingStatusCode.IDLE), (Oddity.STRAY_BYTES,)),
        ("010dc3a90000", MANUAL, (Oddity.STRAY_BYTES,)),
        ("010141ff", TrainingStatus(TrainingStatusCode.IDLE, "A\ufffd"), (Oddity.BROKEN_TEXT,)),
        ("010141c3", TrainingStatus(TrainingStatusCode.IDLE, "A\ufffd"), (Oddity.BROKEN_TEXT,)),
        ("030141c3", TrainingStatus(TrainingStatusCode.IDLE, "A", is_extended=True), ()),
    ],
)
def test_what_machines_send(
    packet: str, expected: TrainingStatus, oddities: tuple[Oddity, ...]
) -> None:
    decoded = decode_training_status(bytes.fromhex(packet))
    assert decoded == expected
    assert decoded.oddities == oddities


@pytest.mark.parametrize(
    "status",
    [
        TrainingStatus(None),
        TrainingStatus(0x10),
        TrainingStatus(TrainingStatusCode.IDLE, "A\0"),
        TrainingStatus(TrainingStatusCode.IDLE, "\ud800"),
    ],
)
def test_what_is_no_status_is_refused(status: TrainingStatus) -> None:
    with pytest.raises(PacketError):
        encode_training_status(status)


@given(PACKETS | st.tuples(st.sampled_from([b"\x01\x01", b"\x03\x0d"]), PACKETS).map(b"".join))
def test_any_bytes_are_tolerated(packet: bytes) -> None:
    assert_tolerates(decode_training_status, encode_training_status, packet)
