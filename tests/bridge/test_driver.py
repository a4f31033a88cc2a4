from __future__ import annotations

import pytest

from beatrunner.bridge.conversation import Setup
from beatrunner.bridge.driver import Driver
from beatrunner.bridge.ports import BeltReading, SensorReading
from beatrunner.core.governor import Bounds, SetSpeed, Start, Stop
from tests.bridge.belt import MACHINE
from tests.bridge.ride import SETUP, FakeSensor, Ride


def test_a_hold_starts_and_wishes_move_the_belt() -> None:
    ride = Ride()
    ride.wished_kmh = 3.0
    ride.start()
    assert [type(each) for _at_s, each in ride.belt.given][:2] == [Start, SetSpeed]
    ride.wait(90)
    assert ride.belt.speed_kmh == pytest.approx(3.0)
    assert ride.picture.shown == "automatic"
    assert ride.picture.asked_kmh == pytest.approx(3.0)


def test_a_short_hold_starts_nothing() -> None:
    ride = Ride().start(hold_s=2.75)
    assert ride.belt.given == []
    assert ride.picture.shown == "stopped"


def test_a_hold_without_a_server_starts_nothing() -> None:
    ride = Ride(silent=True)
    ride.silent = True
    ride.start()
    assert ride.belt.given == []


def test_stop_on_the_page_stops() -> None:
    ride = Ride().at(8.0)
    ride.controls.stop()
    assert isinstance(ride.wait(0.25)[0], Stop)
    ride.wait(20)
    assert ride.picture.shown == "stopped"


def test_stop_of_the_server_stops() -> None:
    ride = Ride().at(8.0)
    ride.conversation.hear_stop()
    assert isinstance(ride.wait(0.25)[0], Stop)


def test_stop_is_heard_even_when_the_server_was_lost_since() -> None:
    ride = Ride().at(8.0)
    ride.conversation.hear_stop()
    ride.conversation.close()
    assert isinstance(ride.wait(0.25)[0], Stop)


def test_a_press_of_plus_beside_the_belt_moves_it() -> None:
    ride = Ride().at(6.0)
    ride.controls.nudge(0.5, 0.0)
    ride.controls.hear()
    ride.wait(4)
    assert ride.belt.speed_kmh == pytest.approx(6.5)
    assert ride.picture.control == "runner"


def test_presses_here_and_elsewhere_in_one_moment_add_up() -> None:
    for late_s in (-0.1, 0.0, 0.1):
        ride = Ride().at(6.0)
        ride.controls.hear()
        ride.controls.nudge(0.5, 0.0)
        ride.controls.nudge(0.2, 0.0)
        ride.conversation.hear_nudge((ride.clock() + late_s) * 1000, 0.5, 0.0)
        ride.wait(6)
        assert ride.belt.speed_kmh == pytest.approx(7.2)


def test_a_stop_ends_the_presses_that_wait() -> None:
    ride = Ride().at(6.0)
    for press_kmh in (0.5, 0.5, 0.5):
        ride.controls.nudge(press_kmh, 0.0)
        ride.conversation.hear_nudge(ride.clock() * 1000, press_kmh, 0.0)
    ride.wait(0.5)
    ride.conversation.hear_stop()
    ride.wait(0.25)
    ride.wait(4)
    assert "nudge_refused" not in ride.picture.reasons


def test_a_press_of_plus_on_a_page_that_went_silent_moves_nothing() -> None:
    ride = Ride().at(6.0)
    ride.wait(20)
    ride.controls.nudge(0.5, 0.0)
    assert ride.wait(4) == []


def test_a_silent_server_brings_the_belt_down_to_nothing() -> None:
    ride = Ride().at(8.0)
    ride.silent = True
    ride.wait(9.5)
    assert ride.belt.speed_kmh == pytest.approx(8.0)
    ride.wait(25)
    assert ride.picture.shown == "stopped"
    assert ride.belt.speed_kmh == 0


def test_a_lost_radio_alarms_and_says_nothing_of_a_stop() -> None:
    ride = Ride().at(8.0)
    ride.belt.state = "lost"
    ride.wait(2.25)
    assert ride.picture.alarm == "belt_may_still_be_moving"
    assert ride.picture.shown == "unknown"
    assert ride.picture.speed_kmh == pytest.approx(8.0)  # not yet stale
    ride.wait(2)
    assert ride.picture.speed_kmh is None


def test_a_fault_of_another_part_is_a_fall() -> None:
    ride = Ride().at(4.0)
    ride.driver.fail()
    ride.wait(20)
    assert ride.belt.speed_kmh == 0
    assert ride.picture.lock == "fault"


class _BrokenBelt:
    """A belt whose every answer raises, except that it takes commands."""

    def __init__(self, ride: Ride) -> None:
        self._belt = ride.belt
        self.submit = ride.belt.submit
        self.state = "connected"
        self.machine = MACHINE

    @property
    def reading(self) -> BeltReading:
        raise RuntimeError("broken")

    def drain_events(self) -> tuple[()]:
        raise RuntimeError("broken")

    drain_outcomes = drain_events


def test_a_gathering_that_raises_is_a_fall_and_hears_stop() -> None:
    ride = Ride().at(3.0)
    ports = ride.driver._ports
    ports.belt = _BrokenBelt(ride)
    given = len(ride.belt.given)
    ride.clock.now_s += 0.25
    assert ride.driver.tick().lock == "fault"
    assert len(ride.belt.given) == given + 1
    ride.controls.stop()
    ride.clock.now_s += 0.25
    assert ride.driver.tick().shown == "unknown"
    assert isinstance(ride.belt.given[-1][1], Stop)


def test_limits_that_leave_no_speed_bar_the_start() -> None:
    ride = Ride(setup=Setup(Bounds(0.5, 0.0, 0.0), SETUP.workout, None)).start()
    assert ride.belt.given == []
    assert ride.picture.barred


def test_limits_that_leave_no_speed_any_more_stop_the_belt() -> None:
    ride = Ride().at(6.0)
    ride.conversation.setup = Setup(Bounds(0.5, 0.0, 0.0), SETUP.workout, None)
    assert isinstance(ride.wait(0.25)[0], Stop)
    ride.wait(20)
    assert ride.picture.shown == "stopped"


def test_the_pod_counts_before_the_treadmill() -> None:
    pod = FakeSensor("connected")
    ride = Ride(pod=pod)
    ride.belt.step()
    ride.tick()
    assert ride.picture.cadence_spm is None
    ride.belt.state = "none"  # its readings are the test's own from here
    ride.belt.reading = BeltReading(ride.clock() + 0.25, 0.0, cadence_spm=160.0)
    assert ride.tick().cadence_spm == 160
    pod.reading = SensorReading(ride.clock(), 170.0)
    assert ride.tick().cadence_spm == 170
    ride.wait(4)
    assert ride.picture.cadence_spm is None


def test_a_heart_rate_is_shown_while_it_is_fresh() -> None:
    heart = FakeSensor("connected")
    ride = Ride(heart=heart)
    heart.reading = SensorReading(ride.clock(), 120.0, contact=True)
    assert ride.tick().heart_rate_bpm == 120
    assert ride.picture.heart_fit
    ride.wait(6)
    assert ride.picture.heart_rate_bpm is None
    assert not ride.picture.heart_fit


def test_the_driver_is_replaceable_in_experiments() -> None:
    """Negative controls are drivers that do one thing wrong."""
    assert issubclass(type(Ride().driver), Driver)
