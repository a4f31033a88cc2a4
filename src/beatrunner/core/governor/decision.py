"""One tick: what was seen, who was heard, what follows, and what the runner is told."""

from __future__ import annotations

import math
from copy import copy

from beatrunner.core.governor.agreement import Finding
from beatrunner.core.governor.bounds import (
    ALARM_S,
    IDLE_S,
    START_S,
    STOP_OVERDUE_S,
    TELEMETRY_LIFE_S,
    TICK_GAP_S,
)
from beatrunner.core.governor.driving import drive, fall_causes
from beatrunner.core.governor.hearing import (
    hear_confirm,
    hear_console,
    hear_lock,
    hear_nudge,
    hear_outcome,
    hear_stop,
    hear_wish,
)
from beatrunner.core.governor.state import (
    UNSEEN,
    Control,
    Phase,
    State,
    measured,
    measured_incline,
    moving,
)
from beatrunner.core.governor.tick import Tick
from beatrunner.core.governor.verdict import Alarm, Lock, Reason, Shown, Verdict


def decide(before: State, tick: Tick) -> tuple[State, Verdict]:
    """The state after this tick and what to do; `before` is left as it was.

    Raises:
        ValueError: time is no number or runs backwards (I18).
    """
    if not math.isfinite(tick.now_s) or tick.now_s < before.now_s:
        raise ValueError("time must be monotonic")
    state = copy(before)
    reasons: list[Reason] = []
    _see_time_and_links(state, tick)
    _see_heart(state, tick)
    _see_belt(state, tick)
    if tick.fault:
        state.lock = Lock.FAULT
        state.falling = True
        reasons.append(Reason.FAULT)
    hear_outcome(state, tick)
    if not hear_stop(state, tick):
        hear_console(state, tick)
        _see_agreement(state, tick, reasons)
        _follow(state, tick, reasons)
        hear_lock(state, tick, IDLE_S)
        heard = (hear_confirm(state, tick), hear_nudge(state, tick), hear_wish(state, tick))
        reasons += [each for each in heard if each is not None]
    command = drive(state, tick, reasons)
    if state.heart_ended:
        reasons.append(Reason.HEART_ENDED)
    if state.lock is not None:
        reasons.append(Reason.LOCKED)
    seen = tick.bluetooth_up and tick.telemetry is not None and tick.telemetry.within(ALARM_S)
    verdict = Verdict(
        command,
        _shown(state, tick) if seen else Shown.UNKNOWN,
        _alarm(state, tick, seen),
        state.lock,
        tuple(dict.fromkeys(reasons)),
    )
    return state, verdict


def _see_time_and_links(state: State, tick: Tick) -> None:
    """Losses end the automation's say; a long loss of the belt ends the run (I8, I9, I13)."""
    now_s = tick.now_s
    state.passed_s = now_s - state.now_s
    state.now_s = now_s
    if state.passed_s > TICK_GAP_S:
        state.suspend(now_s)
    if tick.server_up:
        state.server_lost_s = None
    elif state.server_lost_s is None:
        state.server_lost_s = now_s
        state.target = None
    if tick.bluetooth_up:
        state.bluetooth_lost_s = math.inf
        state.bluetooth_since_s = min(state.bluetooth_since_s, now_s)
        return
    state.bluetooth_since_s = math.inf
    state.bluetooth_lost_s = min(state.bluetooth_lost_s, now_s)
    if state.driven:
        state.suspend(now_s)
        state.pending = None
        state.unsure = True
        state.falling |= now_s - state.bluetooth_lost_s > TELEMETRY_LIFE_S
        if state.phase is Phase.STARTING:
            state.stop(None)


def _see_heart(state: State, tick: Tick) -> None:
    """A heart unfit for too long leads nothing any more (I7)."""
    state.heart = state.heart.seeing(tick.now_s, tick.heart, tick.cadence_spm)
    led = state.driven and tick.limits.ceiling_bpm is not None and not state.heart_ended
    if led and state.heart.ended(tick.now_s):
        state.heart_ended = True
        state.suspend(tick.now_s)


def _see_belt(state: State, tick: Tick) -> None:
    """Since when the belt has been still, and where it is after it was out of reach."""
    measured_kmh = measured(tick)
    state.even = UNSEEN if measured_kmh is None else state.even.seeing(tick.now_s, measured_kmh)
    if measured_kmh is None or moving(measured_kmh):
        state.still_since_s = None
    elif state.still_since_s is None:
        state.still_since_s = tick.now_s
    if state.unsure and measured_kmh is not None:
        state.unsure = False
        state.adopt(tick, measured_kmh, tick.now_s)
        seen_pct = measured_incline(tick)
        if seen_pct is not None:
            state.asked_incline_pct = seen_pct


def _see_agreement(state: State, tick: Tick, reasons: list[Reason]) -> None:
    """A belt that does otherwise than it was told is stopped and locked out (I16)."""
    if not state.driven:
        return
    measured_kmh = measured(tick)
    if state.adopted_s is not None and measured_kmh is not None:
        state.adopt(tick, measured_kmh, state.adopted_s)
    judged_kmh = measured_kmh if moving(measured_kmh) else None
    state.agreement, finding = state.agreement.seeing(tick.now_s, judged_kmh, tick.calibration)
    if finding in (Finding.DISAGREEMENT, Finding.WRONG_WAY):
        state.lock = Lock(finding.value)
        state.stop(measured_kmh)
        reasons.append(Reason.DISAGREEMENT)


def _follow(state: State, tick: Tick, reasons: list[Reason]) -> None:
    """The phases follow the belt: what telemetry shows counts, not what was commanded (I15)."""
    measured_kmh = measured(tick)
    if state.phase is Phase.IDLE and moving(measured_kmh):
        state.release()
    elif state.phase is Phase.STARTING:
        if moving(measured_kmh):
            state.phase = Phase.RUNNING
            state.due = state.control is Control.AUTOMATION
        elif state.now_s - state.control_since_s > START_S + tick.calibration.lag_s:
            state.stop(measured_kmh)
            reasons.append(Reason.START_UNCONFIRMED)
    elif state.proved_still and state.phase is Phase.RUNNING:
        if state.driven:
            state.stop(measured_kmh)
        else:
            state.rest()
    elif state.proved_still and state.phase is Phase.STOPPING:
        state.rest()


def _shown(state: State, tick: Tick) -> Shown:
    """What the runner reads of a belt that is seen."""
    if state.phase is Phase.IDLE:
        return Shown.STOPPED if state.proved_still else Shown.UNKNOWN
    if state.phase is Phase.STOPPING:
        return Shown.STOPPING
    if not state.driven:
        return Shown.CONSOLE
    if state.phase is Phase.STARTING:
        return Shown.STARTING
    if fall_causes(state, tick):
        return Shown.SLOWING
    return Shown.AUTOMATIC if state.control is Control.AUTOMATION else Shown.MANUAL


def _alarm(state: State, tick: Tick, seen: bool) -> Alarm | None:
    """A belt that may move and is not seen, or is seen not to stop."""
    if state.phase is Phase.IDLE:
        return None
    if not seen:
        return Alarm.BELT_MAY_MOVE
    machine = tick.calibration
    patience_s = STOP_OVERDUE_S + machine.lag_s + state.stopping_from_kmh / machine.ramp_down_kmh_s
    overdue = state.now_s - state.stopping_since_s > patience_s
    if state.phase is Phase.STOPPING and overdue and moving(measured(tick)):
        return Alarm.STOP_IGNORED
    return None
