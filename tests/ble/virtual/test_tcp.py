"""The gym in one process and its client in another, as far as the protocol between them goes."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from beatrunner.ble.virtual.tcp import radio_over_tcp
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.heart_rate import HEART_RATE_SERVICE
from tests.ble.virtual.clients import find, start, still_gym, treadmill_client


async def test_a_client_drives_the_belt() -> None:
    async with still_gym() as gym, gym.served() as address, radio_over_tcp(address) as radio:
        async with treadmill_client(radio) as treadmill:
            await start(treadmill, gym)
            assert await treadmill.ask("02e803") == "800201"
            await gym.advance(20)
            assert await treadmill.ask("0801") == "800801"
            assert treadmill.statuses == ["04", "05e803"]
        await find(radio, HEART_RATE_SERVICE)


async def test_two_processes_are_two_adapters() -> None:
    async with AsyncExitStack() as stack:
        gym = await stack.enter_async_context(still_gym())
        address = await stack.enter_async_context(gym.served())
        radios = [await stack.enter_async_context(radio_over_tcp(address)) for _ in range(2)]
        first, second = [
            await stack.enter_async_context(treadmill_client(radio)) for radio in radios
        ]
        assert await first.ask("00") == "800001"
        assert await second.ask("00") == "800001"
        assert await first.ask("07") == "800705"


async def test_a_client_that_vanishes_loses_its_links() -> None:
    async with still_gym() as gym, gym.served() as address:
        async with radio_over_tcp(address) as radio:
            device = await find(radio, uuids.FITNESS_MACHINE_SERVICE)
            await radio.client(device, lambda: None).connect()
            assert gym.treadmill.peripheral.clients
        async with asyncio.timeout(2):
            while gym.treadmill.peripheral.clients:  # noqa: ASYNC110 (it offers no event)
                await asyncio.sleep(0.01)


async def test_a_gym_that_closes_is_a_radio_that_is_gone() -> None:
    lost = asyncio.Event()
    async with still_gym() as gym, AsyncExitStack() as stack:
        address = await stack.enter_async_context(gym.served())
        async with radio_over_tcp(address) as radio:
            device = await find(radio, uuids.FITNESS_MACHINE_SERVICE)
            client = radio.client(device, lost.set)
            await client.connect()
            await stack.aclose()
            async with asyncio.timeout(2):
                await lost.wait()
            assert not client.is_connected
            with pytest.raises(OSError, match="closed"):
                await client.connect()
        with pytest.raises(OSError, match="Connect call failed"):
            await radio_over_tcp(address).__aenter__()
