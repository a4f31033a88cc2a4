"""Mutants of the governor that do the same as it, each with the reason why.

What a stop or a fall says twice it says on purpose: it need not know what is read later.
"""

EQUIVALENTS: dict[str, str] = {
    "bounds.: 1e-06 -> 1.2499999999999999e-06": "between any rounding and any step",
    "bounds.: 1e-06 -> 7.5e-07": "between any rounding and any step",
    "guard.fall: state.target = None -> pass": "a latched fall reads no target",
    "hearing._hear_target: if event.kind is EventKind.INCLINE_CHANGED: -> if True:": (
        "every other kind was heard before"
    ),
    "hearing.hear_stop: return False -> return None": "both are false",
    "heart.HeartWatch: 0.0 -> -1": "read only beside a reading that sets it",
    "heart.HeartWatch: 0.0 -> -1 (no. 2)": "read only beside a reading that sets it",
    "heart.HeartWatch: 0.0 -> 1": "read only beside a reading that sets it",
    "heart.HeartWatch: 0.0 -> 1 (no. 2)": "read only beside a reading that sets it",
    "state.Pending: 0.0 -> -1": "`before` of a Start is never read: a Start that fails is a stop",
    "state.Pending: 0.0 -> 1": "`before` of a Start is never read: a Start that fails is a stop",
    "state.State.stop: False -> True": "every way out of STOPPING sets it",
    "state.State.stop: self.due = False -> pass": "every way out of STOPPING sets it",
    "state.State.stop: self.target = None -> pass": "none is read until arm()",
    "state.State: 0.0 -> -1": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 2)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 3)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 4)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> -1 (no. 5)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 2)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 3)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 4)": "arm() or the first tick sets it before anything reads it",
    "state.State: 0.0 -> 1 (no. 5)": "arm() or the first tick sets it before anything reads it",
    "state.State: 1 -> 0.75": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 0.75 (no. 2)": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 1.25": "below every generation and sequence, as -1 is",
    "state.State: 1 -> 1.25 (no. 2)": "below every generation and sequence, as -1 is",
    "state.State: False -> True (no. 2)": "set before it is read",
    "state.State: False -> True (no. 3)": "set before it is read",
    "state.State: False -> True (no. 4)": "set before it is read",
}
