"""What the packets of all Bluetooth fitness sensors have in common.

A GATT characteristic is a row of little-endian integers; flags in front say which of them are
there. Real machines cut rows short, append bytes, set reserved bits and send reserved codes, so
reading is tolerant: a decoder returns what could be read and names what was odd, as `Oddity`
values. Writing is strict: numbers are rounded to the step of the protocol, and whatever a packet
cannot carry is refused. Both raise nothing but `PacketError`, and no decoded number is ever NaN or
infinite.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TypeVar

_Code = TypeVar("_Code", bound=IntEnum)


class PacketError(ValueError):
    """Bytes from which nothing can be read, or a value that no packet can carry."""


class Oddity(StrEnum):
    """What was wrong with a packet that could be read all the same."""

    TOO_SHORT = "too_short"
    STRAY_BYTES = "stray_bytes"
    RESERVED_BITS = "reserved_bits"
    RESERVED_VALUE = "reserved_value"
    IMPLAUSIBLE_RANGE = "implausible_range"
    PACE_IN_SECONDS = "pace_in_seconds"
    STEPS_IN_RESERVED_BIT = "steps_in_reserved_bit"
    PART_LOST = "part_lost"
    BROKEN_TEXT = "broken_text"


class AttError(IntEnum):
    """ATT errors that all profiles share (Core Specification Supplement, part B, section 1.2)."""

    CCCD_IMPROPERLY_CONFIGURED = 0xFD
    PROCEDURE_ALREADY_IN_PROGRESS = 0xFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A value read from a packet. Its oddities are about the packet, so equality ignores them."""

    oddities: tuple[Oddity, ...] = field(default=(), compare=False)


def assigned_uuid(number: int) -> str:
    """The full form of a 16-bit UUID that the Bluetooth SIG assigned, as bleak writes it."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


@dataclass(frozen=True, slots=True)
class Number:
    """How a quantity is stored: `size` bytes, `per_unit` steps to one unit of the quantity.

    `not_available` is the stored value that means "not measured".
    """

    size: int
    signed: bool = False
    per_unit: float = 1
    not_available: int | None = None

    def decode(self, raw: bytes) -> float | None:
        """The quantity in `size` bytes; None where the sender has no value."""
        steps = int.from_bytes(raw, "little", signed=self.signed)
        return None if steps == self.not_available else steps / self.per_unit

    def encode(self, value: float | None) -> bytes:
        """The bytes of the step nearest to `value`; a value outside of the range is refused."""
        if value is None and self.not_available is not None:
            return self.not_available.to_bytes(self.size, "little", signed=self.signed)
        if value is None or not math.isfinite(value):
            raise PacketError(f"{value} is not a number")
        try:
            steps = round(value * self.per_unit)
            raw = steps.to_bytes(self.size, "little", signed=self.signed)
        except OverflowError as error:
            raise PacketError(f"{value} does not fit") from error
        if steps == self.not_available:
            raise PacketError(f"{value} would read as not available")
        return raw


UINT8 = Number(1)
UINT16 = Number(2)
UINT24 = Number(3)


class PacketReader:
    """Takes a packet apart from front to back and collects what is odd about it."""

    def __init__(self, packet: bytes | bytearray) -> None:
        self._left = bytes(packet)
        self._oddities: list[Oddity] = []

    @property
    def remaining(self) -> int:
        """How many bytes were not taken yet."""
        return len(self._left)

    def flags(self, size: int, known: int) -> int:
        """The bits of `known` that are set. Raises `PacketError` if the flags are cut off."""
        if self.remaining < size:
            raise PacketError("the flags are missing")
        bits = int.from_bytes(self._take(size), "little")
        if bits & ~known:
            self.note(Oddity.RESERVED_BITS)
        return bits & known

    def code(self, kinds: type[_Code]) -> _Code | int:
        """The next byte as a member of `kinds`, or as it is if the specification reserves it.

        Raises `PacketError` at the end of the packet.
        """
        if not self.remaining:
            raise PacketError(f"no {kinds.__name__}")
        value = self._take(1)[0]
        try:
            return kinds(value)
        except ValueError:
            self.note(Oddity.RESERVED_VALUE)
            return value

    def number(self, number: Number) -> float | None:
        """The next number; None if it is not available, or if the packet ends before it does.

        After a number that was cut off there are no more: what is left of it is dropped.
        """
        if self.remaining < number.size:
            self.note(Oddity.TOO_SHORT)
            self._left = b""
            return None
        return number.decode(self._take(number.size))

    def rest(self) -> bytes:
        """All bytes that were not taken yet."""
        return self._take(self.remaining)

    def note(self, oddity: Oddity) -> None:
        """Remember one oddity more."""
        self._oddities.append(oddity)

    def finish(self) -> tuple[Oddity, ...]:
        """What was odd, each once and in the order of the packet, bytes left over included."""
        if self.remaining:
            self.note(Oddity.STRAY_BYTES)
        return tuple(dict.fromkeys(self._oddities))

    def _take(self, size: int) -> bytes:
        taken, self._left = self._left[:size], self._left[size:]
        return taken
