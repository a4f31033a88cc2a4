"""A virtual runner on a virtual belt under the real governor, second by second.

What the benchmarks of the controller share: whatever leads sees only what a bridge would report,
and moves the belt only as far as the governor lets it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from beatrunner.core.controller import Sense
from beatrunner.core.governor import (
    Bounds,
    Calibration,
    Confirm,
    Governor,
    HeartRate,
    Lease,
    Limits,
    Outcome,
    Result,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
    Telemetry,
    Tick,
    Wish,
)
from beatrunner.core.simulation.belt import Belt, BeltCharacteristics

TICK_S = 1.0
_STAND_S = 8
_FOREVER_S = 1e9


class Plant(Protocol):
    """Who runs on the belt."""

    @property
    def heart_rate_bpm(self) -> float: ...

    @property
    def cadence_spm(self) -> float: ...

    def step(
        self, dt_s: float, speed_mps: float, grade_pct: float, beat_spm: float | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Second:
    """What was so at one tick, for those who judge."""

    elapsed_s: float
    heart_rate_bpm: float
    cadence_spm: float
    speed_kmh: float
    asked_kmh: float
    fell: bool
    """The governor asked for less, or stopped."""


#: Speed (km/h) and incline (%) wished for, from what is sensed.
Lead = Callable[[Sense], tuple[float, float]]


class Ride:
    """From standing beside the belt to `seconds` of running. One governor tick a second."""

    def __init__(
        self,
        plant: Plant,
        ceiling_bpm: int | None,
        belt: BeltCharacteristics,
    ) -> None:
        self.plant = plant
        self.belt = Belt(belt)
        self.governor = Governor()
        self.now_s = 0.0
        self.calibration = Calibration(belt.lag_s, belt.ramp_up_kmh_s, belt.ramp_down_kmh_s, 0.0)
        able = Bounds(belt.max_speed_kmh, belt.min_incline_pct, belt.max_incline_pct)
        self.limits = Limits(able, able, able, belt.min_speed_kmh, ceiling_bpm)
        self._outcomes: tuple[Outcome, ...] = ()
        self._sequence = 0
        for _second in range(_STAND_S):
            self._tick(None, None)
        self._tick(None, Confirm(1, self.now_s - 3.0, self.now_s, local=True))
        while self.belt.speed_kmh < belt.min_speed_kmh:
            self._tick(None, None)

    def second(self, sense: Sense, wish: tuple[float, float], beat_spm: float | None) -> Second:
        """One tick with this wish, then a second of running."""
        self._sequence += 1
        before_kmh = self.governor.state.asked_kmh
        wished = Wish("lead", 1, self._sequence, self.now_s, *wish)
        command = self._tick(wished, None, beat_spm)
        fell = isinstance(command, Stop) or (
            isinstance(command, SetSpeed) and command.speed_kmh < before_kmh
        )
        return Second(
            sense.elapsed_s,
            sense.heart_rate_bpm or 0.0,
            sense.cadence_spm or 0.0,
            sense.speed_kmh or 0.0,
            self.governor.state.asked_kmh,
            fell,
        )

    def sense(self, elapsed_s: float) -> Sense:
        return Sense(
            elapsed_s,
            round(self.belt.speed_kmh, 2),
            self.belt.incline_pct,
            float(round(self.plant.heart_rate_bpm)),
            self.plant.cadence_spm,
        )

    def _tick(
        self, wish: Wish | None, confirm: Confirm | None, beat_spm: float | None = None
    ) -> object:
        verdict = self.governor.tick(
            Tick(
                self.now_s,
                self.limits,
                self.calibration,
                bluetooth_up=True,
                server_up=True,
                telemetry=Telemetry(self.belt.speed_kmh, self.belt.incline_pct, 0.0),
                heart=HeartRate(float(round(self.plant.heart_rate_bpm)), True, 0.0),
                lease=Lease("lead", 1, self.now_s),
                wish=wish,
                confirm=confirm,
                outcomes=self._outcomes,
            )
        )
        command = verdict.command
        self._outcomes = ()
        if command is not None:
            self._outcomes = (Outcome(command.number, Result.ACCEPTED),)
        if isinstance(command, Start):
            self.belt.start()
        elif isinstance(command, SetSpeed):
            self.belt.command_speed(command.speed_kmh)
        elif isinstance(command, SetIncline):
            self.belt.command_incline(command.incline_pct)
        elif isinstance(command, Stop):
            self.belt.stop()
        self.belt.step(TICK_S)
        self.plant.step(TICK_S, self.belt.speed_kmh / 3.6, self.belt.incline_pct, beat_spm)
        self.now_s += TICK_S
        return command
