"""What became of a command: confirmed, refused, unknown."""

from beatrunner.core.governor import (
    Lock,
    Outcome,
    Reason,
    Result,
    SetIncline,
    SetSpeed,
)
from tests.core.governor.belts import Ride, kinds, speeds, stopped


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
