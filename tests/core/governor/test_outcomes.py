"""What became of a command: confirmed, refused, unknown."""

from beatrunner.core.governor import (
    EventKind,
    Lock,
    Outcome,
    Reason,
    Result,
    SetIncline,
    SetSpeed,
)
from tests.core.governor.belts import Ride, kinds, speeds, stopped


def test_i14_an_outcome_other_than_accepted_is_not_repeated() -> None:
    for result, asked_kmh, asked_pct in ((Result.REFUSED, 8.0, 0.0), (Result.UNKNOWN, 8.5, 1.0)):
        ride = Ride().at(8.0)
        ride.obeys = False
        ride.tick(wish=ride.wish(8.5))
        assert ride.wait(20, outcomes=(Outcome(1, result),)) == []
        assert ride.governor.state.asked_kmh == asked_kmh
        assert ride.verdict.lock is None
        ride.tick(wish=ride.wish(asked_kmh, 1.0))
        assert ride.wait(20, outcomes=(Outcome(2, result),)) == []
        assert ride.governor.state.asked_incline_pct == asked_pct


def test_i14_no_outcome_within_two_seconds_is_unknown() -> None:
    ride = Ride(outcomes=()).at(8.0)
    assert speeds(ride.follow(0.25, 8.2)) == [8.2]
    assert ride.follow(2.0, 8.4) == []
    assert Reason.WAITING in ride.verdict.reasons
    assert ride.tick().command is None
    assert ride.wait(1) == []
    assert speeds(ride.follow(0.25, 8.4)) == [8.4]


def test_i14_an_outcome_that_comes_late_counts() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(8.2))
    ride.now_s += 2.0
    ride.tick(outcomes=(Outcome(1, Result.ACCEPTED),))
    assert ride.governor.state.asked_kmh == 8.2


def test_i14_a_rise_whose_fate_is_unknown_may_or_may_not_take_effect() -> None:
    for belt_kmh in (8.0, 8.5):
        ride = Ride(outcomes=()).at(8.0)
        ride.tick(wish=ride.wish(8.5))
        ride.belt_kmh = belt_kmh
        assert ride.wait(20) == []
        assert ride.verdict.lock is None
    ride.belt_kmh = 9.25
    ride.wait(3)
    assert ride.verdict.lock is Lock.DISAGREEMENT


def test_i4_a_fall_begins_at_the_speed_that_may_be_in_force() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(8.5))
    ride.wait(3)
    assert speeds(ride.follow(0.25, 2.0)) == [7.5]


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


def test_i14_a_refusal_that_comes_late_is_a_refusal() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(7.5))
    assert ride.wait(2.0) == []
    assert stopped(ride.tick(outcomes=(Outcome(1, Result.REFUSED),)))


def test_i14_after_a_rise_that_was_refused_the_belt_is_judged_by_what_was_asked_before() -> None:
    ride = Ride().at(8.0)
    ride.obeys = False
    ride.tick(wish=ride.wish(8.5))
    ride.tick(outcomes=(Outcome(1, Result.REFUSED),))
    ride.belt_kmh = 7.8
    ride.wait(20)
    assert ride.verdict.lock is None


def test_i14_what_was_under_way_when_the_console_took_the_belt_says_nothing() -> None:
    refused = {"outcomes": (Outcome(1, Result.REFUSED),)}
    ride = Ride(outcomes=()).at(8.0)
    ride.tick(wish=ride.wish(7.5))
    ride.event(EventKind.CONTROL_LOST)
    assert ride.tick(**refused).shown == "console"


def test_i14_a_refused_slowing_stops_a_belt_that_a_hold_took_over_meanwhile() -> None:
    ride = Ride(outcomes=()).at(8.0)
    ride.press(-0.5)
    ride.tick(confirm=ride.confirm())
    assert ride.verdict.shown == "automatic"
    assert stopped(ride.tick(outcomes=(Outcome(1, Result.REFUSED),)))


def test_i14_a_start_under_way_at_the_stop_is_forgotten() -> None:
    ride = Ride(outcomes=()).stand()
    ride.obeys = False
    ride.tick(confirm=ride.confirm())
    ride.tick(stop=True)
    ride.wait(3)
    assert ride.verdict.shown == "stopping"
    assert ride.tick().shown == "stopped"
