"""Where a run is hidden, to the metre: what was cut once must be cut the same for ever."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from beatrunner.core.hiding import HiddenCircle, PrivacyZone, hidden_circles, within
from beatrunner.core.path import haversine_m
from beatrunner.core.recording import Streams

KEY, RUN = b"the runner's key", b"a run"
HOME, FAR = (52.52, 13.405), (52.6, 13.405)
END_CUT_M, START_CUT_M, ZONE_CUT_M = 243.4643952919598, 136.2621888460589, 176.41043618960475
AT_HOME = HiddenCircle(52.51960273426202, 13.406518653989899, 150.0 + START_CUT_M, START_CUT_M)
AT_FAR = HiddenCircle(52.601014008539714, 13.404074285807223, 150.0 + END_CUT_M, END_CUT_M)
#: With its own 250 m.
AT_ZONE = HiddenCircle(52.521572317731916, 13.407607869813372, 800.0 + ZONE_CUT_M, ZONE_CUT_M)


def through(*places: tuple[float, float]) -> Streams:
    latitude, longitude = np.array(places, dtype=np.float64).T
    columns = {"latitude": latitude, "longitude": longitude}
    return Streams(len(places), columns, np.ones(len(places), dtype=bool))


def circles(streams: Streams, *zones: PrivacyZone) -> list[tuple[float, ...]]:
    return [astuple(found) for found in hidden_circles(streams, zones, KEY, RUN)]


@pytest.mark.parametrize(
    ("places", "zones", "expected"),
    [
        ((HOME, FAR), (), [AT_HOME, AT_FAR]),
        ((HOME, FAR), (PrivacyZone(*HOME, 250.0),), [AT_ZONE, AT_FAR]),
        (
            ((-33.001, 179.9999), (-33.1, -179.9999)),
            (),
            [
                HiddenCircle(
                    -33.000394927740864, 179.99905945822493, 150.0 + START_CUT_M, START_CUT_M
                ),
                HiddenCircle(-33.0990078691608, -180.0001554151852, 150.0 + END_CUT_M, END_CUT_M),
            ],
        ),
        (
            ((90.0, 10.0), (89.9999, 10.0)),
            (),
            [
                HiddenCircle(
                    89.9991044453648, 233.50959490943063, 150.0 + START_CUT_M, START_CUT_M
                ),
                HiddenCircle(89.99899649109868, 128.62683228782825, 150.0 + END_CUT_M, END_CUT_M),
            ],
        ),
    ],
    ids=["ends", "zone", "date line", "pole"],
)
def test_what_was_cut_once_is_cut_the_same_for_ever(
    places: tuple[tuple[float, float], ...],
    zones: tuple[PrivacyZone, ...],
    expected: list[HiddenCircle],
) -> None:
    """Two versions that cut a run differently would tell together what each of them hides."""
    found = circles(through(*places), *zones)
    assert found == [pytest.approx(astuple(circle), rel=1e-9) for circle in expected]


def test_without_both_coordinates_there_is_nothing_to_hide() -> None:
    whole = through(HOME, FAR)
    for name in ("latitude", "longitude"):
        half = Streams(2, {name: whole.columns[name]}, whole.is_moving)
        assert circles(half) == []
    assert circles(through((np.nan, np.nan), (52.5, np.nan), (np.nan, 13.4))) == []


def test_an_end_is_the_first_and_the_last_position_that_is_known() -> None:
    gap = (np.nan, np.nan)
    assert circles(through(gap, HOME, gap, FAR, gap)) == circles(through(HOME, FAR))


def test_an_end_in_a_zone_has_no_circle_of_its_own() -> None:
    elsewhere = PrivacyZone(0.0, 0.0, 100.0)
    at_home, at_far = PrivacyZone(*HOME, 0.0), PrivacyZone(*FAR, 0.0)
    assert len(circles(through(HOME, FAR))) == 2
    assert len(circles(through(HOME, FAR), elsewhere)) == 3
    assert len(circles(through(HOME, FAR), elsewhere, at_home)) == 3
    assert len(circles(through(HOME, FAR), elsewhere, at_home, at_far)) == 3


def test_near_a_pole_a_zone_is_as_deep_in_its_circle_as_elsewhere() -> None:
    off_m = []
    for from_pole_m in range(0, 1500, 5):
        at = 90.0 - from_pole_m / 111_195, 0.0
        (circle,) = hidden_circles(through(at, at), [PrivacyZone(*at, 250.0)], KEY, RUN)
        places = (at[0], at[1], circle.latitude, circle.longitude)
        apart_m = float(haversine_m(*(np.array([degrees]) for degrees in places))[0])
        assert apart_m <= circle.radius_m - circle.cut_m - 250.0 + 1e-6
        off_m.append(apart_m)
    # Farther than anywhere else.
    assert max(off_m) > 551.0


def test_its_edge_lies_in_a_circle() -> None:
    latitude, longitude = np.array([HOME[0], HOME[0] + 1e-6, np.nan]), np.full(3, HOME[1])
    assert within(PrivacyZone(*HOME, 0.0), latitude, longitude).tolist() == [True, False, False]
