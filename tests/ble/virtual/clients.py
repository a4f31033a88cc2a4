"""A client as anybody would write one with bleak alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bleak import BleakClient
from bleak.backends.device import BLEDevice

from beatrunner.ble.radio import Radio
from beatrunner.ble.virtual.gym import GymParameters, VirtualGym
from beatrunner.codecs.ftms import uuids

PATIENCE_S = 2.0
_TURNS = 50


async def find(radio: Radio, service: str) -> BLEDevice:
    device = await radio.find(
        lambda _device, heard: service in heard.service_uuids, patience_s=PATIENCE_S
    )
    assert device
    return device


def still_gym(**parameters: Any) -> VirtualGym:
    """Time passes by `advance` alone."""
    return VirtualGym(GymParameters(**parameters), is_ticking=False)


class TreadmillClient:
    """Collects what a treadmill says, in hexadecimal."""

    def __init__(self, client: BleakClient) -> None:
        self.client = client
        self.statuses: list[str] = []
        self.data: list[bytes] = []
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self._heard = asyncio.Event()

    async def listen(self) -> None:
        await self.client.start_notify(
            uuids.FITNESS_MACHINE_CONTROL_POINT,
            lambda _, packet: self._answers.put_nowait(packet.hex()),
        )
        await self.client.start_notify(
            uuids.FITNESS_MACHINE_STATUS, lambda _, packet: self.statuses.append(packet.hex())
        )
        await self.client.start_notify(uuids.TREADMILL_DATA, self._hear)

    async def write(self, command: str) -> None:
        await self.client.write_gatt_char(
            uuids.FITNESS_MACHINE_CONTROL_POINT, bytes.fromhex(command), response=True
        )

    async def answer(self) -> str:
        async with asyncio.timeout(PATIENCE_S):
            return await self._answers.get()

    async def answer_now(self) -> str | None:
        """The answer if it is on its way; packets take turns of the loop, but no time."""
        for _turn in range(_TURNS):
            if not self._answers.empty():
                return self._answers.get_nowait()
            await asyncio.sleep(0)
        return None

    async def ask(self, command: str) -> str:
        await self.write(command)
        return await self.answer()

    async def hear_more(self) -> None:
        """Wait for the next packet of data."""
        self._heard.clear()
        await self._heard.wait()

    def _hear(self, _characteristic: object, packet: bytearray) -> None:
        self.data.append(bytes(packet))
        self._heard.set()

    async def read(self, uuid: str) -> str:
        return (await self.client.read_gatt_char(uuid)).hex()


async def start(treadmill: TreadmillClient, gym: VirtualGym) -> None:
    """Until the belt moves at its slowest speed."""
    assert await treadmill.ask("00") == "800001"
    assert await treadmill.ask("07") == "800701"
    await gym.advance(5)


@asynccontextmanager
async def treadmill_client(radio: Radio) -> AsyncIterator[TreadmillClient]:
    device = await find(radio, uuids.FITNESS_MACHINE_SERVICE)
    async with radio.client(device, lambda: None) as client:
        treadmill = TreadmillClient(client)
        await treadmill.listen()
        yield treadmill
