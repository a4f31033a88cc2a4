"""What the driver needs of the radio: a belt, and two sensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from beatrunner.core.governor import Bounds, Calibration, Command, MachineEvent, Outcome

#: Seconds that only ever grow; never the time of day.
Monotonic = Callable[[], float]

#: Until a treadmill was calibrated: slow to react and to ramp, as the slowest of them are.
UNCALIBRATED = Calibration(lag_s=2.0, ramp_up_kmh_s=0.4, ramp_down_kmh_s=0.4, overshoot_kmh=0.3)


@dataclass(frozen=True, slots=True)
class BeltReading:
    """What the treadmill last said of itself, at `at_s` of the bridge's monotonic clock."""

    at_s: float
    speed_kmh: float
    incline_pct: float | None = None
    heart_rate_bpm: float | None = None
    cadence_spm: float | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """One treadmill as the governor has to know it."""

    name: str
    bounds: Bounds
    min_speed_kmh: float
    calibration: Calibration = UNCALIBRATED
    is_calibrated: bool = False
    refusal: str | None = None
    """Why it cannot be driven, in words."""


@dataclass(frozen=True, slots=True)
class SensorReading:
    """A heart rate in beats or a cadence in steps a minute; `contact` None: it does not tell."""

    at_s: float
    value: float
    contact: bool | None = None


class Belt(Protocol):
    """One treadmill that reconnects by itself.

    `submit` never waits: one command at a time is on the radio, a later one replaces one that
    waits, and Stop passes everything.
    """

    @property
    def state(self) -> str:
        """none, searching, connecting, connected or lost."""

    @property
    def reading(self) -> BeltReading | None: ...

    @property
    def machine(self) -> Machine | None: ...

    def submit(self, command: Command) -> None: ...

    def drain_events(self) -> tuple[MachineEvent, ...]: ...

    def drain_outcomes(self) -> tuple[Outcome, ...]: ...


class Sensor(Protocol):
    """A strap or a pod that reconnects by itself."""

    @property
    def state(self) -> str:
        """none, searching, connecting, connected or lost."""

    @property
    def reading(self) -> SensorReading | None: ...


class NoSensor:
    """Where there is none."""

    state = "none"
    reading: SensorReading | None = None
