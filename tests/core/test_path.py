from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.path import (
    decode_ends,
    decode_polyline,
    encode_polyline,
    haversine_m,
    simplify,
)
from beatrunner.core.recording import Samples

degrees = st.tuples(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))


def columns(points: list[tuple[float, float]]) -> tuple[Samples, Samples]:
    array = np.array(points, dtype=np.float64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def test_the_example_of_the_formats_own_documentation() -> None:
    latitudes, longitudes = columns([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)])
    assert encode_polyline(latitudes, longitudes) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


@given(st.lists(degrees, max_size=30), st.integers(4, 7))
def test_what_is_encoded_decodes(points: list[tuple[float, float]], precision: int) -> None:
    latitudes, longitudes = columns(points)
    text = encode_polyline(latitudes, longitudes, precision)
    for back, sent in zip(decode_polyline(text, precision), (latitudes, longitudes), strict=True):
        np.testing.assert_allclose(back, sent, rtol=0, atol=0.51 * 10**-precision)


def test_a_polyline_has_no_gaps() -> None:
    with pytest.raises(ValueError, match="gaps"):
        encode_polyline(np.array([1.0, np.nan]), np.array([1.0, 2.0]))


@pytest.mark.parametrize("text", ["_p~iF", "_p~iF~ps|"])
def test_a_cut_polyline_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cut off"):
        decode_polyline(text)


def test_haversine_of_known_distances() -> None:
    one_degree_m = haversine_m(*(np.array([value]) for value in (0.0, 0.0, 0.0, 1.0)))
    assert one_degree_m[0] == pytest.approx(111_195, abs=1)
    berlin_paris_m = haversine_m(*(np.array([v]) for v in (52.52, 13.405, 48.8566, 2.3522)))
    assert berlin_paris_m[0] == pytest.approx(877_500, rel=1e-3)


def test_corners_stay_and_straights_go() -> None:
    corners = [(50.0, 8.0), (50.02, 8.0), (50.02, 8.03), (50.0, 8.03)]
    legs = [np.linspace(start, end, 200, endpoint=False) for start, end in pairwise(corners)]
    latitudes, longitudes = np.vstack([*legs, [corners[-1]]]).T
    kept = np.column_stack(simplify(latitudes, longitudes, 4))
    np.testing.assert_allclose(kept, corners)


def test_a_circle_stays_round() -> None:
    angle = np.linspace(0.0, 2 * np.pi, 5000)
    latitudes, longitudes = simplify(0.01 * np.sin(angle), 0.01 * np.cos(angle))
    assert len(latitudes) == 80
    np.testing.assert_allclose(np.hypot(latitudes, longitudes), 0.01, rtol=1e-6)
    gaps = np.hypot(np.diff(latitudes), np.diff(longitudes))
    assert gaps.max() < 3 * np.median(gaps)


@given(st.lists(degrees | st.just((np.nan, np.nan)), max_size=60), st.integers(2, 20))
def test_points_are_kept_in_order_and_never_invented(
    points: list[tuple[float, float]], most_points: int
) -> None:
    known = [point for point in points if not np.isnan(point[0])]
    kept = list(zip(*simplify(*columns(points), most_points), strict=True))
    assert len(kept) == min(len(known), most_points)
    remaining = iter(known)
    assert all(point in remaining for point in kept)
    if kept:
        assert (kept[0], kept[-1]) == (known[0], known[-1])


@given(st.lists(st.lists(degrees, min_size=1, max_size=5), max_size=8))
def test_ends_are_those_of_each_line_by_itself(lines: list[list[tuple[float, float]]]) -> None:
    texts = [encode_polyline(*columns(line)) for line in lines]
    each = [np.column_stack(decode_polyline(text))[[0, -1]] for text in texts]
    np.testing.assert_array_equal(decode_ends(texts), np.array(each).reshape(-1, 2, 2))


@pytest.mark.parametrize("text", ["_p~iF", "_p~iF~ps|", "ü?"])
def test_ends_of_a_cut_line_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"cut off|ascii"):
        decode_ends(["_p~iF~ps|U", text])
