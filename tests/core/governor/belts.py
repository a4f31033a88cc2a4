"""A runner on a perfect belt under a governor, for the tests of it.

Everything is well by default: links up, telemetry new, a heart that beats, the page and the
conductor heard from. A test says what is not. Time passes in quarters of a second, which binary
fractions hold exactly, so that limits can be tested to the tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from beatrunner.core.governor import (
    Bounds,
    Calibration,
    Command,
    Confirm,
    EventKind,
    Governor,
    HeartRate,
    Lease,
    Limits,
    MachineEvent,
    Nudge,
    Outcome,
    Result,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
    Telemetry,
    Tick,
    Verdict,
    Wish,
)

STEP_S = 0.25
MACHINE = Bounds(20.0, -3.0, 15.0)
LIMITS = Limits(MACHINE, Bounds(16.0, -2.0, 12.0), Bounds(12.0, -1.0, 10.0), 1.0, 170)
CALIBRATION = Calibration(
    lag_s=1.0, ramp_up_kmh_s=0.5, ramp_down_kmh_s=1.0, overshoot_kmh=0.0, settle_s=5.0
)


class Ride:
    def __init__(self, governor: Governor | None = None, **changes: Any) -> None:
        self.governor = governor or Governor()
        self.now_s = 1000.0
        self.belt_kmh = 0.0
        self.incline_pct = 0.0
        self.obeys = True
        self.given: list[tuple[float, Command]] = []
        self.outcomes: tuple[Outcome, ...] = ()
        self.sequence = 0
        self.confirms = 0
        self.ticks = 0
        #: What is not well, until it is taken out again.
        self.changes: dict[str, Any] = changes
        self.verdict: Verdict

    def now(self, **changes: Any) -> Tick:
        """The tick as it is at this moment, with what is not well."""
        well = Tick(
            self.now_s,
            LIMITS,
            CALIBRATION,
            bluetooth_up=True,
            server_up=True,
            telemetry=Telemetry(self.belt_kmh, self.incline_pct, 0.0),
            heart=HeartRate(140 + self.ticks % 2, True, 0.0),
            page_heard_s=self.now_s,
            lease=Lease("conductor", 1, self.now_s),
            outcomes=self.outcomes,
        )
        return replace(well, **{**self.changes, **changes})

    def tick(self, **changes: Any) -> Verdict:
        self.now_s += STEP_S
        self.ticks += 1
        now = self.now(**changes)
        self.verdict = self.governor.tick(now)
        self.watch(now, self.verdict)
        self.outcomes = ()
        if self.verdict.command is not None:
            self._give(self.verdict.command)
        return self.verdict

    def watch(self, tick: Tick, verdict: Verdict) -> None:
        """For those who look on."""

    def _give(self, command: Command) -> None:
        self.given.append((self.now_s, command))
        self.outcomes = (Outcome(command.number, Result.ACCEPTED),)
        if not self.obeys:
            return
        if isinstance(command, Start):
            self.belt_kmh = LIMITS.min_speed_kmh
        elif isinstance(command, SetSpeed):
            self.belt_kmh = command.speed_kmh
        elif isinstance(command, SetIncline):
            self.incline_pct = command.incline_pct
        else:
            self.belt_kmh = 0.0

    def wait(self, seconds: float, **changes: Any) -> list[Command]:
        """The commands of the ticks of these seconds."""
        before = len(self.given)
        for _tick in range(round(seconds / STEP_S)):
            self.tick(**changes)
        return [command for _at_s, command in self.given[before:]]

    def stand(self) -> Ride:
        """Long enough beside a belt that stands for it to be proved."""
        self.wait(6)
        return self

    def confirm(self, held_s: float = 3.0, ago_s: float = 0.0, local: bool = True) -> Confirm:
        """A hold that ended `ago_s` before the next tick."""
        self.confirms += 1
        released_s = self.now_s + STEP_S - ago_s
        return Confirm(self.confirms, released_s - held_s, released_s, local)

    def start(self) -> Ride:
        self.stand()
        self.tick(confirm=self.confirm())
        assert isinstance(self.verdict.command, Start), self.verdict
        self.wait(1)
        return self

    def at(self, speed_kmh: float) -> Ride:
        """On a belt that the automation took over at this speed, after the windows have passed."""
        self.stand()
        self.belt_kmh = speed_kmh
        self.wait(3)
        self.tick(confirm=self.confirm())
        assert self.verdict.shown == "automatic", self.verdict
        self.wait(2)
        return self

    def wish(self, speed_kmh: float, incline_pct: float = 0.0, **changes: Any) -> Wish:
        self.sequence += 1
        wish = Wish("conductor", 1, self.sequence, self.now_s + STEP_S, speed_kmh, incline_pct)
        return replace(wish, **changes)

    def follow(
        self, seconds: float, speed_kmh: float, incline_pct: float = 0.0, **changes: Any
    ) -> list[Command]:
        """The commands of these seconds, with a new wish in every tick."""
        before = len(self.given)
        for _tick in range(round(seconds / STEP_S)):
            self.tick(wish=self.wish(speed_kmh, incline_pct), **changes)
        return [command for _at_s, command in self.given[before:]]

    def nudge(self, speed_kmh: float = 0.0, incline_pct: float = 0.0, ago_s: float = 0.0) -> Nudge:
        return Nudge(self.now_s + STEP_S - ago_s, speed_kmh, incline_pct)

    def press(self, speed_kmh: float = 0.0, incline_pct: float = 0.0, **changes: Any) -> Verdict:
        return self.tick(nudge=self.nudge(speed_kmh, incline_pct), **changes)

    def event(self, kind: EventKind, value: float = 0.0, **changes: Any) -> Verdict:
        return self.tick(events=(MachineEvent(kind, value),), **changes)

    def stale(self, age_s: float) -> Telemetry:
        return Telemetry(self.belt_kmh, self.incline_pct, age_s)


def speeds(commands: Sequence[Command]) -> list[float]:
    """The speeds asked for; anything but a speed is a mistake."""
    assert all(isinstance(command, SetSpeed) for command in commands), commands
    return [command.speed_kmh for command in commands if isinstance(command, SetSpeed)]


def inclines(commands: list[Command]) -> list[float]:
    return [command.incline_pct for command in commands if isinstance(command, SetIncline)]


def kinds(commands: list[Command]) -> set[type]:
    return {type(command) for command in commands}


def stopped(verdict: Verdict) -> bool:
    return isinstance(verdict.command, Stop)
