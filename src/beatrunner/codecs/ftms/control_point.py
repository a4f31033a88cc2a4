"""Fitness Machine Control Point, 0x2AD9: what a machine is told (FTMS v1.0, section 4.16).

The client asks for control, then writes one procedure at a time: an op code with its parameters.
The machine answers each with an indication. Control ends with the connection, by a reset and by
the status Control Permission Lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from beatrunner.codecs.ftms.quantities import (
    BIKE_SIMULATION,
    CADENCE,
    COUNT,
    DISTANCE,
    ENERGY,
    HEART_RATE,
    INCLINATION,
    POWER,
    RESISTANCE,
    SPEED,
    TIME,
    WHEEL_CIRCUMFERENCE,
    SpeedUnit,
    read_parameters,
    write_parameters,
)
from beatrunner.codecs.gatt import UINT8, Decoded, Number, Oddity, PacketError, PacketReader


class OpCode(IntEnum):
    """Procedures, and the code in front of every answer (table 4.15)."""

    REQUEST_CONTROL = 0x00
    RESET = 0x01
    SET_TARGET_SPEED = 0x02
    SET_TARGET_INCLINATION = 0x03
    SET_TARGET_RESISTANCE_LEVEL = 0x04
    SET_TARGET_POWER = 0x05
    SET_TARGET_HEART_RATE = 0x06
    START_OR_RESUME = 0x07
    STOP_OR_PAUSE = 0x08
    SET_TARGETED_EXPENDED_ENERGY = 0x09
    SET_TARGETED_NUMBER_OF_STEPS = 0x0A
    SET_TARGETED_NUMBER_OF_STRIDES = 0x0B
    SET_TARGETED_DISTANCE = 0x0C
    SET_TARGETED_TRAINING_TIME = 0x0D
    SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES = 0x0E
    SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES = 0x0F
    SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES = 0x10
    SET_INDOOR_BIKE_SIMULATION_PARAMETERS = 0x11
    SET_WHEEL_CIRCUMFERENCE = 0x12
    SPIN_DOWN_CONTROL = 0x13
    SET_TARGETED_CADENCE = 0x14
    RESPONSE_CODE = 0x80


class ResultCode(IntEnum):
    """Answers (table 4.24). Start while running and stop while stopped give OPERATION_FAILED."""

    SUCCESS = 0x01
    OP_CODE_NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    OPERATION_FAILED = 0x04
    CONTROL_NOT_PERMITTED = 0x05


class StopOrPause(IntEnum):
    """Control information (table 4.16)."""

    STOP = 0x01
    PAUSE = 0x02


class SpinDownControl(IntEnum):
    """Control parameter (table 4.21)."""

    START = 0x01
    IGNORE = 0x02


#: What the parameters of each procedure are; the names in `quantities` tell their units.
PARAMETERS: Mapping[OpCode, tuple[Number, ...]] = MappingProxyType(
    {
        OpCode.REQUEST_CONTROL: (),
        OpCode.RESET: (),
        OpCode.SET_TARGET_SPEED: (SPEED,),
        OpCode.SET_TARGET_INCLINATION: (INCLINATION,),
        OpCode.SET_TARGET_RESISTANCE_LEVEL: (RESISTANCE,),
        OpCode.SET_TARGET_POWER: (POWER,),
        OpCode.SET_TARGET_HEART_RATE: (HEART_RATE,),
        OpCode.START_OR_RESUME: (),
        OpCode.STOP_OR_PAUSE: (UINT8,),
        OpCode.SET_TARGETED_EXPENDED_ENERGY: (ENERGY,),
        OpCode.SET_TARGETED_NUMBER_OF_STEPS: (COUNT,),
        OpCode.SET_TARGETED_NUMBER_OF_STRIDES: (COUNT,),
        OpCode.SET_TARGETED_DISTANCE: (DISTANCE,),
        OpCode.SET_TARGETED_TRAINING_TIME: (TIME,),
        OpCode.SET_TARGETED_TIME_IN_TWO_HEART_RATE_ZONES: (TIME,) * 2,
        OpCode.SET_TARGETED_TIME_IN_THREE_HEART_RATE_ZONES: (TIME,) * 3,
        OpCode.SET_TARGETED_TIME_IN_FIVE_HEART_RATE_ZONES: (TIME,) * 5,
        OpCode.SET_INDOOR_BIKE_SIMULATION_PARAMETERS: BIKE_SIMULATION,
        OpCode.SET_WHEEL_CIRCUMFERENCE: (WHEEL_CIRCUMFERENCE,),
        OpCode.SPIN_DOWN_CONTROL: (UINT8,),
        OpCode.SET_TARGETED_CADENCE: (CADENCE,),
    }
)

#: Procedures whose parameter is one of a few codes.
_CHOICES: Mapping[int, type[IntEnum]] = MappingProxyType(
    {OpCode.STOP_OR_PAUSE: StopOrPause, OpCode.SPIN_DOWN_CONTROL: SpinDownControl}
)


@dataclass(frozen=True, slots=True)
class ControlPoint(Decoded):
    """One procedure, to be matched as `ControlPoint(OpCode.SET_TARGET_SPEED, (speed_kmh,))`.

    `op_code` is a plain number where the specification reserves it, its parameters are unknown
    then. There are fewer `parameters` than the procedure has where the packet was too short.
    """

    op_code: OpCode | int
    parameters: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlPointResponse(Decoded):
    """The machine's answer. Only a successful spin down has parameters: two speeds in km/h."""

    request_op_code: OpCode | int
    result: ResultCode | int
    parameters: tuple[float, ...] = ()


def set_target_speed(speed_kmh: float) -> ControlPoint:
    """Ask for a speed of the belt. Encoding rounds to the nearest 0.01 km/h."""
    return ControlPoint(OpCode.SET_TARGET_SPEED, (speed_kmh,))


def set_target_inclination(inclination_pct: float) -> ControlPoint:
    """Ask for an inclination, positive uphill. Encoding rounds to the nearest 0.1 %."""
    return ControlPoint(OpCode.SET_TARGET_INCLINATION, (inclination_pct,))


def stop_or_pause(action: StopOrPause) -> ControlPoint:
    """Ask the belt to stop, for good or for now."""
    return ControlPoint(OpCode.STOP_OR_PAUSE, (action,))


def decode_control_point(
    packet: bytes | bytearray, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> ControlPoint:
    """Read what a client wrote. Raises `PacketError` for no bytes at all."""
    reader = PacketReader(packet)
    op_code = reader.code(OpCode)
    if op_code not in PARAMETERS:
        reader.rest()
        reader.note(Oddity.RESERVED_VALUE)  # RESPONSE_CODE is an op code, but no procedure.
        return ControlPoint(op_code, oddities=reader.finish())
    numbers = PARAMETERS[OpCode(op_code)]
    parameters = read_parameters(reader, numbers, speed_unit, _CHOICES.get(op_code))
    return ControlPoint(op_code, parameters, oddities=reader.finish())


def encode_control_point(request: ControlPoint, speed_unit: SpeedUnit = SpeedUnit.KMH) -> bytes:
    """The bytes to write. Raises `PacketError` for reserved codes and parameters that do not fit.

    Numbers are rounded to the step of the protocol, not to that of the machine.
    """
    if request.op_code not in PARAMETERS:
        raise PacketError(f"op code {request.op_code:#04x} is no procedure")
    op_code = OpCode(request.op_code)
    return bytes([op_code]) + write_parameters(
        request.parameters, PARAMETERS[op_code], speed_unit, _CHOICES.get(op_code)
    )


def decode_control_point_response(
    packet: bytes | bytearray, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> ControlPointResponse:
    """Read an indication. Raises `PacketError` if it is no answer, or one without a result."""
    reader = PacketReader(packet)
    if reader.code(OpCode) != OpCode.RESPONSE_CODE:
        raise PacketError("not an answer")
    request_op_code = reader.code(OpCode)
    result = reader.code(ResultCode)
    numbers = _response_parameters(request_op_code, result)
    parameters = read_parameters(reader, numbers, speed_unit)
    return ControlPointResponse(request_op_code, result, parameters, oddities=reader.finish())


def encode_control_point_response(
    response: ControlPointResponse, speed_unit: SpeedUnit = SpeedUnit.KMH
) -> bytes:
    """The bytes to indicate. Raises `PacketError` for reserved results and wrong parameters.

    Any op code can be answered, since a machine has to refuse those that it does not know.
    """
    if response.result not in set(ResultCode):
        raise PacketError(f"result {response.result} is reserved")
    numbers = _response_parameters(response.request_op_code, response.result)
    head = bytes([OpCode.RESPONSE_CODE]) + UINT8.encode(response.request_op_code)
    return (
        head + bytes([response.result]) + write_parameters(response.parameters, numbers, speed_unit)
    )


def _response_parameters(request_op_code: int, result: int) -> tuple[Number, ...]:
    is_spin_down = request_op_code == OpCode.SPIN_DOWN_CONTROL
    return (SPEED, SPEED) if is_spin_down and result == ResultCode.SUCCESS else ()
