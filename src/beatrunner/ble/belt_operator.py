"""Carries out commands at the control point of one connection, one after the other.

What it will not do, whatever a quirk wants:
- Control is asked for when a command is about to be sent, never on connecting (I13).
- Nothing is sent twice, except Stop (I14): a refused or unanswered command is the governor's. A
  write that the machine did not take, since it was busy or not paired, is offered again.
- Start is repeated, where a machine needs that, only on a belt that this connection started, that
  was not stopped since by anyone, and that is seen to run and not to slow.
- A stop does not wait for an answer that does not come: what is in flight gets a moment, the rest
  of a sequence is not begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from bleak import BleakClient

from beatrunner.ble.commands import Answer, CommandSlot
from beatrunner.ble.exchange import (
    ControlPointExchange,
    NotTakenError,
    Timing,
    UnansweredError,
)
from beatrunner.ble.machine import MachineFacts
from beatrunner.ble.telemetry import Reading
from beatrunner.codecs.ftms.control_point import (
    ControlPoint,
    OpCode,
    ResultCode,
    StopOrPause,
    set_target_inclination,
    set_target_speed,
    stop_or_pause,
)
from beatrunner.core.governor import (
    Command,
    EventKind,
    MachineEvent,
    Result,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
)
from beatrunner.core.governor.bounds import STILL_KMH, TELEMETRY_LIFE_S

_REQUEST_CONTROL = ControlPoint(OpCode.REQUEST_CONTROL)
_START = ControlPoint(OpCode.START_OR_RESUME)
_STOP = stop_or_pause(StopOrPause.STOP)
_TRIES = 3
_STOP_TRIES = 5
_SLOWING_KMH = 0.05

#: Told by somebody at the machine, or by the machine: no start of ours is in force any more.
_ENDS = {EventKind.STOPPED_BY_USER, EventKind.SAFETY_KEY, EventKind.CONTROL_LOST}

_ACCEPTED = Answer(Result.ACCEPTED)
_WORDS: dict[int, str] = {
    ResultCode.OP_CODE_NOT_SUPPORTED: "The treadmill does not let this be controlled.",
    ResultCode.INVALID_PARAMETER: "The treadmill does not take this value.",
    ResultCode.OPERATION_FAILED: (
        "The treadmill could not do it. Some have to be started at their console first."
    ),
    ResultCode.CONTROL_NOT_PERMITTED: "The console or another app has control of the treadmill.",
}
_OVERTAKEN = Answer(Result.REFUSED, "A stop came first.")


class BeltOperator:
    """`tell` hears the answer to every command that was taken from the slot, exactly once."""

    def __init__(
        self,
        client: BleakClient,
        exchange: ControlPointExchange,
        machine: MachineFacts,
        slot: CommandSlot,
        tell: Callable[[Command, Answer], None],
        clock: Callable[[], float],
        timing: Timing,
    ) -> None:
        self._client = client
        self._exchange = exchange
        self._machine = machine
        self._slot = slot
        self._tell = tell
        self._clock = clock
        self._timing = timing
        self._has_control = False
        self._unlocked = False
        self._started = False
        self._reading: Reading | None = None
        self._slowing = False

    def see(self, reading: Reading) -> None:
        """What the belt does now."""
        before = self._reading
        self._slowing = before is not None and reading.speed_kmh < before.speed_kmh - _SLOWING_KMH
        self._reading = reading

    def hear(self, event: MachineEvent) -> None:
        """What happened at the machine."""
        if event.kind in _ENDS:
            self._started = False
        if event.kind is EventKind.CONTROL_LOST:
            self._has_control = False

    async def run(self) -> None:
        """Until cancelled; what is in flight then has an unknown outcome."""
        while True:
            command = await self._next()
            answer = Answer(Result.UNKNOWN, "The link was lost.")
            try:
                answer = await self._obey(command)
            finally:
                self._tell(command, answer)

    async def _next(self) -> Command:
        keep_alive_s = self._machine.quirks.keep_alive_s
        while keep_alive_s is not None:
            try:
                async with asyncio.timeout(keep_alive_s):
                    return await self._slot.take()
            except TimeoutError:
                if self._may_resume():
                    await self._attended(self._ask(_START))
        return await self._slot.take()

    async def _obey(self, command: Command) -> Answer:
        if isinstance(command, Stop):
            self._started = False
            return await self._stop()
        if words := self._refusal(command):
            return Answer(Result.REFUSED, words)
        return await self._attended(self._carry_out(command))

    async def _attended(self, work: Coroutine[None, None, Answer]) -> Answer:
        """The answer, or none if a stop comes and the machine is not quick."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._slot.stop_arrives())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                await asyncio.wait({working}, timeout=self._timing.stop_grace_s)
            if working.done():
                return working.result()
            return Answer(Result.UNKNOWN, "A stop did not wait for the answer.")
        finally:
            working.cancel()
            stopping.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)

    def _refusal(self, command: Command) -> str | None:
        machine, limits = self._machine, self._machine.limits
        if machine.control_refused is not None:
            return machine.control_refused
        match command:
            case Start() if machine.quirks.start_by_hand:
                return "Press Start at the treadmill: this one obeys only after that."
            case SetSpeed(speed_kmh=kmh) if not limits.has_speed(kmh):
                return f"{kmh:g} km/h is not a speed of this treadmill."
            case SetIncline() if machine.quirks.incline_refused is not None:
                return machine.quirks.incline_refused
            case SetIncline(incline_pct=pct) if not limits.has_incline(pct):
                return f"{pct:g} % is not an incline of this treadmill."
        return None

    async def _carry_out(self, command: Command) -> Answer:
        answer = await self._take_control()
        if answer.result is not Result.ACCEPTED:
            return answer
        if isinstance(command, Start):
            answer = await self._ask(_START)
            if answer.result is Result.REFUSED and self._runs():
                answer = _ACCEPTED  # A start of a belt that runs is refused.
            self._started = answer.result is Result.ACCEPTED
            return answer
        if self._machine.quirks.asks_again:
            await self._ask(_REQUEST_CONTROL)
            if self._may_resume():
                await self._ask(_START)
        if isinstance(command, SetSpeed):
            return await self._ask(set_target_speed(command.speed_kmh))
        assert isinstance(command, SetIncline)  # noqa: S101
        return await self._ask(set_target_inclination(command.incline_pct))

    async def _take_control(self) -> Answer:
        if self._has_control:
            return _ACCEPTED
        await self._unlock()
        answer = await self._ask(_REQUEST_CONTROL)
        self._has_control = answer.result is Result.ACCEPTED
        return answer

    async def _unlock(self) -> None:
        """A vendor's own writes, once for each connection."""
        if self._unlocked:
            return
        for unlock in self._machine.quirks.unlock:
            characteristic = self._client.services.get_characteristic(unlock.characteristic)
            if characteristic is not None:
                response = "write" in characteristic.properties
                if self._slot.stop_waits:
                    return
                await self._client.write_gatt_char(
                    characteristic, unlock.payload, response=response
                )
        self._unlocked = True

    async def _stop(self) -> Answer:
        """A stop goes out at once; control is asked for only when the machine wants that."""
        for tries_left in reversed(range(_STOP_TRIES)):
            answer = await self._put(_STOP)
            if answer.code == ResultCode.OPERATION_FAILED and not self._runs():
                return _ACCEPTED  # A stop of a belt that stands is refused.
            if answer.result is Result.ACCEPTED or not tries_left:
                break
            if answer.for_now:
                await asyncio.sleep(self._timing.busy_s)
            elif self._has_control or not await self._regain_control():
                break
        return answer

    async def _regain_control(self) -> bool:
        self._has_control = (await self._put(_REQUEST_CONTROL)).result is Result.ACCEPTED
        return self._has_control

    async def _ask(self, request: ControlPoint) -> Answer:
        """Anything but a stop: not if one waits. What was not taken at all is offered again."""
        for tries_left in reversed(range(_TRIES)):
            await self._exchange.pause()
            if self._slot.stop_waits:
                return _OVERTAKEN
            answer = await self._put(request)
            if not answer.for_now or not tries_left:
                break
            await asyncio.sleep(self._timing.busy_s)
        return answer

    async def _put(self, request: ControlPoint) -> Answer:
        try:
            code = await self._exchange.ask(request)
        except NotTakenError as error:
            return Answer(Result.REFUSED, str(error), for_now=error.for_now)
        except UnansweredError as error:
            return Answer(Result.UNKNOWN, str(error))
        if code == ResultCode.CONTROL_NOT_PERMITTED:
            self._has_control = False
        return _judged(request, code)

    def _runs(self) -> bool:
        """Whether fresh telemetry shows a belt that moves."""
        reading = self._reading
        return (
            reading is not None
            and self._clock() - reading.at_s <= TELEMETRY_LIFE_S
            and reading.speed_kmh > STILL_KMH
        )

    def _may_resume(self) -> bool:
        """Whether a repeated start cannot start anything."""
        return self._started and self._runs() and not self._slowing


def _judged(request: ControlPoint, code: int) -> Answer:
    """The machine's answer in words."""
    if code == ResultCode.SUCCESS:
        return Answer(Result.ACCEPTED, code=code)
    return Answer(Result.REFUSED, _WORDS.get(code, f"The treadmill answered {code}."), code)
