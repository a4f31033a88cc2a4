"""One device kept connected: searched for, connected, held, and after a loss searched for again.

Which one: the one that was chosen; after a loss the one that was there, for another belt or heart
in its place would be a danger; else the only one in reach. Of several, none is taken until one is
chosen.

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
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bleak.exc import BleakError

from beatrunner.ble.radio import Fits, Radio, RadioUnavailableError, Sighting
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
    settle_s: float = 0.0
    """How long others may still be heard after the first; none: the first one is taken."""
    first_wait_s: float = 0.5
    longest_wait_s: float = 20.0

    def wait_s(self, failures: int, chance: random.Random) -> float:
        """Between half and all of a time that doubles with each failure."""
        full_s = min(self.first_wait_s * 2.0 ** min(failures, 30), self.longest_wait_s)
        return full_s * chance.uniform(0.5, 1.0)


#: Sets a connected device up, calls its second argument when done, and goes on until cancelled.
Serve = Callable[[BleakClient, Callable[[], None]], Awaitable[None]]


class Connection:
    """Holds `state`; `trouble` says in words why there is no connection; `name`, `address`.

    `sightings` are the devices that the last search heard, the strongest first, and `chosen` is
    the address of the one that was chosen.
    """

    def __init__(
        self,
        radio: Radio,
        fits: Fits,
        serve: Serve,
        pacing: Pacing,
        chance: random.Random,
        chosen: str | None = None,
    ) -> None:
        self.chosen = chosen
        self.sightings: tuple[Sighting, ...] = ()
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
        self._has_radio = True
        self._gone = asyncio.Event()
        self._hurried = asyncio.Event()

    def renew(self) -> None:
        """Let go of the device, to connect it again."""
        self._gone.set()

    def choose(self, address: str | None) -> None:
        """Connect this one and no other; None: whichever is the only one in reach."""
        self.chosen = address
        self._failures = 0
        if address is None or not _is(self.address, address):
            self.address = None
            if self.state is Link.LOST:
                self.state = Link.SEARCHING
            self.renew()
        self._hurried.set()

    async def run(self) -> None:
        """Keep the device connected, until cancelled."""
        try:
            while True:
                try:
                    await self._once()
                except RadioUnavailableError as error:
                    self._failed(str(error))
                    self._has_radio = False
                except UnfitDeviceError as error:
                    self._failed(str(error))
                except _ENDINGS as error:
                    self._failed(self._words(error))
                await self._wait()
        finally:
            self.state = Link.NONE

    async def _wait(self) -> None:
        self._hurried.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._pacing.wait_s(self._failures, self._chance)):
                await self._hurried.wait()

    async def _once(self) -> None:
        async with self._radio.turn:
            if self.state is not Link.LOST:
                self.state = Link.SEARCHING
            device = await self._search()
            if device is None:
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
            is_loss = was_lost or self.state is Link.CONNECTED
            is_let_go = self.address is None
            self.state = Link.LOST if is_loss and not is_let_go else Link.SEARCHING
            await _disconnect(client)

    async def _search(self) -> BLEDevice | None:
        pacing = self._pacing
        settle_s = pacing.settle_s if self._wanted is None else pacing.search_s
        sightings = await self._radio.look(
            self._is_possible, self._is_wanted, pacing.search_s, settle_s
        )
        if not self._has_radio:
            self.trouble, self._has_radio = None, True
        self.sightings = tuple(sorted(sightings, key=lambda each: -each.signal_dbm))
        wanted = self._wanted
        fitting = [
            each.device for each in sightings if wanted is None or _is(each.device.address, wanted)
        ]
        if len(fitting) == 1:
            return fitting[0]
        self._failures = 0 if fitting else self._failures + 1
        return None

    @property
    def _wanted(self) -> str | None:
        """The address of the only device that may be connected now."""
        return self.chosen or (self.address if self.state is Link.LOST else None)

    def _is_possible(self, device: BLEDevice, advertisement: AdvertisementData) -> bool:
        wanted = self._wanted
        return self._fits(device, advertisement) or (
            wanted is not None and _is(device.address, wanted)
        )

    def _is_wanted(self, device: BLEDevice) -> bool:
        wanted = self._wanted
        if wanted is None:
            return self._pacing.settle_s == 0
        return _is(device.address, wanted)

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


class DeviceLink:
    """What the link to any one device shows of its `_connection`."""

    _connection: Connection

    @property
    def state(self) -> Link:
        return self._connection.state

    @property
    def trouble(self) -> str | None:
        """Why there is no connection, in words; None while there is one."""
        return self._connection.trouble

    @property
    def name(self) -> str | None:
        return self._connection.name

    @property
    def address(self) -> str | None:
        return self._connection.address

    @property
    def chosen(self) -> str | None:
        """The address of the device that was chosen."""
        return self._connection.chosen

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """The devices that the last search heard, the strongest first."""
        return self._connection.sightings

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        await self._connection.run()


def _is(address: str | None, other: str) -> bool:
    return address is not None and address.lower() == other.lower()


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
