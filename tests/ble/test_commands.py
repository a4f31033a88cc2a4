from __future__ import annotations

import asyncio

from beatrunner.ble.commands import CommandSlot
from beatrunner.core.governor import SetSpeed, Stop


async def test_a_later_command_takes_the_place_of_one_that_waits() -> None:
    slot = CommandSlot()
    assert slot.put(SetSpeed(1, 3.0)) is None
    assert slot.put(SetSpeed(2, 4.0)) == SetSpeed(1, 3.0)
    assert await slot.take() == SetSpeed(2, 4.0)
    assert slot.clear() is None


async def test_only_a_stop_takes_the_place_of_a_stop() -> None:
    slot = CommandSlot()
    slot.put(SetSpeed(1, 3.0))
    assert slot.put(Stop(2)) == SetSpeed(1, 3.0)
    assert slot.stop_waits
    assert slot.put(SetSpeed(3, 3.0)) == SetSpeed(3, 3.0)
    assert slot.put(Stop(4)) == Stop(2)
    assert await slot.take() == Stop(4)
    assert not slot.stop_waits


async def test_whoever_holds_the_radio_can_wait_for_a_stop() -> None:
    slot = CommandSlot()
    waiting = asyncio.ensure_future(slot.stop_arrives())
    slot.put(SetSpeed(1, 3.0))
    await asyncio.sleep(0)
    assert not waiting.done()
    slot.put(Stop(2))
    await asyncio.wait_for(waiting, 1)


async def test_taking_waits_for_a_command() -> None:
    slot = CommandSlot()
    taking = asyncio.ensure_future(slot.take())
    await asyncio.sleep(0)
    slot.put(Stop(1))
    slot.clear()
    await asyncio.sleep(0)
    assert not taking.done()
    slot.put(SetSpeed(2, 3.0))
    assert await asyncio.wait_for(taking, 1) == SetSpeed(2, 3.0)
