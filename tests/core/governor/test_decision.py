from dataclasses import replace
from typing import Any

from beatrunner.core.governor import (
    Alarm,
    EventKind,
    HeartRate,
    Lock,
    Reason,
    SetIncline,
    SetSpeed,
    Start,
    Stop,
    Telemetry,
)
from beatrunner.core.governor.decision import decide
from tests.core.governor.belts import CALIBRATION, Ride, kinds, speeds, stopped


def test_i8_stale_telemetry_is_no_rise_and_a_fall_to_a_stop() -> None:
    ride = Ride().at(3.0)
    assert ride.wait(1, telemetry=ride.stale(3.0)) == []
    ride.follow(0.25, 4.0, telemetry=ride.stale(3.25))
    assert ride.verdict.command == SetSpeed(1, 2.0)
    assert Reason.TELEMETRY_STALE in ride.verdict.reasons
    assert speeds(ride.wait(1.5, telemetry=ride.stale(4))) == [1.0]
    assert kinds(ride.wait(1, telemetry=ride.stale(5))) == {Stop}


def test_i8_telemetry_that_is_no_speed_is_stale() -> None:
    for speed_kmh, age_s in (
        (float("nan"), 0.0),
        (float("inf"), 0.0),
        (-0.1, 0.0),
        (8.0, -0.1),
        (8.0, float("nan")),
    ):
        ride = Ride().at(8.0)
        ride.tick(telemetry=Telemetry(speed_kmh, 0.0, age_s))
        assert ride.verdict.command == SetSpeed(1, 7.0)
        assert ride.verdict.shown == "unknown"
    ride = Ride().at(8.0)
    assert ride.tick(telemetry=None).command == SetSpeed(1, 7.0)


def test_i8_telemetry_that_is_back_brings_no_speed_back() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.5), heart=None)
    ride.wait(1, telemetry=ride.stale(4))
    assert ride.wait(10) == []
    assert ride.belt_kmh == 7.0


def test_i8_a_starting_belt_out_of_sight_is_stopped() -> None:
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    assert stopped(ride.tick(telemetry=None))
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    assert stopped(ride.tick(heart=HeartRate(180, True, 0.0)))
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.event(EventKind.SPEED_CHANGED, 3.0)
    assert stopped(ride.tick(telemetry=None))


def test_the_alarm_rings_when_a_moving_belt_is_out_of_sight() -> None:
    ride = Ride().at(8.0)
    assert ride.tick(telemetry=ride.stale(2.0)).alarm is None
    assert ride.verdict.shown == "automatic"
    assert ride.tick(telemetry=ride.stale(2.25)).alarm is Alarm.BELT_MAY_MOVE
    assert ride.verdict.shown == "unknown"
    assert ride.tick(telemetry=None).alarm is Alarm.BELT_MAY_MOVE
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(1)
    assert ride.tick(bluetooth_up=False).alarm is Alarm.BELT_MAY_MOVE
    ride = Ride().stand()
    assert ride.tick(bluetooth_up=False).alarm is None
    assert ride.verdict.shown == "unknown"


def test_i13_nothing_is_given_to_a_radio_that_is_down() -> None:
    ride = Ride().at(8.0)
    assert ride.wait(1, bluetooth_up=False, server_up=False) == []
    assert ride.verdict.shown == "unknown"
    assert ride.verdict.alarm is Alarm.BELT_MAY_MOVE
    assert ride.wait(1, bluetooth_up=False, stop=True) == []
    assert kinds(ride.wait(1)) == {Stop}


def test_i13_a_short_loss_of_the_belt_suspends_the_automation() -> None:
    ride = Ride().at(8.0)
    ride.tick(wish=ride.wish(8.5), bluetooth_up=False)
    ride.wait(3, bluetooth_up=False)
    assert ride.follow(20, 9.0) == []
    assert ride.verdict.shown == "manual"


def test_i13_a_long_loss_of_the_belt_ends_the_run_when_it_is_back() -> None:
    ride = Ride().at(5.0)
    ride.wait(3.5, bluetooth_up=False)
    ride.belt_kmh = 4.05
    assert speeds(ride.wait(0.25)) == [3.0]
    assert ride.verdict.shown == "slowing"
    assert ride.verdict.reasons == (Reason.BLUETOOTH_LOST,)
    ride.tick(confirm=ride.confirm())
    assert Reason.CONFIRM_REFUSED in ride.verdict.reasons
    ride.follow(8, 5.0)
    assert ride.belt_kmh == 0
    assert Start not in kinds([command for _at_s, command in ride.given])
    assert ride.verdict.lock is None
    ride.tick(confirm=ride.confirm())
    assert kinds([ride.given[-1][1]]) == {Start}


def test_i13_losses_do_not_add_up() -> None:
    ride = Ride().at(5.0)
    for _loss in range(4):
        ride.wait(2, bluetooth_up=False)
        ride.wait(1)
    assert ride.verdict.shown == "manual"


def test_i13_a_start_that_was_cut_off_is_not_made_up_for() -> None:
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.tick(bluetooth_up=False)
    assert ride.verdict.alarm is Alarm.BELT_MAY_MOVE
    assert kinds(ride.wait(10)) == {Stop}
    assert ride.verdict.shown == "stopped"


def test_i13_a_command_under_way_at_the_loss_is_forgotten() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(8.5))
    ride.tick(bluetooth_up=False)
    ride.wait(1)
    assert ride.governor.state.pending is None
    assert ride.governor.state.asked_kmh == 8.5
    assert ride.wait(5) == []


def test_i13_after_a_loss_the_belt_is_judged_by_where_it_is() -> None:
    ride = Ride().at(8.0)
    ride.tick(bluetooth_up=False)
    ride.belt_kmh = 6.0
    ride.wait(5)
    assert ride.verdict.lock is None
    ride.press(-0.5)
    assert ride.belt_kmh == 5.5
    ride.belt_kmh = 4.0
    ride.wait(4)
    assert ride.verdict.lock is Lock.DISAGREEMENT


def test_i5_after_a_loss_gentler_begins_at_the_slope_that_is_seen() -> None:
    for seen_pct, gentler_pct in ((2.0, 1.0), (None, 0.0)):
        ride = Ride().at(8.0)
        ride.governor.state.asked_incline_pct = 1.0
        ride.incline_pct = 2.0
        ride.tick(bluetooth_up=False)
        ride.tick(telemetry=replace(ride.stale(0), incline_pct=seen_pct))
        assert ride.press(0.0, -1.0).command == SetIncline(1, gentler_pct)


def test_i15_a_belt_runs_when_it_is_seen_to() -> None:
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    started_s = ride.now_s
    ride.wait(11)
    assert ride.now_s - started_s == 11
    assert ride.verdict.shown == "starting"
    assert stopped(ride.tick())
    assert Reason.START_UNCONFIRMED in ride.verdict.reasons
    assert ride.wait(0.25) == []


def test_i15_a_machine_may_be_slow_to_start_by_its_lag() -> None:
    ride = Ride(calibration=replace(CALIBRATION, lag_s=3.0)).stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.wait(13)
    assert ride.verdict.shown == "starting"
    ride.belt_kmh = 0.11
    ride.tick()
    assert ride.verdict.shown == "automatic"


def test_i15_stopped_is_shown_when_it_is_seen_for_three_seconds() -> None:
    ride = Ride().at(8.0)
    ride.tick(stop=True)
    for _tick in range(12):
        assert ride.tick().shown == "stopping"
    assert ride.tick().shown == "stopped"
    ride = Ride()
    ride.wait(3.0)
    assert ride.verdict.shown == "unknown"
    assert ride.tick().shown == "stopped"
    assert ride.tick(telemetry=ride.stale(2.25)).shown == "unknown"
    assert ride.tick(bluetooth_up=False).shown == "unknown"
    assert ride.tick().shown == "unknown"


def test_i15_a_belt_stopped_while_the_link_was_down_is_not_stopped_until_seen() -> None:
    ride = Ride().at(8.0)
    ride.wait(5, bluetooth_up=False, stop=True)
    ride.belt_kmh = 0.0
    ride.wait(0.25)
    assert ride.verdict.shown == "stopping"
    ride.wait(3)
    assert ride.verdict.shown == "stopped"


def test_i15_a_belt_that_stops_by_itself_is_stopped() -> None:
    ride = Ride().at(8.0)
    ride.belt_kmh = 0.0
    ride.wait(3)
    assert ride.verdict.shown == "automatic"
    assert stopped(ride.tick())
    assert ride.verdict.lock is None
    ride.belt_kmh = 8.0
    assert kinds(ride.follow(5, 8.0)) == {Stop}


def test_i15_a_belt_of_the_console_that_stops_is_at_rest() -> None:
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(1)
    ride.belt_kmh = 0.1
    assert ride.wait(3) == []
    assert ride.verdict.shown == "console"
    assert ride.tick().shown == "stopped"
    ride.tick(confirm=ride.confirm())
    assert kinds([ride.given[-1][1]]) == {Start}


def test_i15_resting_forgets_the_fall_but_not_the_fault() -> None:
    ride = Ride().at(2.0)
    ride.wait(4, bluetooth_up=False)
    ride.wait(10)
    assert ride.verdict.shown == "stopped"
    ride.tick(confirm=ride.confirm())
    ride.wait(1)
    assert ride.verdict.shown == "automatic"
    assert ride.belt_kmh == 1.0


def test_a_stop_that_is_ignored_rings() -> None:
    ride = Ride().at(8.0)
    ride.obeys = False
    ride.tick(stop=True)
    ride.wait(5 + 1 + 8)
    assert ride.verdict.alarm is None
    assert ride.tick().alarm is Alarm.STOP_IGNORED
    ride.belt_kmh = 0.0
    assert ride.tick().alarm is None
    fast = Ride()
    fast.belt_kmh = 12.0
    fast.wait(1)
    fast.wait(3)
    fast.event(EventKind.SPEED_CHANGED, 16.0)
    fast.obeys = False
    fast.tick(stop=True)
    fast.wait(5 + 1 + 12)
    assert fast.verdict.alarm is None
    assert fast.tick().alarm is Alarm.STOP_IGNORED
    fast.tick(stop=True)
    assert fast.verdict.alarm is Alarm.STOP_IGNORED
    assert Ride().at(8.0).wait(30) == []


def test_a_belt_has_the_time_of_its_ramp_to_stop() -> None:
    def rings_after(ride: Ride, seconds: float, **changes: Any) -> bool:
        ride.obeys = False
        ride.tick(stop=True, **changes)
        ride.wait(seconds)
        assert ride.verdict.alarm is None
        return ride.tick().alarm is Alarm.STOP_IGNORED

    quick = replace(CALIBRATION, ramp_down_kmh_s=2.0)
    assert rings_after(Ride(calibration=quick).at(8.0), 5 + 1 + 8 / 2)
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.event(EventKind.SPEED_CHANGED, 11.0)
    assert rings_after(ride, 5 + 1 + 11)
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(1)
    assert rings_after(ride, 5 + 1, telemetry=None)
    ride = Ride().at(8.0)
    ride.tick(stop=True)
    ride.wait(5)
    ride.belt_kmh = 0.5
    assert rings_after(ride, 5 + 1 + 0.5)


def test_a_belt_that_follows_a_manual_speed_shows_who_drives() -> None:
    ride = Ride().stand()
    assert ride.verdict.shown == "stopped"
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "starting"
    ride.tick()
    assert ride.verdict.shown == "automatic"
    ride.press(0.1)
    assert ride.verdict.shown == "manual"
    ride.tick(heart=HeartRate(180, True, 0.0))
    assert ride.verdict.shown == "slowing"
    ride.event(EventKind.CONTROL_LOST)
    assert ride.verdict.shown == "console"


def test_a_console_press_during_the_start_is_not_overwritten() -> None:
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    ride.belt_kmh = 3.0
    ride.event(EventKind.SPEED_CHANGED, 3.0)
    assert ride.wait(3) == []
    assert ride.verdict.shown == "manual"


def test_a_first_speed_that_a_stop_forestalled_is_not_made_up_for() -> None:
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    assert stopped(ride.tick(heart=HeartRate(180, True, 0.0)))
    ride.obeys = False
    ride.belt_kmh = 3.0
    ride.wait(4)
    ride.event(EventKind.STARTED_BY_USER)
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert ride.verdict.command is None


def test_a_reason_is_told_once() -> None:
    ride = Ride().at(8.0)
    ride.belt_kmh = 3.0
    ride.wait(3, server_up=False)
    assert len(set(ride.verdict.reasons)) == len(ride.verdict.reasons)


def test_a_decision_leaves_the_state_before_it() -> None:
    ride = Ride().at(8.0)
    before = ride.governor.state
    asked_kmh, number = before.asked_kmh, before.number
    ride.now_s += 0.25
    after, verdict = decide(before, ride.now(wish=ride.wish(4.0, issued_s=ride.now_s)))
    assert isinstance(verdict.command, SetSpeed)
    assert (before.asked_kmh, before.number) == (asked_kmh, number)
    assert after.asked_kmh == 7.0
