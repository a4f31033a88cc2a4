"""The Running Speed and Cadence service, 0x1814: foot pods (RSC Service v1.0).

Pods disagree whether cadence counts the steps of one foot or of both; `cadence_spm` tells both
feet. By the Speed and Cadence ("SC") Control Point a client resets the distance, calibrates the
sensor or says where it sits; the pod answers by indication.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from types import MappingProxyType
from typing import Final

from beatrunner.codecs.gatt import (
    UINT8,
    UINT16,
    Decoded,
    Number,
    Oddity,
    PacketError,
    PacketReader,
    assigned_uuid,
)

RUNNING_SPEED_AND_CADENCE_SERVICE: Final = assigned_uuid(0x1814)
RSC_MEASUREMENT: Final = assigned_uuid(0x2A53)
RSC_FEATURE: Final = assigned_uuid(0x2A54)
SENSOR_LOCATION: Final = assigned_uuid(0x2A5D)
SC_CONTROL_POINT: Final = assigned_uuid(0x2A55)

_STRIDE_LENGTH_PRESENT = 1 << 0
_TOTAL_DISTANCE_PRESENT = 1 << 1
_IS_RUNNING = 1 << 2
_ALL_FLAGS = _STRIDE_LENGTH_PRESENT | _TOTAL_DISTANCE_PRESENT | _IS_RUNNING

_SPEED = Number(2, per_unit=256)
_STRIDE_LENGTH = Number(2, per_unit=100)
_TOTAL_DISTANCE = Number(4, per_unit=10)

#: Nobody runs with fewer steps than this, both feet counted.
_FEWEST_RUNNING_SPM = 120


class RscFeature(IntFlag):
    INSTANTANEOUS_STRIDE_LENGTH = 1 << 0
    TOTAL_DISTANCE = 1 << 1
    WALKING_OR_RUNNING_STATUS = 1 << 2
    CALIBRATION_PROCEDURE = 1 << 3
    MULTIPLE_SENSOR_LOCATIONS = 1 << 4


class SensorLocation(IntEnum):
    OTHER = 0
    TOP_OF_SHOE = 1
    IN_SHOE = 2
    HIP = 3
    FRONT_WHEEL = 4
    LEFT_CRANK = 5
    RIGHT_CRANK = 6
    LEFT_PEDAL = 7
    RIGHT_PEDAL = 8
    FRONT_HUB = 9
    REAR_DROPOUT = 10
    CHAINSTAY = 11
    REAR_WHEEL = 12
    REAR_HUB = 13
    CHEST = 14
    SPIDER = 15
    CHAIN_RING = 16


class ScOpCode(IntEnum):
    SET_CUMULATIVE_VALUE = 0x01
    START_SENSOR_CALIBRATION = 0x02
    UPDATE_SENSOR_LOCATION = 0x03
    REQUEST_SUPPORTED_SENSOR_LOCATIONS = 0x04
    RESPONSE_CODE = 0x10


class ScResult(IntEnum):
    SUCCESS = 0x01
    OP_CODE_NOT_SUPPORTED = 0x02
    INVALID_PARAMETER = 0x03
    OPERATION_FAILED = 0x04


class ScAttError(IntEnum):
    """ATT errors of this service (section 1.6); later ones use `gatt.AttError`."""

    PROCEDURE_ALREADY_IN_PROGRESS = 0x80
    CCCD_IMPROPERLY_CONFIGURED = 0x81


@dataclass(frozen=True, slots=True)
class RscMeasurement(Decoded):
    """One notification, as sent. Pods without a walking or running status say "walking"."""

    speed_mps: float | None
    cadence_per_min: float | None
    stride_length_m: float | None = None
    total_distance_m: float | None = None
    is_running: bool = False

    @property
    def counts_one_foot(self) -> bool:
        """Whether the cadence is so low for a run that it must be that of one foot."""
        cadence = self.cadence_per_min
        return self.is_running and cadence is not None and 0 < cadence < _FEWEST_RUNNING_SPM

    @property
    def cadence_spm(self) -> float | None:
        """Steps of both feet per minute: as sent, or twice that where one foot was counted."""
        if self.cadence_per_min is None:
            return None
        return self.cadence_per_min * (2 if self.counts_one_foot else 1)


@dataclass(frozen=True, slots=True)
class ScControlPoint(Decoded):
    """One procedure.

    The parameter of SET_CUMULATIVE_VALUE is a distance in m, that of UPDATE_SENSOR_LOCATION a
    `SensorLocation`, or a plain number if reserved; others have none. None if it was cut off.
    """

    op_code: ScOpCode | int
    parameter: float | None = None


@dataclass(frozen=True, slots=True)
class ScControlPointResponse(Decoded):
    """The pod's answer, with its locations if it was asked for them."""

    request_op_code: ScOpCode | int
    result: ScResult | int
    locations: tuple[SensorLocation | int, ...] = ()


_PARAMETERS: Mapping[int, Number | None] = MappingProxyType(
    {
        ScOpCode.SET_CUMULATIVE_VALUE: _TOTAL_DISTANCE,
        ScOpCode.START_SENSOR_CALIBRATION: None,
        ScOpCode.UPDATE_SENSOR_LOCATION: UINT8,
        ScOpCode.REQUEST_SUPPORTED_SENSOR_LOCATIONS: None,
    }
)


def decode_rsc_measurement(packet: bytes | bytearray) -> RscMeasurement:
    """Read a measurement (section 3.1). Raises `PacketError` for no bytes at all."""
    reader = PacketReader(packet)
    flags = reader.flags(1, _ALL_FLAGS)
    return RscMeasurement(
        speed_mps=reader.number(_SPEED),
        cadence_per_min=reader.number(UINT8),
        stride_length_m=reader.number(_STRIDE_LENGTH) if flags & _STRIDE_LENGTH_PRESENT else None,
        total_distance_m=(
            reader.number(_TOTAL_DISTANCE) if flags & _TOTAL_DISTANCE_PRESENT else None
        ),
        is_running=bool(flags & _IS_RUNNING),
        oddities=reader.finish(),
    )


def encode_rsc_measurement(measurement: RscMeasurement) -> bytes:
    """The bytes of a measurement. Raises `PacketError` without speed or cadence, or for no fit."""
    flags = _IS_RUNNING if measurement.is_running else 0
    body = _SPEED.encode(measurement.speed_mps) + UINT8.encode(measurement.cadence_per_min)
    if measurement.stride_length_m is not None:
        flags |= _STRIDE_LENGTH_PRESENT
        body += _STRIDE_LENGTH.encode(measurement.stride_length_m)
    if measurement.total_distance_m is not None:
        flags |= _TOTAL_DISTANCE_PRESENT
        body += _TOTAL_DISTANCE.encode(measurement.total_distance_m)
    return bytes([flags]) + body


def decode_rsc_feature(packet: bytes | bytearray) -> RscFeature:
    """What a pod can do (section 3.2), reserved bits ignored. Raises `PacketError` if cut off."""
    return RscFeature(PacketReader(packet).flags(UINT16.size, sum(RscFeature)))


def encode_rsc_feature(feature: RscFeature) -> bytes:
    """The two bytes of the features, reserved bits zero."""
    return UINT16.encode(feature & sum(RscFeature))


def decode_sensor_location(packet: bytes | bytearray) -> SensorLocation | int:
    """Where the pod sits (section 3.3), a plain number if reserved. `PacketError`: no byte."""
    return PacketReader(packet).code(SensorLocation)


def encode_sensor_location(location: SensorLocation) -> bytes:
    """The byte of a location."""
    return bytes([location])


def decode_sc_control_point(packet: bytes | bytearray) -> ScControlPoint:
    """Read what a client wrote (section 3.4). Raises `PacketError` for no bytes at all."""
    reader = PacketReader(packet)
    op_code = reader.code(ScOpCode)
    parameter: float | None = None
    if op_code not in _PARAMETERS:
        reader.rest()
        reader.note(Oddity.RESERVED_VALUE)  # RESPONSE_CODE is an op code, but no procedure.
    elif op_code == ScOpCode.UPDATE_SENSOR_LOCATION and reader.remaining:
        parameter = reader.code(SensorLocation)
    elif number := _PARAMETERS[op_code]:
        parameter = reader.number(number)
    return ScControlPoint(op_code, parameter, oddities=reader.finish())


def encode_sc_control_point(request: ScControlPoint) -> bytes:
    """The bytes to write.

    Raises `PacketError` for reserved codes and for a parameter that is missing, too many or does
    not fit.
    """
    if request.op_code not in _PARAMETERS:
        raise PacketError(f"op code {request.op_code:#04x} is no procedure")
    number = _PARAMETERS[request.op_code]
    if number is None and request.parameter is not None:
        raise PacketError(f"op code {request.op_code:#04x} has no parameter")
    if number is UINT8 and request.parameter not in set(SensorLocation):
        raise PacketError(f"location {request.parameter} is reserved")
    return bytes([request.op_code]) + (number.encode(request.parameter) if number else b"")


def decode_sc_control_point_response(packet: bytes | bytearray) -> ScControlPointResponse:
    """Read an indication. Raises `PacketError` if it is no answer, or one without a result."""
    reader = PacketReader(packet)
    if reader.code(ScOpCode) != ScOpCode.RESPONSE_CODE:
        raise PacketError("not an answer")
    request_op_code = reader.code(ScOpCode)
    result = reader.code(ScResult)
    locations: list[SensorLocation | int] = []
    while _has_locations(request_op_code, result) and reader.remaining:
        locations.append(reader.code(SensorLocation))
    return ScControlPointResponse(
        request_op_code, result, tuple(locations), oddities=reader.finish()
    )


def encode_sc_control_point_response(response: ScControlPointResponse) -> bytes:
    """The bytes to indicate. Raises `PacketError` for reserved codes and misplaced locations.

    Any op code can be answered, since a pod has to refuse those that it does not know.
    """
    if response.result not in set(ScResult):
        raise PacketError(f"result {response.result} is reserved")
    if not set(response.locations) <= set(SensorLocation):
        raise PacketError("a location is reserved")
    if response.locations and not _has_locations(response.request_op_code, response.result):
        raise PacketError("nobody asked for locations")
    head = bytes([ScOpCode.RESPONSE_CODE]) + UINT8.encode(response.request_op_code)
    return head + bytes([response.result, *response.locations])


def _has_locations(request_op_code: int, result: int) -> bool:
    is_asked_for = request_op_code == ScOpCode.REQUEST_SUPPORTED_SENSOR_LOCATIONS
    return is_asked_for and result == ScResult.SUCCESS
