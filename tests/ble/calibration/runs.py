"""A calibration run against a virtual treadmill, in the gym's own time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from beatrunner.ble.calibration.procedure import CalibrationRun, Progress, Seen, Step
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.ble.virtual.gym import VirtualGym
from tests.ble.links import until_connected
from tests.ble.virtual.clients import still_gym

TICK_S = 0.25
_LONGEST_S = 300
#: What happens in between; returns whether the runner presses stop.
Meanwhile = Callable[[VirtualGym, Step], Awaitable[bool | None]]


async def nothing(_gym: VirtualGym, _step: Step) -> None: ...


async def calibrate(
    meanwhile: Meanwhile = nothing, *, address: str | None = None, **parameters: Any
) -> tuple[list[Progress], VirtualGym]:
    """All progress of one run, and the gym as it was left. Start is held after two seconds."""
    async with still_gym(**parameters) as gym:
        link = TreadmillLink(gym.radio, lambda: gym.now_s, address=address)
        running = asyncio.create_task(link.run())
        await until_connected(link)
        await gym.advance(1.5)
        assert link.machine
        run = CalibrationRun(link.machine)
        seen: list[Progress] = []
        while gym.now_s < _LONGEST_S:
            stop = bool(await meanwhile(gym, seen[-1].step if seen else Step.READY))
            for _ in range(20):
                await asyncio.sleep(0)
            progress = run.tick(
                Seen(
                    now_s=gym.now_s,
                    reading=link.reading,
                    events=link.drain_events(),
                    outcomes=link.drain_outcomes(),
                    words=link.words,
                    held=2 <= gym.now_s < 2 + TICK_S,
                    stop=stop,
                )
            )
            seen.append(progress)
            if progress.command is not None:
                link.submit(progress.command)
            if progress.step is Step.OVER:
                break
            await gym.advance(TICK_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return seen, gym
