"""Mutants of the governor that do the same as it, each with the reason why.

`./dev bench governor-mutants` reports what is listed here although a test notices it, or although
it is no mutant any more.
"""

EQUIVALENTS: dict[str, str] = {
    (
        "__init__.: __all__ = ['Alarm', 'Bounds', 'Calibration', 'Command', 'Confirm', "
        "'EventKind', 'Governor', 'HeartRate', 'Lease', 'Limits', 'Lock', 'MachineEvent', "
        "'Nudge', 'Outcome', 'Reason', 'Result', 'SetIncline', 'SetSpeed', 'Shown', 'Start', "
        "'Stop', 'Telemetry', 'Tick', 'Verdict', 'Wish'] -> pass"
    ): "nobody imports *",
    "agreement.Agreement.asking: 0.0 -> -1": "beside it stands what is at least 0",
    "agreement._beyond: off_kmh > tolerance_kmh + GRAIN -> off_kmh >= tolerance_kmh + GRAIN": (
        "no difference is that exact"
    ),
    "bounds.: 1e-06 -> 1.2499999999999999e-06": "between any rounding and any step",
    "bounds.: 1e-06 -> 7.5e-07": "between any rounding and any step",
    (
        "driving._bars: measured_kmh is None or abs(measured_kmh - state.asked_kmh) > "
        "APART_KMH -> abs(measured_kmh - state.asked_kmh) > APART_KMH"
    ): "a belt that is not seen falls before it is steered",
    (
        "driving._fall: causes == [Reason.HEART_CEILING] and measured_kmh is not None -> "
        "causes == [Reason.HEART_CEILING]"
    ): "a belt that is not seen is a second cause",
    (
        "driving._goal: speed_kmh < state.asked_kmh <= target.speed_kmh -> speed_kmh <= "
        "state.asked_kmh <= target.speed_kmh"
    ): "the same number is assigned",
    "driving._incline: goal_pct > asked_pct -> goal_pct >= asked_pct": (
        "never called with what is asked already"
    ),
    "hearing._hear_target: if event.kind is EventKind.INCLINE_CHANGED: -> if True:": (
        "every other kind was heard before"
    ),
    "hearing._own: abs(value - each) < less -> abs(value - each) <= less": (
        "no difference is that exact"
    ),
    (
        "hearing.hear_confirm: used or measured_kmh is None or (not (_held(state, confirm) and "
        "_ready(state, tick))) -> used or not (_held(state, confirm) and _ready(state, tick))"
    ): "a belt that is not seen is neither proved still nor moving",
    "hearing.hear_stop: return False -> return None": "both are false",
    "heart.HeartWatch: 0.0 -> -1": "read only beside a reading that sets it",
    "heart.HeartWatch: 0.0 -> 1": "read only beside a reading that sets it",
    "state.: 0.0 -> -1": "arm() or the first tick sets it before anything reads it",
    "state.: 0.0 -> -1 (no. 2)": "arm() or the first tick sets it before anything reads it",
    "state.: 0.0 -> 1": "arm() or the first tick sets it before anything reads it",
    "state.: 0.0 -> 1 (no. 2)": "arm() or the first tick sets it before anything reads it",
    "state.Pending: 0.0 -> -1": "`before` of a Start is never read: a Start that fails is a stop",
    "state.Pending: 0.0 -> 1": "`before` of a Start is never read: a Start that fails is a stop",
    "state.State.rest: 0.0 -> -1": "beside it stands what is at least 0",
    "state.State.stop: 0.0 -> -1": "beside it stands what is at least 0",
    "state.State: 0.0 -> -1": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 2)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 3)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 4)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 5)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 3)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 4)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 5)": "arm() or the first tick sets it before anything reads it",
    "state.State: 1 -> 0.75": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 0.75 (no. 2)": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 1.25": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 1.25 (no. 2)": "below every generation and sequence, as -1 is",
    "tick.MachineEvent: 0.0 -> -1": "read only of the kinds that come with one",
    "tick.MachineEvent: 0.0 -> 1": "read only of the kinds that come with one",
}
