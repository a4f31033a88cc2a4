"""How long a command takes to the belt and back: submitted, written, answered by indication.

All of it is real but the radio waves: our link, bleak, GATT, and the virtual treadmill of the same
process. Beside it a client of bumble alone, which is the least that the way can cost. The control
is a treadmill that thinks before it answers: it must miss the goal.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from statistics import median, quantiles
from typing import cast

from bumble.device import Peer

from beatrunner.ble.connection import Link
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.ble.virtual.backend import VirtualClient
from beatrunner.ble.virtual.gym import GymParameters, VirtualGym
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.control_point import (
    ControlPoint,
    OpCode,
    encode_control_point,
    set_target_speed,
)
from beatrunner.core.governor import Command, Result, SetSpeed, Start
from beatrunner.core.simulation.quirks import BeltQuirks
from benchmarks.figures import Report, at_least, at_most, plain

ROUND_TRIPS = 2_000
CONTROL_TRIPS = 100
GOAL_MS = 5.0
_SLOW_ANSWER_S = 0.02
_CONNECT_S = 10.0
_FIRST_KMH, _STEP_KMH, _STEPS = 3.0, 0.1, 10

#: One command there and back, told by its number.
Trip = Callable[[int], Awaitable[None]]


def main() -> Report:
    ours_ms, plain_ms = asyncio.run(compare(ROUND_TRIPS))
    control_ms = asyncio.run(slow_control(CONTROL_TRIPS))
    return {
        "bench": "ble",
        "figures": [
            at_most("round trip of a command, p95", p95(ours_ms), "ms", GOAL_MS),
            plain("round trip of a command, median", median(ours_ms), "ms"),
            plain("with a client of bumble alone, p95", p95(plain_ms), "ms"),
            plain("with a client of bumble alone, median", median(plain_ms), "ms"),
            plain("ratio to it", median(ours_ms) / median(plain_ms), "times"),
            at_least("a treadmill that takes 20 ms, p95", p95(control_ms), "ms", GOAL_MS),
        ],
    }


def p95(times_ms: list[float]) -> float:
    return quantiles(times_ms, n=20)[-1]


async def compare(round_trips: int) -> tuple[list[float], list[float]]:
    """Milliseconds of our link and of bumble alone, each with a treadmill to itself."""
    async with _gym(BeltQuirks()) as gym, _our_trip(gym) as trip:
        ours_ms = await _times_ms(trip, round_trips)
    async with _gym(BeltQuirks()) as gym, _plain_trip(gym) as trip:
        plain_ms = await _times_ms(trip, round_trips)
    return ours_ms, plain_ms


async def slow_control(round_trips: int) -> list[float]:
    """Milliseconds of our link to a treadmill that is slow to answer."""
    async with _gym(BeltQuirks(answers_after_s=_SLOW_ANSWER_S)) as gym, _our_trip(gym) as trip:
        return await _times_ms(trip, round_trips)


def _gym(quirks: BeltQuirks) -> VirtualGym:
    return VirtualGym(GymParameters(quirks=quirks), is_ticking=False)


async def _times_ms(trip: Trip, round_trips: int) -> list[float]:
    times_ms = []
    for number in range(round_trips):
        before = time.perf_counter()
        await trip(number)
        times_ms.append((time.perf_counter() - before) * 1e3)
    return times_ms


def _speed_kmh(number: int) -> float:
    return _FIRST_KMH + number % _STEPS * _STEP_KMH


@asynccontextmanager
async def _our_trip(gym: VirtualGym) -> AsyncIterator[Trip]:
    link = TreadmillLink(gym.radio, lambda: gym.now_s)
    running = asyncio.create_task(link.run())

    async def ask(command: Command) -> None:
        link.submit(command)
        while not (outcomes := link.drain_outcomes()):  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert outcomes[0].result is Result.ACCEPTED, link.words

    try:
        async with asyncio.timeout(_CONNECT_S):
            while link.state is not Link.CONNECTED:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await ask(Start(0))
        yield lambda number: ask(SetSpeed(number + 1, _speed_kmh(number)))
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _plain_trip(gym: VirtualGym) -> AsyncIterator[Trip]:
    adapter = cast("type[VirtualClient]", gym.radio.client_backend).adapter
    device = await gym.radio.find(
        lambda _device, heard: uuids.FITNESS_MACHINE_SERVICE in heard.service_uuids, _CONNECT_S
    )
    assert device
    connection = await adapter.connect(device.address, _CONNECT_S)
    peer = Peer(connection)
    await peer.discover_all()
    number = int(uuids.FITNESS_MACHINE_CONTROL_POINT[4:8], 16).to_bytes(2, "little")
    (control_point,) = (
        characteristic
        for service in peer.services
        for characteristic in service.characteristics
        if characteristic.uuid.to_bytes() == number
    )
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    await peer.subscribe(control_point, lambda packet: answers.put_nowait(bytes(packet)))

    async def ask(request: ControlPoint) -> None:
        await peer.write_value(control_point, encode_control_point(request), with_response=True)
        answer = await answers.get()
        assert answer[2] == 1, answer.hex()

    await ask(ControlPoint(OpCode.REQUEST_CONTROL))
    await ask(ControlPoint(OpCode.START_OR_RESUME))
    yield lambda number: ask(set_target_speed(_speed_kmh(number)))
    await connection.disconnect()
