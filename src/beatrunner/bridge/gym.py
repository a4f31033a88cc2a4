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
from typing import TYPE_CHECKING, Any

from beatrunner.ble.connection import Link, Pacing
from beatrunner.ble.radio import Radio
from beatrunner.ble.sensor_links import HeartLink, PodLink
from beatrunner.ble.treadmill_link import TreadmillLink
from beatrunner.bridge.calibrator import Calibrator
from beatrunner.bridge.memory import Choice, Kind, Memory, Remembered
from beatrunner.bridge.ports import BeltReading, Machine, Monotonic, SensorReading
from beatrunner.bridge.status import as_name
from beatrunner.codecs.calibration import TreadmillCalibration, encode_calibration
from beatrunner.codecs.live import Calibrating, Found, Report
from beatrunner.core.governor import Calibration, Command, MachineEvent, Outcome

if TYPE_CHECKING:
    from beatrunner.ble.virtual.gym import VirtualGym


AnyLink = TreadmillLink | HeartLink | PodLink
KINDS: tuple[Kind, ...] = ("treadmill", "heart", "pod")
#: Devices advertise at least once a second or so. In a virtual gym there is one of each.
SETTLE_S = 1.5


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

    def found(self, kept: Remembered | None) -> Found | None:
        """`kept` counts more than what the link goes by at the moment."""
        facts = self.link.machine
        if facts is None:
            return None
        return Found(
            address=facts.address,
            name=facts.name,
            state=self.link.state.value,
            manufacturer=facts.manufacturer,
            limits=asdict(facts.limits),
            calibration=kept.calibration if kept else _form(facts.measured),
            calibrated_at=kept.at if kept else None,
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
    """Everything within reach of one radio. `hear_beat` is for a virtual runner.

    `memory` says which devices were chosen and how treadmills were measured.
    """

    def __init__(
        self,
        radio: Radio,
        clock: Monotonic,
        hear_beat: Callable[[float | None], None],
        memory: Memory,
        virtual: VirtualGym | None = None,
        settle_s: float = SETTLE_S,
    ) -> None:
        self.memory = memory
        self._truth = None if virtual is None else _truth(virtual)
        pacing = Pacing(settle_s=settle_s)
        chosen = {kind: memory.chosen(kind) for kind in KINDS}
        addresses = {kind: each.address if each else None for kind, each in chosen.items()}
        self._treadmill_link = TreadmillLink(
            radio,
            clock,
            address=addresses["treadmill"],
            calibrations=self._calibration,
            pacing=pacing,
        )
        self._heart_link = HeartLink(radio, clock, address=addresses["heart"], pacing=pacing)
        self._pod_link = PodLink(radio, clock, address=addresses["pod"], pacing=pacing)
        self.links: dict[Kind, AnyLink] = {
            "treadmill": self._treadmill_link,
            "heart": self._heart_link,
            "pod": self._pod_link,
        }
        self.belt = Treadmill(self._treadmill_link)
        self.heart = Strap(self._heart_link)
        self.pod = Pod(self._pod_link)
        self.calibrator = Calibrator(self._treadmill_link, memory.keep)
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
        progress = self.calibrator.progress if self.calibrator.is_moving else None
        return Report(
            treadmill=self.belt.found(self.remembered),
            heart=_found(self._heart_link),
            pod=_found(self._pod_link),
            calibrating=None if progress is None else Calibrating(progress.step, progress.share),
            trouble=as_name(self.trouble),
        )

    def choose(self, kind: Kind, address: str) -> None:
        """Connect this device and no other, and remember that."""
        names = {each.device.address: each.device.name for each in self.links[kind].sightings}
        if address in names:
            self.memory.choose(kind, Choice(address, names[address] or address))
            self.links[kind].choose(address)

    def forget(self, kind: Kind) -> None:
        """Connect whichever is the only one in reach."""
        self.memory.choose(kind, None)
        self.links[kind].choose(None)

    def forget_calibration(self) -> None:
        """The treadmill counts as one that nobody has measured."""
        if self._treadmill_link.machine is not None:
            self.memory.keep(self._treadmill_link.machine.address, None)

    def settle(self) -> None:
        """Go by the calibration that the memory has. The belt must stand: it is connected anew."""
        link = self._treadmill_link
        if link.state is not Link.CONNECTED or link.machine is None:
            return
        if link.machine.measured != self._calibration(link.machine.address):
            link.recalibrate()

    @property
    def remembered(self) -> Remembered | None:
        """What the memory has of the treadmill's calibration."""
        machine = self._treadmill_link.machine
        return None if machine is None else self.memory.calibration(machine.address)

    def _calibration(self, address: str) -> TreadmillCalibration | None:
        kept = self.memory.calibration(address)
        return self._truth if kept is None else kept.measured


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


def _form(measured: TreadmillCalibration | None) -> dict[str, Any] | None:
    return None if measured is None else json.loads(encode_calibration(measured))


def _found(link: HeartLink | PodLink) -> Found | None:
    if link.address is None:
        return None
    return Found(address=link.address, name=link.name or "", state=link.state.value)


@asynccontextmanager
async def open_gym(clock: Monotonic, memory: Memory, *, is_virtual: bool) -> AsyncIterator[Gym]:
    """The gym of this computer's radio, or one that needs none."""
    async with AsyncExitStack() as stack:
        if not is_virtual:
            yield Gym(Radio(), clock, lambda _beat_spm: None, memory)
            return
        # Its radio stack takes long to import, and every server process would do so.
        from beatrunner.ble.virtual.gym import VirtualGym

        virtual = await stack.enter_async_context(VirtualGym())

        def hear_beat(beat_spm: float | None) -> None:
            virtual.beat_spm = beat_spm

        yield Gym(virtual.radio, clock, hear_beat, memory, virtual, settle_s=0.0)
