"""A link to a fake machine on a loop whose sleeps take no time."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from beatrunner.ble.commands import Answer
from beatrunner.ble.connection import Link
from beatrunner.ble.quirks import QuirkTable
from beatrunner.ble.treadmill_link import Calibrations, TreadmillLink
from beatrunner.core.governor import Command, Result
from tests.ble.fake_radio import FakeMachine


@asynccontextmanager
async def connected(
    machine: FakeMachine,
    *,
    quirks: QuirkTable | None = None,
    calibrations: Calibrations | None = None,
) -> AsyncIterator[TreadmillLink]:
    """A treadmill link that is connected to `machine`, as it stands."""
    link = TreadmillLink(
        machine.radio,
        asyncio.get_running_loop().time,
        quirks=quirks,
        calibrations=calibrations or (lambda _address: None),
        chance=random.Random(0),
    )
    running = asyncio.create_task(link.run())
    try:
        await until_connected(link)
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until_connected(link: TreadmillLink) -> None:
    async with asyncio.timeout(60):
        while link.state is not Link.CONNECTED:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def told(link: TreadmillLink, command: Command) -> Answer:
    """Submit a command and wait for what comes of it."""
    link.words = ""
    link.submit(command)
    results: list[Result] = []
    async with asyncio.timeout(60):
        while not results:
            await asyncio.sleep(0.001)
            results = [
                each.result for each in link.drain_outcomes() if each.number == command.number
            ]
    return Answer(results[0], link.words)
