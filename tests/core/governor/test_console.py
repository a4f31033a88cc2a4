"""The console, the safety key and the runner always win."""

import math
from dataclasses import replace

from beatrunner.core.governor import (
    EventKind,
    MachineEvent,
    Nudge,
    Reason,
    SetSpeed,
    Stop,
)
from tests.core.governor.belts import Ride, inclines, kinds, speeds, stopped


def test_i11_console_and_safety_key_stop_for_good() -> None:
    for kind in (EventKind.STOPPED_BY_USER, EventKind.SAFETY_KEY):
        ride = Ride().at(8.0)
        ride.obeys = False
        assert stopped(ride.event(kind))
        assert ride.verdict.shown == "stopping"
        assert kinds(ride.follow(10, 12.0)) == {Stop}
        ride = Ride().stand()
        ride.tick(confirm=ride.confirm())
        assert stopped(ride.event(kind))


def test_i11_a_console_that_drives_alone_is_not_answered() -> None:
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(4)
    for kind in EventKind:
        assert ride.event(kind, 5.0).command is None
        assert ride.verdict.shown == "console"
    assert ride.event(EventKind.SPEED_CHANGED, 5.0, bluetooth_up=False).lock is None
    ride = Ride().stand()
    assert ride.event(EventKind.CONTROL_LOST).shown == "stopped"
    assert ride.event(EventKind.STOPPED_BY_USER).command is None
    assert ride.verdict.shown == "stopped"


def test_i11_a_speed_set_at_the_console_suspends_the_automation() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.belt_kmh = 9.5
    ride.event(EventKind.SPEED_CHANGED, 9.5)
    assert ride.verdict.shown == "manual"
    assert ride.follow(5, 6.0) == []
    assert Reason.WISH_REFUSED in ride.verdict.reasons
    assert speeds([ride.press(-0.1).command or Stop(0)]) == [9.4]
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert speeds(ride.follow(2, 9.0))[-1] == 9.0


def test_i11_the_belt_has_time_to_reach_the_speed_of_the_console() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.event(EventKind.SPEED_CHANGED, 9.5)
    for belt_kmh in (8.0, 8.5, 9.0, 9.5):
        ride.belt_kmh = belt_kmh
        ride.wait(1)
    assert ride.verdict.lock is None
    ride.event(EventKind.SPEED_CHANGED, 10.5, telemetry=None)
    assert ride.verdict.lock is None
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.event(EventKind.SPEED_CHANGED, 11.0)
    for belt_kmh in (8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0):
        ride.belt_kmh = belt_kmh
        ride.wait(1)
    assert ride.verdict.lock is None


def test_i11_an_incline_set_at_the_console_suspends_the_automation() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.incline_pct = 4.0
    ride.event(EventKind.INCLINE_CHANGED, 4.0)
    assert ride.verdict.shown == "manual"
    assert ride.follow(5, 8.0, 1.0) == []
    assert inclines([ride.press(0, -0.5).command or Stop(0)]) == [3.5]


def test_i11_a_target_that_is_no_number_suspends_and_no_more() -> None:
    for kind in (EventKind.SPEED_CHANGED, EventKind.INCLINE_CHANGED):
        for value in (math.nan, math.inf):
            ride = Ride().at(8.0)
            ride.wait(3)
            assert ride.event(kind, value).shown == "manual"
            assert ride.verdict.lock is None
            assert speeds([ride.press(-0.1).command or Stop(0)]) == [7.9]
            ride.wait(3)
            assert inclines([ride.press(0, 0.5).command or Stop(0)]) == [0.5]
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.event(EventKind.SPEED_CHANGED, -1.0)
    assert speeds([ride.press(-0.1).command or Stop(0)]) == [7.9]
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.belt_kmh = 0.5
    ride.event(EventKind.SPEED_CHANGED, 0.0)
    assert speeds([ride.press(0.1).command or Stop(0)]) == [1.1]


def test_i11_the_echo_of_our_own_target_is_no_press() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.follow(3, 6.0, 2.0)
    assert ride.event(EventKind.SPEED_CHANGED, 7.05).shown == "automatic"
    assert ride.event(EventKind.SPEED_CHANGED, 6.05).shown == "automatic"
    assert ride.event(EventKind.INCLINE_CHANGED, 1.3).shown == "automatic"
    ride.wait(5)
    assert ride.event(EventKind.SPEED_CHANGED, 6.05).shown == "automatic"
    assert ride.event(EventKind.INCLINE_CHANGED, ride.incline_pct).shown == "automatic"
    assert ride.event(EventKind.SPEED_CHANGED, 7.0).shown == "manual"
    ride = Ride().at(8.0)
    ride.wait(3)
    assert 8.1 - 8.0 < 0.1
    assert ride.event(EventKind.SPEED_CHANGED, 8.1).shown == "manual"
    ride = Ride().at(8.0)
    ride.wait(3)
    assert ride.event(EventKind.INCLINE_CHANGED, 0.5).shown == "manual"


def test_i11_an_echo_may_be_five_seconds_late() -> None:
    for late_s, shown in ((5.0, "automatic"), (5.25, "manual")):
        ride = Ride().at(8.0)
        ride.follow(0.25, 7.0)
        ride.wait(0.75)
        ride.follow(late_s - 1.0, 6.5)
        assert ride.event(EventKind.SPEED_CHANGED, 7.0).shown == shown
        ride = Ride().at(8.0)
        ride.follow(0.25, 8.0, 1.0)
        ride.follow(late_s - 0.25, 8.0, 2.0)
        assert ride.event(EventKind.INCLINE_CHANGED, 1.0).shown == shown


def test_i11_lost_control_leaves_the_belt_to_the_console() -> None:
    ride = Ride().at(8.0)
    ride.event(EventKind.CONTROL_LOST)
    assert ride.verdict.shown == "console"
    assert ride.follow(20, 4.0, server_up=False) == []
    assert stopped(ride.tick(stop=True))
    ride.obeys = False
    ride.belt_kmh = 8.0
    assert ride.event(EventKind.CONTROL_LOST).shown == "stopping"
    assert kinds(ride.wait(2)) == {Stop}


def test_i12_after_a_stop_nothing_but_stop_until_a_new_start() -> None:
    ride = Ride().at(8.0)
    ride.obeys = False
    assert stopped(ride.tick(stop=True, wish=ride.wish(12.0), nudge=ride.nudge(1.0)))
    ride.press(1.0)
    assert Reason.NUDGE_REFUSED in ride.verdict.reasons
    assert kinds(ride.follow(10, 12.0)) == {Stop}
    ride.belt_kmh = 0.0
    ride.wait(4)
    assert ride.follow(5, 12.0) == []


def test_i12_the_runner_stops_any_belt_at_any_time() -> None:
    ride = Ride().stand()
    assert stopped(ride.tick(stop=True))
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(1)
    assert stopped(ride.tick(stop=True))
    ride.obeys = False
    ride.tick(stop=True)
    assert stopped(ride.tick(stop=True))
    ride = Ride().stand()
    assert stopped(ride.tick(stop=True, confirm=ride.confirm()))


def test_i12_a_belt_that_slows_to_its_stop_is_judged_by_nothing_else() -> None:
    ride = Ride().at(8.0)
    ride.obeys = False
    ride.tick(stop=True)
    ride.belt_kmh = 4.0
    ride.wait(5)
    assert ride.event(EventKind.STOPPED_BY_USER).command is None
    assert ride.verdict.lock is None
    assert ride.verdict.shown == "stopping"


def test_i15_a_stop_before_the_belt_moved_is_proved_anew() -> None:
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.tick(stop=True)
    ride.wait(3)
    assert ride.verdict.shown == "stopping"
    assert ride.tick().shown == "stopped"


def test_i11_a_stop_wins_against_a_start_in_the_same_tick() -> None:
    ride = Ride().at(8.0)
    ride.wait(4)
    ride.obeys = False
    ride.tick(stop=True)
    ride.wait(5)
    assert stopped(ride.event(EventKind.STARTED_BY_USER, stop=True))
    assert ride.verdict.shown == "stopping"


def test_i11_the_console_may_start_again_after_our_stop() -> None:
    for stopping_s, shown in ((2.75, "stopping"), (3.0, "console")):
        ride = Ride().at(8.0)
        ride.wait(4)
        ride.obeys = False
        ride.tick(stop=True)
        ride.wait(stopping_s - 0.25)
        assert ride.event(EventKind.STARTED_BY_USER).shown == shown
    assert ride.wait(5) == []
    running = Ride().at(8.0)
    running.wait(4)
    assert running.event(EventKind.STARTED_BY_USER).shown == "automatic"


def test_i13_a_status_repeated_on_connecting_is_not_heard() -> None:
    for seconds, shown in ((2.75, "stopping"), (3.0, "console")):
        ride = Ride().at(8.0)
        ride.obeys = False
        ride.tick(stop=True)
        ride.wait(4, bluetooth_up=False)
        ride.wait(seconds)
        assert ride.event(EventKind.STARTED_BY_USER).shown == shown
    for seconds, shown in ((2.75, "automatic"), (3.0, "manual")):
        ride = Ride()
        ride.belt_kmh = 8.0
        ride.wait(4, bluetooth_up=False)
        ride.tick()
        ride.governor.state.bluetooth_since_s = 0.0
        ride.tick(confirm=ride.confirm())
        ride.governor.state.bluetooth_since_s = ride.now_s
        ride.wait(seconds - 0.25)
        assert ride.event(EventKind.SPEED_CHANGED, 9.0).shown == shown
    ride = Ride().at(8.0)
    ride.governor.state.bluetooth_since_s = ride.now_s
    assert stopped(ride.event(EventKind.SAFETY_KEY))


def test_i11_several_events_in_a_tick_are_all_heard() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    own = MachineEvent(EventKind.SPEED_CHANGED, 8.0)
    other = MachineEvent(EventKind.SPEED_CHANGED, 9.0)
    assert ride.tick(events=(own, other)).shown == "manual"
    assert stopped(ride.tick(events=(own, MachineEvent(EventKind.SAFETY_KEY))))


def test_i11_the_runner_s_keys_suspend_the_automation() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(12.0), heart=None)
    assert ride.press(0.2).command == SetSpeed(1, 8.2)
    assert ride.verdict.shown == "manual"
    assert ride.follow(4, 12.0) == []
    assert Reason.WISH_REFUSED in ride.verdict.reasons


def test_i11_the_runner_s_keys_wait_until_the_belt_moves() -> None:
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.press(0.5)
    assert Reason.NUDGE_REFUSED in ride.verdict.reasons
    ride.belt_kmh = 1.0
    assert ride.tick().shown == "automatic"


def test_i11_a_press_of_neither_key_moves_nothing() -> None:
    ride = Ride().at(8.0)
    assert ride.tick(nudge=Nudge(ride.now_s)).command is None
    assert ride.verdict.shown == "manual"
    assert ride.wait(3) == []


def test_i11_the_console_counts_for_more_than_a_press_before_it() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.event(EventKind.SPEED_CHANGED, 8.4)
    assert ride.tick(nudge=ride.nudge(0.5, ago_s=1.0)).command is None
    assert Reason.NUDGE_REFUSED in ride.verdict.reasons


def test_i11_what_the_keys_had_asked_for_ends_with_a_new_hold() -> None:
    ride = Ride().at(8.0)
    ride.press(2.0, heart=None)
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert ride.wait(3) == []


def test_i3_presses_add_up() -> None:
    ride = Ride().at(8.0)
    ride.press(0.5)
    ride.press(0.5)
    ride.press(0.5)
    ride.wait(4)
    assert ride.belt_kmh == 9.5
    ride.wait(2)
    ride.press(-0.5, 0.5)
    ride.press(0, 0.5)
    ride.wait(4)
    assert (ride.belt_kmh, ride.incline_pct) == (9.0, 1.0)
    assert ride.press(0.1).command == SetSpeed(ride.governor.state.number, 9.1)


def test_i11_slower_is_slower_whatever_was_pressed_before() -> None:
    ride = Ride().at(8.0)
    ride.press(2.0)
    assert ride.press(-0.1).command == SetSpeed(2, 8.4)
    ride.wait(5)
    assert ride.given[-1][1] == SetSpeed(2, 8.4)
    ride = Ride().at(8.0)
    ride.press(-0.5)
    assert ride.press(0.2).command == SetSpeed(2, 7.7)
    ride = Ride().at(8.0)
    ride.press(-3.0)
    ride.press(-0.1)
    ride.wait(5)
    assert ride.belt_kmh == 4.9


def test_i5_a_key_of_the_incline_leaves_the_speed_on_its_way() -> None:
    ride = Ride().at(8.0)
    ride.press(1.5)
    ride.press(0.0, 0.5)
    ride.wait(5)
    assert (ride.belt_kmh, ride.incline_pct) == (9.5, 0.5)


def test_i10_a_press_lives_for_five_seconds() -> None:
    for ago_s, command in ((5.0, SetSpeed(1, 8.1)), (5.25, None), (-0.25, None)):
        ride = Ride().at(8.0)
        ride.wait(10)
        assert ride.tick(nudge=ride.nudge(0.1, ago_s=ago_s)).command == command
        assert (Reason.NUDGE_REFUSED in ride.verdict.reasons) == (command is None)
    ride = Ride().at(8.0)
    assert ride.tick(nudge=ride.nudge(0.1, ago_s=2.5)).command is None
    assert ride.tick(nudge=ride.nudge(0.1, ago_s=2.5)).command
    ride = Ride().at(8.0)
    assert ride.tick(nudge=ride.nudge(math.nan)).command is None
    assert ride.tick(nudge=ride.nudge(math.inf)).command is None
    assert ride.tick(nudge=ride.nudge(0, math.nan)).command is None
    assert ride.verdict.shown == "automatic"


def test_i10_presses_that_were_barred_are_not_made_up_for() -> None:
    ride = Ride().at(8.0)
    ride.press(2.0, heart=None)
    ride.wait(5, heart=None)
    ride.press(0.1)
    ride.wait(4)
    assert ride.belt_kmh == 8.1
    ride = Ride().at(8.0)
    ride.press(0.3, heart=None)
    ride.wait(4.75, heart=None)
    ride.press(0.1)
    ride.wait(4)
    assert ride.belt_kmh == 8.4


def test_i11_a_press_that_comes_after_a_later_one_counts_as_well() -> None:
    ride = Ride().at(8.0)
    ride.press(0.1)
    ride.tick(nudge=ride.nudge(0.2, ago_s=1.0))
    ride.wait(1)
    assert ride.belt_kmh == 8.3


def test_i10_two_presses_within_a_tick_of_each_other_both_count() -> None:
    ride = Ride().at(8.0)
    second = ride.nudge(0.1)
    ride.press(0.1)
    ride.tick(nudge=replace(second, at_s=second.at_s))
    ride.wait(1)
    assert ride.belt_kmh == 8.2
