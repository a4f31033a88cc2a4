"""A calibration on its way: from the belt to the server, and back to a bridge that has none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.memory import Memory
from beatrunner.bridge.page_messages import Save
from beatrunner.bridge.standing_link import StandingLink, hello
from beatrunner.kit.clock import system_clock
from tests.bridge.cellar import Cellar, cellar
from tests.bridge.scripted import Words, running
from tests.workouts.gym import Gym


@asynccontextmanager
async def joined(here: Cellar, gym: Gym) -> AsyncIterator[None]:
    link = StandingLink(
        ServerAddress.parse(gym.address),
        hello(gym.bridge_token, is_virtual=False, page_url="http://127.0.0.1:8010"),
        here.gym.report,
        lambda _workout_id: None,
        Words(),
        time.monotonic,
        take=here.memory.take,
    )
    async with running(link.run()):
        yield


async def until(fact: Callable[[], Awaitable[Any]]) -> Any:
    async with asyncio.timeout(20):
        while not (found := await fact()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return found


async def test_it_reaches_the_server_and_the_next_bridge(sqlite_gym: Gym) -> None:
    async def treadmill() -> Any:
        devices = (await sqlite_gym.client.get("/v1/devices")).json()["items"]
        return next((each for each in devices if each["kind"] == "treadmill"), None)

    async def calibrated() -> Any:
        belt = await treadmill()
        return belt if belt and belt["calibration"] else None

    async with cellar(Memory(None, system_clock)) as here, joined(here, sqlite_gym):
        assert (await until(treadmill))["calibration"] is None
        await here.calibrate()
        here.desk.follow(Save())
        belt = await until(calibrated)
        assert here.gym.remembered is not None
        assert belt["calibration"] == here.gym.remembered.calibration
    path = f"/v1/devices/{belt['id']}/calibration"
    shared = (await sqlite_gym.client.get(path)).json() | {"lag_s": 4.2}

    async with cellar(Memory(None, system_clock)) as other, joined(other, sqlite_gym):

        async def goes_by(lag_s: float | None) -> bool:
            await other.wait(1)
            machine = other.gym.belt.machine
            measured_s = machine.calibration.lag_s if machine and machine.is_calibrated else None
            return machine is not None and measured_s == lag_s

        await until(lambda: goes_by(belt["calibration"]["lag_s"]))
        assert (await sqlite_gym.client.put(path, json=shared)).status_code == 200
        await until(lambda: goes_by(4.2))
        assert (await sqlite_gym.client.delete(path)).status_code == 204
        await until(lambda: goes_by(None))
        assert (await treadmill())["calibration"] is None
