"""Fitness Machine Status, 0x2ADA: what happened to a machine (FTMS v1.0, section 4.17).

A machine must notify the other clients of a change that one client made, but need not notify the
one: what confirms a command is its answer and the speed in Treadmill Data. A changed target that
differs from the last command means that the runner pressed a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from beatrunner.codecs.ftms.control_point import PARAMETERS, OpCode, StopOrPause
from beatrunner.codecs.ftms.quantities import SpeedUnit, read_parameters, write_parameters
from beatrunner.codecs.gatt import UINT8, Decoded, Number, PacketError, PacketReader


class StatusOpCode(IntEnum):
    RESET = 0x01
    STOPPED_OR_PAUSED_BY_USER = 0x02
    STOPPED_BY_SAFETY_KEY = 0x03
    STARTED_OR_RESUMED_BY_USER = 0x04
    TARGET_SPEED_CHANGED = 0x05
    TARGET_INCLINATION_CHANGED = 0x06
    TARGET_RESISTANCE_LEVEL_CHANGED = 0x07
    TARGET_POWER_CHANGED = 0x08
    TARGET_HEART_RATE_CHANGED = 0x09
    TARGETED_EXPENDED_ENERGY_CHANGED = 0x0A
    TARGETED_NUMBER_OF_STEPS_CHANGED = 0x0B
    TARGETED_NUMBER_OF_STRIDES_CHANGED = 0x0C
    TARGETED_DISTANCE_CHANGED = 0x0D
    TARGETED_TRAINING_TIME_CHANGED = 0x0E
    TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED = 0x0F
    TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED = 0x10
    TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED = 0x11
    INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED = 0x12
    WHEEL_CIRCUMFERENCE_CHANGED = 0x13
    SPIN_DOWN_STATUS = 0x14
    TARGETED_CADENCE_CHANGED = 0x15
    CONTROL_PERMISSION_LOST = 0xFF


class SpinDownStatus(IntEnum):
    REQUESTED = 0x01
    SUCCESS = 0x02
    ERROR = 0x03
    STOP_PEDALING = 0x04


_CHANGED_BY = {
    StatusOpCode.TARGET_SPEED_CHANGED: OpCode.SET_TARGET_SPEED,
    StatusOpCode.TARGET_INCLINATION_CHANGED: OpCode.SET_TARGET_INCLINATION,
    StatusOpCode.TARGET_RESISTANCE_LEVEL_CHANGED: OpCode.SET_TARGET_RESISTANCE_LEVEL,
    StatusOpCode.TARGET_POWER_CHANGED: OpCode.SET_TARGET_POWER,
    StatusOpCode.TARGET_HEART_RATE_CHANGED: OpCode.SET_TARGET_HEART_RATE,
    StatusOpCode.TARGETED_EXPENDED_ENERGY_CHANGED: OpCode.SET_TARGETED_EXPENDED_ENERGY,
    StatusOpCode.TARGETED_NUMBER_OF_STEPS_CHANGED: OpCode.SET_TARGETED_NUMBER_OF_STEPS,
    StatusOpCode.TARGETED_NUMBER_OF_STRIDES_CHANGED: OpCode.SET_TARGETED_NUMBER_OF_STRIDES,
    StatusOpCode.TARGETED_DISTANCE_CHANGED: OpCode.SET_TARGETED_DISTANCE,
    StatusOpCode.TARGETED_TRAINING_TIME_CHANGED: OpCode.SET_TARGETED_TRAINING_TIME,
    StatusOpCode.TARGETED_TIME_IN_TWO_HEART_RATE_ZONES_CHANGED: (
        OpCode.SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES
    ),
    StatusOpCode.TARGETED_TIME_IN_THREE_HEART_RATE_ZONES_CHANGED: (
        OpCode.SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES
    ),
    StatusOpCode.TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES_CHANGED: (
        OpCode.SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES
    ),
    StatusOpCode.INDOOR_BIKE_SIMULATION_PARAMETERS_CHANGED: (
        OpCode.SET_INDOOR_BIKE_SIMULATION_PARAMETERS
    ),
    StatusOpCode.WHEEL_CIRCUMFERENCE_CHANGED: OpCode.SET_WHEEL_CIRCUMFERENCE,
    StatusOpCode.TARGETED_CADENCE_CHANGED: OpCode.SET_TARGETED_CADENCE,
}

#: A changed target is told as it was set.
STATUS_PARAMETERS: Mapping[StatusOpCode, tuple[Number, ...]] = MappingProxyType(
    {
        StatusOpCode.RESET: (),
        StatusOpCode.STOPPED_OR_PAUSED_BY_USER: (UINT8,),
        StatusOpCode.STOPPED_BY_SAFETY_KEY: (),
        StatusOpCode.STARTED_OR_RESUMED_BY_USER: (),
        StatusOpCode.SPIN_DOWN_STATUS: (UINT8,),
        StatusOpCode.CONTROL_PERMISSION_LOST: (),
    }
    | {status: PARAMETERS[op_code] for status, op_code in _CHANGED_BY.items()}
)

#: Statuses whose parameter is one of a few codes.
_CHOICES: Mapping[int, type[IntEnum]] = MappingProxyType(
    {
        StatusOpCode.STOPPED_OR_PAUSED_BY_USER: StopOrPause,
        StatusOpCode.SPIN_DOWN_STATUS: SpinDownStatus,
    }
)


@dataclass(frozen=True, slots=True)
class MachineStatus(Decoded):
    """One event, to be matched as `MachineStatus(StatusOpCode.TARGET_SPEED_CHANGED, (speed_kmh,))`.

    `op_code` is a plain number where the specification reserves it, its parameters are unknown
    then. There are fewer `parameters` than the status has where the packet was too short.
    """

    op_code: StatusOpCode | int
    parameters: tuple[float, ...] = ()


def decode_machine_status(
    packet: bytes | bytearray, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> MachineStatus:
    """Read a notification. Raises `PacketError` for no bytes at all.

    What it says need not be so: some machines repeat their last status to whoever subscribes, and
    TP1 consoles send "stopped by the user" when the user starts.
    """
    reader = PacketReader(packet)
    op_code = reader.code(StatusOpCode)
    if op_code not in STATUS_PARAMETERS:
        reader.rest()
        return MachineStatus(op_code, oddities=reader.finish())
    numbers = STATUS_PARAMETERS[StatusOpCode(op_code)]
    parameters = read_parameters(reader, numbers, speed_unit, _CHOICES.get(op_code))
    return MachineStatus(op_code, parameters, oddities=reader.finish())


def encode_machine_status(status: MachineStatus, speed_unit: SpeedUnit = SpeedUnit.KMH) -> bytes:
    """The bytes to notify. Raises `PacketError` for reserved codes and unfit parameters."""
    if status.op_code not in STATUS_PARAMETERS:
        raise PacketError(f"status {status.op_code:#04x} is reserved")
    op_code = StatusOpCode(status.op_code)
    return bytes([op_code]) + write_parameters(
        status.parameters, STATUS_PARAMETERS[op_code], speed_unit, _CHOICES.get(op_code)
    )
