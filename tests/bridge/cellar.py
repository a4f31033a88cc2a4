"""A bridge's parts around a virtual gym, in the gym's own time, and the page beside its belt."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from beatrunner.ble.calibration.procedure import Step
from beatrunner.ble.connection import Link
from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.ble.virtual.treadmill import Treadmill
from beatrunner.bridge.api import HOST, PageServer, open_port
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.conversation import Conversation
from beatrunner.bridge.desk import Desk
from beatrunner.bridge.devices_in_reach import devices_of
from beatrunner.bridge.driver import TICK_S, Driver, Ports
from beatrunner.bridge.gym import Gym
from beatrunner.bridge.memory import Memory
from beatrunner.bridge.page_messages import Calibrate, Surroundings, View, view_of
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.recorder import Recorder
from beatrunner.core.simulation.belt import Belt, BeltCharacteristics
from beatrunner.core.simulation.quirks import BeltQuirks
from tests.ble.virtual.clients import still_gym

NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


@dataclass
class Cellar:
    """A bridge's parts around a virtual gym, ticked in the gym's own time."""

    virtual: VirtualGym
    memory: Memory
    settle_s: float = 0.0
    pace: float = 1.0
    """How many seconds pass in one, where the page is served."""
    is_watched: bool = True
    """Whether the page is open and in front."""
    pictures: list[Picture] = field(default_factory=list)

    def __post_init__(self) -> None:
        # As for a real radio: nothing is known of the treadmill before it was measured.
        self.gym = Gym(
            self.virtual.radio,
            self.clock,
            lambda _beat_spm: None,
            self.memory,
            settle_s=self.settle_s,
        )
        self.controls = Controls(self.clock)
        self.conversation = Conversation(self.clock)
        gym = self.gym
        self.ports = Ports(
            *(gym.belt, gym.heart, gym.pod, self.conversation, self.controls, gym.calibrator)
        )
        self.driver = Driver(self.ports, self.clock)
        self.desk = Desk(gym, self.controls)
        self.recorder = Recorder(lambda: NOW, self.clock)

    def clock(self) -> float:
        return self.virtual.now_s

    @property
    def picture(self) -> Picture:
        return self.pictures[-1]

    @property
    def commands(self) -> list[Any]:
        return [each.command for each in self.pictures if each.command is not None]

    @property
    def step(self) -> Step | None:
        return self.picture.calibration.step if self.picture.calibration else None

    async def wait(self, seconds: float) -> None:
        for _tick in range(round(seconds / TICK_S)):
            await self.virtual.advance(TICK_S)
            for _turn in range(20):
                await asyncio.sleep(0)
            if self.is_watched:
                self.controls.hear()
            self.pictures.append(self.driver.tick())
            self.desk.see(self.picture)

    @property
    def view(self) -> View:
        """What the page shows."""
        around = Surroundings(
            server="Not joined to a server",
            no_workout="Begin a workout.",
            trouble=None,
            switched_off=None,
            devices=devices_of(self.gym.links, self.memory),
            remembered=self.gym.remembered,
        )
        return view_of(self.picture, self.controls, self.recorder, around)

    async def connect(self) -> None:
        """Radios take real time."""
        await asyncio.sleep(0.1)
        async with asyncio.timeout(10):
            while self.gym.belt.state != Link.CONNECTED:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def begin(self, hold_s: float = 3.0) -> None:
        await self.wait(4)
        self.desk.follow(Calibrate())
        await self.wait(1)
        await self.hold(hold_s)

    async def hold(self, hold_s: float = 3.0) -> None:
        self.controls.press(self)
        await self.wait(hold_s)
        self.controls.release(self, hold_s)

    async def until(self, *steps: Step) -> None:
        while self.step not in steps:
            await self.wait(TICK_S)
            assert self.clock() < 300, self.picture

    async def calibrate(self) -> None:
        await self.begin()
        await self.until(Step.OVER)


@asynccontextmanager
async def cellar(memory: Memory | None = None, **parameters: Any) -> AsyncIterator[Cellar]:
    async with still_gym(**parameters) as virtual:
        here = Cellar(virtual, memory or Memory(None, lambda: NOW))
        running = asyncio.create_task(here.gym.run())
        try:
            await here.connect()
            yield here
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def two_belts() -> AsyncIterator[Cellar]:
    """With a treadmill that nobody can drive beside the usual one; none is connected."""
    async with still_gym() as virtual:
        belt = Belt(BeltCharacteristics(), BeltQuirks())
        other = Treadmill(virtual._air, belt, lambda: virtual.now_s, name="F85 of the neighbour")
        await other.switch_on()
        here = Cellar(virtual, Memory(None, lambda: NOW), settle_s=0.2)
        running = asyncio.create_task(here.gym.run())
        try:
            yield here
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await other.switch_off()


@asynccontextmanager
async def page_of(here: Cellar) -> AsyncIterator[str]:
    """The address of the page beside the belt."""
    server = PageServer(open_port(0), here.controls, None, None, here.desk)

    async def live() -> None:
        while True:
            await asyncio.gather(here.wait(TICK_S), asyncio.sleep(TICK_S / here.pace))
            server.show(here.view)

    running = [asyncio.create_task(part) for part in (server.run(), live())]
    try:
        await until_listening(server)
        yield server.url
    finally:
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def until_listening(server: PageServer) -> None:
    async with asyncio.timeout(5):
        while not await _listens(server.port):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True
