"""Calibration as the bridge does it: a virtual gym's bytes, the driver, the desk, what is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from beatrunner.ble.calibration.procedure import Step
from beatrunner.bridge.calibration_words import calibration_view, why_no_calibration
from beatrunner.bridge.conversation import Setup
from beatrunner.bridge.driver import TICK_S
from beatrunner.bridge.memory import Memory
from beatrunner.bridge.page_messages import Calibrate, Leave, Save, Uncalibrate
from beatrunner.codecs.live import KeptCalibration
from beatrunner.core.governor import Bounds, SetSpeed, Start, Stop
from beatrunner.core.simulation.belt import BeltCharacteristics, Key
from beatrunner.core.simulation.quirks import EVERY_QUIRK, BeltQuirks
from tests.bridge.cellar import NOW, Cellar, cellar

SETUP = Setup(Bounds(16.0, 0.0, 12.0), Bounds(14.0, 0.0, 10.0), ceiling_bpm=None)


async def test_from_the_hold_to_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    async with cellar(Memory(path, lambda: NOW)) as here:
        await here.calibrate()
        view = calibration_view(here.picture)
        assert view is not None
        assert view.trouble is None
        assert "answers in" in (view.summary or "")
        assert all(figure.value for figure in view.figures)
        assert here.virtual.belt.speed_kmh == 0
        assert here.gym.remembered is None, "nothing is kept before it is saved"
        here.desk.follow(Save())
        await here.wait(1)
        assert here.picture.calibration is None
        await here.connect()
        await here.wait(2)
        assert here.picture.is_calibrated
        found = here.gym.report().treadmill
        assert found is not None
        assert found.calibrated_at == NOW
        assert found.calibration is not None
        assert found.calibration["commands_in_mph"] is False
    async with cellar(Memory(path, lambda: NOW)) as again:
        await again.wait(1)
        assert again.picture.is_calibrated
        lag_s = again.gym.belt.machine.calibration.lag_s if again.gym.belt.machine else None
        assert lag_s == found.calibration["lag_s"]


async def test_a_result_can_be_thrown_away() -> None:
    async with cellar() as here:
        await here.calibrate()
        here.desk.follow(Leave())
        await here.wait(1)
        assert here.picture.calibration is None
        assert not here.picture.is_calibrated
        assert here.gym.remembered is None


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"quirks": EVERY_QUIRK["commands_in_mph"]}, "miles when told"),
        ({"quirks": BeltQuirks(commands_in_mph=True, data_in_mph=True)}, "counts in miles"),
        (
            {"belt": BeltCharacteristics(lag_s=2.0, ramp_up_kmh_s=0.3, ramp_down_kmh_s=0.4)},
            "gains 0.3",
        ),
    ],
)
async def test_other_machines_are_put_in_words(parameters: dict[str, Any], words: str) -> None:
    async with cellar(**parameters) as here:
        await here.calibrate()
        view = calibration_view(here.picture)
        assert view is not None
        assert words in (view.summary or "")
        assert view.is_honest


async def test_a_machine_in_miles_is_driven_right_once_it_is_calibrated() -> None:
    async with cellar(quirks=EVERY_QUIRK["commands_in_mph"]) as here:
        await here.calibrate()
        here.desk.follow(Save())
        await here.wait(1)
        await here.connect()
        await here.wait(4)
        await here.calibrate()
        fast = [each.speed_kmh for each in here.commands if isinstance(each, SetSpeed)]
        assert max(fast) <= 3.4
        assert here.picture.calibration is not None
        assert here.picture.calibration.measured is not None
        assert here.picture.calibration.measured.commands_in_mph


async def test_a_machine_that_lies_is_not_driven_once_that_is_saved() -> None:
    async with cellar(quirks=EVERY_QUIRK["ignores_speed"]) as here:
        await here.calibrate()
        view = calibration_view(here.picture)
        assert view is not None
        assert not view.is_honest
        here.desk.follow(Save())
        await here.wait(1)
        await here.connect()
        await here.wait(2)
        assert "only listens" in (here.picture.refusal or "")
        assert why_no_calibration(here.picture) == here.picture.refusal
        here.desk.follow(Uncalibrate())
        await here.wait(1)
        await here.connect()
        await here.wait(2)
        assert here.picture.refusal is None


async def test_the_page_is_shown_each_figure_as_soon_as_it_is_known() -> None:
    async with cellar() as here:
        await here.calibrate()
        known = []
        for picture in here.pictures:
            view = calibration_view(picture)
            if view is not None:
                known.append(sum(figure.value is not None for figure in view.figures))
        assert known == sorted(known)
        assert len(set(known)) >= 4
        moving = [each for each in here.pictures if each.is_calibrating]
        assert 60 < len(moving) * TICK_S < 120
        assert here.gym.report().calibrating is None


async def _stop(here: Cellar) -> None:
    here.controls.stop()


async def _console(here: Cellar) -> None:
    await here.virtual.press_key(Key.STOP)


async def _key(here: Cellar) -> None:
    await here.virtual.pull_safety_key()


async def _page(here: Cellar) -> None:
    here.is_watched = False


async def _radio(here: Cellar) -> None:
    await here.virtual.lose_treadmill()


async def _end(here: Cellar) -> None:
    here.driver.stop()


async def _broken(here: Cellar) -> None:
    here.driver.fail()


async def _workout(here: Cellar) -> None:
    here.conversation.open("workout", here.clock() * 1000)
    here.conversation.setup = SETUP
    here.conversation.hear(here.clock() * 1000)


@pytest.mark.parametrize(
    ("happen", "words"),
    [
        (_stop, "Stopped."),
        (_console, "Stopped at the console."),
        (_key, "The safety key was pulled."),
        (_page, "The page beside the belt was closed or left."),
        (_radio, "The treadmill went out of reach."),
        (_end, "Stopped."),
        (_broken, "Something is wrong"),
        (_workout, "A workout began meanwhile."),
    ],
)
async def test_whatever_stops_a_workout_stops_it(
    happen: Callable[[Cellar], Awaitable[None]], words: str
) -> None:
    async with cellar() as here:
        await here.begin()
        await here.until(Step.FASTER)
        await here.wait(3)
        assert here.driver.is_driving
        assert here.gym.report().calibrating is not None
        before = len(here.pictures)
        await happen(here)
        await here.wait(6)
        told = [each.command for each in here.pictures[before:] if each.command is not None]
        assert words in (here.picture.calibration.trouble or "") if here.picture.calibration else 0
        allowed = 1 if happen is _page else 0  # it is missed after some seconds
        assert sum(not isinstance(each, Stop) for each in told) <= allowed
        if happen is _radio:
            assert here.picture.alarm == "belt_may_still_be_moving"
            assert here.virtual.belt.speed_kmh > 0
            await here.virtual.treadmill.peripheral.come_back()
            await here.connect()
        await here.wait(12)
        assert here.virtual.belt.speed_kmh == 0
        assert not here.driver.is_driving
        assert here.picture.alarm is None
        rises = [each for each in here.commands[before:] if isinstance(each, Start | SetSpeed)]
        assert rises == []


async def test_a_belt_that_ignores_the_stop_is_alarmed_about() -> None:
    async with cellar(quirks=EVERY_QUIRK["ignores_stop"]) as here:
        await here.begin()
        await here.until(Step.FASTER)
        await here.wait(2)
        here.controls.stop()
        await here.wait(25)
        assert here.picture.alarm == "belt_does_not_stop"


async def test_only_a_whole_hold_starts_it() -> None:
    async with cellar() as here:
        await here.begin(hold_s=2.5)
        await here.wait(4)
        assert here.step is Step.READY
        assert here.commands == []


async def test_a_hold_after_a_long_pause_has_to_be_unlocked_first() -> None:
    async with cellar() as here:
        await here.wait(4)
        here.desk.follow(Calibrate())
        await here.wait(50)
        view = calibration_view(here.picture)
        assert view is not None
        assert "Locked" in (view.no_start or "")
        await here.hold()
        await here.wait(2)
        assert here.commands == []
        here.controls.unlock()
        await here.wait(1)
        await here.hold()
        await here.until(Step.SLOW)


async def test_an_open_calibration_takes_the_hold_for_itself() -> None:
    """And a closed one does not: the same hold starts a workout then."""
    async with cellar() as here:
        await here.begin()
        await here.wait(1)
        assert here.picture.control == "none"
        assert here.step is Step.STARTING


async def test_none_is_begun_while_a_workout_is_open() -> None:
    async with cellar() as here:
        await _workout(here)
        await here.wait(2)
        assert "workout" in (why_no_calibration(here.picture) or "")
        here.desk.follow(Calibrate())
        await here.wait(1)
        assert here.picture.calibration is None


async def test_what_the_server_has_is_gone_by_if_it_is_newer() -> None:
    async with cellar() as here:
        await here.calibrate()
        here.desk.follow(Save())
        await here.wait(1)
        await here.connect()
        await here.wait(4)
        found = here.gym.report().treadmill
        assert found is not None
        assert found.calibration is not None
        other = found.calibration | {"lag_s": 4.5}
        earlier = KeptCalibration(
            address=found.address, calibrated_at=NOW - timedelta(days=1), calibration=other
        )
        later = KeptCalibration(
            address=found.address, calibrated_at=NOW + timedelta(days=1), calibration=other
        )
        for told, lag_s in ((earlier, found.calibration["lag_s"]), (later, 4.5)):
            here.memory.take([told])
            await here.wait(1)
            await here.connect()
            await here.wait(4)
            machine = here.gym.belt.machine
            assert machine is not None
            assert machine.calibration.lag_s == lag_s
