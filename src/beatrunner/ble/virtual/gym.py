"""The virtual gym: a treadmill, a strap, a pod and somebody who runs.

Belt and runner move in small steps of a clock that is given, so that a test can let an hour pass
at once; the sensors speak about once a second of that clock, as real ones do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol

from beatrunner.ble.radio import Radio
from beatrunner.ble.virtual.adapter import Adapter
from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.backend import radio_of
from beatrunner.ble.virtual.sensors import Pod, Strap
from beatrunner.ble.virtual.treadmill import Treadmill
from beatrunner.codecs.ftms.quantities import mps_from_kmh
from beatrunner.core.simulation.belt import Belt, BeltCharacteristics, Key
from beatrunner.core.simulation.quirks import BeltQuirks

STEP_S = 0.1
TELL_EVERY_S = 1.0


class Runner(Protocol):
    """Whoever runs on the belt."""

    @property
    def heart_rate_bpm(self) -> float: ...

    @property
    def cadence_spm(self) -> float: ...

    def step(
        self, dt_s: float, speed_mps: float, grade_pct: float, beat_spm: float | None
    ) -> None: ...


class _Standing:
    heart_rate_bpm = 70.0
    cadence_spm = 0.0

    def step(
        self, dt_s: float, speed_mps: float, grade_pct: float, beat_spm: float | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class GymParameters:
    """What stands in the gym."""

    belt: BeltCharacteristics = field(default_factory=BeltCharacteristics)
    quirks: BeltQuirks = field(default_factory=BeltQuirks)
    treadmill_name: str = "BeatRunner T1"
    manufacturer: str | None = "BeatRunner"
    strap_name: str = "Strap"
    pod_name: str = "Pod"


class VirtualGym:
    """Open it by `async with`. `time_scale` seconds pass in the gym for each one outside.

    With `is_ticking=False` time stands still but for `advance`.
    """

    def __init__(
        self,
        parameters: GymParameters = GymParameters(),
        *,
        runner: Runner | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] | None = None,
        time_scale: float = 1.0,
        is_ticking: bool = True,
    ) -> None:
        self.runner: Runner = runner or _Standing()
        self.belt = Belt(parameters.belt, parameters.quirks)
        self.beat_spm: float | None = None
        self.now_s = 0.0
        """Seconds that have passed in the gym."""
        self._parameters = parameters
        self._sleep = sleep
        self._clock = clock
        self._time_scale = time_scale
        self._is_ticking = is_ticking
        self._told_s = 0.0
        self._adapters: list[Adapter] = []
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> VirtualGym:
        self._air = Air()
        self.treadmill = Treadmill(
            self._air,
            self.belt,
            lambda: self.now_s,
            name=self._parameters.treadmill_name,
            manufacturer=self._parameters.manufacturer,
        )
        self.strap = Strap(self._air, self._parameters.strap_name)
        self.pod = Pod(self._air, self._parameters.pod_name)
        for device in (self.treadmill, self.strap, self.pod):
            await device.switch_on()
        self.radio = await self.open_radio()
        if self._is_ticking:
            self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._ticking:
            self._ticking.cancel()
            await asyncio.gather(self._ticking, return_exceptions=True)
        for adapter in self._adapters:
            await adapter.close()
        await self.treadmill.switch_off()
        await self.strap.peripheral.switch_off()
        await self.pod.peripheral.switch_off()

    async def open_radio(self) -> Radio:
        """Another adapter on the same air, for a client that is not the first."""
        adapter = await Adapter.on_air(self._air)
        self._adapters.append(adapter)
        return radio_of(adapter)

    async def advance(self, duration_s: float) -> None:
        """Let so much time pass in the gym: belt, runner, and what the devices have to say."""
        end_s = self.now_s + duration_s
        while (dt_s := min(STEP_S, end_s - self.now_s)) > 1e-9:
            self.now_s += dt_s
            self.belt.step(dt_s)
            self.runner.step(
                dt_s, mps_from_kmh(self.belt.speed_kmh), self.belt.incline_pct, self.beat_spm
            )
            await self.treadmill.tell_statuses()
            if self.now_s - self._told_s >= TELL_EVERY_S - 1e-9:
                self._told_s = self.now_s
                await self._tell()

    async def press_key(self, key: Key) -> None:
        """Press a key of the console."""
        self.belt.key(key)
        await self.treadmill.tell_statuses()

    async def pull_safety_key(self) -> None:
        self.belt.pull_safety_key()
        await self.treadmill.tell_statuses()

    async def lose_treadmill(self) -> None:
        """Its Bluetooth is out of reach; the belt goes on. `treadmill.peripheral.come_back()`."""
        await self.treadmill.peripheral.lose()

    async def lose_strap(self) -> None:
        await self.strap.peripheral.lose()

    async def lose_pod(self) -> None:
        await self.pod.peripheral.lose()

    async def _tick(self) -> None:
        clock = self._clock or asyncio.get_running_loop().time
        before_s = clock()
        while True:
            await self._sleep(STEP_S / self._time_scale)
            now_s = clock()
            await self.advance((now_s - before_s) * self._time_scale)
            before_s = now_s

    async def _tell(self) -> None:
        speed_mps = mps_from_kmh(self.belt.speed_kmh)
        await self.treadmill.tell_data()
        await self.strap.tell(self.runner.heart_rate_bpm, has_contact=True)
        await self.pod.tell(speed_mps, self.runner.cadence_spm)
