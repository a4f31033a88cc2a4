"""What targets a machine accepts: 0x2AD4, 0x2AD5 and 0x2AD7 (FTMS v1.0, sections 4.11-4.15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from beatrunner.codecs.ftms.quantities import HEART_RATE, INCLINATION, SpeedUnit
from beatrunner.codecs.gatt import Decoded, Number, Oddity, PacketError, PacketReader

#: The minimum increment has no sign, whatever the limits have.
_INCLINATION_INCREMENT = Number(2, per_unit=INCLINATION.per_unit)


@dataclass(frozen=True, slots=True)
class SupportedSpeedRange(Decoded):
    """Limits and step; the step is None where the machine did not send it."""

    minimum_speed_kmh: float
    maximum_speed_kmh: float
    minimum_increment_kmh: float | None


@dataclass(frozen=True, slots=True)
class SupportedInclinationRange(Decoded):
    """Limits and step; the step is None where the machine did not send it."""

    minimum_inclination_pct: float
    maximum_inclination_pct: float
    minimum_increment_pct: float | None


@dataclass(frozen=True, slots=True)
class SupportedHeartRateRange(Decoded):
    """Limits and step; the step is None where the machine did not send it."""

    minimum_heart_rate_bpm: float
    maximum_heart_rate_bpm: float
    minimum_increment_bpm: float | None


class _Range(NamedTuple):
    minimum: float
    maximum: float
    increment: float | None

    @property
    def is_plausible(self) -> bool:
        return self.minimum <= self.maximum and self.increment != 0


def decode_supported_speed_range(
    packet: bytes | bytearray, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> SupportedSpeedRange:
    """Read a range of speeds. Raises `PacketError` if a limit is missing.

    IMPLAUSIBLE_RANGE marks a minimum above the maximum and a step of zero; they stay as sent.
    """
    limits, oddities = _decode(packet, speed_unit.number, speed_unit.number)
    return SupportedSpeedRange(*limits, oddities=oddities)


def encode_supported_speed_range(
    limits: SupportedSpeedRange, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> bytes:
    """The bytes of a range of speeds. Raises `PacketError` if it is not plausible."""
    values = _Range(
        limits.minimum_speed_kmh, limits.maximum_speed_kmh, limits.minimum_increment_kmh
    )
    return _encode(values, speed_unit.number, speed_unit.number)


def decode_supported_inclination_range(packet: bytes | bytearray) -> SupportedInclinationRange:
    """Read a range of inclinations; errors and oddities as with speeds."""
    limits, oddities = _decode(packet, INCLINATION, _INCLINATION_INCREMENT)
    return SupportedInclinationRange(*limits, oddities=oddities)


def encode_supported_inclination_range(limits: SupportedInclinationRange) -> bytes:
    """The bytes of a range of inclinations. Raises `PacketError` if it is not plausible."""
    values = _Range(
        limits.minimum_inclination_pct,
        limits.maximum_inclination_pct,
        limits.minimum_increment_pct,
    )
    return _encode(values, INCLINATION, _INCLINATION_INCREMENT)


def decode_supported_heart_rate_range(packet: bytes | bytearray) -> SupportedHeartRateRange:
    """Read a range of heart rates; errors and oddities as with speeds."""
    limits, oddities = _decode(packet, HEART_RATE, HEART_RATE)
    return SupportedHeartRateRange(*limits, oddities=oddities)


def encode_supported_heart_rate_range(limits: SupportedHeartRateRange) -> bytes:
    """The bytes of a range of heart rates. Raises `PacketError` if it is not plausible."""
    values = _Range(
        limits.minimum_heart_rate_bpm,
        limits.maximum_heart_rate_bpm,
        limits.minimum_increment_bpm,
    )
    return _encode(values, HEART_RATE, HEART_RATE)


def _decode(
    packet: bytes | bytearray, limit: Number, increment: Number
) -> tuple[_Range, tuple[Oddity, ...]]:
    reader = PacketReader(packet)
    minimum, maximum = reader.number(limit), reader.number(limit)
    if minimum is None or maximum is None:
        raise PacketError("a range without limits")
    values = _Range(minimum, maximum, reader.number(increment))
    if not values.is_plausible:
        reader.note(Oddity.IMPLAUSIBLE_RANGE)
    return values, reader.finish()


def _encode(values: _Range, limit: Number, increment: Number) -> bytes:
    step = increment.encode(values.increment)
    if not values.is_plausible or not any(step):
        raise PacketError(f"no range: {values}")
    return limit.encode(values.minimum) + limit.encode(values.maximum) + step
