"""The virtual gym: a treadmill, somebody who runs on it, their strap and their pod.

Belt and runner move in small steps of a clock that is given, so that a test can let an hour pass
at once; the devices speak about once a second of that clock, as real ones do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from beatrunner.ble.radio import Radio
from beatrunner.ble.virtual.adapter import Adapter
from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.backend import radio_of
from beatrunner.ble.virtual.sensors import Pod, Strap
from beatrunner.ble.virtual.tcp import served_air
from beatrunner.ble.virtual.treadmill import Treadmill
from beatrunner.codecs.ftms.quantities import mps_from_kmh
from beatrunner.core.simulation.belt import Belt, BeltCharacteristics, Key
from beatrunner.core.simulation.quirks import BeltQuirks
from beatrunner.core.simulation.runner import RunnerParameters, VirtualRunner, draw_runner

STEP_S: Final = 0.1
TELL_EVERY_S: Final = 1.0
_GRAIN_S = 1e-9
#: A packet crosses host, controller, link, controller and host, each in its own turn.
_TURNS_TO_DELIVER = 12


@dataclass(frozen=True, slots=True)
class GymParameters:
    """What stands in the gym, and who runs there: a runner drawn from `seed`, if none is given."""

    belt: BeltCharacteristics = field(default_factory=BeltCharacteristics)
    quirks: BeltQuirks = field(default_factory=BeltQuirks)
    runner: RunnerParameters | None = None
    seed: int = 11
    """The runner of this number has ordinary legs: 170 steps a minute and 133 bpm at 10 km/h."""
    treadmill_name: str = "BeatRunner T1"
    manufacturer: str | None = "BeatRunner"
    strap_name: str = "Virtual strap"
    strap_tells_contact: bool = True
    pod_name: str = "Virtual pod"
    pod_counts_one_foot: bool = False


class VirtualGym:
    """Open it by `async with`; then `radio` is what clients are built on.

    `time_scale` seconds pass in the gym for each one of `clock`. With `is_ticking=False` no time
    passes but by `advance`.
    """

    def __init__(
        self,
        parameters: GymParameters = GymParameters(),
        *,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        time_scale: float = 1.0,
        is_ticking: bool = True,
    ) -> None:
        runner = parameters.runner or draw_runner(np.random.default_rng(parameters.seed))
        self.parameters = parameters
        self.belt = Belt(parameters.belt, parameters.quirks)
        self.runner = VirtualRunner(runner, parameters.seed)
        self.beat_spm: float | None = None
        """The beat the runner hears, folded to steps; None: silence."""
        self.now_s = 0.0
        """Seconds that have passed in the gym."""
        self._clock = clock
        self._sleep = sleep
        self._time_scale = time_scale
        self._is_ticking = is_ticking
        self._told_s = 0.0
        self._steps = 0.0
        self._adapters: list[Adapter] = []
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        parameters = self.parameters
        self._air = Air()
        self.treadmill = Treadmill(
            self._air,
            self.belt,
            lambda: self.now_s,
            name=parameters.treadmill_name,
            manufacturer=parameters.manufacturer,
        )
        self.strap = Strap(
            self._air,
            parameters.strap_name,
            seed=parameters.seed,
            tells_contact=parameters.strap_tells_contact,
        )
        self.pod = Pod(
            self._air, parameters.pod_name, counts_one_foot=parameters.pod_counts_one_foot
        )
        for device in (self.treadmill, self.strap, self.pod):
            await device.switch_on()
        self.radio = await self.open_radio()
        if self._is_ticking:
            self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._ticking:
            self._ticking.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticking
        for device in (self.treadmill, self.strap, self.pod):
            await device.switch_off()
        for adapter in self._adapters:
            await adapter.close()

    async def open_radio(self) -> Radio:
        """Another adapter on the same air, for a client that is not the first."""
        adapter = await Adapter.on_air(self._air)
        self._adapters.append(adapter)
        return radio_of(adapter)

    def served(self, host: str = "127.0.0.1", port: int = 0) -> AbstractAsyncContextManager[str]:
        """Let other processes in, which use `tcp.radio_over_tcp(address)`; yields the address."""
        return served_air(self._air, host, port)

    async def advance(self, duration_s: float) -> None:
        """Let so much time pass. Clients of this process have heard everything when it returns."""
        end_s = self.now_s + duration_s
        while (dt_s := min(STEP_S, end_s - self.now_s)) > _GRAIN_S:
            self.now_s += dt_s
            self.belt.step(dt_s)
            self.runner.step(dt_s, self._speed_mps, self.belt.incline_pct, self.beat_spm)
            self._steps += self.runner.cadence_spm / 60 * dt_s
            await self.treadmill.tell_statuses()
            if self.now_s - self._told_s >= TELL_EVERY_S - _GRAIN_S:
                await self._tell(self.now_s - self._told_s)
                self._told_s = self.now_s

    async def press_key(self, key: Key) -> None:
        """Press a key of the console."""
        self.belt.key(key)
        await self._tell_statuses()

    async def pull_safety_key(self) -> None:
        """It is put back by `belt.insert_safety_key()`."""
        self.belt.pull_safety_key()
        await self._tell_statuses()

    async def lose_treadmill(self) -> None:
        """Out of reach of Bluetooth until `treadmill.peripheral.come_back()`; the belt goes on."""
        await self.treadmill.peripheral.lose()
        await _deliver()

    async def lose_strap(self) -> None:
        await self.strap.peripheral.lose()
        await _deliver()

    async def lose_pod(self) -> None:
        await self.pod.peripheral.lose()
        await _deliver()

    @property
    def _speed_mps(self) -> float:
        return mps_from_kmh(self.belt.speed_kmh)

    async def _tick(self) -> None:
        clock = self._clock or asyncio.get_running_loop().time
        before_s = clock()
        while True:
            await self._sleep(STEP_S / self._time_scale)
            now_s = clock()
            await self.advance((now_s - before_s) * self._time_scale)
            before_s = now_s

    async def _tell(self, dt_s: float) -> None:
        runner = self.runner
        await self.treadmill.tell_data(self._steps)
        await self.strap.tell(dt_s, runner.heart_rate_bpm, runner.cadence_spm)
        await self.pod.tell(self._speed_mps, runner.cadence_spm, is_running=runner.is_running)
        await _deliver()

    async def _tell_statuses(self) -> None:
        await self.treadmill.tell_statuses()
        await _deliver()


async def _deliver() -> None:
    """Let the packets under way arrive."""
    for _turn in range(_TURNS_TO_DELIVER):
        await asyncio.sleep(0)
