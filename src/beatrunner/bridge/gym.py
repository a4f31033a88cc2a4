"""The belt and the sensors, real or virtual, behind the driver's ports.

Only the radio differs: the virtual gym speaks the same bytes to the same links.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING

from beatrunner.ble.radio import Radio
from beatrunner.ble.sensor_links import HeartLink, PodLink
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.bridge.ports import BeltReading, Machine, Monotonic, SensorReading
from beatrunner.codecs.calibration import TreadmillCalibration, encode_calibration
from beatrunner.codecs.live import Found, Report
from beatrunner.core.governor import Calibration, Command, MachineEvent, Outcome

if TYPE_CHECKING:
    from beatrunner.ble.virtual.gym import VirtualGym


class Part(StrEnum):
    """What a virtual gym can be without."""

    STRAP = "strap"
    TREADMILL = "treadmill"
    SAFETY_KEY = "safety_key"


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
            calibration=facts.calibration,
            is_calibrated=facts.measured is not None,
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
            calibration=None
            if facts.measured is None
            else json.loads(encode_calibration(facts.measured)),
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
        virtual: VirtualGym | None = None,
    ) -> None:
        calibration = None if virtual is None else _truth(virtual)
        self._treadmill_link = TreadmillLink(
            radio, clock, calibrations=lambda _address: calibration
        )
        self._heart_link = HeartLink(radio, clock)
        self._pod_link = PodLink(radio, clock)
        self.belt = Treadmill(self._treadmill_link)
        self.heart = Strap(self._heart_link)
        self.pod = Pod(self._pod_link)
        self.hear_beat = hear_beat
        self.switches = None if virtual is None else Switches(virtual)

    @property
    def is_virtual(self) -> bool:
        return self.switches is not None

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


class Switches:
    """What can go wrong in a virtual gym, to be tried out."""

    def __init__(self, gym: VirtualGym) -> None:
        self._gym = gym
        self.off: frozenset[Part] = frozenset()

    async def turn(self, part: Part, *, is_off: bool) -> None:
        """Take a part away, or bring it back."""
        if (part in self.off) is is_off:
            return
        self.off = self.off | {part} if is_off else self.off - {part}
        gym = self._gym
        match part, is_off:
            case Part.STRAP, True:
                await gym.lose_strap()
            case Part.STRAP, False:
                await gym.strap.peripheral.come_back()
            case Part.TREADMILL, True:
                await gym.lose_treadmill()
            case Part.TREADMILL, False:
                await gym.treadmill.peripheral.come_back()
            case Part.SAFETY_KEY, True:
                await gym.pull_safety_key()
            case Part.SAFETY_KEY, False:
                gym.belt.insert_safety_key()


def _truth(gym: VirtualGym) -> TreadmillCalibration:
    """What a calibration run would find out about the virtual treadmill."""
    belt = gym.parameters.belt
    return TreadmillCalibration(
        treadmill=gym.parameters.treadmill_name,
        manufacturer=gym.parameters.manufacturer,
        calibration=Calibration(
            # It speaks once a second, so that a reading may be so much older.
            lag_s=belt.lag_s + 1.0,
            ramp_up_kmh_s=belt.ramp_up_kmh_s,
            ramp_down_kmh_s=belt.ramp_down_kmh_s,
            overshoot_kmh=0.0,
            settle_s=belt.settle_s,
            speed_step_kmh=belt.speed_step_kmh,
            incline_step_pct=belt.incline_step_pct,
        ),
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
            yield Gym(Radio(), clock, lambda _beat_spm: None)
            return
        # Its radio stack takes long to import, and every server process would do so.
        from beatrunner.ble.virtual.gym import VirtualGym

        virtual = await stack.enter_async_context(VirtualGym())

        def hear_beat(beat_spm: float | None) -> None:
            virtual.beat_spm = beat_spm

        yield Gym(virtual.radio, clock, hear_beat, virtual)
