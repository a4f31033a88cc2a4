from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.core.simulation.belt import (
    Answer,
    Belt,
    BeltCharacteristics,
    BeltEvent,
    BeltState,
    Happening,
    Key,
)
from beatrunner.core.simulation.quirks import EVERY_QUIRK, BeltQuirks

DT_S = 0.1
MADE = BeltCharacteristics()


def belt_with(**quirks: float | bool) -> Belt:
    return Belt(MADE, BeltQuirks(**quirks))  # type: ignore[arg-type]


def pass_time(belt: Belt, duration_s: float) -> list[float]:
    """Speeds on the way."""
    speeds_kmh = []
    for _step in range(round(duration_s / DT_S)):
        belt.step(DT_S)
        speeds_kmh.append(belt.speed_kmh)
    return speeds_kmh


def running(**quirks: float | bool) -> Belt:
    """At its slowest speed, by the key on the console, so that no quirk is in the way."""
    belt = belt_with(**quirks)
    belt.key(Key.START)
    pass_time(belt, 6)
    assert belt.state is BeltState.RUNNING
    belt.drain_events()
    return belt


def test_start_counts_down_and_begins_at_the_slowest_speed() -> None:
    belt = Belt()
    assert belt.start() is Answer.SUCCESS
    assert max(pass_time(belt, 2.9)) == 0
    assert not [speed for speed in pass_time(belt, 3) if speed > MADE.min_speed_kmh]
    assert belt.speed_kmh == MADE.min_speed_kmh
    assert belt.state is BeltState.RUNNING


def test_a_speed_is_reached_after_lag_and_ramp() -> None:
    belt = running()
    assert belt.command_speed(5.0) is Answer.SUCCESS
    assert max(pass_time(belt, MADE.lag_s - DT_S)) == 1.0
    speeds_kmh = pass_time(belt, 4 / MADE.ramp_up_kmh_s)
    assert speeds_kmh == sorted(speeds_kmh)
    assert speeds_kmh[-1] == pytest.approx(5.0)
    assert speeds_kmh[-2] < 5.0
    belt.command_speed(2.0)
    speeds_kmh = pass_time(belt, MADE.lag_s + 3 / MADE.ramp_down_kmh_s)
    assert speeds_kmh[-1] == pytest.approx(2.0)


@pytest.mark.parametrize("speed_kmh", [0.0, 0.9, 20.1, -1.0])
def test_speeds_out_of_range_are_invalid(speed_kmh: float) -> None:
    belt = running()
    assert belt.command_speed(speed_kmh) is Answer.INVALID
    assert belt.drain_events() == ()


def test_speed_and_incline_are_rounded_to_steps() -> None:
    belt = running()
    belt.command_speed(8.04)
    belt.command_incline(2.3)
    assert belt.target_speed_kmh == 8.0
    pass_time(belt, 5)
    assert belt.incline_pct == pytest.approx(2.5)
    assert belt.command_incline(15.5) is Answer.INVALID


def test_at_rest_a_speed_fails_and_an_incline_does_not() -> None:
    belt = Belt()
    assert belt.command_speed(5) is Answer.FAILED
    assert belt.stop() is Answer.FAILED
    assert belt.pause() is Answer.FAILED
    assert belt.command_incline(3) is Answer.SUCCESS
    assert max(pass_time(belt, 10)) == 0
    assert belt.incline_pct == pytest.approx(3)


def test_stop_ends_the_session_and_pause_does_not() -> None:
    belt = running()
    belt.command_speed(10)
    pass_time(belt, 60)
    assert belt.pause() is Answer.SUCCESS
    assert pass_time(belt, 12)[-1] == 0
    assert belt.state == "paused"
    paused_m, paused_s = belt.distance_m, belt.elapsed_s
    pass_time(belt, 30)
    assert belt.start() is Answer.SUCCESS
    pass_time(belt, 6)
    assert belt.speed_kmh == MADE.min_speed_kmh
    assert belt.distance_m > paused_m
    assert belt.elapsed_s == pytest.approx(paused_s + 6)
    assert belt.stop() is Answer.SUCCESS
    pass_time(belt, 3)
    assert belt.state is BeltState.STOPPED
    belt.start()
    assert belt.distance_m == 0


def test_distance_is_the_integral_of_speed() -> None:
    belt = running()
    belt.command_speed(12)
    pass_time(belt, 20)
    before_m = belt.distance_m
    pass_time(belt, 36)
    assert belt.distance_m - before_m == pytest.approx(120)


def test_a_moving_belt_does_not_start_again() -> None:
    belt = running()
    assert belt.start() is Answer.FAILED
    belt.stop()
    assert belt.start() is Answer.FAILED


def test_what_happens_is_told_once() -> None:
    belt = Belt()
    belt.start()
    pass_time(belt, 6)
    belt.command_speed(3)
    belt.key(Key.FASTER)
    belt.key(Key.STEEPER)
    belt.key(Key.PAUSE)
    belt.stop()
    assert belt.drain_events() == (
        BeltEvent(Happening.STARTED),
        BeltEvent(Happening.SPEED_CHANGED, 3.0),
        BeltEvent(Happening.SPEED_CHANGED, 3.1, by_console=True),
        BeltEvent(Happening.INCLINE_CHANGED, 0.5, by_console=True),
        BeltEvent(Happening.PAUSED, by_console=True),
        BeltEvent(Happening.STOPPED),
    )
    assert belt.drain_events() == ()


def test_the_console_works_at_once() -> None:
    belt = running()
    belt.key(Key.FASTER)
    pass_time(belt, 2 * DT_S)
    assert belt.speed_kmh > 1.0
    belt.key(Key.SLOWER)
    belt.key(Key.SLOWER)
    assert belt.target_speed_kmh == 1.0
    belt.key(Key.FLATTER)
    assert belt.target_incline_pct == 0.0
    belt.key(Key.STOP)
    assert pass_time(belt, 2)[-1] == 0
    for key in (Key.FASTER, Key.SLOWER, Key.STOP, Key.PAUSE):
        belt.key(key)
    assert max(pass_time(belt, 5)) == 0


def test_the_safety_key_cuts_the_motor() -> None:
    belt = running()
    belt.command_speed(12)
    belt.command_incline(4)
    pass_time(belt, 30)
    belt.command_incline(8)
    pass_time(belt, 1)
    tilted_pct = belt.incline_pct
    belt.drain_events()
    belt.pull_safety_key()
    assert belt.drain_events() == (BeltEvent(Happening.SAFETY_KEY, by_console=True),)
    assert pass_time(belt, 12 / MADE.key_stop_kmh_s + DT_S)[-1] == 0
    assert belt.incline_pct == pytest.approx(tilted_pct)
    assert belt.start() is Answer.FAILED
    assert belt.command_incline(0) is Answer.FAILED
    belt.key(Key.START)
    assert max(pass_time(belt, 10)) == 0
    belt.insert_safety_key()
    assert belt.start() is Answer.SUCCESS


def test_a_reset_stops_and_forgets() -> None:
    belt = running()
    belt.command_incline(3)
    pass_time(belt, 20)
    belt.reset()
    assert (belt.distance_m, belt.elapsed_s) == (0, 0)
    pass_time(belt, 20)
    assert belt.state is BeltState.STOPPED
    assert belt.incline_pct == 0


def test_ignores_and_refuses_speed() -> None:
    ignoring = running(ignores_speed=True)
    assert ignoring.command_speed(8) is Answer.SUCCESS
    assert ignoring.command_incline(4) is Answer.SUCCESS
    assert max(pass_time(ignoring, 10)) == 1.0
    assert ignoring.incline_pct == 0
    assert running(refuses_speed=True).command_speed(8) is Answer.NOT_SUPPORTED
    assert running(refuses_incline=True).command_incline(1) is Answer.NOT_SUPPORTED
    picky = Belt(BeltCharacteristics(min_speed_kmh=0.5), BeltQuirks(refuses_below_kmh=1.0))
    picky.start()
    assert picky.command_speed(0.9) is Answer.INVALID
    assert picky.command_speed(1.0) is Answer.SUCCESS


def test_rounds_more_coarsely_than_it_says() -> None:
    belt = running(rounds_speed_to_kmh=0.5, rounds_incline_to_pct=1.0)
    belt.command_speed(8.3)
    belt.command_incline(2.5)
    assert belt.target_speed_kmh == 8.5
    assert belt.target_incline_pct == 2.0


def test_must_be_started_by_hand() -> None:
    belt = belt_with(must_be_started_by_hand=True)
    assert belt.start() is Answer.SUCCESS
    assert belt.command_speed(5) is Answer.SUCCESS
    assert max(pass_time(belt, 10)) == 0
    belt.key(Key.START)
    pass_time(belt, 6)
    assert belt.command_speed(5) is Answer.SUCCESS
    assert pass_time(belt, 10)[-1] == pytest.approx(5)


def test_falls_back_when_start_is_repeated() -> None:
    belt = running(falls_back_on_repeat=True)
    belt.command_speed(10)
    pass_time(belt, 20)
    belt.start()
    assert pass_time(belt, 20)[-1] == pytest.approx(MADE.min_speed_kmh)


def test_wants_the_start_again_and_again() -> None:
    belt = belt_with(wants_start_every_s=1.5)
    assert belt.start() is Answer.SUCCESS
    for _second in range(10):
        pass_time(belt, 1)
        assert belt.start() is Answer.SUCCESS
    assert belt.speed_kmh == 1.0
    assert pass_time(belt, 5)[-1] == 0
    assert belt.state is BeltState.STOPPED


def test_overshoots_and_settles() -> None:
    belt = running(overshoot_kmh=0.8)
    belt.command_speed(4)
    speeds_kmh = pass_time(belt, 15)
    assert max(speeds_kmh) == pytest.approx(4.8)
    assert speeds_kmh[-1] == pytest.approx(4)
    belt.command_speed(2)
    assert min(pass_time(belt, 15)) == pytest.approx(1.2)


def test_ignores_stop_but_not_the_console() -> None:
    belt = running(ignores_stop=True)
    assert belt.stop() is Answer.SUCCESS
    assert belt.pause() is Answer.SUCCESS
    assert min(pass_time(belt, 10)) == 1.0
    belt.key(Key.STOP)
    assert pass_time(belt, 2)[-1] == 0


def test_reverses() -> None:
    belt = running(reverses=True)
    for _press in range(40):
        belt.key(Key.FASTER)
    pass_time(belt, 10)
    assert belt.speed_kmh == pytest.approx(5)
    belt.command_speed(6)
    assert pass_time(belt, 10)[-1] == pytest.approx(4)
    belt.command_speed(7)
    assert pass_time(belt, 10)[-1] == pytest.approx(3)
    belt.command_speed(6.5)
    assert pass_time(belt, 10)[-1] == pytest.approx(3.5)


def test_runs_faster_and_lies() -> None:
    fast = running(runs_faster_by_kmh=1.0)
    fast.command_speed(6)
    assert pass_time(fast, 15)[-1] == pytest.approx(7)
    assert fast.reported_speed_kmh == fast.speed_kmh
    liar = running(reports_target_speed=True)
    liar.command_speed(6)
    assert liar.reported_speed_kmh == 6
    assert liar.speed_kmh == 1


ACTIONS = st.one_of(
    st.tuples(st.just("speed"), st.floats(-5, 30)),
    st.tuples(st.just("incline"), st.floats(-10, 30)),
    st.tuples(st.just("key"), st.sampled_from(list(Key))),
    st.tuples(
        st.sampled_from(
            ["start", "stop", "pause", "reset", "pull_safety_key", "insert_safety_key"]
        ),
        st.none(),
    ),
)


def act(belt: Belt, action: str, value: float | Key | None) -> None:
    match action, value:
        case "speed", float(speed_kmh):
            belt.command_speed(speed_kmh)
        case "incline", float(incline_pct):
            belt.command_incline(incline_pct)
        case "key", Key() as key:
            belt.key(key)
        case name, _:
            getattr(belt, name)()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(EVERY_QUIRK)),
    st.lists(st.tuples(ACTIONS, st.integers(1, 40)), max_size=12),
)
def test_no_belt_breaks_the_laws_of_its_motor(
    quirk: str, plan: list[tuple[tuple[str, float | Key | None], int]]
) -> None:
    belt = Belt(MADE, EVERY_QUIRK[quirk])
    most_kmh = MADE.max_speed_kmh + belt.quirks.overshoot_kmh + belt.quirks.runs_faster_by_kmh
    for (action, value), steps in plan:
        act(belt, action, value)
        for _step in range(steps):
            before_kmh, before_m, before_pct = belt.speed_kmh, belt.distance_m, belt.incline_pct
            belt.step(DT_S)
            assert 0 <= belt.speed_kmh <= most_kmh
            fall_kmh_s = max(MADE.ramp_down_kmh_s, MADE.key_stop_kmh_s)
            change_kmh = belt.speed_kmh - before_kmh
            assert -fall_kmh_s * DT_S - 1e-9 <= change_kmh <= MADE.ramp_up_kmh_s * DT_S + 1e-9
            assert belt.distance_m >= before_m
            assert MADE.min_incline_pct <= belt.incline_pct <= MADE.max_incline_pct
            assert abs(belt.incline_pct - before_pct) <= MADE.incline_ramp_pct_s * DT_S + 1e-9
            if not belt.is_key_in:
                assert change_kmh <= 0
            if belt.state is BeltState.STOPPED:
                assert belt.speed_kmh == 0
