"""How a device is kept connected, and what is said while it is not."""

from __future__ import annotations

import asyncio
import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from beatrunner.ble.connection import Link, Pacing
from beatrunner.ble.radio import Radio
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.codecs.ftms import uuids
from beatrunner.core.governor import MachineEvent
from tests.ble.fake_radio import FakeClient, FakeMachine, FakeScanner
from tests.ble.links import connected, until_connected
from tests.ble.quick_time import run_quickly


def _link(machine: FakeMachine, radio: Radio | None = None) -> TreadmillLink:
    clock = asyncio.get_running_loop().time
    return TreadmillLink(radio or machine.radio, clock, chance=random.Random(1))


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_waits_grow_and_end_somewhere(failures: int, chance: random.Random) -> None:
    pacing = Pacing()
    wait_s = pacing.wait_s(failures, chance)
    full_s = min(pacing.first_wait_s * 2.0 ** min(failures, 30), pacing.longest_wait_s)
    assert full_s / 2 <= wait_s <= full_s


def test_it_is_searched_for_until_it_is_there() -> None:
    async def run() -> None:
        machine = FakeMachine(is_there=False)
        link = _link(machine)
        states = [link.state]
        running = asyncio.create_task(link.run())
        await asyncio.sleep(60)
        states.append(link.state)
        machine.is_there = True
        await until_connected(link)
        assert machine.connects == 1
        assert link.trouble is None
        await _ended(running)
        assert [*states, link.state] == [Link.NONE, Link.SEARCHING, Link.NONE]

    run_quickly(run)


def test_one_that_is_lost_is_lost_until_it_is_back() -> None:
    async def run() -> None:
        machine = FakeMachine()
        async with connected(machine) as link:
            machine.is_there = False
            machine.lose()
            states = set()
            for _ in range(600):
                await asyncio.sleep(0.1)
                states.add(link.state)
            assert states == {Link.LOST}
            machine.is_there = True
            await until_connected(link)
            assert machine.connects == 2

    run_quickly(run)


def test_a_short_loss_is_mended_at_once() -> None:
    async def run() -> float:
        machine = FakeMachine()
        async with connected(machine) as link:
            await asyncio.sleep(100)
            machine.lose()
            lost_s = asyncio.get_running_loop().time()
            await asyncio.sleep(0.001)
            await until_connected(link)
            return asyncio.get_running_loop().time() - lost_s

    assert run_quickly(run) < 1


def test_a_machine_that_takes_no_connection_is_not_pestered() -> None:
    async def run() -> None:
        tried_s: list[float] = []
        machine = FakeMachine()

        class Stubborn(FakeClient):
            async def connect(self, pair: bool, **_more: object) -> None:
                tried_s.append(asyncio.get_running_loop().time())
                raise OSError("connection refused by peer")

        radio = Radio(
            type("Scanner", (FakeScanner,), {"machine": machine}),
            type("Client", (Stubborn,), {"machine": machine}),
        )
        link = _link(machine, radio)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(300)
        await _ended(running)
        waits_s = [later - earlier for earlier, later in pairwise(tried_s)]
        assert waits_s[0] < 3
        assert all(9 <= wait_s <= 21 for wait_s in waits_s[6:])
        assert "connection refused by peer" in (link.trouble or "")
        assert "switched off" in (link.trouble or "")

    run_quickly(run)


def test_what_only_says_that_it_is_a_treadmill_is_left_alone() -> None:
    async def run() -> None:
        machine = FakeMachine(absent={uuids.TREADMILL_DATA})
        link = _link(machine)
        running = asyncio.create_task(link.run())
        await asyncio.sleep(120)
        await _ended(running)
        assert machine.connects == 1
        assert "sends no speed" in (link.trouble or "")

    run_quickly(run)


def test_events_of_before_are_kept_and_given_once() -> None:
    async def run() -> tuple[MachineEvent, ...]:
        machine = FakeMachine()
        async with connected(machine) as link:
            machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x03")
            machine.lose()
            await asyncio.sleep(1)
            events = link.drain_events()
            assert link.drain_events() == ()
            return events

    assert len(run_quickly(run)) == 1


def test_two_links_take_turns_on_one_adapter() -> None:
    async def run() -> None:
        machine = FakeMachine(is_there=False)
        radio = machine.radio
        scanning = 0
        most = 0

        class Counting(FakeScanner):
            async def start(self) -> None:
                nonlocal scanning, most
                scanning += 1
                most = max(most, scanning)
                await super().start()

            async def stop(self) -> None:
                nonlocal scanning
                scanning -= 1

        radio = Radio(type("Scanner", (Counting,), {"machine": machine}), radio.client_backend)
        tasks = [asyncio.create_task(_link(machine, radio).run()) for _ in range(3)]
        await asyncio.sleep(60)
        for task in tasks:
            await _ended(task)
        assert most == 1

    run_quickly(run)
