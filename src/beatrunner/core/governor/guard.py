"""The governor as the bridge holds it: a decision per tick, and a fall when deciding fails."""

from __future__ import annotations

import math
from copy import copy

from beatrunner.core.governor.bounds import FALL_KMH
from beatrunner.core.governor.decision import decide
from beatrunner.core.governor.driving import stop_when_due
from beatrunner.core.governor.state import Phase, State
from beatrunner.core.governor.tick import Tick
from beatrunner.core.governor.verdict import (
    Alarm,
    Command,
    Lock,
    Reason,
    SetSpeed,
    Shown,
    Stop,
    Verdict,
)


class Governor:
    """One belt, one run of the bridge. Never shared: a second one would be a second controller.

    `state` is where to begin; by default the belt is unknown and nothing is remembered.
    """

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()

    def tick(self, tick: Tick) -> Verdict:
        """At most one command. Never raises: an exception means fall, not hold (I20)."""
        try:
            self.state, verdict = decide(self.state, tick)
        except Exception:
            verdict = self._failing(tick)
        return verdict

    def _failing(self, tick: Tick) -> Verdict:
        try:
            self.state, command = fall(self.state, tick)
        except Exception:
            self.state = copy(self.state)
            self.state.lock = Lock.FAULT
            self.state.stop(None)
            self.state.number += 1
            command = Stop(self.state.number)
        alarm = None if self.state.phase is Phase.IDLE else Alarm.BELT_MAY_MOVE
        return Verdict(command, Shown.UNKNOWN, alarm, Lock.FAULT, (Reason.FAULT,))


def fall(before: State, tick: Tick) -> tuple[State, Command | None]:
    """The decision when there is none: slower by the controlled fall, then stop.

    Looks at nothing but the time and whether somebody asked to stop. Without those it raises, and
    the belt is stopped.

    Raises:
        ValueError: time is no number or runs backwards.
        AttributeError: the tick is none.
    """
    if not math.isfinite(tick.now_s) or tick.now_s < before.now_s:
        raise ValueError("time must be monotonic")
    state = copy(before)
    state.now_s = tick.now_s
    state.lock = Lock.FAULT
    state.falling = True
    falls = state.driven and not state.falls.touched(state.now_s)
    lower_kmh = round(state.asked_kmh - FALL_KMH, 2)
    lowest = state.phase is Phase.STARTING or lower_kmh < state.slowest_kmh
    if tick.stop or (falls and lowest):
        state.stop(None)
    if state.phase is Phase.STOPPING:
        return state, stop_when_due(state)
    if not falls:
        return state, None
    state.falls = state.falls.spend(state.now_s, FALL_KMH)
    state.number += 1
    state.asked_kmh = lower_kmh
    state.adopted_s = None
    return state, SetSpeed(state.number, lower_kmh)
