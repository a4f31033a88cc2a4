"""What a fitness machine says of itself before anyone connects (FTMS v1.0, section 3.1).

Real machines may leave it out (Sole does): then the characteristics that exist after connecting
tell the type.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from beatrunner.codecs.gatt import UINT16, Decoded, Oddity, PacketReader

_AVAILABLE = 1 << 0


class FitnessMachineType(IntFlag):
    TREADMILL = 1 << 0
    CROSS_TRAINER = 1 << 1
    STEP_CLIMBER = 1 << 2
    STAIR_CLIMBER = 1 << 3
    ROWER = 1 << 4
    INDOOR_BIKE = 1 << 5


@dataclass(frozen=True, slots=True)
class ServiceData(Decoded):
    """The Service Data of the Fitness Machine Service, without its UUID."""

    is_available: bool
    machine_type: FitnessMachineType


def decode_service_data(packet: bytes | bytearray) -> ServiceData:
    """Read Service Data; a machine type that is cut off has no bits, or those of its one byte.

    Raises `PacketError` for no bytes at all.
    """
    reader = PacketReader(packet)
    flags = reader.flags(1, _AVAILABLE)
    if is_cut_off := reader.remaining < UINT16.size:
        reader.note(Oddity.TOO_SHORT)
    types = reader.flags(reader.remaining if is_cut_off else UINT16.size, sum(FitnessMachineType))
    return ServiceData(
        is_available=bool(flags & _AVAILABLE),
        machine_type=FitnessMachineType(types),
        oddities=reader.finish(),
    )


def encode_service_data(data: ServiceData) -> bytes:
    """The bytes of Service Data."""
    flags = _AVAILABLE if data.is_available else 0
    return bytes([flags]) + UINT16.encode(data.machine_type & sum(FitnessMachineType))
