"""How a fitness machine answers: the control point and the status of the FTMS, without a radio.

One client at a time has control: the last that asked. Control ends with its connection, by a
reset, and when somebody else asks (FTMS v1.0, section 4.16). What one client changed is told to
the others, what the console changed to all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from types import MappingProxyType

from beatrunner.codecs.ftms.control_point import (
    ControlPoint,
    ControlPointResponse,
    OpCode,
    ResultCode,
    StopOrPause,
    decode_control_point,
    encode_control_point_response,
)
from beatrunner.codecs.ftms.machine_status import (
    MachineStatus,
    StatusOpCode,
    encode_machine_status,
)
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.core.simulation.belt import Answer, Belt, BeltEvent, Happening

_RESULTS = MappingProxyType(
    {
        Answer.SUCCESS: ResultCode.SUCCESS,
        Answer.NOT_SUPPORTED: ResultCode.OP_CODE_NOT_SUPPORTED,
        Answer.INVALID: ResultCode.INVALID_PARAMETER,
        Answer.FAILED: ResultCode.OPERATION_FAILED,
    }
)


@dataclass(frozen=True, slots=True)
class StatusPacket:
    """A status to send: to all clients, to all but one, or to one alone."""

    packet: bytes
    but: Hashable = None
    only: Hashable = None


class Machine:
    """One treadmill's side of the protocol. Clients are told apart by any hashable value."""

    def __init__(self, belt: Belt) -> None:
        self.belt = belt
        self.controlled_by: Hashable = None
        self.is_unlocked = not belt.quirks.unlocked_by
        self._is_prepared = False
        self._statuses: list[StatusPacket] = []

    def answer(self, client: Hashable, packet: bytes) -> bytes:
        """Carry out what `client` wrote, and answer. Raises `PacketError` for no bytes at all."""
        self._collect()
        request = decode_control_point(packet, self._command_unit)
        result = self._carry_out(client, request)
        self._collect(by=client)
        return encode_control_point_response(ControlPointResponse(request.op_code, result))

    def forget(self, client: Hashable) -> None:
        """This client is gone."""
        if self.controlled_by == client:
            self.controlled_by = None

    def unlock(self, secret: bytes) -> None:
        """Something was written to the vendor's own characteristic."""
        self.is_unlocked |= secret == self.belt.quirks.unlocked_by

    def drain_statuses(self) -> tuple[StatusPacket, ...]:
        """What is to be sent since the last time somebody asked, in order."""
        self._collect()
        statuses, self._statuses = tuple(self._statuses), []
        return statuses

    @property
    def _command_unit(self) -> SpeedUnit:
        return SpeedUnit.MPH if self.belt.quirks.commands_in_mph else SpeedUnit.KMH

    def _carry_out(self, client: Hashable, request: ControlPoint) -> ResultCode:
        if not self.is_unlocked:
            return ResultCode.CONTROL_NOT_PERMITTED
        if request.op_code == OpCode.REQUEST_CONTROL:
            return self._give_control(client)
        procedure = self._procedures.get(request.op_code)
        if procedure is None:
            return ResultCode.OP_CODE_NOT_SUPPORTED
        if self.controlled_by != client:
            return ResultCode.CONTROL_NOT_PERMITTED
        return procedure(self, request.parameters)

    def _give_control(self, client: Hashable) -> ResultCode:
        if self.controlled_by not in (None, client):
            lost = encode_machine_status(MachineStatus(StatusOpCode.CONTROL_PERMISSION_LOST))
            self._statuses.append(StatusPacket(lost, only=self.controlled_by))
        if self.controlled_by == client and self.belt.quirks.falls_back_on_repeat:
            self.belt.fall_back()
        self.controlled_by = client
        self._is_prepared = False
        return ResultCode.SUCCESS

    def _reset(self, _parameters: tuple[float, ...]) -> ResultCode:
        self.belt.reset()
        self._collect()
        self.controlled_by = None
        self._statuses.append(
            StatusPacket(encode_machine_status(MachineStatus(StatusOpCode.RESET)))
        )
        return ResultCode.SUCCESS

    def _set_speed(self, parameters: tuple[float, ...]) -> ResultCode:
        if not parameters:
            return ResultCode.INVALID_PARAMETER
        if self.belt.quirks.wants_start_before_speed and not self._is_prepared:
            return ResultCode.CONTROL_NOT_PERMITTED
        self._is_prepared = False
        return _RESULTS[self.belt.command_speed(parameters[0])]

    def _set_incline(self, parameters: tuple[float, ...]) -> ResultCode:
        if not parameters:
            return ResultCode.INVALID_PARAMETER
        return _RESULTS[self.belt.command_incline(parameters[0] / self.belt.quirks.incline_factor)]

    def _start(self, _parameters: tuple[float, ...]) -> ResultCode:
        self._is_prepared = True
        answer = self.belt.start()
        if answer is Answer.FAILED and self.belt.quirks.wants_start_before_speed:
            answer = Answer.SUCCESS
        return _RESULTS[answer]

    def _stop(self, parameters: tuple[float, ...]) -> ResultCode:
        match parameters:
            case (StopOrPause.STOP,):
                return _RESULTS[self.belt.stop()]
            case (StopOrPause.PAUSE,):
                return _RESULTS[self.belt.pause()]
        return ResultCode.INVALID_PARAMETER

    _procedures: MappingProxyType[
        OpCode | int, Callable[[Machine, tuple[float, ...]], ResultCode]
    ] = MappingProxyType(
        {
            OpCode.RESET: _reset,
            OpCode.SET_TARGET_SPEED: _set_speed,
            OpCode.SET_TARGET_INCLINATION: _set_incline,
            OpCode.START_OR_RESUME: _start,
            OpCode.STOP_OR_PAUSE: _stop,
        }
    )

    def _collect(self, by: Hashable = None) -> None:
        """Put into words what the belt did, `by` the command of a client or on its own."""
        quirks = self.belt.quirks
        for event in self.belt.drain_events():
            packet = encode_machine_status(self._status(event), self._command_unit)
            is_quiet = quirks.keeps_own_targets_quiet and not event.by_console
            self._statuses.append(StatusPacket(packet, but=by if is_quiet else None))

    def _status(self, event: BeltEvent) -> MachineStatus:
        quirks = self.belt.quirks
        stopped = MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (StopOrPause.STOP,))
        match event.happening:
            case Happening.STARTED if quirks.says_stopped_at_start and event.by_console:
                return stopped
            case Happening.STARTED:
                return MachineStatus(StatusOpCode.STARTED_OR_RESUMED_BY_USER)
            case Happening.STOPPED:
                return stopped
            case Happening.PAUSED:
                return MachineStatus(StatusOpCode.STOPPED_OR_PAUSED_BY_USER, (StopOrPause.PAUSE,))
            case Happening.SAFETY_KEY:
                return MachineStatus(StatusOpCode.STOPPED_BY_SAFETY_KEY)
            case Happening.SPEED_CHANGED:
                return MachineStatus(StatusOpCode.TARGET_SPEED_CHANGED, (event.value,))
            case Happening.INCLINE_CHANGED:
                value = event.value * quirks.incline_factor
                return MachineStatus(StatusOpCode.TARGET_INCLINATION_CHANGED, (value,))
