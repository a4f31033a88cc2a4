"""An onlooker who knows the invariants and nothing of how the governor keeps them.

It sees what the governor is told and what it answers, and remembers only that. What it asserts is
weaker than the examples but holds for every history: it is what random histories are judged by.
"""

from __future__ import annotations

import math

from beatrunner.core.governor import (
    Command,
    EventKind,
    Governor,
    Lock,
    Reason,
    SetIncline,
    SetSpeed,
    Shown,
    Start,
    Stop,
    Telemetry,
    Tick,
    Verdict,
)
from tests.core.governor.belts import Ride

_ROUNDING = 1e-6


class Witness:
    def __init__(self) -> None:
        self.told_kmh: float | None = None
        self.told_pct: float | None = None
        self.console_pct: float | None = None
        self.console_spoke_last = False
        self.commanded = False
        self.rises: list[tuple[float, float, bool]] = []
        self.falls: list[tuple[float, float]] = []
        self.slopes: list[tuple[float, float]] = []
        self.asked_s = -math.inf
        self.confirms: set[int] = set()
        self.still_s: float | None = None
        self.server_lost_s: float | None = None
        self.over = True
        self.locked = False
        self.rise_count = 0

    def see(self, tick: Tick, verdict: Verdict) -> None:
        fresh = self._fresh(tick, 3.0)
        still = fresh is not None and fresh.speed_kmh <= 0.1
        self.still_s = (tick.now_s if self.still_s is None else self.still_s) if still else None
        if tick.server_up:
            self.server_lost_s = None
        elif self.server_lost_s is None:
            self.server_lost_s = tick.now_s
        if tick.wish is not None or tick.nudge is not None:
            self.asked_s = tick.now_s
        if not tick.bluetooth_up:
            # What counts afterwards is what the belt does.
            self.told_kmh = self.told_pct = None
        for event in tick.events:
            if event.kind is EventKind.INCLINE_CHANGED and math.isfinite(event.value):
                self.console_pct, self.console_spoke_last = event.value, True
        self._judge_shown(tick, verdict)
        self._judge_command(tick, verdict)
        if tick.confirm is not None:
            self.confirms.add(tick.confirm.number)
        if verdict.lock in (Lock.FAULT, Lock.DISAGREEMENT, Lock.WRONG_WAY):
            self.locked = True
        if tick.stop or verdict.shown is Shown.CONSOLE or isinstance(verdict.command, Stop):
            self.over = True

    def _fresh(self, tick: Tick, life_s: float) -> Telemetry | None:
        seen = tick.telemetry
        if tick.bluetooth_up and seen is not None and 0 <= seen.age_s <= life_s:
            return seen
        return None

    def _judge_shown(self, tick: Tick, verdict: Verdict) -> None:
        if verdict.shown is Shown.STOPPED:  # I15
            assert self.still_s is not None
            assert tick.now_s - self.still_s >= 3.0
        moving = verdict.shown not in (Shown.STOPPED, Shown.UNKNOWN)
        assert not (moving and self._fresh(tick, 2.0) is None)
        if self.commanded and not self.over and self._fresh(tick, 2.0) is None:
            assert verdict.alarm is not None or isinstance(verdict.command, Stop)  # I8
        if verdict.shown in (Shown.AUTOMATIC, Shown.MANUAL):  # I9
            assert self.server_lost_s is None or tick.now_s - self.server_lost_s < 6.5
        assert not (self.locked and verdict.lock in (None, Lock.IDLE))  # I16, I20

    def _judge_command(self, tick: Tick, verdict: Verdict) -> None:
        command = verdict.command
        if command is not None:
            assert tick.bluetooth_up  # I13
        if tick.stop and tick.bluetooth_up:
            assert isinstance(command, Stop)  # I11
        if tick.confirm is not None and verdict.shown is Shown.AUTOMATIC:
            self._judge_confirm(tick)
            self._take_over(tick)
        self.commanded |= isinstance(command, Start | SetSpeed)
        if isinstance(command, Start):
            self._judge_confirm(tick)
            assert self.still_s is not None
            assert tick.now_s - self.still_s >= 3.0
            assert not self.locked
            self.over, self.told_kmh, self.told_pct = False, tick.limits.min_speed_kmh, None
        elif isinstance(command, SetSpeed | SetIncline):
            assert not self.over  # I12
            self._judge_change(tick, verdict, command)
        self._judge_ceiling(tick, verdict)

    def _judge_confirm(self, tick: Tick) -> None:  # I1
        confirm = tick.confirm
        assert confirm is not None
        if not self.over:
            return
        assert confirm.local
        assert confirm.released_s - confirm.pressed_s >= 3.0
        assert tick.now_s - confirm.released_s <= 2.0
        assert confirm.number not in self.confirms
        assert tick.server_up

    def _take_over(self, tick: Tick) -> None:
        fresh = self._fresh(tick, 3.0)
        if self.over and fresh is not None:
            self.over, self.told_kmh, self.told_pct = False, None, None

    def _judge_change(self, tick: Tick, verdict: Verdict, command: SetSpeed | SetIncline) -> None:
        now_s = tick.now_s
        if isinstance(command, SetIncline):
            assert math.isfinite(command.incline_pct)
            seen = None if tick.telemetry is None else tick.telemetry.incline_pct
            bases = [each for each in (self.told_pct, seen) if each is not None] or [0.0]
            if self.console_pct is not None and seen is not None:
                # Where the runner set it, but not steeper than a change and a step explain.
                bases += [self.console_pct] if self.console_pct - seen <= 1.5 else []
            if self.console_spoke_last:
                bases.reverse()  # of two that are as near, what was set there counts
            base_pct = min(bases, key=lambda each: abs(command.incline_pct - each))
            self.slopes.append((now_s, abs(command.incline_pct - base_pct)))
            assert within(self.slopes, now_s, 2.0) <= 1.0 + _ROUNDING  # I5
            assert not any(now_s - at_s < 2.0 for at_s, _kmh, _auto in self.rises)  # I5
            if command.incline_pct > base_pct:
                self._judge_more(tick, verdict)
            self.told_pct, self.console_spoke_last = command.incline_pct, False
            return
        assert math.isfinite(command.speed_kmh)
        assert command.speed_kmh >= tick.limits.min_speed_kmh  # I2
        base = self.told_kmh
        if base is None and tick.telemetry is not None:
            base = tick.telemetry.speed_kmh
        self.told_kmh = command.speed_kmh
        off_kmh = command.speed_kmh - (base or 0.0)
        if off_kmh > _ROUNDING:
            self._judge_rise(tick, verdict, command.speed_kmh, off_kmh)
        elif off_kmh < -_ROUNDING:
            self.falls.append((now_s, -off_kmh))
            assert within(self.falls, now_s, 1.0) <= 1.0 + _ROUNDING  # I4

    def _judge_rise(self, tick: Tick, verdict: Verdict, speed_kmh: float, off_kmh: float) -> None:
        now_s = tick.now_s
        self.rise_count += 1
        automatic = verdict.shown is Shown.AUTOMATIC and not tick.held
        self.rises.append((now_s, off_kmh, automatic))
        rises = [(at_s, kmh) for at_s, kmh, _auto in self.rises]
        automatic_rises = [(at_s, kmh) for at_s, kmh, auto in self.rises if auto]
        assert within(rises, now_s, 1.0) <= 0.5 + _ROUNDING  # I3
        assert within(automatic_rises, now_s, 15.0) <= 0.5 + _ROUNDING  # I3
        assert speed_kmh <= tick.limits.max_speed_kmh  # I2
        assert not any(now_s - at_s < 2.0 for at_s, _pct in self.slopes)  # I5
        self._judge_more(tick, verdict)

    def _judge_more(self, tick: Tick, verdict: Verdict) -> None:
        """Faster or steeper: only when everything is fresh and agreed."""
        fresh = self._fresh(tick, 3.0)
        assert fresh is not None  # I8
        assert tick.server_up  # I9
        assert not self.locked  # I16, I20
        assert not tick.fault
        assert tick.now_s - self.asked_s <= 5.0  # I10
        if verdict.shown is Shown.AUTOMATIC:
            assert tick.lease is not None
            assert 0 <= tick.now_s - tick.lease.heard_s <= 15  # I9
        if tick.limits.ceiling_bpm is not None:
            heart = tick.heart
            if Reason.HEART_ENDED not in verdict.reasons:  # I7
                assert heart is not None
                assert heart.contact is not False
                assert heart.age_s <= 5
                assert 30 <= heart.heart_rate_bpm <= 230
            assert heart is None or not (
                heart.contact is not False
                and heart.age_s <= 5
                and tick.limits.ceiling_bpm <= heart.heart_rate_bpm <= 230
            )  # I6

    def _judge_ceiling(self, tick: Tick, verdict: Verdict) -> None:
        """At the ceiling a driven belt falls in every tick in which a fall is left (I6)."""
        if Reason.HEART_CEILING not in verdict.reasons or self.over:
            return
        if within(self.falls, tick.now_s, 1.0) <= 0.9 and not isinstance(verdict.command, Stop):
            assert self.falls
            assert self.falls[-1][0] == tick.now_s


def within(changes: list[tuple[float, float]], now_s: float, window_s: float) -> float:
    return sum(amount for at_s, amount in changes[-50:] if now_s - at_s < window_s)


class WatchedRide(Ride):
    """A ride with a witness, and what may happen on it, by name."""

    def __init__(self, governor: Governor | None = None, **changes: object) -> None:
        super().__init__(governor, **changes)
        self.witness = Witness()

    def watch(self, tick: Tick, verdict: Verdict) -> None:
        self.witness.see(tick, verdict)


def commands_of(ride: Ride) -> list[Command]:
    return [command for _at_s, command in ride.given]
