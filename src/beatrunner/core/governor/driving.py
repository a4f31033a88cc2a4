"""Which command, if any: stop before fall, fall before incline, incline before rise."""

from __future__ import annotations

from beatrunner.core.governor.bounds import (
    APART_KMH,
    CEILING_FALL_KMH_S,
    INCLINE_PCT,
    INCLINE_S,
    SERVER_LOST_S,
    STOP_AGAIN_S,
    WISH_LIFE_S,
    step_down,
    step_up,
)
from beatrunner.core.governor.hearing import above_ceiling, lapsed
from beatrunner.core.governor.state import (
    Control,
    Pending,
    Phase,
    State,
    Target,
    measured,
    measured_incline,
)
from beatrunner.core.governor.tick import Tick
from beatrunner.core.governor.verdict import (
    Command,
    Lock,
    Reason,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
)

_ECHOES = 40
"""Commands remembered for their echo: all of its time at eight ticks a second."""


def drive(state: State, tick: Tick, reasons: list[Reason]) -> Command | None:
    """The command of this tick. Nothing is given to a radio that is down: it would be replayed."""
    if not tick.bluetooth_up:
        return None
    if state.phase is Phase.STOPPING:
        return stop_when_due(state)
    if not state.driven:
        return None
    causes = fall_causes(state, tick)
    reasons += causes
    if causes:
        return _fall(state, tick, causes)
    if state.phase is Phase.STARTING:
        return _start(state)
    return _steer(state, tick, reasons)


def stop_when_due(state: State) -> Command | None:
    """Stop is the one command that is repeated, until the belt is proved still (I14)."""
    if state.stop_sent_s is not None and state.now_s - state.stop_sent_s < STOP_AGAIN_S:
        return None
    state.stop_sent_s = state.now_s
    state.number += 1
    return Stop(state.number)


def fall_causes(state: State, tick: Tick) -> list[Reason]:
    """Why a belt that we drive may not even keep its speed."""
    causes = []
    if state.falling:
        causes.append(Reason.FAULT if state.lock is Lock.FAULT else Reason.BLUETOOTH_LOST)
    if measured(tick) is None:
        causes.append(Reason.TELEMETRY_STALE)
    if state.server_lost_s is not None and state.now_s - state.server_lost_s >= SERVER_LOST_S:
        causes.append(Reason.SERVER_LOST)
    if above_ceiling(tick):
        causes.append(Reason.HEART_CEILING)
    return causes


def _fall(state: State, tick: Tick, causes: list[Reason]) -> Command | None:
    """As fast as a controlled fall may be (I4); for the heart alone gently, but in every tick."""
    state.target = None
    measured_kmh, step = measured(tick), tick.calibration.speed_step_kmh
    lowest_kmh = state.asked_kmh - state.falls.left(state.now_s)
    lower_kmh = lowest_kmh
    if causes == [Reason.HEART_CEILING] and measured_kmh is not None:
        belt_kmh = min(state.asked_kmh, measured_kmh)
        lower_kmh = max(belt_kmh - max(step, CEILING_FALL_KMH_S * state.passed_s), lowest_kmh)
    if state.phase is Phase.STARTING or lower_kmh < state.slowest_kmh:
        state.stop(measured_kmh)
        return stop_when_due(state)
    return _lower(state, tick, step_up(lower_kmh, step))


def _lower(state: State, tick: Tick, speed_kmh: float) -> Command | None:
    if speed_kmh >= state.asked_kmh:
        return None
    state.falls = state.falls.spend(state.now_s, state.asked_kmh - speed_kmh)
    return _set_speed(state, tick, speed_kmh)


def _set_speed(state: State, tick: Tick, speed_kmh: float) -> Command:
    state.number += 1
    command = SetSpeed(state.number, speed_kmh)
    state.pending = Pending(state.now_s, command, state.asked_kmh)
    state.asked_kmh = speed_kmh
    state.told_kmh = (*state.told_kmh[-_ECHOES:], (state.now_s, speed_kmh))
    state.due = False
    state.adopted_s = None
    state.agreement = state.agreement.asking(state.now_s, speed_kmh, measured(tick))
    return command


def _start(state: State) -> Command | None:
    if not state.due:
        return None
    state.due = False
    state.number += 1
    command = Start(state.number)
    state.pending = Pending(state.now_s, command)
    return command


def _steer(state: State, tick: Tick, reasons: list[Reason]) -> Command | None:
    """Towards what is wanted: down at once, up only if nothing speaks against it."""
    goal = _goal(state, tick, reasons)
    if goal.speed_kmh < state.asked_kmh:
        lowest_kmh = state.asked_kmh - state.falls.left(state.now_s)
        step = tick.calibration.speed_step_kmh
        return _lower(state, tick, step_up(max(goal.speed_kmh, lowest_kmh), step))
    if state.due:
        return _set_speed(state, tick, state.asked_kmh)
    gentler = goal.incline_pct < state.asked_incline_pct
    steeper = goal.incline_pct > state.asked_incline_pct
    faster = goal.speed_kmh > state.asked_kmh
    bars = _bars(state, tick, goal) if steeper or faster else []
    reasons += bars
    command = None
    if gentler or (steeper and not bars):
        command = _incline(state, tick, goal.incline_pct)
    if command is None and not bars:
        command = _rise(state, tick, goal)
    return command


def _goal(state: State, tick: Tick, reasons: list[Reason]) -> Target:
    """What is wanted, within the limits (I2).

    A speed that the runner set at the console stands above the limits until the automation is
    armed: only - slows that belt.
    """
    limits, machine, target = tick.limits, tick.calibration, state.target
    most_kmh = step_down(limits.max_speed_kmh, machine.speed_step_kmh)
    if target is None:
        automatic = state.control is Control.AUTOMATION
        speed_kmh = min(state.asked_kmh, most_kmh) if automatic else state.asked_kmh
        return Target(state.now_s, speed_kmh, state.asked_incline_pct, automatic)
    speed_kmh = step_down(min(target.speed_kmh, most_kmh), machine.speed_step_kmh)
    if not target.automatic and speed_kmh < state.asked_kmh <= target.speed_kmh:
        speed_kmh = state.asked_kmh
    speed_kmh = max(speed_kmh, state.slowest_kmh)
    incline_pct = limits.incline_pct(target.incline_pct)
    if target.speed_kmh > limits.max_speed_kmh or incline_pct != target.incline_pct:
        reasons.append(Reason.LIMITED)
    return Target(target.at_s, speed_kmh, incline_pct, target.automatic)


def _bars(state: State, tick: Tick, goal: Target) -> list[Reason]:
    """What speaks against more load: faster or steeper."""
    bars = []
    measured_kmh = measured(tick)
    if not tick.server_up:
        bars.append(Reason.SERVER_LOST)
    apart = measured_kmh is None or abs(measured_kmh - state.asked_kmh) > APART_KMH
    if apart or _astray_pct(state, tick) is not None:
        bars.append(Reason.DISAGREEMENT)
    led_by_heart = tick.limits.ceiling_bpm is not None and not state.heart_ended
    if led_by_heart and state.heart.unfit_since_s is not None:
        bars.append(Reason.HEART_UNFIT)
    if state.now_s - goal.at_s > WISH_LIFE_S:
        bars.append(Reason.TARGET_STALE)
    if goal.automatic and lapsed(state.now_s, tick.lease.heard_s if tick.lease else None):
        bars.append(Reason.LEASE_LAPSED)
    if not goal.automatic and lapsed(state.now_s, tick.page_heard_s):
        bars.append(Reason.PAGE_SILENT)
    if state.pending is not None or state.adopted_s is not None:
        bars.append(Reason.WAITING)
    return bars


def _astray_pct(state: State, tick: Tick) -> float | None:
    """The slope of a belt that is further from the incline asked for than one change explains."""
    seen_pct = measured_incline(tick)
    tolerance_pct = INCLINE_PCT + tick.calibration.incline_step_pct
    if seen_pct is None or abs(seen_pct - state.asked_incline_pct) <= tolerance_pct:
        return None
    return seen_pct


def _incline(state: State, tick: Tick, goal_pct: float) -> Command | None:
    """A step of incline, apart from any rise of speed (I5).

    Gentler begins where the belt is, not where the console says that it will be.
    """
    if state.now_s - state.rose_s < INCLINE_S:
        return None
    step, asked_pct = tick.calibration.incline_step_pct, state.asked_incline_pct
    left_pct = state.inclines.left(state.now_s)
    if goal_pct > asked_pct:
        from_pct = asked_pct
        next_pct = step_down(min(goal_pct, from_pct + left_pct), step)
        moves = next_pct > asked_pct
    else:
        astray_pct = _astray_pct(state, tick)
        from_pct = asked_pct if astray_pct is None else min(asked_pct, astray_pct)
        next_pct = step_up(max(min(goal_pct, from_pct), from_pct - left_pct), step)
        moves = next_pct < asked_pct
    if not moves:
        return None
    state.inclines = state.inclines.spend(state.now_s, abs(next_pct - from_pct))
    state.number += 1
    command = SetIncline(state.number, next_pct)
    state.pending = Pending(state.now_s, command, asked_pct)
    state.asked_incline_pct = next_pct
    state.told_pct = (*state.told_pct[-_ECHOES:], (state.now_s, next_pct))
    return command


def _rise(state: State, tick: Tick, goal: Target) -> Command | None:
    """As much faster as is left of the allowance (I3), apart from any change of incline (I5).

    While the runner holds the button, the rise is theirs, and as fast as with the keys.
    """
    if state.inclines.touched(state.now_s):
        return None
    automatic = goal.automatic and not tick.held
    left_kmh = state.rises.left(state.now_s)
    if automatic:
        left_kmh = min(left_kmh, state.automatic_rises.left(state.now_s))
    step = tick.calibration.speed_step_kmh
    higher_kmh = step_down(min(goal.speed_kmh, state.asked_kmh + left_kmh), step)
    if higher_kmh <= state.asked_kmh:
        return None
    rise_kmh = higher_kmh - state.asked_kmh
    state.rises = state.rises.spend(state.now_s, rise_kmh)
    if automatic:
        state.automatic_rises = state.automatic_rises.spend(state.now_s, rise_kmh)
    state.rose_s = state.now_s
    return _set_speed(state, tick, higher_kmh)
