"""One procedure of the control point at a time: written, then answered by an indication.

An answer is matched by its op code, and what comes before a request is written is thrown away. An
answer that comes after its time can still be taken for that of the next request with the same op
code: an accepted command is no proof that the belt obeys, only telemetry is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakError, BleakGATTProtocolError, BleakGATTProtocolErrorCode

from beatrunner.codecs.ftms.control_point import (
    ControlPoint,
    ResultCode,
    decode_control_point_response,
    encode_control_point,
)
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.gatt import PacketError

_UNPAIRED = {
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
}


class UnansweredError(Exception):
    """Nobody knows whether the machine did it; the message says why."""


class NotTakenError(Exception):
    """The write was refused, so the machine did nothing; `for_now` if it may take the next."""

    def __init__(self, words: str, *, for_now: bool = False) -> None:
        super().__init__(words)
        self.for_now = for_now


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient the link is. Governors take two seconds of silence for an unknown outcome."""

    answer_s: float = 1.8
    stop_grace_s: float = 0.2
    """What an exchange still gets to hear its answer once a stop waits."""
    busy_s: float = 0.1
    """Until a stop is written again to a machine that is busy."""


class ControlPointExchange:
    """The control point of one connection; `open` before `ask`."""

    def __init__(
        self,
        client: BleakClient,
        characteristic: BleakGATTCharacteristic,
        speed_unit: SpeedUnit,
        timing: Timing,
        *,
        without_response: bool = False,
        pause_s: float = 0.0,
    ) -> None:
        self._client = client
        self._characteristic = characteristic
        self._speed_unit = speed_unit
        self._timing = timing
        properties = characteristic.properties
        self._response = "write" in properties and not (
            without_response and "write-without-response" in properties
        )
        self._pause_s = pause_s
        self._written_s: float | None = None
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> None:
        """Enable the indications."""
        await self._client.start_notify(
            self._characteristic, lambda _sender, packet: self._heard.put_nowait(bytes(packet))
        )

    async def pause(self) -> None:
        """Wait as long as this machine needs between two writes."""
        if self._pause_s and self._written_s is not None:
            since_s = asyncio.get_running_loop().time() - self._written_s
            await asyncio.sleep(max(self._pause_s - since_s, 0.0))

    async def ask(self, request: ControlPoint) -> ResultCode | int:
        """The machine's answer.

        Raises:
            UnansweredError: it took too long, or the link broke.
            NotTakenError: the write was refused, or there is no such packet.
        """
        try:
            packet = encode_control_point(request, self._speed_unit)
        except PacketError as error:
            raise NotTakenError(f"This cannot be told to a treadmill: {error}.") from error
        while not self._heard.empty():
            self._heard.get_nowait()
        try:
            async with asyncio.timeout(self._timing.answer_s):
                self._written_s = asyncio.get_running_loop().time()
                await self._client.write_gatt_char(
                    self._characteristic, packet, response=self._response
                )
                return await self._answer(request.op_code)
        except TimeoutError as error:
            raise UnansweredError("The treadmill did not answer.") from error
        except BleakGATTProtocolError as error:
            raise await self._not_taken(error) from error
        except (BleakError, OSError, EOFError) as error:
            raise UnansweredError(f"The link broke: {error}.") from error

    async def _answer(self, op_code: int) -> ResultCode | int:
        while True:
            try:
                response = decode_control_point_response(await self._heard.get(), self._speed_unit)
            except PacketError:
                continue
            if response.request_op_code == op_code:
                return response.result

    async def _not_taken(self, error: BleakGATTProtocolError) -> NotTakenError:
        if error.code is BleakGATTProtocolErrorCode.PROCEDURE_ALREADY_IN_PROGRESS:
            return NotTakenError("The treadmill is busy with the command before.", for_now=True)
        if error.code not in _UNPAIRED:
            return NotTakenError(f"The treadmill refused the write: {error.args[-1]}.")
        try:
            await self._client.pair()
        except (BleakError, OSError, NotImplementedError):
            return NotTakenError("Pair the treadmill in the Bluetooth settings of this computer.")
        return NotTakenError("The treadmill had to be paired first.", for_now=True)
