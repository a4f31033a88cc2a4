"""Properties of the part of a way that two runs share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.recording import Samples
from beatrunner.core.same_route import LEAST_SHARED, Route, route_of, shared_way

METRE_DEG = 1 / 111_195


def loop(radius_m: float = 800.0, points: int = 60, turns: float = 1.0) -> tuple[Samples, Samples]:
    angle = np.linspace(0.0, 2 * np.pi * turns, points)
    north, east = np.sin(angle) * radius_m, np.cos(angle) * radius_m
    return 52.5 + north * METRE_DEG, 13.4 + east * METRE_DEG / np.cos(np.radians(52.5))


def made(latitudes: Samples, longitudes: Samples) -> Route:
    route = route_of(latitudes, longitudes)
    assert route is not None
    return route


LINES = st.lists(
    st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03)), min_size=2, max_size=80, unique=True
)


def line(points: list[tuple[float, float]], longitude: float = 0.0) -> Route | None:
    degrees = np.array(points)
    return route_of(60.0 + degrees[:, 0], longitude + degrees[:, 1])


@given(LINES, LINES)
def test_it_is_symmetric_and_a_part(
    one: list[tuple[float, float]], other: list[tuple[float, float]]
) -> None:
    a, b = line(one), line(other)
    if a and b:
        assert 0.0 <= shared_way(a, b) <= 1.0
        assert shared_way(a, b) == pytest.approx(shared_way(b, a), abs=0.02)
        assert shared_way(a, a) == 1.0


@given(LINES)
def test_a_run_across_the_date_line_is_a_run_like_others(points: list[tuple[float, float]]) -> None:
    here, there = line(points), line(points, 180.0)
    if here and there:
        wrapped = Route(there.latitudes, (there.longitudes + 180.0) % 360.0 - 180.0)
        assert shared_way(there, wrapped) == 1.0


def test_the_same_way_on_another_day_is_the_same() -> None:
    latitudes, longitudes = loop()
    rng = np.random.default_rng(1)
    strayed = made(
        latitudes + rng.normal(0, 8, 60) * METRE_DEG, longitudes + rng.normal(0, 8, 60) * METRE_DEG
    )
    assert shared_way(made(latitudes, longitudes), strayed) > 0.95


def test_fewer_points_of_the_same_line_are_the_same() -> None:
    assert shared_way(made(*loop(points=80)), made(*loop(points=25))) > 0.95


@pytest.mark.parametrize(
    "other",
    [
        loop(radius_m=1100.0),
        tuple(column[::-1] for column in loop()),
        loop(turns=2.0),
        (loop()[0] + 300 * METRE_DEG, loop()[1]),
    ],
    ids=["wider", "the other way round", "twice round", "beside"],
)
def test_another_way_is_another(other: tuple[Samples, Samples]) -> None:
    assert shared_way(made(*loop()), made(*other)) < LEAST_SHARED


def test_a_place_is_no_way() -> None:
    assert route_of(np.array([52.5]), np.array([13.4])) is None
    assert route_of(np.full(3, 52.5), np.full(3, 13.4)) is None
