from dataclasses import replace
from itertools import pairwise

from beatrunner.core.governor import (
    Bounds,
    EventKind,
    HeartRate,
    Lease,
    Reason,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
)
from tests.core.governor.belts import CALIBRATION, LIMITS, Ride, inclines, kinds, speeds, stopped


def given(ride: Ride, kind: type, since: int = 0) -> list[float]:
    """When commands of this kind were given."""
    return [at_s for at_s, command in ride.given[since:] if isinstance(command, kind)]


def test_i2_wishes_are_kept_within_the_limits() -> None:
    ride = Ride().at(11.8)
    assert speeds(ride.follow(20, 15.0)) == [12.0]
    assert Reason.LIMITED in ride.verdict.reasons
    ride = Ride().at(1.2)
    assert speeds(ride.follow(5, 0.0)) == [1.0]
    ride = Ride().at(8.0)
    assert inclines(ride.follow(30, 8.0, 14.0))[-1] == 10.0
    assert Reason.LIMITED in ride.verdict.reasons
    ride.follow(60, 8.0, -9.0)
    assert ride.incline_pct == -1.0
    ride.follow(0.25, 8.0, -1.0)
    assert ride.verdict.reasons == ()
    ride = Ride().at(11.0)
    ride.follow(20, 12.0)
    assert Reason.LIMITED not in ride.verdict.reasons


def test_i2_steps_of_the_machine() -> None:
    ride = Ride(calibration=replace(CALIBRATION, speed_step_kmh=0.2, incline_step_pct=1.0)).at(8.0)
    assert speeds(ride.follow(1, 8.35)) == [8.2]
    assert inclines(ride.follow(8, 8.2, 2.9)) == [1.0, 2.0]
    odd = Ride(limits=replace(LIMITS, workout=Bounds(8.15, 0.0, 9.8))).at(8.0)
    odd.follow(30, 12.0, 12.0)
    assert odd.belt_kmh == 8.1
    assert odd.incline_pct == 9.5
    odd = Ride(limits=replace(LIMITS, workout=Bounds(12.0, -0.8, 10.0))).at(8.0)
    odd.follow(10, 8.0, -3.0)
    assert odd.incline_pct == -0.5


def test_i2_a_limit_that_is_lowered_lowers_the_belt() -> None:
    ride = Ride().at(8.0)
    lower = replace(LIMITS, workout=Bounds(6.05, 0.0, 1.0))
    assert speeds(ride.wait(0.25, limits=lower)) == [7.0]
    ride.wait(5, limits=lower)
    assert ride.belt_kmh == 6.0


def test_i2_a_speed_of_the_console_above_the_limit_stands_until_the_automation_is_armed() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.belt_kmh = 13.0
    ride.event(EventKind.SPEED_CHANGED, 13.0)
    assert ride.wait(3) == []
    ride.press(0.1)
    assert ride.wait(6) == []
    assert Reason.LIMITED in ride.verdict.reasons
    ride.press(0.0, 0.5)
    assert ride.wait(3) == []
    assert (ride.belt_kmh, ride.incline_pct) == (13.0, 0.5)
    ride.press(-0.1)
    ride.wait(3)
    assert ride.belt_kmh == 12.0
    for belt_kmh in (13.0, 14.0):
        ride.belt_kmh = belt_kmh
        ride.event(EventKind.SPEED_CHANGED, belt_kmh)
        ride.tick(confirm=ride.confirm())
        ride.follow(3, 15.0)
        assert ride.belt_kmh == 12.0


def test_i3_an_automatic_rise_is_half_a_kmh_in_fifteen_seconds() -> None:
    ride = Ride().at(8.0)
    assert speeds(ride.follow(46, 12.0)) == [8.5, 9.0, 9.5, 10.0]
    times_s = given(ride, SetSpeed)
    assert [after - before for before, after in pairwise(times_s)] == [15.0] * 3


def test_i3_small_automatic_rises_share_it() -> None:
    ride = Ride().at(8.0)
    ride.follow(0.25, 8.2)
    ride.follow(5, 8.4)
    assert ride.belt_kmh == 8.4
    ride.follow(9.75, 9.0)
    assert ride.belt_kmh == 8.5
    ride.follow(0.25, 9.0)
    assert ride.belt_kmh == 8.7


def test_i3_the_runner_rises_half_a_kmh_in_a_second() -> None:
    ride = Ride().at(8.0)
    ride.press(1.5)
    assert speeds(ride.wait(3)) == [9.0, 9.5]
    times_s = given(ride, SetSpeed)
    assert [times_s[1] - times_s[0], times_s[2] - times_s[1]] == [1.0, 1.0]


def test_i3_while_the_button_is_held_the_automation_rises_as_the_keys_do() -> None:
    ride = Ride().at(8.0)
    assert speeds(ride.follow(2.25, 12.0, held=True)) == [8.5, 9.0, 9.5]
    # Let go, the automation has its own allowance, and no more.
    assert speeds(ride.follow(15, 12.0)) == [10.0]
    assert speeds(ride.follow(0.25, 12.0, held=True)) == [10.5]
    assert ride.verdict.shown == "automatic"


def test_i3_a_button_that_is_held_alone_moves_nothing() -> None:
    ride = Ride().at(8.0)
    assert ride.wait(3, held=True) == []
    assert ride.follow(3, 12.0, held=True, server_up=False) == []


def test_i3_a_rise_of_the_runner_counts_for_the_automation_after_it() -> None:
    ride = Ride().at(8.0)
    ride.press(0.5)
    ride.tick(confirm=ride.confirm())
    assert ride.follow(0.5, 9.0) == []
    assert speeds(ride.follow(0.25, 9.0)) == [9.0]


def test_i4_a_fall_is_one_kmh_in_a_second() -> None:
    ride = Ride().at(8.0)
    assert speeds(ride.follow(4, 4.5)) == [7.0, 6.0, 5.0, 4.5]
    times_s = given(ride, SetSpeed)
    assert [after - before for before, after in pairwise(times_s)] == [1.0] * 3
    ride = Ride().at(8.0)
    ride.press(-3.0)
    assert speeds(ride.wait(4)) == [6.0, 5.0]


def at_eight_and_a_quarter() -> Ride:
    """Between two steps of the machine: the console may be finer than its protocol."""
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.belt_kmh = 8.25
    ride.event(EventKind.SPEED_CHANGED, 8.25)
    return ride


def test_i3_i4_steps_of_the_machine_are_rounded_to_the_smaller_change() -> None:
    assert at_eight_and_a_quarter().press(-2.0).command == SetSpeed(1, 7.3)
    assert at_eight_and_a_quarter().press(2.0).command == SetSpeed(1, 8.7)
    assert at_eight_and_a_quarter().tick(telemetry=None).command == SetSpeed(1, 7.3)


def test_i4_a_fall_goes_on_without_new_wishes() -> None:
    ride = Ride().at(12.0)
    ride.tick(wish=ride.wish(3.0))
    ride.wait(10, lease=None)
    assert ride.belt_kmh == 3.0


def test_i4_a_stop_waits_for_nothing() -> None:
    ride = Ride().at(8.0)
    ride.follow(0.5, 4.0)
    assert stopped(ride.tick(stop=True))


def test_i5_an_incline_moves_one_percent_in_two_seconds() -> None:
    ride = Ride().at(8.0)
    assert inclines(ride.follow(5, 8.0, 3.0)) == [1.0, 2.0, 3.0]
    times_s = given(ride, SetIncline)
    assert [times_s[1] - times_s[0], times_s[2] - times_s[1]] == [2.0, 2.0]
    assert inclines(ride.follow(6, 8.0, 0.0)) == [2.0, 1.0, 0.0]
    ride.press(0, 0.5)
    assert inclines(ride.wait(3)) == [0.5]


def test_i5_a_small_change_leaves_the_rest() -> None:
    ride = Ride().at(8.0)
    assert inclines(ride.follow(0.5, 8.0, 0.5)) == [0.5]
    assert inclines(ride.follow(0.5, 8.0, 3.0)) == [1.0]
    assert inclines(ride.follow(1.0, 8.0, 3.0)) == []
    assert inclines(ride.follow(0.25, 8.0, 3.0)) == [1.5]
    assert inclines(ride.follow(0.5, 8.0, 0.9)) == [1.0]


def test_i5_no_rise_within_two_seconds_of_an_incline() -> None:
    ride = Ride().at(8.0)
    ride.follow(0.25, 8.5, 0.5)
    assert ride.follow(1.75, 8.5, 0.5) == []
    assert speeds(ride.follow(0.25, 8.5, 0.5)) == [8.5]
    assert ride.follow(1.75, 8.5, 1.0) == []
    assert inclines(ride.follow(0.25, 8.5, 1.0)) == [1.0]
    ride = Ride().at(8.0)
    ride.follow(0.25, 8.5, 0.0)
    assert ride.follow(1.75, 8.5, -1.0) == []
    assert inclines(ride.follow(0.25, 8.5, -1.0)) == [-1.0]


def test_i5_a_fall_goes_before_an_incline() -> None:
    ride = Ride().at(8.0)
    assert kinds(ride.follow(0.25, 7.0, 2.0)) == {SetSpeed}
    assert kinds(ride.follow(0.25, 7.0, 2.0)) == {SetIncline}
    ride = Ride().at(8.0)
    assert kinds(ride.follow(1.25, 6.0, 2.0)) == {SetSpeed}


def test_i5_what_bars_a_rise_does_not_bar_a_gentler_slope() -> None:
    ride = Ride().at(8.0)
    ride.follow(5, 8.0, 2.0)
    assert inclines(ride.follow(5, 9.0, 0.0, heart=None)) == [1.0, 0.0]


def test_i5_the_incline_of_the_machine_is_where_changes_begin() -> None:
    ride = Ride()
    ride.belt_kmh, ride.incline_pct = 8.0, 5.0
    ride.wait(4)
    ride.tick(confirm=ride.confirm())
    assert inclines(ride.follow(0.5, 8.0, 4.0)) == [4.0]
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(4)
    ride.tick(confirm=ride.confirm(), telemetry=replace(ride.stale(0), incline_pct=None))
    ride.wait(2)
    assert inclines(ride.follow(0.5, 8.0, 1.0)) == [1.0]


def test_i5_no_steeper_while_the_slope_is_elsewhere() -> None:
    """Tolerated is one change and a step: 1.5 % here."""
    ride = Ride().at(8.0)
    assert inclines(ride.follow(0.25, 8.0, 1.0)) == [1.0]
    for away_pct in (2.75, -0.75):
        ride.incline_pct = away_pct
        assert ride.follow(3, 8.5, 3.0) == []
        assert ride.verdict.reasons == (Reason.DISAGREEMENT,)
    ride.incline_pct = -0.5
    assert inclines(ride.follow(0.25, 8.0, 2.0)) == [2.0]


def test_i5_a_slope_elsewhere_is_asked_nothing_anew() -> None:
    ride = Ride().at(8.0)
    ride.follow(5, 8.0, 3.0)
    ride.incline_pct = 1.0
    assert ride.follow(3, 8.0, 3.0) == []
    assert ride.verdict.reasons == ()


def test_i5_a_slope_that_nobody_tells_bars_nothing() -> None:
    for unseen_pct in (None, float("nan")):
        ride = Ride().at(8.0)
        ride.changes["telemetry"] = replace(ride.stale(0), incline_pct=unseen_pct)
        assert inclines(ride.follow(5, 8.0, 3.0)) == [1.0, 2.0, 3.0]


def test_i5_gentler_begins_where_the_belt_is() -> None:
    """The console said 8 %, and the belt stayed level: 7 % would be steeper."""
    ride = Ride().at(8.0)
    ride.governor.state.asked_incline_pct = 8.0
    assert inclines(ride.follow(0.25, 8.0, 5.0)) == [0.0]
    assert inclines(ride.follow(1.75, 8.0, 5.0)) == [1.0]
    assert inclines(ride.follow(0.25, 8.0, -1.0)) == []
    ride = Ride().at(8.0)
    ride.incline_pct = 1.0
    ride.governor.state.asked_incline_pct = 8.0
    assert inclines(ride.follow(0.25, 8.0, 5.0)) == [1.0]


def test_i5_gentler_begins_at_what_was_asked_where_the_belt_is_on_its_way_or_steeper() -> None:
    for belt_pct in (2.0, 5.0):
        ride = Ride().at(8.0)
        ride.follow(7, 8.0, 3.0)
        ride.incline_pct = belt_pct
        assert inclines(ride.follow(0.25, 8.0, 0.5)) == [2.0]


def test_i9_without_the_server_no_rise_at_once() -> None:
    ride = Ride().at(8.0)
    assert ride.follow(0.25, 9.0, 1.0, server_up=False) == []
    assert Reason.SERVER_LOST in ride.verdict.reasons
    ride.press(0.1, server_up=False)
    assert ride.verdict.command is None
    assert Reason.SERVER_LOST in ride.verdict.reasons


def test_i9_without_the_server_the_belt_falls_from_six_and_a_half_seconds_to_a_stop() -> None:
    ride = Ride().at(3.0)
    assert ride.follow(6.5, 3.0, server_up=False) == []
    assert ride.verdict.shown == "automatic"
    assert speeds(ride.wait(2, server_up=False)) == [2.0, 1.0]
    assert [ride.verdict.shown, Reason.SERVER_LOST in ride.verdict.reasons] == ["slowing", True]
    assert kinds(ride.wait(0.5, server_up=False)) == {Stop}
    assert ride.belt_kmh == 0


def test_i9_a_server_that_is_back_replays_nothing() -> None:
    ride = Ride().at(5.0)
    ride.tick(wish=ride.wish(5.5), heart=None)
    ride.wait(0.5, server_up=False)
    assert ride.wait(20) == []
    ride.wait(7.75, server_up=False)
    assert ride.belt_kmh == 3.0
    assert ride.wait(20) == []
    assert ride.wait(6, server_up=False) == []
    assert speeds(ride.follow(0.25, 3.5)) == [3.5]


def test_i9_a_silent_page_raises_nothing() -> None:
    ride = Ride().at(8.0)
    for ago_s, command in ((15.25, None), (15.0, SetSpeed(1, 8.1))):
        ride.press(0.1, page_heard_s=ride.now_s + 0.25 - ago_s)
        assert ride.verdict.command == command
        assert (Reason.PAGE_SILENT in ride.verdict.reasons) == (command is None)
        ride.wait(6, page_heard_s=None)
    assert ride.press(0.1, page_heard_s=None).command is None
    assert ride.press(0.1, page_heard_s=ride.now_s + 9).command is None
    assert kinds([ride.press(-0.1, page_heard_s=None).command or Start(0)]) == {SetSpeed}


def test_i9_each_is_asked_for_its_own_sign_of_life() -> None:
    ride = Ride().at(8.0)
    assert kinds(ride.follow(0.25, 8.1, page_heard_s=None)) == {SetSpeed}
    ride = Ride().at(8.0)
    ride.press(0.1, lease=None)
    assert ride.belt_kmh == 8.1
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.4), lease=Lease("conductor", 1, ride.now_s), heart=None)
    assert ride.tick(lease=None).command is None


def test_i14_stop_is_repeated_every_second_until_the_belt_is_proved_still() -> None:
    ride = Ride().at(8.0)
    ride.obeys = False
    since = len(ride.given)
    ride.tick(stop=True)
    ride.wait(3)
    times_s = given(ride, Stop, since)
    assert [after - before for before, after in pairwise(times_s)] == [1.0] * 3
    ride.belt_kmh = 0.0
    ride.wait(4)
    assert ride.verdict.shown == "stopped"
    assert ride.wait(5) == []


def test_i14_commands_are_numbered() -> None:
    ride = Ride().start()
    ride.follow(40, 2.0, 2.0)
    ride.follow(5, 1.0, 1.0)
    ride.wait(2, stop=True)
    numbers = [command.number for _at_s, command in ride.given]
    assert numbers == list(range(1, len(numbers) + 1))


def test_i6_at_most_one_kmh_a_second_falls_for_whatever_reasons() -> None:
    ride = Ride().at(8.0)
    ride.changes = {"heart": HeartRate(180, True, 0.0), "server_up": False}
    ride.wait(6.5)
    ride.changes["fault"] = True
    before_kmh = ride.belt_kmh
    ride.wait(1)
    assert 0.8 <= before_kmh - ride.belt_kmh <= 1.0
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(4.0))
    assert ride.wait(0.75, heart=HeartRate(180, True, 0.0)) == []
    assert Reason.HEART_CEILING in ride.verdict.reasons


def test_a_start_is_given_once() -> None:
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    assert ride.wait(5) == []
    assert ride.verdict.shown == "starting"
