"""How FTMS stores quantities, and the only place where its units are converted.

FTMS speaks of km/h, and so do the names of this package; the rest of BeatRunner speaks of m/s.
Some consoles send miles per hour in fields that are km/h by the specification, some only while
they are set to imperial units. Whoever knows that of a machine says so by a `SpeedUnit`: the
values of this package are km/h in every case.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, IntEnum

from beatrunner.codecs.gatt import UINT8, UINT16, UINT24, Number, PacketError, PacketReader

KMH_PER_MPS = 3.6


class SpeedUnit(Enum):
    """The unit in which a machine means its speeds; the value is km/h per unit."""

    KMH = 1.0
    MPH = 1.609344

    @property
    def number(self) -> Number:
        """A speed in km/h, stored in hundredths of this unit."""
        return Number(2, per_unit=100 / self.value)


SPEED = SpeedUnit.KMH.number
INCLINATION = Number(2, signed=True, per_unit=10)
RESISTANCE = Number(1, per_unit=10)
POWER = Number(2, signed=True)
HEART_RATE = UINT8
ENERGY = UINT16
COUNT = UINT16
DISTANCE = UINT24
TIME = UINT16
#: Wind speed in m/s, grade in %, rolling resistance, wind resistance in kg/m.
BIKE_SIMULATION = (
    Number(2, signed=True, per_unit=1_000),
    Number(2, signed=True, per_unit=100),
    Number(1, per_unit=10_000),
    Number(1, per_unit=100),
)
#: In millimetres.
WHEEL_CIRCUMFERENCE = Number(2, per_unit=10)
#: Per minute; of pedals, not of steps.
CADENCE = Number(2, per_unit=2)


def mps_from_kmh(speed_kmh: float) -> float:
    """From the unit of speed of FTMS to BeatRunner's."""
    return speed_kmh / KMH_PER_MPS


def in_unit(number: Number, speed_unit: SpeedUnit) -> Number:
    """`number` as a machine stores it that means its speeds in `speed_unit`."""
    return speed_unit.number if number is SPEED else number


def read_parameters(
    reader: PacketReader,
    numbers: Sequence[Number],
    speed_unit: SpeedUnit,
    choices: type[IntEnum] | None = None,
) -> tuple[float, ...]:
    """The parameters of an op code; fewer than `numbers` where the packet is too short.

    With `choices` the one parameter is a member of them, or a reserved number.
    """
    if choices and reader.remaining:
        return (reader.code(choices),)
    values = [reader.number(in_unit(number, speed_unit)) for number in numbers]
    return tuple(value for value in values if value is not None)


def write_parameters(
    values: Sequence[float],
    numbers: Sequence[Number],
    speed_unit: SpeedUnit,
    choices: type[IntEnum] | None = None,
) -> bytes:
    """The bytes of an op code's parameters. Raises `PacketError`: too many, too few, no fit."""
    if len(values) != len(numbers):
        raise PacketError(f"{len(values)} parameters instead of {len(numbers)}")
    if choices and values[0] not in set(choices):
        raise PacketError(f"{values[0]} is no {choices.__name__}")
    return b"".join(
        in_unit(number, speed_unit).encode(value)
        for value, number in zip(values, numbers, strict=True)
    )
