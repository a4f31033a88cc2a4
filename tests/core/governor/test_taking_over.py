"""A belt that is taken over while it is on its way to a speed that only its console knows (I16)."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

from beatrunner.core.governor import (
    Calibration,
    Command,
    EventKind,
    Lock,
    Reason,
    SetSpeed,
    Stop,
    Verdict,
)
from beatrunner.core.governor.agreement import adopting
from tests.core.governor.belts import CALIBRATION, STEP_S, Ride, speeds

SLUGGISH = replace(CALIBRATION, lag_s=2.0, ramp_up_kmh_s=0.4, ramp_down_kmh_s=0.4)
QUICK = replace(CALIBRATION, lag_s=0.5, ramp_up_kmh_s=1.5, ramp_down_kmh_s=2.0)
LATE_AND_QUICK = replace(CALIBRATION, lag_s=3.0, ramp_up_kmh_s=1.0, ramp_down_kmh_s=1.0)

MACHINES = (CALIBRATION, SLUGGISH, QUICK, LATE_AND_QUICK)


class Machine(Ride):
    """A belt with the lag and the ramps of its calibration, that obeys its console as well."""

    def __init__(self, calibration: Calibration = CALIBRATION) -> None:
        super().__init__(calibration=calibration)
        self.calibration = calibration
        self.heading_kmh = 0.0
        self.told: list[tuple[float, float]] = []

    def console(self, speed_kmh: float) -> None:
        self.told.append((self.now_s, speed_kmh))

    def _give(self, command: Command) -> None:
        self.obeys = False
        super()._give(command)
        if isinstance(command, SetSpeed | Stop):
            self.console(command.speed_kmh if isinstance(command, SetSpeed) else 0.0)

    def tick(self, **changes: Any) -> Verdict:
        while self.told and self.now_s - self.told[0][0] >= self.calibration.lag_s:
            self.heading_kmh = self.told.pop(0)[1]
        off_kmh = self.heading_kmh - self.belt_kmh
        most_kmh = STEP_S * (
            self.calibration.ramp_up_kmh_s if off_kmh > 0 else self.calibration.ramp_down_kmh_s
        )
        self.belt_kmh += math.copysign(min(abs(off_kmh), most_kmh), off_kmh)
        return super().tick(**changes)

    def running(self, speed_kmh: float) -> Machine:
        """At the console's speed for long enough to be even."""
        self.stand()
        self.belt_kmh = self.heading_kmh = speed_kmh
        self.wait(10)
        return self

    def take_over(self) -> Machine:
        self.tick(confirm=self.confirm())
        assert self.verdict.shown == "automatic"
        return self


def mid_ramp(machine: Calibration, goal_kmh: float, after_s: float) -> Machine:
    """Taken over `after_s` after its console was told `goal_kmh`, at 6 km/h."""
    ride = Machine(machine).running(6.0)
    ride.console(goal_kmh)
    ride.wait(after_s)
    return ride.take_over()


def test_i16_a_ramp_that_the_console_began_is_no_disagreement() -> None:
    for machine in MACHINES:
        for goal_kmh in (10.0, 3.0):
            for after_s in (0.25, machine.lag_s + 1.0):
                ride = mid_ramp(machine, goal_kmh, after_s)
                assert ride.wait(16) == []
                assert (ride.verdict.lock, ride.verdict.shown) == (None, "automatic")
                assert ride.belt_kmh == goal_kmh
                assert speeds(ride.follow(1, goal_kmh + 1.0)) == [goal_kmh + 0.5]


def test_i16_what_is_told_within_such_a_ramp_is_no_disagreement() -> None:
    for machine in MACHINES:
        for goal_kmh, wanted_kmh in ((10.0, 4.0), (10.0, 6.0), (10.0, 7.5), (3.0, 2.0), (3.0, 4.0)):
            ride = mid_ramp(machine, goal_kmh, machine.lag_s + 1.0)
            ride.follow(20, wanted_kmh)
            assert (ride.verdict.lock, ride.verdict.shown) == (None, "automatic")
            ride.follow(30 if wanted_kmh > ride.belt_kmh else 0, wanted_kmh)
            assert ride.belt_kmh == wanted_kmh


def test_i16_a_belt_that_ignores_what_it_is_told_within_such_a_ramp_is_locked_out() -> None:
    for machine in MACHINES:
        ride = mid_ramp(machine, 12.0, machine.lag_s + 1.0)
        assert speeds(ride.follow(0.25, 5.0)) != []
        ride.told.clear()
        ride.follow(machine.lag_s + 2.0, 5.0)
        assert ride.verdict.lock in (Lock.WRONG_WAY, Lock.DISAGREEMENT)


def test_i2_such_a_ramp_ends_at_the_limit() -> None:
    ride = mid_ramp(QUICK, 16.0, 4.0)
    ride.wait(10)
    assert ride.verdict.lock is None
    assert ride.belt_kmh == 12.0


def test_i16_the_belief_goes_with_the_belt_until_it_is_told_something() -> None:
    ride = mid_ramp(CALIBRATION, 10.0, 2.0)
    for _second in range(4):
        ride.wait(1)
        assert 0 <= ride.belt_kmh - ride.governor.state.asked_kmh < 0.1
    ride.follow(0.5, 5.0)
    assert ride.governor.state.asked_kmh < ride.belt_kmh - 0.5


def test_i20_a_fall_within_such_a_ramp_goes_on_from_what_was_told() -> None:
    ride = mid_ramp(LATE_AND_QUICK, 12.0, 4.0)
    ride.tick(heart=object())
    ride.wait(6)
    told = [command.speed_kmh for _at_s, command in ride.given if isinstance(command, SetSpeed)]
    assert len(told) > 2
    assert all(later < earlier for earlier, later in pairwise(told))


def rises_after(ride: Ride, seconds: float, wanted_kmh: float = 12.0) -> bool:
    """Whether the first rise comes with the last tick of these seconds."""
    return ride.follow(seconds - STEP_S, wanted_kmh) == [] and bool(
        speeds(ride.follow(STEP_S, wanted_kmh))
    )


def taken_over(belt_kmh: float = 8.0, **changes: Any) -> Ride:
    ride = Ride(**changes)
    ride.belt_kmh = belt_kmh
    ride.wait(10)
    ride.tick(confirm=ride.confirm())
    return ride


def test_i16_no_rise_until_a_ramp_of_the_console_would_show() -> None:
    """Lag, and the time that the slower ramp takes to be apart: 1 s and 0.5 / 0.5 s."""
    assert rises_after(taken_over(), 2.0)
    turned = replace(CALIBRATION, ramp_up_kmh_s=1.0, ramp_down_kmh_s=0.5)
    assert rises_after(taken_over(calibration=turned), 2.0)
    late = replace(CALIBRATION, lag_s=2.5, ramp_up_kmh_s=0.25)
    assert rises_after(taken_over(calibration=late), 4.5)
    ride = taken_over()
    ride.follow(1, 12.0)
    assert ride.verdict.reasons == (Reason.WAITING,)


def test_i16_falls_wait_for_nothing() -> None:
    assert speeds(taken_over().follow(0.25, 6.0)) == [7.0]


def test_i16_even_is_within_a_quarter_of_a_kmh() -> None:
    for off_kmh, seconds in ((0.25, 1.0), (-0.25, 1.0), (0.26, 2.25), (-0.26, 2.25)):
        ride = taken_over()
        ride.follow(1, 12.0)
        ride.belt_kmh += off_kmh
        assert rises_after(ride, seconds)


def test_i16_a_belt_that_was_not_seen_is_not_even() -> None:
    ride = taken_over()
    ride.follow(1, 12.0)
    assert ride.tick(telemetry=None, wish=ride.wish(12.0)).command == SetSpeed(1, 7.0)
    ride = Ride().at(8.0)
    ride.wait(2, bluetooth_up=False)
    ride.tick(confirm=ride.confirm())
    ride.tick(nudge=ride.nudge(0.5))
    assert ride.verdict.reasons == (Reason.WAITING,)
    assert speeds(ride.wait(2.5)) == [8.5]


def test_i16_a_belt_that_comes_back_within_a_ramp_does_not_disagree() -> None:
    for goal_kmh in (10.0, 3.0):
        ride = Machine(SLUGGISH).running(6.0).take_over()
        ride.wait(5)
        ride.console(goal_kmh)
        ride.wait(2.5, bluetooth_up=False)
        ride.wait(14)
        assert (ride.verdict.lock, ride.verdict.shown) == (None, "manual")
        assert ride.belt_kmh == goal_kmh


def test_i16_a_belt_that_is_never_even_is_judged_after_the_longest_way() -> None:
    """Lag, and from nothing to 20 km/h at the slower ramp: 1 + 20 / 0.5 s."""
    ride = taken_over()
    for _second in range(20):
        for belt_kmh in (8.5, 8.0):
            ride.belt_kmh = belt_kmh
            assert ride.follow(1, 12.0) == []
    ride.belt_kmh = 8.5
    assert rises_after(ride, 1.0)


def test_i11_a_key_of_the_console_works_after_the_lag() -> None:
    for value_kmh in (10.0, 3.0):
        ride = Machine(LATE_AND_QUICK).running(6.0).take_over()
        ride.wait(5)
        ride.console(value_kmh)
        ride.event(EventKind.SPEED_CHANGED, value_kmh)
        ride.wait(12)
        assert (ride.verdict.lock, ride.verdict.shown) == (None, "manual")
        assert ride.belt_kmh == value_kmh


def test_i11_what_was_told_before_a_key_of_the_console_may_come_first() -> None:
    ride = Machine(LATE_AND_QUICK).running(6.0).take_over()
    ride.wait(5)
    ride.follow(1, 4.0)
    ride.wait(2)
    ride.console(8.0)
    ride.event(EventKind.SPEED_CHANGED, 8.0)
    ride.wait(12)
    assert (ride.verdict.lock, ride.verdict.shown) == (None, "manual")
    assert ride.belt_kmh == 8.0


def test_i11_a_key_of_the_console_counts_from_where_the_belt_is() -> None:
    ride = Ride().at(8.0)
    ride.wait(3)
    ride.belt_kmh = 10.0
    ride.event(EventKind.SPEED_CHANGED, 5.0)
    ride.wait(0.75)
    for belt_kmh in (9.0, 8.0, 7.0, 6.0, 5.0):
        ride.belt_kmh = belt_kmh
        ride.wait(1)
    assert (ride.verdict.lock, ride.verdict.shown) == (None, "manual")


def test_i16_the_band_of_a_belt_that_somebody_else_sent_is_as_wide_as_its_lag() -> None:
    band = adopting(10.0, 6.0, CALIBRATION)
    assert (band.low_kmh, band.high_kmh, band.asked[-1]) == (5.0, 6.5, (10.0, 6.0))
    later, _finding = band.seeing(11.0, 6.0, CALIBRATION)
    assert (later.low_kmh, later.high_kmh) == (5.0, 6.5)
    later, _finding = later.seeing(11.5, 6.0, CALIBRATION)
    assert (later.low_kmh, later.high_kmh) == (5.25, 6.0)
    assert band.asking(10.5, 5.5, 6.0).fall_from_kmh == 6.5
    assert band.asking(10.5, 6.1, 6.0).fall_from_kmh is None
