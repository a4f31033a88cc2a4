"""A place is found where runs start or end again, whatever its cell, and not where one says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.hiding import PrivacyZone
from beatrunner.core.path import haversine_m
from beatrunner.core.recording import Samples
from beatrunner.core.usual_places import LEAST_RUNS, MOST_PLACES, RADIUS_M, usual_places

HOME = (52.5, 13.4)
WORK = (52.53, 13.45)
#: Degrees of latitude.
METRE = 1.0 / 111_195


def ends_of(*runs: tuple[tuple[float, float], tuple[float, float]]) -> Samples:
    return np.array(runs, dtype=np.float64).reshape(-1, 2, 2)


def apart_m(zone: PrivacyZone, at: tuple[float, float]) -> float:
    here = (np.array([zone.latitude]), np.array([zone.longitude]))
    return float(haversine_m(*here, np.array([at[0]]), np.array([at[1]]))[0])


def elsewhere(number: int) -> tuple[float, float]:
    return 40.0 + number, 20.0


def test_home_and_work_are_found_and_a_race_is_not() -> None:
    race = (elsewhere(0), elsewhere(0))
    there, back, round_home = (HOME, WORK), (WORK, HOME), (HOME, HOME)
    found = usual_places(ends_of(race, there, back, round_home))
    assert [place.runs for place in found] == [3, 2]
    assert apart_m(found[0].zone, HOME) < 1e-3
    assert apart_m(found[1].zone, WORK) < 1e-3
    assert {place.zone.radius_m for place in found} == {RADIUS_M}


@pytest.mark.parametrize("count", range(4))
def test_a_run_counts_once_though_it_starts_and_ends_there(count: int) -> None:
    found = usual_places(ends_of(*[(HOME, HOME)] * count))
    assert [place.runs for place in found] == ([count] if count >= LEAST_RUNS else [])


@given(
    at=st.tuples(st.floats(-89.0, 89.0), st.floats(-179.9, 179.9)),
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(8, 40),
)
def test_a_door_is_covered_wherever_cells_end(
    at: tuple[float, float], seed: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    off_m = rng.normal(0.0, 15.0, (count, 2))
    squeeze = np.cos(np.radians(at[0]))
    starts = np.array(at) + off_m * METRE / np.array([1.0, squeeze])
    ends = [elsewhere(number) for number in range(count)]
    found = usual_places(np.stack((starts, np.array(ends)), axis=1))
    assert min(apart_m(place.zone, at) for place in found) < 60.0
    for start in starts.tolist():
        assert any(apart_m(place.zone, tuple(start)) <= RADIUS_M for place in found)


def test_a_door_on_the_line_where_degrees_begin_anew() -> None:
    east, west = (-16.8, 179.9999), (-16.8, -179.9999)
    (found,) = usual_places(ends_of((east, east), (west, west)))
    assert found.runs == 2
    assert abs(found.zone.longitude) == pytest.approx(180.0, abs=2e-4)


@pytest.mark.parametrize(
    ("longitudes", "middle"),
    [
        ((179.9998, 179.9999, -179.9999), 179.9999),
        ((179.9999, -179.9999, -179.9998), -179.9999),
    ],
)
def test_a_middle_near_that_line_is_on_its_side_of_it(
    longitudes: tuple[float, ...], middle: float
) -> None:
    runs = [((-16.8, longitude), elsewhere(n)) for n, longitude in enumerate(longitudes)]
    (found,) = usual_places(ends_of(*runs))
    assert found.zone.longitude == pytest.approx(middle, abs=1e-9)


def test_where_the_runner_has_a_zone_nothing_is_found() -> None:
    twice = ends_of((HOME, WORK), (HOME, WORK))
    (found,) = usual_places(twice, [PrivacyZone(*HOME, 100)])
    assert apart_m(found.zone, WORK) < 1e-3
    # A zone elsewhere settles nothing.
    assert len(usual_places(twice, [PrivacyZone(HOME[0] + 101 * METRE, HOME[1], 100)])) == 2


def test_the_place_of_most_runs_is_first_though_its_cell_ends_in_it() -> None:
    # At the corner of four cells, as many in each as start at work, and one more elsewhere.
    corner = np.array([26_250.5, 6_700.5]) * 0.002
    around = [tuple(corner + 5.0 * METRE * np.array(off)) for off in np.ndindex(2, 2)]
    around = [(at[0] - 2.5 * METRE, at[1] - 2.5 * METRE) for at in around]
    starts = [*around, *around, WORK, WORK, WORK]
    far = [elsewhere(number) for number in range(len(starts))]
    found = usual_places(ends_of(*zip(starts, far, strict=True)))
    assert [place.runs for place in found] == [8, 3]


def test_a_place_is_as_large_as_the_zone_that_the_page_proposes() -> None:
    near, far = (HOME[0] + 199 * METRE, HOME[1]), (HOME[0] + 201 * METRE, HOME[1])
    starts = [HOME] * 5
    for more, runs in ((near, 6), (far, 5)):
        found = usual_places(ends_of(*[(at, elsewhere(n)) for n, at in enumerate((*starts, more))]))
        assert [place.runs for place in found] == [runs]
    assert found[0].zone.radius_m == 200


@pytest.mark.parametrize("longitudes", [(13.4, 20.0), (-100.0, 170.0)])
def test_two_towns_of_one_latitude_are_no_place(longitudes: tuple[float, float]) -> None:
    one, other = ((52.5, longitude) for longitude in longitudes)
    assert usual_places(ends_of((one, elsewhere(1)), (other, elsewhere(2)))) == []


def test_places_have_an_end() -> None:
    many = [(elsewhere(number), elsewhere(number)) for number in range(MOST_PLACES + 5)]
    assert len(usual_places(ends_of(*many, *many))) == MOST_PLACES
