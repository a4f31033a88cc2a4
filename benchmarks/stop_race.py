"""Ten thousand races of a stop against commands that are on their way to the belt.

Everything between the page and the radio is the real thing: controls, driver, governor, the link's
queue and its exchanges; only the machine and the time are made up. A race begins on a belt that the
automation drives while wishes and presses of + keep coming; the machine answers when and as it
likes, or not at all. At a moment that is drawn anew, somebody stops. From the tick that hears it,
nothing but Stop, and the control it needs, may be written to the machine.

The negative control is the same with a queue that works off what it was given, in its order.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from copy import copy
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from beatrunner.ble.commands import CommandSlot
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.conversation import Conversation
from beatrunner.bridge.driver import TICK_S, Driver, Ports
from beatrunner.bridge.gym import Treadmill
from beatrunner.bridge.ports import NoSensor
from beatrunner.codecs.ftms.control_point import OpCode, ResultCode
from beatrunner.core.governor import Command, Governor, Stop
from beatrunner.core.governor.state import State
from benchmarks.figures import Report, at_least, at_most, plain
from tests.ble.fake_radio import FakeMachine
from tests.ble.links import until_connected
from tests.ble.quick_time import run_quickly
from tests.bridge.ride import SETUP, Ride

RACES = 10_000
_TOGETHER = 20
_BELT_KMH = 8.0
_BEFORE_S = 6.0
_AFTER_S = 6.0
_HARMLESS = {OpCode.REQUEST_CONTROL, OpCode.STOP_OR_PAUSE}


@dataclass(frozen=True, slots=True)
class Raced:
    races: int = 0
    commands: int = 0
    """Written before the stop."""
    late: int = 0
    """Races in which anything but a stop was written after it."""
    unstopped: int = 0
    """Races in which no stop was written at all."""
    slowest_s: float = 0.0
    """From the tick that heard the stop to the stop's first byte."""

    def __add__(self, other: Raced) -> Raced:
        return Raced(
            self.races + other.races,
            self.commands + other.commands,
            self.late + other.late,
            self.unstopped + other.unstopped,
            max(self.slowest_s, other.slowest_s),
        )


class FifoSlot(CommandSlot):
    """What a stop must not wait in."""

    def __init__(self) -> None:
        super().__init__()
        self._queue: deque[Command] = deque()
        self._any = asyncio.Event()

    def put(self, command: Command) -> Command | None:
        self._queue.append(command)
        self._any.set()
        return None

    async def take(self) -> Command:
        while not self._queue:
            self._any.clear()
            await self._any.wait()
        return self._queue.popleft()


def main() -> Report:
    cores = os.cpu_count() or 1
    batches = range(RACES // _TOGETHER)
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        seen = sum(pool.map(race, batches, chunksize=10), Raced())
        control = sum(pool.map(race_in_order, batches[: len(batches) // 10]), Raced())
    return {
        "bench": "stop-race",
        "figures": [
            plain("races", seen.races, ""),
            plain("commands written before the stops", seen.commands, ""),
            at_most("races with a command after the stop", seen.late, "", 0),
            at_most("races without a stop", seen.unstopped, "", 0),
            at_most("from the stop's tick to its first byte, at worst", seen.slowest_s, "s", 0.5),
            at_least(
                f"negative control: the same of {control.races:,} in a queue that keeps its order",
                control.late,
                "",
                1,
            ),
        ],
    }


def race(seed: int) -> Raced:
    """Some races, each on its own machine."""
    return _races(seed, CommandSlot)


def race_in_order(seed: int) -> Raced:
    """The same with a queue that keeps its order."""
    return _races(seed, FifoSlot)


def _races(seed: int, slot_type: type[CommandSlot]) -> Raced:
    chance = random.Random(seed)

    async def one_by_one() -> Raced:
        raced = Raced()
        for _number in range(_TOGETHER):
            raced += await _race(chance, slot_type)
        return raced

    return run_quickly(one_by_one)


async def _race(chance: random.Random, slot_type: type[CommandSlot]) -> Raced:
    loop = asyncio.get_running_loop()
    began = _under_way()
    began_s = loop.time()

    def clock() -> float:
        return began.now_s + loop.time() - began_s

    machine = _machine(chance)
    link = TreadmillLink(machine.radio, clock, chance=chance)
    link._slot = slot_type()
    running = asyncio.create_task(link.run())
    try:
        await until_connected(link)
        # Connecting took no time that anybody counts.
        began_s = loop.time()
        return await _drive(chance, machine, link, clock)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@cache
def _under_way() -> State:
    """A governor whose automation has had the belt for a while."""
    ride = Ride().at(_BELT_KMH)
    ride.wait(20)
    return ride.driver._governor.state


def _machine(chance: random.Random) -> FakeMachine:
    """A machine of its own temper: quick or slow, sometimes silent, sometimes refusing."""
    slowness_s = chance.choice([0.002, 0.05, 0.3, 1.0, 2.5])
    codes = [ResultCode.SUCCESS] * 8 + [ResultCode.OPERATION_FAILED, None]
    return FakeMachine(
        write_s=lambda: chance.uniform(0.0, slowness_s),
        answer_s=lambda: chance.uniform(0.0, slowness_s),
        answer=lambda _packet: chance.choice(codes),
    )


async def _drive(
    chance: random.Random, machine: FakeMachine, link: TreadmillLink, clock: Callable[[], float]
) -> Raced:
    """Wishes and presses keep coming, before the stop and after it."""
    controls, conversation = Controls(clock), Conversation(clock)
    none = NoSensor()
    driver = Driver(Ports(Treadmill(link), none, none, conversation, controls), clock)
    driver._governor = Governor(copy(_under_way()))
    conversation.open("workout", clock() * 1000)
    conversation.setup = SETUP
    stop_s = clock() + chance.uniform(1.0, _BEFORE_S)
    end_s = stop_s + _AFTER_S
    heard: int | None = None
    heard_s = math.inf
    sequence = 10_000
    while clock() < end_s:
        sequence += 1
        machine.tell_speed(_told_kmh(machine))
        conversation.hear(clock() * 1000)
        conversation.hear_controller(0.0)
        conversation.hear_wish("lease", 1, sequence, clock() * 1000, chance.uniform(7, 12), 0.0)
        if chance.random() < 0.3:
            controls.hear()
            controls.nudge(chance.choice([0.5, 0.5, -0.5]), 0.0)
        if clock() >= stop_s:
            controls.stop()
            stop_s = math.inf
        before = len(machine.written)
        if isinstance(driver.tick().command, Stop) and heard is None:
            heard, heard_s = before, asyncio.get_running_loop().time()
        await asyncio.sleep(chance.uniform(0.5, 1.0) * TICK_S)
    written = machine.written[heard:]
    stops = [each for each in written if each.packet[0] == OpCode.STOP_OR_PAUSE]
    return Raced(
        races=1,
        commands=heard or 0,
        late=int(any(each.packet[0] not in _HARMLESS for each in written)),
        unstopped=int(not stops),
        slowest_s=stops[0].began_s - heard_s if stops else 0.0,
    )


def _told_kmh(machine: FakeMachine) -> float:
    """A belt that does at once what it was told, if it was written at all."""
    for each in reversed(machine.written):
        if each.packet[0] == OpCode.SET_TARGET_SPEED:
            return int.from_bytes(each.packet[1:3], "little") / 100
        if each.packet[0] == OpCode.STOP_OR_PAUSE:
            return 0.0
    return _BELT_KMH
