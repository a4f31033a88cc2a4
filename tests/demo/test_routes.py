import numpy as np
import pytest

from beatrunner.demo.routes import COURSES, STEP_M, course, degrees


@pytest.mark.parametrize("name", COURSES)
def test_a_course_is_a_closed_line_of_even_steps(name: str) -> None:
    way = course(name)
    east = np.append(way.east_m, way.east_m[0])
    north = np.append(way.north_m, way.north_m[0])
    steps = np.hypot(np.diff(east), np.diff(north))
    # A step over a rounded corner is a little shorter than the way along it.
    assert steps[:-1].min() > 0.8 * STEP_M
    assert steps.max() < 2.1 * STEP_M


@pytest.mark.parametrize("name", COURSES)
def test_a_course_lies_in_its_town_and_can_be_run(name: str) -> None:
    way = course(name)
    latitude, longitude = degrees(way.east_m, way.north_m)
    assert 48.3 < latitude.min() < latitude.max() < 48.5
    assert 9.5 < longitude.min() < longitude.max() < 9.7
    assert way.effort.min() > 0.8
    assert way.effort.max() < 2.5
    assert all(light < way.length_m for light in way.lights_m)


@pytest.mark.parametrize(("name", "at_least_m"), [("ridge", 200), ("quarry", 180)])
def test_trails_climb(name: str, at_least_m: float) -> None:
    climbs = np.diff(course(name).altitude_m)
    assert climbs[climbs > 0].sum() > at_least_m


def test_the_track_is_level_and_400_m_long() -> None:
    assert course("track").length_m == pytest.approx(400, abs=6)
    assert set(course("track").effort.tolist()) == {1.0}


def test_the_other_way_round_uphill_is_downhill() -> None:
    way = course("ridge")
    steepest = int(way.effort.argmax())
    assert way.reverse_effort[::-1][steepest] < 1.0


def test_courses_that_cross_agree_on_the_height() -> None:
    ridge, streets = course("ridge"), course("hill streets")
    apart = np.hypot(
        ridge.east_m[:, None] - streets.east_m, ridge.north_m[:, None] - streets.north_m
    )
    here, there = np.unravel_index(int(apart.argmin()), apart.shape)
    assert apart[here, there] < STEP_M
    assert ridge.altitude_m[here] == pytest.approx(streets.altitude_m[there], abs=2.0)
