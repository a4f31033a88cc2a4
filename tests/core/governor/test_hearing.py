import math
from dataclasses import replace

from beatrunner.core.governor import (
    Confirm,
    EventKind,
    HeartRate,
    Lease,
    Lock,
    MachineEvent,
    Outcome,
    Reason,
    Result,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
)
from tests.core.governor.belts import Ride, inclines, kinds, speeds, stopped


def starts(ride: Ride, confirm: Confirm, **changes: object) -> bool:
    """Whether this press starts a belt; when it does not, it says so."""
    command = ride.tick(confirm=confirm, **changes).command
    assert isinstance(command, Start) != (Reason.CONFIRM_REFUSED in ride.verdict.reasons)
    return isinstance(command, Start)


def test_i1_a_hold_beside_the_belt_starts_it_at_the_slowest_speed() -> None:
    ride = Ride().stand()
    assert starts(ride, ride.confirm())
    assert ride.verdict.shown == "starting"
    assert speeds(ride.wait(1)) == [1.0]
    assert ride.verdict.shown == "automatic"


def test_i1_held_for_three_seconds() -> None:
    ride = Ride().stand()
    assert not starts(ride, ride.confirm(held_s=2.75))
    assert starts(ride, ride.confirm(held_s=3.0))


def test_i1_presses_are_numbered_from_one() -> None:
    ride = Ride().stand()
    assert not starts(ride, replace(ride.confirm(), number=0))


def test_i1_only_beside_the_belt() -> None:
    ride = Ride().stand()
    assert not starts(ride, ride.confirm(local=False))


def test_i1_fresh_and_not_of_the_future() -> None:
    ride = Ride().stand()
    assert not starts(ride, ride.confirm(ago_s=2.25))
    assert not starts(ride, ride.confirm(ago_s=-0.25))
    assert starts(ride, ride.confirm(ago_s=2.0))


def test_i1_a_press_counts_once_even_if_it_was_refused() -> None:
    ride = Ride().stand()
    press = ride.confirm()
    assert not starts(ride, press, server_up=False)
    assert not starts(ride, press)
    newest = ride.confirm()
    ride.tick(confirm=replace(newest, local=False))
    assert not starts(ride, replace(ride.confirm(), number=newest.number - 1))
    assert not starts(ride, replace(ride.confirm(), number=newest.number))
    ride.confirms = newest.number
    assert starts(ride, ride.confirm())


def test_i1_not_after_the_stop_of_the_run_it_started() -> None:
    ride = Ride().stand()
    press = ride.confirm()
    ride.tick(confirm=press)
    ride.wait(1, stop=True)
    ride.wait(5)
    assert ride.verdict.shown == "stopped"
    assert not starts(ride, replace(press, released_s=ride.now_s, pressed_s=ride.now_s - 4))


def test_i1_not_in_the_dark() -> None:
    for changes in (
        {"bluetooth_up": False},
        {"server_up": False},
        {"telemetry": None},
        {"heart": HeartRate(170, True, 0.0)},
    ):
        ride = Ride().stand()
        assert not starts(ride, ride.confirm(), **changes)
    ride = Ride().stand()
    assert not starts(ride, ride.confirm(), telemetry=ride.stale(3.25))
    assert starts(Ride(heart=None).stand(), Confirm(9, 1002.0, 1006.0, local=True))


def test_i1_not_before_the_belt_is_proved_still() -> None:
    for seconds, proved in ((2.75, False), (3.0, True)):
        ride = Ride()
        ride.belt_kmh = 5.0
        ride.wait(4)
        ride.belt_kmh = 0.1
        ride.wait(seconds)
        assert starts(ride, ride.confirm()) == proved


def test_i1_not_after_a_gap_in_the_proof() -> None:
    ride = Ride().stand()
    ride.tick(telemetry=None)
    ride.wait(2)
    assert not starts(ride, ride.confirm())


def test_i1_a_fall_to_the_stop_is_not_taken_over() -> None:
    ride = Ride().at(9.0)
    ride.wait(3.5, bluetooth_up=False)
    ride.wait(3.25)
    assert ride.verdict.shown == "slowing"
    assert not starts(ride, ride.confirm())


def test_i1_not_twice() -> None:
    ride = Ride().at(8.0)
    since_s = ride.governor.state.control_since_s
    assert not starts(ride, ride.confirm())
    assert ride.governor.state.control_since_s == since_s
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    ride.belt_kmh = 0
    assert not starts(ride, ride.confirm())


def test_i1_not_while_stopping() -> None:
    ride = Ride().at(8.0)
    ride.tick(stop=True)
    assert not starts(ride, ride.confirm())
    ride.belt_kmh = 8.0
    assert not starts(ride, ride.confirm())


def test_i1_a_moving_belt_is_taken_over_as_it_is() -> None:
    ride = Ride()
    ride.belt_kmh, ride.incline_pct = 8.07, 2.0
    ride.wait(4)
    assert ride.tick(confirm=ride.confirm()).shown == "automatic"
    assert ride.wait(3) == []
    assert ride.follow(0.25, 8.0, 2.0) == []
    assert speeds(ride.follow(0.25, 7.9, 2.0)) == [7.9]


def test_i1_a_belt_crawling_below_the_slowest_is_asked_nothing_less() -> None:
    ride = Ride()
    ride.belt_kmh = 0.6
    ride.wait(4)
    ride.tick(confirm=ride.confirm())
    assert ride.wait(3) == []
    assert speeds(ride.follow(1, 2.0)) == [1.5]


def test_i13_a_press_begun_before_the_belt_was_in_reach_starts_nothing() -> None:
    ride = Ride().stand()
    ride.tick(bluetooth_up=False)
    ride.wait(4)
    reach_s = ride.now_s - 3.75
    late = Confirm(7, reach_s - 0.25, ride.now_s, local=True)
    assert not starts(ride, late)
    assert starts(ride, Confirm(8, reach_s, ride.now_s, local=True))


def test_i19_an_idle_belt_locks_itself() -> None:
    ride = Ride()
    ride.wait(45.0)
    assert ride.verdict.lock is None
    ride.tick()
    assert ride.verdict.lock is Lock.IDLE
    assert Reason.LOCKED in ride.verdict.reasons
    assert not starts(ride, ride.confirm())
    ride.tick(unlock=True)
    assert ride.verdict.lock is None
    assert Reason.LOCKED not in ride.verdict.reasons
    ride.wait(44.75)
    assert ride.verdict.lock is None
    ride.tick()
    assert ride.verdict.lock is Lock.IDLE


def test_i19_idleness_begins_with_the_rest() -> None:
    ride = Ride().start()
    ride.follow(60, 1.0)
    assert ride.verdict.lock is None
    ride.tick(stop=True)
    ride.wait(4)
    assert ride.verdict.shown == "stopped"
    ride.wait(43)
    assert ride.verdict.lock is None
    ride.wait(2)
    assert ride.verdict.lock is Lock.IDLE
    ride.tick(unlock=True)
    assert starts(ride, ride.confirm())


def test_i19_another_lock_is_not_changed_nor_opened() -> None:
    ride = Ride().stand()
    ride.tick(fault=True)
    ride.wait(60, unlock=True)
    assert ride.verdict.lock is Lock.FAULT


def test_i10_a_wish_needs_all_its_papers() -> None:
    good = Ride().at(8.0)
    assert speeds(good.follow(0.25, 8.5)) == [8.5]
    future = Lease("conductor", 1, 1e6)
    for change, tick in (
        ({"lease_id": "other"}, {}),
        ({"generation": 2}, {}),
        ({"sequence": 1}, {}),
        ({"sequence": 0}, {}),
        ({"speed_kmh": math.nan}, {}),
        ({"speed_kmh": math.inf}, {}),
        ({"incline_pct": math.nan}, {}),
        ({"incline_pct": math.inf}, {}),
        ({}, {"lease": None}),
        ({}, {"lease": future}),
        ({}, {"lease": Lease("other", 1, 1000.0)}),
    ):
        ride = Ride().at(8.0)
        ride.tick(wish=ride.wish(8.0))
        assert ride.tick(wish=replace(ride.wish(8.5), **change), **tick).command is None, (
            change,
            tick,
        )
        assert Reason.WISH_REFUSED in ride.verdict.reasons
        assert speeds(ride.follow(0.25, 8.5)) == [8.5]


def test_i10_a_refused_wish_changes_nothing_of_the_one_before() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.2), heart=None)
    ride.tick(wish=ride.wish(9.0, sequence=1))
    assert ride.given[-1][1] == SetSpeed(1, 8.2)


def test_i10_a_wish_lives_for_five_seconds() -> None:
    for ago_s, command in ((5.0, SetSpeed(1, 8.5)), (5.25, None), (-0.25, None)):
        ride = Ride().at(8.0)
        ride.wait(10)
        assert ride.tick(wish=ride.wish(8.5, issued_s=ride.now_s + 0.25 - ago_s)).command == command
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.5), heart=None)
    ride.wait(4.75, heart=None)
    assert kinds(ride.wait(0.25)) == {SetSpeed}
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.5), heart=None)
    ride.wait(5, heart=None)
    assert ride.wait(0.25) == []
    assert Reason.TARGET_STALE in ride.verdict.reasons


def test_i10_the_lease_lapses_after_fifteen_seconds() -> None:
    for ago_s, command in ((15.0, SetSpeed(1, 8.5)), (15.25, None)):
        ride = Ride().at(8.0)
        lease = Lease("conductor", 1, ride.now_s + 0.25 - ago_s)
        assert ride.tick(wish=ride.wish(8.5), lease=lease).command == command
        ride = Ride().at(8.0)
        ride.tick(wish=ride.wish(8.5), heart=None)
        lease = Lease("conductor", 1, ride.now_s + 0.25 - ago_s)
        assert ride.tick(lease=lease).command == command
        assert (Reason.LEASE_LAPSED in ride.verdict.reasons) == (command is None)
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.5), heart=None)
    assert ride.tick(lease=None).command is None


def test_i17_an_older_generation_is_not_heard_again() -> None:
    ride = Ride().at(8.0)
    new = Lease("newer", 2, ride.now_s)
    ride.sequence = 100
    ride.tick(wish=ride.wish(8.0))
    assert ride.tick(
        wish=ride.wish(7.9, lease_id="newer", generation=2, sequence=1), lease=new
    ).command
    assert ride.tick(wish=ride.wish(7.0)).command is None
    assert Reason.WISH_REFUSED in ride.verdict.reasons
    assert ride.tick(
        wish=ride.wish(7.8, lease_id="newer", generation=2, sequence=2), lease=new
    ).command


def test_i17_one_holder_of_a_generation() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.0))
    twin = Lease("twin", 1, ride.now_s)
    assert ride.tick(wish=ride.wish(7.0, lease_id="twin"), lease=twin).command is None


def test_i13_a_wish_from_before_the_start_is_not_heard() -> None:
    ride = Ride().stand()
    early = ride.wish(1.5)
    ride.wait(0.25)
    ride.tick(confirm=ride.confirm())
    ride.wait(2)
    assert ride.tick(wish=early).command is None
    assert Reason.WISH_REFUSED in ride.verdict.reasons
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm(), heart=None)
    at_s = ride.now_s
    ride.wait(1)
    ride.tick(wish=ride.wish(1.5, issued_s=at_s))
    assert Reason.WISH_REFUSED not in ride.verdict.reasons


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
    assert ride.event(EventKind.SPEED_CHANGED, 8.11).shown == "manual"
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


def test_i10_a_press_lives_for_five_seconds() -> None:
    for ago_s, command in ((5.0, SetSpeed(1, 8.1)), (5.25, None), (-0.25, None)):
        ride = Ride().at(8.0)
        ride.wait(10)
        assert ride.tick(nudge=ride.nudge(0.1, ago_s=ago_s)).command == command
        assert (Reason.NUDGE_REFUSED in ride.verdict.reasons) == (command is None)
    ride = Ride().at(8.0)
    assert ride.tick(nudge=ride.nudge(0.1, ago_s=1.5)).command is None
    assert ride.tick(nudge=ride.nudge(0.1, ago_s=1.5)).command
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


def test_i10_two_presses_within_a_tick_of_each_other_both_count() -> None:
    ride = Ride().at(8.0)
    second = ride.nudge(0.1)
    ride.press(0.1)
    ride.tick(nudge=replace(second, at_s=second.at_s))
    ride.wait(1)
    assert ride.belt_kmh == 8.2


def test_i14_an_outcome_other_than_accepted_is_not_repeated() -> None:
    for result in (Result.REFUSED, Result.UNKNOWN):
        ride = Ride().at(8.0)
        ride.obeys = False
        ride.tick(wish=ride.wish(8.5))
        assert ride.wait(20, outcomes=(Outcome(1, result),)) == []
        assert ride.governor.state.asked_kmh == 8.0
        assert ride.verdict.lock is None
        ride.tick(wish=ride.wish(8.0, 1.0))
        assert ride.wait(20, outcomes=(Outcome(2, result),)) == []
        assert ride.governor.state.asked_incline_pct == 0.0


def test_i14_no_outcome_within_two_seconds_is_unknown() -> None:
    ride = Ride(outcomes=()).at(8.0)
    assert speeds(ride.follow(0.25, 8.2)) == [8.2]
    assert ride.follow(2.0, 8.4) == []
    assert Reason.WAITING in ride.verdict.reasons
    assert ride.governor.state.asked_kmh == 8.2
    ride.tick()
    assert ride.governor.state.asked_kmh == 8.0


def test_i14_an_outcome_that_comes_late_counts() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(8.2))
    ride.now_s += 2.0
    ride.tick(outcomes=(Outcome(1, Result.ACCEPTED),))
    assert ride.governor.state.asked_kmh == 8.2


def test_i14_a_rise_whose_fate_is_unknown_may_take_effect() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(8.5))
    assert ride.wait(20) == []
    assert ride.verdict.lock is None
    ride.belt_kmh = 8.75
    ride.tick()
    assert ride.verdict.lock is Lock.WRONG_WAY


def test_i14_a_fall_that_is_refused_is_a_stop() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(7.5))
    assert stopped(ride.tick(outcomes=(Outcome(1, Result.REFUSED),)))
    ride = Ride().at(8.0)
    ride.obeys = False
    ride.tick(wish=ride.wish(7.5))
    assert ride.tick(outcomes=(Outcome(1, Result.UNKNOWN),)).command is None
    assert ride.governor.state.asked_kmh == 7.5


def test_i14_a_start_that_is_not_accepted_is_a_stop() -> None:
    for result in (Result.REFUSED, Result.UNKNOWN):
        ride = Ride().stand()
        ride.obeys = False
        ride.tick(confirm=ride.confirm())
        assert stopped(ride.tick(outcomes=(Outcome(1, result),)))
    ride = Ride(outcomes=()).stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    assert ride.wait(2) == []
    assert stopped(ride.tick())


def test_i14_the_first_speed_refused_is_no_fall_refused() -> None:
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    ride.tick()
    assert ride.tick(outcomes=(Outcome(2, Result.REFUSED),)).command is None


def test_i14_the_outcome_of_another_command_says_nothing() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.2))
    ride.tick(outcomes=(Outcome(0, Result.ACCEPTED), Outcome(2, Result.REFUSED)))
    assert ride.follow(0.25, 8.4, outcomes=()) == []
    assert ride.verdict.reasons == (Reason.WAITING,)
    assert kinds(ride.follow(0.25, 8.4, outcomes=(Outcome(1, Result.ACCEPTED),))) == {SetSpeed}
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.0, 1.0))
    assert kinds(ride.follow(3, 8.0, 2.0)) == {SetIncline}
