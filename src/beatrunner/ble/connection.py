"""One device kept connected: searched for, connected, held, and after a loss searched for again.

The waits between tries grow and are drawn at random, so that three links do not fight for one
adapter in step and a console that was just switched on is not pestered. A device that was there
for a while is tried again at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from bleak import BleakClient
from bleak.exc import BleakError

from beatrunner.ble.radio import Fits, Radio, RadioUnavailableError
from beatrunner.codecs.gatt import PacketError

_ENDINGS = (BleakError, OSError, EOFError, PacketError)
_MANY_FAILURES = 4


class Link(StrEnum):
    """How it stands with a device; `LOST` until one that was there is connected again."""

    NONE = "none"
    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"


class UnfitDeviceError(Exception):
    """A device that is not what it advertises; the message says so to the runner."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How long is searched, and how the waits between tries grow."""

    search_s: float = 4.0
    first_wait_s: float = 0.5
    longest_wait_s: float = 20.0

    def wait_s(self, failures: int, chance: random.Random) -> float:
        """Between half and all of a time that doubles with each failure."""
        full_s = min(self.first_wait_s * 2.0 ** min(failures, 30), self.longest_wait_s)
        return full_s * chance.uniform(0.5, 1.0)


#: Sets a connected device up, calls its second argument when done, and goes on until cancelled.
Serve = Callable[[BleakClient, Callable[[], None]], Awaitable[None]]


class Connection:
    """Holds `state`; `trouble` says in words why there is no connection; `name`, `address`."""

    def __init__(
        self, radio: Radio, fits: Fits, serve: Serve, pacing: Pacing, chance: random.Random
    ) -> None:
        self.state = Link.NONE
        self.trouble: str | None = None
        self.name: str | None = None
        self.address: str | None = None
        self._radio = radio
        self._fits = fits
        self._serve = serve
        self._pacing = pacing
        self._chance = chance
        self._failures = 0
        self._gone = asyncio.Event()

    def renew(self) -> None:
        """Let go of the device, to connect it again."""
        self._gone.set()

    async def run(self) -> None:
        """Keep the device connected, until cancelled."""
        try:
            while True:
                try:
                    await self._once()
                except RadioUnavailableError as error:
                    self._failed(str(error))
                except UnfitDeviceError as error:
                    self._failed(str(error))
                except _ENDINGS as error:
                    self._failed(self._words(error))
                await asyncio.sleep(self._pacing.wait_s(self._failures, self._chance))
        finally:
            self.state = Link.NONE

    async def _once(self) -> None:
        async with self._radio.turn:
            if self.state is not Link.LOST:
                self.state = Link.SEARCHING
            device = await self._radio.find(self._fits, self._pacing.search_s)
            if device is None:
                self._failures += 1
                return
            was_lost = self.state is Link.LOST
            self.state = Link.CONNECTING
            self._gone = asyncio.Event()
            client = self._radio.client(device, self._gone.set)
            self.name, self.address = device.name, device.address
            try:
                await client.connect()
            except BaseException:
                self.state = Link.LOST if was_lost else Link.SEARCHING
                await _disconnect(client)
                raise
        try:
            await self._hold(client)
        finally:
            self.state = Link.LOST if was_lost or self.state is Link.CONNECTED else Link.SEARCHING
            await _disconnect(client)

    async def _hold(self, client: BleakClient) -> None:
        serving = asyncio.ensure_future(self._serve(client, self._connected))
        losing = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait({serving, losing}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()
        finally:
            serving.cancel()
            losing.cancel()
            await asyncio.gather(serving, losing, return_exceptions=True)

    def _connected(self) -> None:
        self.state = Link.CONNECTED
        self.trouble = None
        self._failures = 0

    def _failed(self, words: str) -> None:
        self._failures += 1
        self.trouble = words

    def _words(self, error: Exception) -> str:
        words = f"{self.name or 'The device'} cannot be connected: {error}."
        if self._failures >= _MANY_FAILURES:
            words += " Some consoles take no connection any more until they were switched off."
        return words


async def listen(client: BleakClient, uuid: str, hear: Callable[[bytes], None]) -> None:
    """Have `hear` called with every notification of a characteristic, if there is one."""
    characteristic = client.services.get_characteristic(uuid)
    if characteristic is not None:
        await client.start_notify(characteristic, lambda _sender, packet: hear(bytes(packet)))


async def _disconnect(client: BleakClient) -> None:
    """As a courtesy: the device may be gone already."""
    with suppress(*_ENDINGS, TimeoutError):
        async with asyncio.timeout(2.0):
            await client.disconnect()
