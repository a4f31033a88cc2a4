"""Starting: only a fresh hold beside a belt that is proved still."""

from dataclasses import replace

from beatrunner.core.governor import (
    Confirm,
    EventKind,
    HeartRate,
    Lock,
    Reason,
    Start,
)
from tests.core.governor.belts import LIMITS, Ride, speeds


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


def test_i1_the_slowest_speed_is_a_step_of_the_machine() -> None:
    ride = Ride(limits=replace(LIMITS, min_speed_kmh=0.85)).stand()
    assert starts(ride, ride.confirm())
    assert speeds(ride.wait(1)) == [0.9]


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


def test_i1_not_while_a_start_is_awaited() -> None:
    ride = Ride().stand()
    ride.obeys = False
    assert starts(ride, ride.confirm())
    ride.event(EventKind.SPEED_CHANGED, 3.0)
    ride.wait(3)
    assert ride.verdict.shown == "starting"
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


def test_i16_a_belt_that_follows_the_runners_keys_is_taken_over_as_it_was_told() -> None:
    """A second - is on its way, unanswered, and the belt slow to obey, as the hold ends."""
    ride = Ride().at(8.0)
    ride.press(-1.0)
    ride.obeys = False
    ride.wait(1)
    ride.press(-1.0)
    assert ride.verdict.shown == "manual"
    ride.outcomes = ()
    asked_kmh = ride.governor.state.asked_kmh
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert ride.governor.state.asked_kmh == asked_kmh
    for _tick in range(12):
        ride.belt_kmh = max(ride.belt_kmh - 0.25, 6.0)
        ride.tick()
    assert (ride.verdict.lock, ride.verdict.shown) == (None, "automatic")


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
