"""Treadmill Data, 0x2ACD: what the belt does, about once a second (FTMS v1.0, section 4.4).

Flags say which fields follow, always in the same order. Bit 0, "More Data", is inverted: the
speed is there when it is 0. A record that does not fit into one notification comes in parts, each
but the last with More Data; `data_record` puts them together.

Two things the specification does not settle are read from the length of the packet. Pace is one
byte of 0.1 km/min in the definition of 2017, but some machines follow a newer table with two
bytes of seconds per km. Some walking pads set the reserved bit 13 and append a count of steps.
Whichever combination fills the packet exactly is taken; without one, the definition of 2017.
All fields that matter for control come before both.

There is no time in the data, so it is as old as its arrival; and no cadence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from itertools import groupby, product
from typing import NamedTuple

from beatrunner.codecs.ftms.quantities import (
    DISTANCE,
    HEART_RATE,
    SPEED,
    TIME,
    SpeedUnit,
    in_unit,
)
from beatrunner.codecs.gatt import (
    UINT16,
    UINT24,
    Decoded,
    Number,
    Oddity,
    PacketError,
    PacketReader,
)


class TreadmillDataFlags(IntFlag):
    MORE_DATA = 1 << 0
    AVERAGE_SPEED = 1 << 1
    TOTAL_DISTANCE = 1 << 2
    INCLINATION_AND_RAMP_ANGLE = 1 << 3
    ELEVATION_GAIN = 1 << 4
    INSTANTANEOUS_PACE = 1 << 5
    AVERAGE_PACE = 1 << 6
    EXPENDED_ENERGY = 1 << 7
    HEART_RATE = 1 << 8
    METABOLIC_EQUIVALENT = 1 << 9
    ELAPSED_TIME = 1 << 10
    REMAINING_TIME = 1 << 11
    FORCE_ON_BELT_AND_POWER_OUTPUT = 1 << 12
    #: Reserved by the specification; walking pads announce their steps by it.
    STEP_COUNT = 1 << 13


@dataclass(frozen=True, slots=True)
class TreadmillData(Decoded):
    """One notification, or a whole record; None is what was not sent or not available.

    Distance, energy and steps count since the start of the training session.
    """

    instantaneous_speed_kmh: float | None = None
    average_speed_kmh: float | None = None
    total_distance_m: float | None = None
    inclination_pct: float | None = None
    ramp_angle_deg: float | None = None
    positive_elevation_gain_m: float | None = None
    negative_elevation_gain_m: float | None = None
    instantaneous_pace_km_per_min: float | None = None
    average_pace_km_per_min: float | None = None
    total_energy_kcal: float | None = None
    energy_per_hour_kcal: float | None = None
    energy_per_minute_kcal: float | None = None
    heart_rate_bpm: float | None = None
    metabolic_equivalent: float | None = None
    elapsed_time_s: float | None = None
    remaining_time_s: float | None = None
    force_on_belt_n: float | None = None
    power_output_w: float | None = None
    step_count: float | None = None
    more_data: bool = False


class _Field(NamedTuple):
    flag: TreadmillDataFlags
    name: str
    number: Number


class _SecondsPerKm(Number):
    """Pace of the newer table, read as km/min. It is never written."""

    __slots__ = ()

    def decode(self, raw: bytes) -> float | None:
        seconds = super().decode(raw)
        return 60 / seconds if seconds else None


_PACE = Number(1, per_unit=10)
_PACE_IN_SECONDS = _SecondsPerKm(2)
_GAIN = Number(2, per_unit=10)
_SLOPE = Number(2, signed=True, per_unit=10, not_available=0x7FFF)
_FORCE = Number(2, signed=True, not_available=0x7FFF)
_ENERGY = Number(2, not_available=0xFFFF)

_Flags = TreadmillDataFlags

#: All fields in their order in the packet.
FIELDS = (
    _Field(_Flags.MORE_DATA, "instantaneous_speed_kmh", SPEED),
    _Field(_Flags.AVERAGE_SPEED, "average_speed_kmh", SPEED),
    _Field(_Flags.TOTAL_DISTANCE, "total_distance_m", DISTANCE),
    _Field(_Flags.INCLINATION_AND_RAMP_ANGLE, "inclination_pct", _SLOPE),
    _Field(_Flags.INCLINATION_AND_RAMP_ANGLE, "ramp_angle_deg", _SLOPE),
    _Field(_Flags.ELEVATION_GAIN, "positive_elevation_gain_m", _GAIN),
    _Field(_Flags.ELEVATION_GAIN, "negative_elevation_gain_m", _GAIN),
    _Field(_Flags.INSTANTANEOUS_PACE, "instantaneous_pace_km_per_min", _PACE),
    _Field(_Flags.AVERAGE_PACE, "average_pace_km_per_min", _PACE),
    _Field(_Flags.EXPENDED_ENERGY, "total_energy_kcal", _ENERGY),
    _Field(_Flags.EXPENDED_ENERGY, "energy_per_hour_kcal", _ENERGY),
    _Field(_Flags.EXPENDED_ENERGY, "energy_per_minute_kcal", Number(1, not_available=0xFF)),
    _Field(_Flags.HEART_RATE, "heart_rate_bpm", HEART_RATE),
    _Field(_Flags.METABOLIC_EQUIVALENT, "metabolic_equivalent", Number(1, per_unit=10)),
    _Field(_Flags.ELAPSED_TIME, "elapsed_time_s", TIME),
    _Field(_Flags.REMAINING_TIME, "remaining_time_s", TIME),
    _Field(_Flags.FORCE_ON_BELT_AND_POWER_OUTPUT, "force_on_belt_n", _FORCE),
    _Field(_Flags.FORCE_ON_BELT_AND_POWER_OUTPUT, "power_output_w", _FORCE),
    _Field(_Flags.STEP_COUNT, "step_count", UINT24),
)


def decode_treadmill_data(
    packet: bytes | bytearray, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> TreadmillData:
    """Read one notification. Raises `PacketError` if not even the flags are there.

    Fields beyond the end of a short packet are None.
    """
    reader = PacketReader(packet)
    flags = _Flags(reader.flags(UINT16.size, sum(_Flags)))
    fields = _layout(flags, reader)
    values = {field.name: reader.number(in_unit(field.number, speed_unit)) for field in fields}
    return TreadmillData(**values, more_data=_Flags.MORE_DATA in flags, oddities=reader.finish())


def encode_treadmill_data(data: TreadmillData, speed_unit: SpeedUnit = SpeedUnit.KMH) -> bytes:
    """The bytes of one notification, of whatever length; `data_record` splits.

    Raises `PacketError` for values that do not fit, for speed together with More Data or neither,
    and for one elevation gain without the other. A count of steps goes where walking pads put it.
    """
    if data.more_data == (data.instantaneous_speed_kmh is not None):
        raise PacketError("the speed belongs into the last part of a record, and only there")
    present = _Flags(0)
    body = b""
    for flag, group in groupby(FIELDS, key=lambda field: field.flag):
        values = [(field.number, getattr(data, field.name)) for field in group]
        if any(value is not None for _number, value in values):
            present |= flag
            body += b"".join(in_unit(number, speed_unit).encode(value) for number, value in values)
    return UINT16.encode(present ^ _Flags.MORE_DATA) + body


def _layout(flags: TreadmillDataFlags, reader: PacketReader) -> list[_Field]:
    """The fields of this packet, by its flags and, where these leave a choice, by its length."""
    present = flags ^ _Flags.MORE_DATA
    standard = [field for field in FIELDS if field.flag in present]
    for has_steps, pace in product((True, False), (_PACE, _PACE_IN_SECONDS)):
        fields = [
            field._replace(number=pace) if field.number is _PACE else field
            for field in standard
            if has_steps or field.flag is not _Flags.STEP_COUNT
        ]
        if sum(field.number.size for field in fields) == reader.remaining:
            break
    else:
        fields = standard
    if _Flags.STEP_COUNT in flags:
        is_read = any(field.flag is _Flags.STEP_COUNT for field in fields)
        reader.note(Oddity.STEPS_IN_RESERVED_BIT if is_read else Oddity.RESERVED_BITS)
    if any(field.number is _PACE_IN_SECONDS for field in fields):
        reader.note(Oddity.PACE_IN_SECONDS)
    return fields
