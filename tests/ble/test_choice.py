"""Several treadmills, straps and pods in reach of one radio: which one is connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from beatrunner.ble.connection import Link, Pacing
from beatrunner.ble.sensor_links import HeartLink
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.ble.virtual.sensors import Strap
from beatrunner.ble.virtual.treadmill import Treadmill
from beatrunner.core.simulation.belt import Belt, BeltCharacteristics
from beatrunner.core.simulation.quirks import BeltQuirks
from tests.ble.virtual.clients import still_gym

PACING = Pacing(search_s=0.4, settle_s=0.1, first_wait_s=0.01, longest_wait_s=0.05)
OTHER = "F85 of the neighbour"


@asynccontextmanager
async def two_treadmills() -> AsyncIterator[tuple[VirtualGym, Treadmill]]:
    async with still_gym() as gym:
        belt = Belt(BeltCharacteristics(), BeltQuirks())
        other = Treadmill(gym._air, belt, lambda: gym.now_s, name=OTHER)
        await other.switch_on()
        yield gym, other
        await other.switch_off()


@asynccontextmanager
async def running(link: TreadmillLink | HeartLink) -> AsyncIterator[None]:
    task = asyncio.create_task(link.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(fact: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not fact():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def treadmill_link(gym: VirtualGym, address: str | None = None) -> TreadmillLink:
    return TreadmillLink(gym.radio, lambda: gym.now_s, address=address, pacing=PACING)


async def test_the_only_one_is_connected_by_itself() -> None:
    async with still_gym() as gym:
        link = treadmill_link(gym)
        async with running(link):
            await until(lambda: link.state is Link.CONNECTED)
            assert [each.device.name for each in link.sightings] == ["BeatRunner T1"]
            assert link.chosen is None


async def test_of_two_none_is_connected_until_one_is_chosen() -> None:
    async with two_treadmills() as (gym, other):
        link = treadmill_link(gym)
        async with running(link):
            await until(lambda: len(link.sightings) == 2)
            await asyncio.sleep(0.3)
            assert link.state is Link.SEARCHING
            assert {each.device.name for each in link.sightings} == {"BeatRunner T1", OTHER}
            link.choose(other.peripheral.address)
            await until(lambda: link.state is Link.CONNECTED)
            assert link.machine is not None
            assert link.machine.name == OTHER
            assert link.chosen == other.peripheral.address


async def test_the_chosen_one_is_waited_for() -> None:
    async with two_treadmills() as (gym, other):
        await other.peripheral.lose()
        link = treadmill_link(gym, other.peripheral.address.lower())
        async with running(link):
            await until(lambda: link.sightings)
            await asyncio.sleep(0.5)
            assert link.state is Link.SEARCHING
            assert [each.device.name for each in link.sightings] == ["BeatRunner T1"]
            await other.peripheral.come_back()
            await until(lambda: link.state is Link.CONNECTED)
            assert link.machine is not None
            assert link.machine.name == OTHER


async def test_another_belt_never_takes_the_place_of_one_that_is_lost() -> None:
    async with two_treadmills() as (gym, other):
        await other.peripheral.lose()
        link = treadmill_link(gym)
        async with running(link):
            await until(lambda: link.state is Link.CONNECTED)
            await other.peripheral.come_back()
            await gym.lose_treadmill()
            await until(lambda: any(each.device.name == OTHER for each in link.sightings))
            await asyncio.sleep(0.5)
            assert link.state is Link.LOST
            link.choose(None)
            assert link.state.value == "searching"
            await until(lambda: link.state is Link.CONNECTED)
            assert link.machine is not None
            assert link.machine.name == OTHER


async def test_changing_ones_mind_connects_the_other() -> None:
    async with two_treadmills() as (gym, other):
        link = treadmill_link(gym, gym.treadmill.peripheral.address)
        async with running(link):
            await until(lambda: link.state is Link.CONNECTED)
            link.choose(gym.treadmill.peripheral.address)
            await asyncio.sleep(0.1)
            assert link.state is Link.CONNECTED, "it is there already"
            link.choose(other.peripheral.address)
            assert link.reading is None
            await until(lambda: link.machine is not None and link.machine.name == OTHER)


async def test_straps_are_chosen_like_treadmills() -> None:
    async with still_gym() as gym:
        other = Strap(gym._air, "Other strap", seed=2)
        await other.switch_on()
        link = HeartLink(gym.radio, lambda: gym.now_s, pacing=PACING)
        async with running(link):
            await until(lambda: len(link.sightings) == 2)
            assert link.state is not Link.CONNECTED
            link.choose(other.peripheral.address)
            await until(lambda: link.state is Link.CONNECTED)
            assert link.name == "Other strap"
        await other.switch_off()


@pytest.mark.parametrize(
    ("name", "is_known", "is_refused"),
    [("F85 of the neighbour", True, True), ("MYRUN 1", True, False), ("Unheard of", False, False)],
)
async def test_what_is_known_of_a_name(name: str, is_known: bool, is_refused: bool) -> None:
    async with still_gym() as gym:
        quirks = treadmill_link(gym).quirks_of(name)
    assert (quirks is not None) is is_known
    assert (quirks is not None and quirks.speed_refused is not None) is is_refused
