"""What the governor remembers from tick to tick, and the changes that several inputs cause.

A decision works on a copy, so an exception leaves the last whole state to fall from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from beatrunner.core.governor.agreement import Agreement, Evenness, adopting, beginning
from beatrunner.core.governor.allowance import Allowance
from beatrunner.core.governor.bounds import (
    APART_KMH,
    AUTOMATIC_RISE_S,
    FALL_KMH,
    FALL_S,
    INCLINE_PCT,
    INCLINE_S,
    RISE_KMH,
    RISE_S,
    STILL_KMH,
    STILL_S,
    TELEMETRY_LIFE_S,
    step_down,
    step_up,
)
from beatrunner.core.governor.heart import HeartWatch
from beatrunner.core.governor.tick import Telemetry, Tick
from beatrunner.core.governor.verdict import Command, Lock, SetSpeed

_RISES = Allowance(RISE_KMH, RISE_S)
_AUTOMATIC_RISES = Allowance(RISE_KMH, AUTOMATIC_RISE_S)
_FALLS = Allowance(FALL_KMH, FALL_S)
_INCLINES = Allowance(INCLINE_PCT, INCLINE_S)
_HEART = HeartWatch(None)
_STANDING = beginning(0.0, 0.0)
UNSEEN = Evenness(math.inf, math.nan)


class Phase(StrEnum):
    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


class Control(StrEnum):
    """Who moves the belt through us: nobody (the console alone), the runner, the automation."""

    NONE = "none"
    RUNNER = "runner"
    AUTOMATION = "automation"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a wish or a press leads, as long as it is fresh."""

    at_s: float
    speed_kmh: float
    incline_pct: float
    automatic: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """The last command, until its outcome is known; `before`: what was asked for before it."""

    given_s: float
    command: Command
    before: float = 0.0


@dataclass(slots=True)
class State:
    now_s: float = -math.inf
    passed_s: float = 0.0
    phase: Phase = Phase.IDLE
    control: Control = Control.NONE
    control_since_s: float = -math.inf
    lock: Lock | None = None
    falling: bool = False
    """A fall that nothing ends but the stop."""
    due: bool = False
    """Start, or the first speed after it, is to be sent."""

    asked_kmh: float = 0.0
    asked_incline_pct: float = 0.0
    slowest_kmh: float = 0.0
    target: Target | None = None
    told_kmh: tuple[tuple[float, float], ...] = ()
    told_pct: tuple[tuple[float, float], ...] = ()
    agreement: Agreement = _STANDING
    even: Evenness = UNSEEN
    adopted_s: float | None = None
    """Since when a belt is ours that may go where somebody else sent it, and was told nothing."""
    unsure: bool = False
    """The belt was out of reach: what it was asked for means nothing any more."""

    rises: Allowance = _RISES
    automatic_rises: Allowance = _AUTOMATIC_RISES
    falls: Allowance = _FALLS
    inclines: Allowance = _INCLINES
    rose_s: float = -math.inf

    number: int = 0
    pending: Pending | None = None
    stopping_since_s: float = -math.inf
    stopping_from_kmh: float = 0.0
    stop_sent_s: float | None = None

    heart: HeartWatch = _HEART
    heart_ended: bool = False
    still_since_s: float | None = None
    idle_since_s: float | None = None
    bluetooth_since_s: float = math.inf
    bluetooth_lost_s: float = math.inf
    server_lost_s: float | None = None
    confirm_number: int = 0
    generation: int = -1
    lease_id: str | None = None
    sequence: int = -1

    @property
    def driven(self) -> bool:
        """Whether the belt moves, or is about to, by our commands."""
        return self.control is not Control.NONE

    @property
    def proved_still(self) -> bool:
        return self.still_since_s is not None and self.now_s - self.still_since_s >= STILL_S

    def stop(self, measured_kmh: float | None) -> None:
        """Stop now; the stillness that proves it begins anew."""
        self.stop_sent_s = None
        self.pending = None
        self.due = False
        self.control = Control.NONE
        self.still_since_s = None
        if self.phase is not Phase.STOPPING:
            self.phase = Phase.STOPPING
            self.stopping_since_s = self.now_s
            self.stopping_from_kmh = max(self.asked_kmh, measured_kmh or 0.0)

    def rest(self) -> None:
        """The belt stands, proved."""
        self.phase = Phase.IDLE
        self.falling = False
        self.asked_kmh = 0.0
        self.idle_since_s = self.now_s

    def suspend(self, since_s: float) -> None:
        """The automation has no say until the runner confirms again (I11)."""
        self.target = None
        if self.control is Control.AUTOMATION:
            self.control = Control.RUNNER
            self.control_since_s = since_s

    def release(self) -> None:
        """The console alone has the belt."""
        self.phase = Phase.RUNNING
        self.control = Control.NONE
        self.pending = None

    def arm(self, tick: Tick, measured_kmh: float) -> None:
        """The runner confirmed: the automation may move the belt, from where it is.

        A belt that the runner moved through us still follows what it was told last: to take it
        for told what it happens to run at would be to find that it disagrees (I16).
        """
        self.slowest_kmh = step_up(tick.limits.min_speed_kmh, tick.calibration.speed_step_kmh)
        self.asked_incline_pct = measured_incline(tick) or 0.0
        if self.phase is Phase.STARTING:
            self.assume(self.slowest_kmh, measured_kmh)
        elif not self.driven:
            self.adopt(tick, measured_kmh, self.now_s)
        self.control = Control.AUTOMATION
        self.control_since_s = self.now_s
        self.heart = HeartWatch(self.now_s)
        self.heart_ended = False
        self.target = None

    def assume(self, asked_kmh: float, *others_kmh: float) -> None:
        """Take `asked_kmh` as what the belt was told, whoever told it, and what it did before."""
        self.adopted_s = None
        self.asked_kmh = max(asked_kmh, self.slowest_kmh)
        self.agreement = beginning(self.now_s, self.asked_kmh, *others_kmh)

    def adopt(self, tick: Tick, measured_kmh: float, since_s: float) -> None:
        """Go with a belt that somebody else may have sent on its way: take for told where it is.

        Until it runs evenly, and for no longer than the longest way takes.
        """
        machine = tick.calibration
        self.assume(step_down(measured_kmh, machine.speed_step_kmh), measured_kmh)
        even_s = self.now_s - max(since_s, self.even.since_s)
        if even_s < machine.takes_s(APART_KMH) and self.now_s - since_s < machine.takes_s(
            tick.limits.machine.max_speed_kmh
        ):
            self.adopted_s = since_s
            self.agreement = adopting(self.now_s, measured_kmh, machine)

    def take_back(self, refused: Pending) -> None:
        """The machine refused: it still has what it was told before.

        Of a command whose fate is unknown nothing is taken back: it may be in force, and falls
        are counted from the higher speed.
        """
        if isinstance(refused.command, SetSpeed):
            self.asked_kmh = refused.before
            self.agreement = self.agreement.asking(self.now_s, refused.before, None)
        else:
            self.asked_incline_pct = refused.before


def measured(tick: Tick) -> float | None:
    """The speed of the belt, if the telemetry is fresh (I8)."""
    seen = _fresh(tick)
    return None if seen is None else seen.speed_kmh


def measured_incline(tick: Tick) -> float | None:
    """The slope of the belt, if the telemetry is fresh and the machine tells it."""
    seen = _fresh(tick)
    if seen is None or seen.incline_pct is None or not math.isfinite(seen.incline_pct):
        return None
    return seen.incline_pct


def _fresh(tick: Tick) -> Telemetry | None:
    seen = tick.telemetry
    if tick.bluetooth_up and seen is not None and seen.within(TELEMETRY_LIFE_S):
        return seen
    return None


def moving(measured_kmh: float | None) -> bool:
    return measured_kmh is not None and measured_kmh > STILL_KMH
