"""The heart leads: the pace that brings the heart rate into its range and holds it there.

The observer says which exertion settles at the target. On the way there the first time, one
standard deviation of what is not known yet is left below the target: a runner about whom little
is known is brought up slowly, and the overshoot at the start, the dangerous figure of such
controls, stays small. Speed carries the exertion; incline where speed may go no further, or
where it would have to stay between walking and running: who walks goes on walking, steeper, and
who runs goes on running as slowly as that is possible.
"""

from __future__ import annotations

from dataclasses import replace

from beatrunner.core.controller.advice import Advice, LockState, Reason
from beatrunner.core.controller.goal import Goal
from beatrunner.core.controller.situation import JOG_KMH, WALK_KMH, Situation
from beatrunner.core.controller.state import ControllerState

_CAUTION = 1.0
"""On the way to the target: standard deviations of what is not known that are left below it."""
_URGENCY = 0.5
"""On the way: of what is missing, how much is added."""
_FOLLOW = 1.0
"""Of a deviation that lasts for some seconds, how much is countered."""
_ARRIVED_BPM = 2.0
"""So near the target the start is over."""
_HALF_RANGE_BPM = 5.0
_STEEPEST_PCT = 6.0
_STILLNESS = 0.75
"""Of a step: a wish changes by more than this or not at all."""


def target_bpm(goal: Goal) -> float | None:
    """The middle of the range; a bound alone is the edge of a range of ten beats."""
    low_bpm, high_bpm = goal.target_low_bpm, goal.target_high_bpm
    if low_bpm is not None and high_bpm is not None:
        return (low_bpm + high_bpm) / 2
    if high_bpm is not None:
        return high_bpm - _HALF_RANGE_BPM
    if low_bpm is not None:
        return low_bpm + _HALF_RANGE_BPM
    return None if goal.ceiling_bpm is None else goal.ceiling_bpm - 2 * _HALF_RANGE_BPM


def lead_by_heart(now: Situation) -> tuple[ControllerState, Advice]:
    """Speed and incline for the target; without a heart rate neither rises."""
    state, target = now.state, target_bpm(now.goal)
    if target is None:
        return _advise(now, now.pace_kmh, _level_pct(now), [Reason.HEART_UNKNOWN])
    if now.sense.heart_rate_bpm is None:
        wished_kmh = now.pace_kmh if state.speed_kmh is None else state.speed_kmh
        incline_pct = min(state.belt_pct, state.incline_pct or 0.0)
        kept_kmh = min(state.belt_kmh, wished_kmh)
        return _advise(now, kept_kmh, incline_pct, [Reason.HEART_UNKNOWN])
    reasons: list[Reason] = []
    caution, urgency = (0.0, 0.0) if state.arrived else (_CAUTION, _URGENCY)
    exertion_mps = state.observer.exertion_for(target, caution, _FOLLOW, urgency)
    cap_mps = now.cap_mps
    if exertion_mps > cap_mps:
        exertion_mps = cap_mps
        reasons.append(Reason.NEAR_CEILING)
    if now.sense.heart_rate_bpm >= target - _ARRIVED_BPM:
        now = replace(now, state=replace(state, arrived=True))
    speed_kmh, incline_pct = _shared(now, exertion_mps, reasons)
    return _advise(now, speed_kmh, incline_pct, reasons)


def _level_pct(now: Situation) -> float:
    return now.machine.incline_pct(0.0)


def _shared(now: Situation, exertion_mps: float, reasons: list[Reason]) -> tuple[float, float]:
    """Speed (km/h) and incline (%) that cost so much together."""
    speed_kmh, incline_pct = exertion_mps * 3.6, _level_pct(now)
    steepest_pct = min(_STEEPEST_PCT, now.machine.max_incline_pct)
    walks = now.state.arrived and (now.state.speed_kmh or 0.0) <= WALK_KMH
    walking_pct = now.slope_for(exertion_mps, WALK_KMH)
    if WALK_KMH < speed_kmh < (now.run_kmh if walks else JOG_KMH) and walking_pct <= steepest_pct:
        reasons.append(Reason.BETWEEN_WALK_AND_RUN)
        return WALK_KMH, walking_pct
    if speed_kmh > now.machine.max_speed_kmh:
        reasons.append(Reason.AT_LIMIT)
        speed_kmh = now.machine.max_speed_kmh
        incline_pct = min(now.slope_for(exertion_mps, speed_kmh), steepest_pct)
    return speed_kmh, max(incline_pct, _level_pct(now))


def _advise(
    now: Situation, speed_kmh: float, incline_pct: float, reasons: list[Reason]
) -> tuple[ControllerState, Advice]:
    state, machine = now.state, now.machine
    speed_kmh = steady(machine.speed_kmh(speed_kmh), state.speed_kmh, machine.speed_step_kmh)
    incline_pct = steady(
        machine.incline_pct(incline_pct), state.incline_pct, machine.incline_step_pct
    )
    wanted_spm = state.gait.cadence_spm(speed_kmh / 3.6, incline_pct)
    after = replace(state, speed_kmh=speed_kmh, incline_pct=incline_pct)
    return after, Advice(
        speed_kmh, incline_pct, None, LockState.NOT_WANTED, wanted_spm, None, tuple(reasons)
    )


def steady(wanted: float, before: float | None, step: float) -> float:
    """What was wished before, if what is wanted now is less than a step away."""
    return wanted if before is None or abs(wanted - before) > _STILLNESS * step else before
