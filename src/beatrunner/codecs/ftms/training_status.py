"""Training Status, 0x2AD3: which part of a workout a machine is in (FTMS v1.0, section 4.10).

Real machines answer with no bytes until the first start (Domyos TC, Horizon 7.4), or with
reserved values.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from dataclasses import dataclass
from enum import IntEnum

from beatrunner.codecs.gatt import Decoded, Oddity, PacketError, PacketReader

_UTF8 = getincrementaldecoder("utf-8")

_STRING_PRESENT = 1 << 0
_EXTENDED_STRING = 1 << 1


class TrainingStatusCode(IntEnum):
    """Where the training stands (table 4.13)."""

    OTHER = 0x00
    IDLE = 0x01
    WARMING_UP = 0x02
    LOW_INTENSITY_INTERVAL = 0x03
    HIGH_INTENSITY_INTERVAL = 0x04
    RECOVERY_INTERVAL = 0x05
    ISOMETRIC = 0x06
    HEART_RATE_CONTROL = 0x07
    FITNESS_TEST = 0x08
    SPEED_OUTSIDE_OF_CONTROL_REGION_LOW = 0x09
    SPEED_OUTSIDE_OF_CONTROL_REGION_HIGH = 0x0A
    COOL_DOWN = 0x0B
    WATT_CONTROL = 0x0C
    MANUAL_MODE = 0x0D
    PRE_WORKOUT = 0x0E
    POST_WORKOUT = 0x0F


@dataclass(frozen=True, slots=True)
class TrainingStatus(Decoded):
    """`status` is None if the machine did not send any, a plain number if it is a reserved one.

    `is_extended` says that `text` goes on beyond this notification: a long read gets all of it.
    """

    status: TrainingStatusCode | int | None
    text: str = ""
    is_extended: bool = False


def decode_training_status(packet: bytes | bytearray) -> TrainingStatus:
    """Read a status; never raises, since even no bytes are an answer that machines give.

    Bytes that are no UTF-8 become replacement characters (BROKEN_TEXT), except where an extended
    text was cut in the middle of a character. NULs at the end are padding.
    """
    reader = PacketReader(packet)
    if reader.remaining < 2:
        return TrainingStatus(None, oddities=(Oddity.TOO_SHORT,))
    flags = reader.flags(1, _STRING_PRESENT | _EXTENDED_STRING)
    is_extended = bool(flags & _EXTENDED_STRING)
    status = reader.code(TrainingStatusCode)
    text = ""
    if flags & _STRING_PRESENT:
        raw = reader.rest()
        if (string := raw.rstrip(b"\0")) != raw:
            reader.note(Oddity.STRAY_BYTES)
        text = _UTF8("replace").decode(string, final=not is_extended)
        if not string.startswith(text.encode()):
            reader.note(Oddity.BROKEN_TEXT)
    return TrainingStatus(status, text, is_extended, oddities=reader.finish())


def encode_training_status(status: TrainingStatus) -> bytes:
    """The bytes of a status.

    Raises `PacketError` for a missing or reserved status, and for a text that ends with NUL or
    holds what UTF-8 cannot.
    """
    if status.status not in set(TrainingStatusCode):
        raise PacketError(f"training status {status.status} is reserved")
    if status.text.endswith("\0"):
        raise PacketError("a NUL at the end would be lost")
    try:
        text = status.text.encode()
    except UnicodeEncodeError as error:
        raise PacketError("the text has no UTF-8") from error
    flags = (_STRING_PRESENT if text else 0) | (_EXTENDED_STRING if status.is_extended else 0)
    return bytes([flags, TrainingStatusCode(status.status)]) + text
