"""The Heart Rate service, 0x180D: straps and armbands (Heart Rate Service v1.0).

A measurement comes about once a second: the rate in one byte or two, whether the sensor touches
skin, energy spent, and the times between beats since the last notification, oldest first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from beatrunner.codecs.gatt import (
    UINT8,
    UINT16,
    Decoded,
    Number,
    PacketError,
    PacketReader,
    assigned_uuid,
)

HEART_RATE_SERVICE: Final = assigned_uuid(0x180D)
HEART_RATE_MEASUREMENT: Final = assigned_uuid(0x2A37)
BODY_SENSOR_LOCATION: Final = assigned_uuid(0x2A38)
HEART_RATE_CONTROL_POINT: Final = assigned_uuid(0x2A39)

#: The ATT error that answers an unknown command (section 3.3).
CONTROL_POINT_NOT_SUPPORTED: Final = 0x80

_IS_UINT16 = 1 << 0
_CONTACT_DETECTED = 1 << 1
_CONTACT_SUPPORTED = 1 << 2
_ENERGY_PRESENT = 1 << 3
_RR_PRESENT = 1 << 4
_ALL_FLAGS = _IS_UINT16 | _CONTACT_DETECTED | _CONTACT_SUPPORTED | _ENERGY_PRESENT | _RR_PRESENT

_RR_INTERVAL = Number(2, per_unit=1024)
#: What one notification holds on any link.
_MEASUREMENT_BYTES = 20


class SensorContact(Enum):
    """Whether the sensor touches skin, as far as it can tell."""

    NOT_SUPPORTED = 0
    NOT_DETECTED = _CONTACT_SUPPORTED
    DETECTED = _CONTACT_SUPPORTED | _CONTACT_DETECTED


class BodySensorLocation(IntEnum):
    OTHER = 0
    CHEST = 1
    WRIST = 2
    FINGER = 3
    HAND = 4
    EAR_LOBE = 5
    FOOT = 6


class HeartRateControlPoint(IntEnum):
    RESET_ENERGY_EXPENDED = 1


@dataclass(frozen=True, slots=True)
class HeartRateMeasurement(Decoded):
    """One notification, as sent; `fit_heart_rate_bpm` is the one to use."""

    heart_rate_bpm: float | None
    sensor_contact: SensorContact = SensorContact.NOT_SUPPORTED
    energy_expended_kj: float | None = None
    rr_intervals_s: tuple[float, ...] = ()

    @property
    def fit_heart_rate_bpm(self) -> float | None:
        """The rate, or None where there is none: cut off, zero, or without contact to skin."""
        if self.sensor_contact is SensorContact.NOT_DETECTED:
            return None
        return self.heart_rate_bpm or None


def decode_heart_rate_measurement(packet: bytes | bytearray) -> HeartRateMeasurement:
    """Read a measurement (section 3.1). Raises `PacketError` for no bytes at all."""
    reader = PacketReader(packet)
    flags = reader.flags(1, _ALL_FLAGS)
    contact = flags & SensorContact.DETECTED.value
    heart_rate = reader.number(UINT16 if flags & _IS_UINT16 else UINT8)
    energy = reader.number(UINT16) if flags & _ENERGY_PRESENT else None
    intervals = []
    while flags & _RR_PRESENT and reader.remaining:
        intervals.append(reader.number(_RR_INTERVAL))
    return HeartRateMeasurement(
        heart_rate_bpm=heart_rate,
        sensor_contact=(
            SensorContact(contact) if contact & _CONTACT_SUPPORTED else SensorContact.NOT_SUPPORTED
        ),
        energy_expended_kj=energy,
        rr_intervals_s=tuple(interval for interval in intervals if interval is not None),
        oddities=reader.finish(),
    )


def encode_heart_rate_measurement(measurement: HeartRateMeasurement) -> bytes:
    """The bytes of a measurement, the rate in one byte if it fits.

    Raises `PacketError` without a rate, for values that do not fit, and for more than the seven
    to nine intervals for which there is room.
    """
    flags = int(measurement.sensor_contact.value)
    body = UINT16.encode(measurement.heart_rate_bpm)
    if body[1]:
        flags |= _IS_UINT16
    else:
        body = body[:1]
    if measurement.energy_expended_kj is not None:
        flags |= _ENERGY_PRESENT
        body += UINT16.encode(measurement.energy_expended_kj)
    if measurement.rr_intervals_s:
        flags |= _RR_PRESENT
        body += b"".join(map(_RR_INTERVAL.encode, measurement.rr_intervals_s))
    packet = bytes([flags]) + body
    if len(packet) > _MEASUREMENT_BYTES:
        raise PacketError(f"no room for {len(measurement.rr_intervals_s)} intervals")
    return packet


def decode_body_sensor_location(packet: bytes | bytearray) -> BodySensorLocation | int:
    """Where the sensor sits (section 3.2), a plain number if reserved. `PacketError`: no byte."""
    return PacketReader(packet).code(BodySensorLocation)


def encode_body_sensor_location(location: BodySensorLocation) -> bytes:
    """The byte of a location."""
    return bytes([location])


def decode_heart_rate_control_point(packet: bytes | bytearray) -> HeartRateControlPoint | int:
    """What a client asks for (section 3.3), a plain number if reserved. `PacketError`: no byte."""
    return PacketReader(packet).code(HeartRateControlPoint)


def encode_heart_rate_control_point(command: HeartRateControlPoint) -> bytes:
    """The byte to write."""
    return bytes([command])
