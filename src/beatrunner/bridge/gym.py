"""The belt and the sensors, real or virtual, behind the driver's ports.

Only the radio differs: the virtual gym speaks the same bytes to the same links.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict

from beatrunner.ble.radio import Radio
from beatrunner.ble.sensor_links import HeartLink, PodLink
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.ble.virtual.gym import VirtualGym
from beatrunner.bridge.ports import BeltReading, Machine, Monotonic, SensorReading
from beatrunner.codecs.live import Found, Report
from beatrunner.core.governor import Command, MachineEvent, Outcome


class Treadmill:
    """The treadmill's link as a `Belt`."""

    def __init__(self, link: TreadmillLink) -> None:
        self.link = link

    @property
    def state(self) -> str:
        return self.link.state

    @property
    def reading(self) -> BeltReading | None:
        last = self.link.reading
        if last is None:
            return None
        return BeltReading(last.at_s, last.speed_kmh, last.incline_pct, last.heart_rate_bpm)

    @property
    def machine(self) -> Machine | None:
        facts = self.link.machine
        if facts is None:
            return None
        return Machine(
            name=facts.name,
            bounds=facts.limits.bounds,
            min_speed_kmh=facts.limits.min_speed_kmh,
            calibration=facts.limits.uncalibrated,
            is_calibrated=False,
            refusal=facts.control_refused,
        )

    def submit(self, command: Command) -> None:
        self.link.submit(command)

    def drain_events(self) -> tuple[MachineEvent, ...]:
        return self.link.drain_events()

    def drain_outcomes(self) -> tuple[Outcome, ...]:
        return self.link.drain_outcomes()

    def found(self) -> Found | None:
        facts = self.link.machine
        if facts is None:
            return None
        return Found(
            address=facts.address,
            name=facts.name,
            state=self.link.state.value,
            manufacturer=facts.manufacturer,
            limits=asdict(facts.limits),
        )


class Strap:
    """The strap's link as a `Sensor`."""

    def __init__(self, link: HeartLink) -> None:
        self.link = link

    @property
    def state(self) -> str:
        return self.link.state

    @property
    def reading(self) -> SensorReading | None:
        last = self.link.reading
        return SensorReading(last.at_s, last.heart_rate_bpm, last.contact) if last else None


class Pod:
    """The pod's link as a `Sensor`."""

    def __init__(self, link: PodLink) -> None:
        self.link = link

    @property
    def state(self) -> str:
        return self.link.state

    @property
    def reading(self) -> SensorReading | None:
        last = self.link.reading
        return SensorReading(last.at_s, last.cadence_spm) if last else None


class Gym:
    """Everything within reach of one radio. `hear_beat` is for a virtual runner."""

    def __init__(
        self,
        radio: Radio,
        clock: Monotonic,
        hear_beat: Callable[[float | None], None],
        *,
        is_virtual: bool,
    ) -> None:
        self._treadmill_link = TreadmillLink(radio, clock)
        self._heart_link = HeartLink(radio, clock)
        self._pod_link = PodLink(radio, clock)
        self.belt = Treadmill(self._treadmill_link)
        self.heart = Strap(self._heart_link)
        self.pod = Pod(self._pod_link)
        self.hear_beat = hear_beat
        self.is_virtual = is_virtual

    @property
    def trouble(self) -> str | None:
        """Why there is no treadmill, in words."""
        return self._treadmill_link.trouble

    async def run(self) -> None:
        """Keep everything connected, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for link in (self._treadmill_link, self._heart_link, self._pod_link):
                group.create_task(link.run())

    def report(self) -> Report:
        """What is in reach."""
        return Report(
            treadmill=self.belt.found(),
            heart=_found(self._heart_link),
            pod=_found(self._pod_link),
        )


def _found(link: HeartLink | PodLink) -> Found | None:
    if link.address is None:
        return None
    return Found(address=link.address, name=link.name or "", state=link.state.value)


@asynccontextmanager
async def open_gym(clock: Monotonic, *, is_virtual: bool) -> AsyncIterator[Gym]:
    """The gym of this computer's radio, or one that needs none."""
    async with AsyncExitStack() as stack:
        if not is_virtual:
            yield Gym(Radio(), clock, lambda _beat_spm: None, is_virtual=False)
            return
        virtual = await stack.enter_async_context(VirtualGym())

        def hear_beat(beat_spm: float | None) -> None:
            virtual.beat_spm = beat_spm

        yield Gym(virtual.radio, clock, hear_beat, is_virtual=True)
