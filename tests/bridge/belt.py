"""A treadmill in memory behind the driver's port, on a clock that the test moves.

It lags, ramps, and can lie, reverse, or fall silent. What reached it is kept in `given`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from beatrunner.bridge.ports import BeltReading, Machine
from beatrunner.core.governor import (
    Bounds,
    Calibration,
    Command,
    MachineEvent,
    Outcome,
    Result,
    SetIncline,
    SetSpeed,
    Start,
)

TICK_S = 0.25
CALIBRATION = Calibration(lag_s=1.0, ramp_up_kmh_s=0.5, ramp_down_kmh_s=1.0, overshoot_kmh=0.1)
MACHINE = Machine("Memory 1", Bounds(20.0, 0.0, 15.0), 1.0, CALIBRATION, is_calibrated=True)


@dataclass(slots=True)
class FakeClock:
    """Binary fractions of a second add up exactly."""

    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(slots=True)
class MemoryBelt:
    clock: FakeClock
    machine: Machine | None = MACHINE
    state: str = "connected"
    reading: BeltReading | None = None
    speed_kmh: float = 0.0
    target_kmh: float = 0.0
    incline_pct: float = 0.0
    obeys: bool = True
    """Whether it does what it says it does."""
    reverses: bool = False
    """Every change of speed is made in the other direction."""
    is_mute: bool = False
    """Nothing more is heard of it, though the radio seems to be up."""
    given: list[tuple[float, Command]] = field(default_factory=list)
    _waiting: list[tuple[float, float]] = field(default_factory=list)
    _events: list[MachineEvent] = field(default_factory=list)
    _outcomes: list[Outcome] = field(default_factory=list)

    def submit(self, command: Command) -> None:
        if self.state != "connected":
            raise AssertionError("a command was given to a radio that is down")
        now_s = self.clock()
        self.given.append((now_s, command))
        self._outcomes.append(Outcome(command.number, Result.ACCEPTED))
        if not self.obeys:
            return
        if isinstance(command, SetIncline):
            self.incline_pct = command.incline_pct
            return
        assert self.machine is not None
        target_kmh = 0.0
        if isinstance(command, SetSpeed):
            target_kmh = command.speed_kmh
            if self.reverses:
                target_kmh = 2 * self.speed_kmh - target_kmh
        elif isinstance(command, Start):
            target_kmh = self.machine.min_speed_kmh
        self._waiting.append((now_s + 0.5, target_kmh))

    def say(self, event: MachineEvent) -> None:
        self._events.append(event)

    def drain_events(self) -> tuple[MachineEvent, ...]:
        events, self._events = tuple(self._events), []
        return events

    def drain_outcomes(self) -> tuple[Outcome, ...]:
        outcomes, self._outcomes = tuple(self._outcomes), []
        return outcomes

    def step(self) -> None:
        """One tick of time passes on the belt; it speaks of it if the radio is up."""
        now_s = self.clock()
        while self._waiting and self._waiting[0][0] <= now_s:
            self.target_kmh = self._waiting.pop(0)[1]
        up_kmh, down_kmh = 0.5 * TICK_S, 1.0 * TICK_S
        change_kmh = min(max(self.target_kmh - self.speed_kmh, -down_kmh), up_kmh)
        self.speed_kmh = max(self.speed_kmh + change_kmh, 0.0)
        if self.state == "connected" and not self.is_mute:
            self.reading = BeltReading(now_s, round(self.speed_kmh, 2), self.incline_pct)
