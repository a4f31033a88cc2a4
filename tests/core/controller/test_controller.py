"""What holds in every mode, whatever comes in."""

from __future__ import annotations

import json
import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.controller import (
    Advice,
    Block,
    BlockKind,
    Controller,
    ControllerState,
    Goal,
    Machine,
    Mode,
    Sense,
    Song,
)
from beatrunner.core.gait import population_gait
from beatrunner.core.heart import Runner, population_heart

MACHINE = Machine(1.0, 14.0, 0.1, -1.0, 8.0, 0.5, 1.0)
BLOCKS = (
    Block(BlockKind.WARM_UP, 120.0),
    Block(BlockKind.WORK, 120.0, target_low_bpm=140.0, target_high_bpm=150.0),
    Block(BlockKind.RECOVERY, 60.0, cadence_spm=160.0),
    Block(BlockKind.COOL_DOWN, 60.0, speed_kmh=5.0),
)

anything = st.none() | st.floats(allow_nan=True, allow_infinity=True)
numbers = st.one_of(
    anything, st.floats(0.0, 20.0), st.floats(60.0, 200.0), st.integers(-5, 250).map(float)
)
songs = st.builds(Song, st.sampled_from("abc"), numbers, numbers)
senses = st.builds(
    Sense,
    st.floats(0.0, 4000.0) | st.just(math.nan),
    numbers,
    numbers,
    numbers,
    numbers,
    st.none() | songs,
    numbers.map(lambda value: value if value is not None else 0.0),
    st.lists(songs, max_size=3).map(tuple),
)
goals = st.builds(
    Goal,
    st.sampled_from(Mode),
    st.none() | st.floats(100.0, 200.0),
    st.none() | st.floats(80.0, 160.0),
    st.none() | st.floats(100.0, 180.0),
    st.none() | st.floats(2.0, 20.0),
    st.sampled_from(((), BLOCKS, BLOCKS[1:])),
)


def controller(goal: Goal, state: ControllerState | None = None, **changes: Any) -> Controller:
    machine = Machine(**{**{name: getattr(MACHINE, name) for name in MACHINE.__slots__}, **changes})
    return Controller(
        goal, machine, population_gait(), population_heart(Runner(age_years=40)), state
    )


def within_limits(advice: Advice) -> bool:
    speed = advice.speed_kmh is None or MACHINE.min_speed_kmh <= advice.speed_kmh <= 14.0
    incline = advice.incline_pct is None or -1.0 <= advice.incline_pct <= 8.0
    return speed and incline


@settings(max_examples=150, deadline=None)
@given(goals, st.lists(senses, min_size=1, max_size=30))
def test_any_history_gives_wishes_within_limits_and_the_same_again(
    goal: Goal, history: list[Sense]
) -> None:
    first, second = controller(goal), controller(goal)
    for sense in history:
        advice = first.step(sense)
        assert within_limits(advice)
        assert second.step(sense) == advice
        kept = json.dumps(first.state.to_json(), allow_nan=False)
        second = controller(goal, ControllerState.from_json(json.loads(kept)))
        assert second.state == first.state


@settings(max_examples=100, deadline=None)
@given(st.lists(senses, min_size=1, max_size=30))
def test_without_a_heart_rate_no_wish_rises(history: list[Sense]) -> None:
    leading = controller(Goal(Mode.HEART, 170.0, 140.0, 150.0))
    before: Advice | None = None
    for sense in history:
        advice = leading.step(sense)
        plausible = sense.plausible()
        if before is not None and plausible.heart_rate_bpm is None:
            assert advice.speed_kmh is not None
            assert before.speed_kmh is not None
            assert advice.speed_kmh <= before.speed_kmh
        before = advice


def test_the_runner_leads_in_manual_mode() -> None:
    advice = controller(Goal(Mode.MANUAL)).step(Sense(1.0, 9.0, 0.0, 140.0, 165.0))
    assert advice.speed_kmh is None
    assert advice.wanted_spm is not None
