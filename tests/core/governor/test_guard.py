import math
from typing import Any, cast

from beatrunner.core.governor import Alarm, EventKind, Governor, Lock, Reason, SetSpeed, Start, Stop
from beatrunner.core.governor.guard import fall
from beatrunner.core.governor.state import Phase, State
from tests.core.governor.belts import CALIBRATION, Ride, kinds, speeds, stopped

#: Not a heart rate: looking at it raises.
BROKEN: dict[str, Any] = {"heart": object()}


def test_i20_an_exception_in_the_governor_is_a_fall() -> None:
    ride = Ride().at(4.0)
    assert speeds(ride.wait(1.0, **BROKEN)) == [3.0]
    assert ride.verdict.shown == "unknown"
    assert ride.verdict.alarm is Alarm.BELT_MAY_MOVE
    assert ride.verdict.lock is Lock.FAULT
    assert ride.verdict.reasons == (Reason.FAULT,)
    assert speeds(ride.wait(2.0, **BROKEN)) == [2.0, 1.0]
    assert kinds(ride.wait(0.25, **BROKEN)) == {Stop}
    assert ride.wait(0.75, **BROKEN) == []
    assert kinds(ride.wait(1, **BROKEN)) == {Stop}


def test_i20_one_exception_is_a_fall_to_the_end() -> None:
    ride = Ride().at(4.0)
    ride.tick(**BROKEN)
    ride.follow(10, 8.0)
    assert ride.belt_kmh == 0
    falls = [each for _s, each in ride.given if not isinstance(each, Stop)]
    assert speeds(falls) == [3.0, 2.0, 1.0]
    ride.wait(4)
    assert ride.verdict.shown == "stopped"
    ride.tick(confirm=ride.confirm())
    assert Reason.CONFIRM_REFUSED in ride.verdict.reasons
    assert ride.verdict.command is None


def test_i20_the_number_of_a_fall_is_new() -> None:
    ride = Ride().at(4.0)
    ride.wait(5, **BROKEN)
    numbers = [command.number for _s, command in ride.given]
    assert numbers == sorted(set(numbers))


def test_i20_a_belt_that_stands_is_locked_and_left() -> None:
    ride = Ride().stand()
    assert ride.wait(1, **BROKEN) == []
    assert ride.verdict.alarm is None
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.command is None


def test_i20_a_starting_belt_is_stopped() -> None:
    ride = Ride().stand()
    ride.tick(confirm=ride.confirm())
    assert stopped(ride.tick(**BROKEN))
    assert ride.tick().shown == "stopping"
    ride = Ride().stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.event(EventKind.SPEED_CHANGED, 3.0)
    assert stopped(ride.tick(**BROKEN))


def test_i20_a_belt_of_the_console_is_left_to_it() -> None:
    ride = Ride()
    ride.belt_kmh = 8.0
    ride.wait(1)
    assert ride.wait(2, **BROKEN) == []
    assert ride.verdict.alarm is Alarm.BELT_MAY_MOVE


def test_i20_stop_is_heard_all_the_same() -> None:
    ride = Ride().at(8.0)
    assert stopped(ride.tick(stop=True, **BROKEN))
    ride.belt_kmh = 8.0
    ride.wait(1.0, **BROKEN)
    assert stopped(ride.tick(stop=True, **BROKEN))


def test_i20_what_is_no_tick_is_a_stop() -> None:
    ride = Ride().at(8.0)
    before = ride.governor.state
    verdict = ride.governor.tick(cast("Any", None))
    assert stopped(verdict)
    assert verdict.command is not None
    assert verdict.command.number == before.number + 1
    assert verdict.lock is Lock.FAULT
    assert verdict.alarm is Alarm.BELT_MAY_MOVE
    assert ride.governor.state.lock is Lock.FAULT
    assert before.lock is None
    assert ride.tick().shown == "stopping"


def test_i20_a_fault_elsewhere_is_a_fall_to_the_end() -> None:
    ride = Ride().at(4.0)
    assert speeds(ride.wait(0.25, fault=True)) == [3.0]
    assert ride.verdict.shown == "slowing"
    assert Reason.FAULT in ride.verdict.reasons
    assert ride.tick().reasons == (Reason.FAULT, Reason.LOCKED)
    ride.follow(10, 8.0)
    assert ride.belt_kmh == 0
    assert ride.verdict.lock is Lock.FAULT


def test_i20_a_fault_is_told_where_nothing_falls() -> None:
    ride = Ride().stand()
    assert ride.tick(fault=True).reasons == (Reason.FAULT, Reason.LOCKED)
    assert ride.verdict.command is None


def test_i20_a_fault_while_the_runner_drives_is_a_fall_too() -> None:
    ride = Ride().at(4.0)
    ride.press(-0.1)
    ride.wait(1)
    ride.tick(fault=True)
    ride.wait(6)
    assert ride.belt_kmh == 0


def test_i20_the_fall_leaves_the_state_it_came_from() -> None:
    ride = Ride().at(4.0)
    before = ride.governor.state
    ride.now_s += 1
    after, command = fall(before, ride.now())
    assert command == SetSpeed(before.number + 1, 3.0)
    assert (before.asked_kmh, after.asked_kmh, after.target) == (4.0, 3.0, None)


def test_i18_time_that_is_none_or_runs_backwards_is_a_stop() -> None:
    for now_s in (math.nan, math.inf, 5.0):
        ride = Ride().at(8.0)
        assert stopped(ride.tick(now_s=now_s))
        assert ride.verdict.lock is Lock.FAULT


def test_i18_the_same_time_twice_is_no_fault() -> None:
    ride = Ride().at(8.0)
    assert ride.tick(now_s=ride.now_s).lock is None
    ride.now_s -= 0.25
    assert ride.tick(now_s=ride.now_s, **BROKEN).lock is Lock.FAULT
    assert not stopped(ride.verdict)


def test_i18_a_gap_between_ticks_suspends_the_automation() -> None:
    ride = Ride().at(8.0)
    ride.follow(0.25, 12.0)
    ride.now_s += 2.0
    assert ride.wait(0.25) == []
    assert ride.verdict.shown == "manual"
    assert ride.follow(20, 12.0) == []
    ride = Ride().at(8.0)
    ride.now_s += 1.75
    ride.tick()
    assert ride.verdict.shown == "automatic"


def test_i18_a_leap_of_time_is_never_a_leap_of_speed() -> None:
    ride = Ride().at(8.0)
    ride.now_s += 10_000
    assert ride.tick(wish=ride.wish(12.0)).command is None
    assert ride.tick(nudge=ride.nudge(3.0)).command == SetSpeed(ride.governor.state.number, 8.5)


def test_i13_a_governor_told_that_the_belt_may_move_rings_until_it_is_seen() -> None:
    ride = Ride()
    ride.governor = Governor(State(phase=Phase.RUNNING))
    assert ride.tick(bluetooth_up=False).alarm is Alarm.BELT_MAY_MOVE
    ride.wait(4)
    assert ride.verdict.shown == "stopped"
    assert ride.given == []


def test_i13_a_new_governor_starts_nothing_and_takes_over_nothing() -> None:
    ride = Ride()
    ride.belt_kmh = 8.0
    assert ride.follow(100, 12.0) == []
    assert ride.verdict.shown == "console"
    assert Start not in kinds([each for _s, each in ride.given])
    ride.event(EventKind.STARTED_BY_USER)
    assert ride.press(1.0).command is None
    assert Reason.NUDGE_REFUSED in ride.verdict.reasons
    assert CALIBRATION.lag_s == 1.0
