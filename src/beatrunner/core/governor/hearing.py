"""What people and machines say, and whether it is heard.

The order is the priority: whoever stops is heard first, and a tick with a stop in it hears
nobody else.
"""

from __future__ import annotations

import math

from beatrunner.core.governor.bounds import (
    CONFIRM_LIFE_S,
    ECHO_S,
    EVENTS_SETTLE_S,
    GRAIN,
    HOLD_TO_START_S,
    LEASE_S,
    OUTCOME_S,
    WISH_LIFE_S,
)
from beatrunner.core.governor.heart import present
from beatrunner.core.governor.state import Control, Phase, State, Target, measured, moving
from beatrunner.core.governor.tick import (
    Confirm,
    EventKind,
    MachineEvent,
    Nudge,
    Result,
    Tick,
    Wish,
)
from beatrunner.core.governor.verdict import Lock, Reason, SetSpeed, Start

_STOPS = (EventKind.STOPPED_BY_USER, EventKind.SAFETY_KEY)


def hear_stop(state: State, tick: Tick) -> bool:
    """Whether somebody stops the belt: the runner anywhere, the console, the safety key."""
    by_machine = state.driven and any(event.kind in _STOPS for event in tick.events)
    if tick.stop or by_machine:
        state.stop(measured(tick))
        return True
    return False


def hear_outcome(state: State, tick: Tick) -> None:
    """What came of the last command: anything but its acceptance ends what it led to (I14)."""
    if state.pending is None:
        return
    pending, command = state.pending, state.pending.command
    results = [each.result for each in tick.outcomes if each.number == command.number]
    if not results and tick.now_s - pending.given_s > OUTCOME_S:
        results = [Result.UNKNOWN]
    if not results:
        return
    state.pending = None
    if results[-1] is Result.ACCEPTED:
        return
    state.target = None
    refused = results[-1] is Result.REFUSED
    if isinstance(command, Start) or (
        refused and isinstance(command, SetSpeed) and command.speed_kmh < pending.before
    ):
        state.stop(measured(tick))
    elif refused:
        state.take_back(pending)


def hear_console(state: State, tick: Tick) -> None:
    """The runner at the console wins (I11); an old status repeated on connecting says nothing."""
    for event in tick.events:
        if event.kind is EventKind.CONTROL_LOST and state.driven:
            state.release()
        elif _settled(state) and event.kind is EventKind.STARTED_BY_USER:
            stopping_s = tick.now_s - state.stopping_since_s
            if state.phase is Phase.STOPPING and stopping_s >= EVENTS_SETTLE_S:
                state.release()
        elif _settled(state) and state.driven:
            _hear_target(state, tick, event)


def _settled(state: State) -> bool:
    return state.now_s - state.bluetooth_since_s >= EVENTS_SETTLE_S


def _hear_target(state: State, tick: Tick, event: MachineEvent) -> None:
    machine = tick.calibration
    if event.kind is EventKind.SPEED_CHANGED:
        if _own(
            state,
            event.value,
            (*state.told_kmh, (tick.now_s, state.asked_kmh)),
            machine.speed_step_kmh,
        ):
            return
        state.suspend(tick.now_s)
        if math.isfinite(event.value) and event.value >= 0:
            before = (speed_kmh for _at_s, speed_kmh in state.agreement.asked)
            state.assume(event.value, *before, measured(tick) or event.value)
    elif event.kind is EventKind.INCLINE_CHANGED:
        if _own(
            state,
            event.value,
            (*state.told_pct, (tick.now_s, state.asked_incline_pct)),
            machine.incline_step_pct,
        ):
            return
        state.suspend(tick.now_s)
        if math.isfinite(event.value):
            state.asked_incline_pct = event.value


def _own(state: State, value: float, told: tuple[tuple[float, float], ...], step: float) -> bool:
    """Whether the machine reports what we told it, rounded to its step.

    A whole step away is a key of the console, also where binary fractions make it a little less.
    """
    less = step - GRAIN
    return any(abs(value - each) < less for at_s, each in told if state.now_s - at_s <= ECHO_S)


def hear_confirm(state: State, tick: Tick) -> Reason | None:
    """Start, or hand the moving belt over to the automation (I1)."""
    confirm = tick.confirm
    if confirm is None:
        return None
    used = confirm.number <= state.confirm_number
    state.confirm_number = max(confirm.number, state.confirm_number)
    measured_kmh = measured(tick)
    if used or measured_kmh is None or not (_held(state, confirm) and _ready(state, tick)):
        return Reason.CONFIRM_REFUSED
    if state.phase is Phase.IDLE and state.proved_still:
        state.phase = Phase.STARTING
        state.due = True
        state.arm(tick, measured_kmh)
        return None
    if state.phase is Phase.RUNNING and moving(measured_kmh):
        state.arm(tick, measured_kmh)
        return None
    return Reason.CONFIRM_REFUSED


def _held(state: State, confirm: Confirm) -> bool:
    """Held long enough, here, just now, and begun after the belt came within reach (I13)."""
    return (
        confirm.local
        and confirm.released_s - confirm.pressed_s >= HOLD_TO_START_S
        and 0 <= state.now_s - confirm.released_s <= CONFIRM_LIFE_S
        and confirm.pressed_s >= state.bluetooth_since_s
    )


def _ready(state: State, tick: Tick) -> bool:
    return (
        state.lock is None
        and not state.falling
        and tick.server_up
        and not above_ceiling(tick)
        and state.control is not Control.AUTOMATION
    )


def above_ceiling(tick: Tick) -> bool:
    """Whether a heart rate that is present is at or above the ceiling (I6)."""
    ceiling_bpm = tick.limits.ceiling_bpm
    return (
        ceiling_bpm is not None
        and tick.heart is not None
        and present(tick.heart)
        and tick.heart.heart_rate_bpm >= ceiling_bpm
    )


def hear_wish(state: State, tick: Tick) -> Reason | None:
    """The automation, as long as it holds the newest lease (I10, I17)."""
    wish = tick.wish
    if wish is None:
        return None
    if state.control is not Control.AUTOMATION or not _entitled(state, tick, wish):
        return Reason.WISH_REFUSED
    if not (math.isfinite(wish.speed_kmh) and math.isfinite(wish.incline_pct)):
        return Reason.WISH_REFUSED
    state.generation, state.lease_id = wish.generation, wish.lease_id
    state.sequence = wish.sequence
    state.target = Target(wish.issued_s, wish.speed_kmh, wish.incline_pct, automatic=True)
    return None


def _entitled(state: State, tick: Tick, wish: Wish) -> bool:
    lease = tick.lease
    return (
        lease is not None
        and (wish.lease_id, wish.generation) == (lease.lease_id, lease.generation)
        and (wish.generation, wish.sequence) > (state.generation, state.sequence)
        and (wish.generation > state.generation or wish.lease_id == state.lease_id)
        and not lapsed(tick.now_s, lease.heard_s)
        and 0 <= tick.now_s - wish.issued_s <= WISH_LIFE_S
        and wish.issued_s >= state.control_since_s
    )


def lapsed(now_s: float, heard_s: float | None) -> bool:
    return heard_s is None or not 0 <= now_s - heard_s <= LEASE_S


def hear_nudge(state: State, tick: Tick) -> Reason | None:
    """The runner's + and -: counted from what was asked for, never from what was read back."""
    nudge = tick.nudge
    if nudge is None:
        return None
    if state.phase is not Phase.RUNNING or not state.driven or not _pressed(state, nudge):
        return Reason.NUDGE_REFUSED
    if state.control is Control.AUTOMATION:
        # Presses on two pages may come in the other order, and both count.
        state.suspend(state.control_since_s)
    speed_kmh, incline_pct = state.asked_kmh, state.asked_incline_pct
    earlier = state.target
    if earlier is not None and tick.now_s - earlier.at_s <= WISH_LIFE_S:
        speed_kmh, incline_pct = earlier.speed_kmh, earlier.incline_pct
    if nudge.speed_kmh < 0:
        speed_kmh = min(speed_kmh, state.asked_kmh)
    state.target = Target(
        nudge.at_s, speed_kmh + nudge.speed_kmh, incline_pct + nudge.incline_pct, automatic=False
    )
    return None


def _pressed(state: State, nudge: Nudge) -> bool:
    return (
        math.isfinite(nudge.speed_kmh)
        and math.isfinite(nudge.incline_pct)
        and 0 <= state.now_s - nudge.at_s <= WISH_LIFE_S
        and nudge.at_s >= state.control_since_s
    )


def hear_lock(state: State, tick: Tick, idle_s: float) -> None:
    """An idle belt locks itself (I19); only that lock is opened beside it."""
    if tick.unlock and state.lock is Lock.IDLE:
        state.lock = None
        state.idle_since_s = tick.now_s
    if state.idle_since_s is None:
        state.idle_since_s = tick.now_s
    idle = state.phase is Phase.IDLE and tick.now_s - state.idle_since_s >= idle_s
    if idle and state.lock is None:
        state.lock = Lock.IDLE
