"""What the automation wishes for, and who may wish."""

import math
from dataclasses import replace

from beatrunner.core.governor import (
    Lease,
    Reason,
    SetSpeed,
)
from tests.core.governor.belts import Ride, kinds, speeds


def test_i10_a_wish_needs_all_its_papers() -> None:
    good = Ride().at(8.0)
    assert speeds(good.follow(0.25, 8.5)) == [8.5]
    future = Lease("conductor", 1, Ride().at(8.0).now_s + 1.0)
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
