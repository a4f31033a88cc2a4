"""The link as the bridge sees it: on real bytes in the virtual gym, and what it tells of itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from bleak.backends.scanner import AdvertisementData

from beatrunner.ble.connection import Link
from beatrunner.ble.treadmill_link import TreadmillLink, is_treadmill
from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.training_status import TrainingStatusCode
from beatrunner.core.governor import (
    Command,
    EventKind,
    MachineEvent,
    Result,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
)
from beatrunner.core.simulation.belt import Key
from tests.ble.fake_radio import FakeMachine
from tests.ble.links import connected, told, until_connected
from tests.ble.quick_time import run_quickly
from tests.ble.test_belt_operator import quirky
from tests.ble.virtual.clients import still_gym


@asynccontextmanager
async def _link(gym: VirtualGym, address: str | None = None) -> AsyncIterator[TreadmillLink]:
    link = TreadmillLink(gym.radio, lambda: gym.now_s, address=address)
    running = asyncio.create_task(link.run())
    try:
        await until_connected(link)
        yield link
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_run_on_real_bytes() -> None:
    async with still_gym(treadmill_name="T1") as gym, _link(gym) as link:
        assert link.machine
        assert (link.machine.name, link.machine.limits.max_speed_kmh) == ("T1", 20)
        commands: list[Command] = [Start(1), SetSpeed(2, 6.0), SetIncline(3, 2.0)]
        for command in commands:
            assert (await told(link, command)).result is Result.ACCEPTED, command
        await gym.advance(20)
        assert gym.belt.speed_kmh == pytest.approx(6.0)
        await asyncio.sleep(0.01)
        reading = link.reading
        assert reading
        assert (reading.speed_kmh, reading.incline_pct) == (6.0, 2.0)
        assert reading.distance_m == pytest.approx(gym.belt.distance_m, abs=2)
        assert gym.now_s - reading.at_s <= 1
        assert link.drain_events() == (
            MachineEvent(EventKind.STARTED_BY_USER),
            MachineEvent(EventKind.SPEED_CHANGED, 6.0),
            MachineEvent(EventKind.INCLINE_CHANGED, 2.0),
        )
        assert (await told(link, Stop(4))).result is Result.ACCEPTED
        await gym.advance(10)
        assert gym.belt.speed_kmh == 0


async def test_the_console_is_heard() -> None:
    async with still_gym() as gym, _link(gym) as link:
        await told(link, Start(1))
        await gym.advance(5)
        await gym.press_key(Key.FASTER)
        await gym.pull_safety_key()
        await asyncio.sleep(0.01)
        kinds = [event.kind for event in link.drain_events()]
        assert kinds[-2:] == [EventKind.SPEED_CHANGED, EventKind.SAFETY_KEY]


async def test_a_loss_in_the_middle_starts_nothing() -> None:
    async with still_gym() as gym, _link(gym) as link:
        await told(link, Start(1))
        await told(link, SetSpeed(2, 5.0))
        await gym.advance(10)
        await gym.lose_treadmill()
        await asyncio.sleep(0.05)
        assert link.state is Link.LOST
        link.submit(SetSpeed(3, 9.0))
        (lost,) = link.drain_outcomes()
        assert lost.result is Result.UNKNOWN
        await gym.treadmill.peripheral.come_back()
        await until_connected(link)
        await gym.advance(10)
        assert gym.belt.speed_kmh == pytest.approx(5.0), "the belt went on by itself"
        assert (await told(link, Stop(4))).result is Result.ACCEPTED


async def test_the_one_at_an_address_is_taken() -> None:
    async with still_gym() as gym:
        address = "c0:be:a7:00:00:01"
        async with _link(gym, address) as link:
            assert link.machine
            assert link.machine.address.lower() == address


def test_training_status_is_kept() -> None:
    async def run() -> None:
        machine = FakeMachine()
        async with connected(machine) as link:
            machine.tell(uuids.TRAINING_STATUS, b"")
            assert link.training
            assert link.training.status is None
            machine.tell(uuids.TRAINING_STATUS, b"\x00\x0d")
            assert link.training.status is TrainingStatusCode.MANUAL_MODE

    run_quickly(run)


def test_odd_packets_are_no_events_and_no_readings() -> None:
    async def run() -> None:
        machine = FakeMachine()
        async with connected(machine) as link:
            for packet in (b"", b"\x77", b"\x05"):
                machine.tell(uuids.FITNESS_MACHINE_STATUS, packet)
                machine.tell(uuids.TREADMILL_DATA, packet)
            assert link.drain_events() == ()
            assert link.reading is None

    run_quickly(run)


def test_a_start_that_looks_like_a_stop() -> None:
    async def run(speed_kmh: float) -> list[EventKind]:
        machine = FakeMachine()
        async with connected(machine, quirks=quirky(start_looks_like_stop=True)) as link:
            machine.tell_speed(speed_kmh)
            machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x02\x01")
            machine.tell(uuids.FITNESS_MACHINE_STATUS, b"\x03")
            return [event.kind for event in link.drain_events()]

    assert run_quickly(lambda: run(0.0)) == [EventKind.STARTED_BY_USER, EventKind.SAFETY_KEY]
    assert run_quickly(lambda: run(3.0)) == [EventKind.STOPPED_BY_USER, EventKind.SAFETY_KEY]


def test_a_calibration_is_taken_over_by_connecting_anew() -> None:
    async def run() -> None:
        machine = FakeMachine()
        kept: dict[str, TreadmillCalibration] = {}
        async with connected(machine, calibrations=kept.get) as link:
            assert link.machine
            assert link.machine.measured is None
            measured = kept[link.machine.address] = _measured(link)
            link.recalibrate()
            await asyncio.sleep(0.001)
            await until_connected(link)
            assert machine.connects == 2
            assert link.machine.measured == measured
            await told(link, SetSpeed(1, 3.0))
            assert machine.packets[-1] == "02ba00", "1.86 miles per hour"

    run_quickly(run)


def _measured(link: TreadmillLink) -> TreadmillCalibration:
    assert link.machine
    figures = link.machine.limits.uncalibrated
    return TreadmillCalibration(link.machine.name, None, figures, commands_in_mph=True)


@pytest.mark.parametrize(
    ("services", "data", "expected"),
    [
        ([uuids.FITNESS_MACHINE_SERVICE], None, True),
        ([uuids.FITNESS_MACHINE_SERVICE], "010100", True),
        ([uuids.FITNESS_MACHINE_SERVICE], "012000", False),
        ([uuids.FITNESS_MACHINE_SERVICE], "010000", True),
        ([uuids.FITNESS_MACHINE_SERVICE], "", True),
        ([], "010100", False),
    ],
)
def test_what_advertises_as_a_treadmill(
    services: list[str], data: str | None, expected: bool
) -> None:
    told_data = {} if data is None else {uuids.FITNESS_MACHINE_SERVICE: bytes.fromhex(data)}
    heard = AdvertisementData("T", {}, told_data, services, None, -50, ())
    assert is_treadmill(heard) is expected
