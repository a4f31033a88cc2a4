"""Grade, grade-adjusted speed and ascent, which rest on one altitude."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.ascent import ascent_descent_m
from beatrunner.core.grade import grade_pct
from beatrunner.core.pace import grade_adjusted_speed_mps

ALONG_M = 3.0 * np.arange(1200, dtype=np.float64)
MOVING = np.ones(1200, dtype=bool)


@pytest.mark.parametrize("slope_pct", [-12.0, 0.0, 5.0])
def test_a_constant_slope_is_found(slope_pct: float) -> None:
    grade = grade_pct(300.0 + ALONG_M * slope_pct / 100, ALONG_M, MOVING)
    assert grade is not None
    # Within half a window of the ends the held edge flattens the slope.
    np.testing.assert_allclose(grade[15:-15], slope_pct, atol=1e-9)


def test_noise_of_a_metre_moves_grade_by_less_than_a_degree() -> None:
    noise_m = np.random.default_rng(3).normal(0.0, 0.5, 1200)
    grade = grade_pct(300.0 + 0.05 * ALONG_M + noise_m, ALONG_M, MOVING)
    assert grade is not None
    assert np.abs(grade[15:-15] - 5.0).mean() < 1.0


def test_standing_still_has_no_grade_and_does_not_disturb_it() -> None:
    along_m = np.concatenate((ALONG_M[:600], np.full(300, ALONG_M[600]), ALONG_M[600:900]))
    drift_m = np.concatenate((np.zeros(600), np.linspace(0.0, 8.0, 300), np.zeros(300)))
    is_moving = np.ones(1200, dtype=bool)
    is_moving[600:900] = False
    grade = grade_pct(100.0 + 0.04 * along_m + drift_m, along_m, is_moving)
    assert grade is not None
    assert np.isnan(grade[600:900]).all()
    np.testing.assert_allclose(grade[15:600], 4.0, atol=1e-6)


def test_a_cliff_counts_as_the_steepest_ground() -> None:
    altitude_m = np.where(ALONG_M < 1800.0, 0.0, 500.0)
    grade = grade_pct(altitude_m, ALONG_M, MOVING)
    assert grade is not None
    assert np.nanmax(grade) == 45.0


def test_a_few_metres_have_no_grade() -> None:
    assert grade_pct(np.zeros(10), ALONG_M[:10], MOVING[:10]) is None


@pytest.mark.parametrize(
    ("grade", "factor"), [(0.0, 1.0), (1.0, 1.0275), (10.0, 1.459), (-9.0, 0.876), (60.0, 4.286)]
)
def test_speed_is_adjusted_by_the_table(grade: float, factor: float) -> None:
    adjusted = grade_adjusted_speed_mps(
        np.array([3.0, np.nan, 3.0]), np.array([grade, grade, np.nan])
    )
    np.testing.assert_allclose(adjusted, [3.0 * factor, np.nan, np.nan])


def test_ascent_of_a_hill_with_noise() -> None:
    noise_m = np.random.default_rng(4).normal(0.0, 0.6, 3600)
    hill_m = 100.0 * np.sin(np.linspace(0.0, 2 * np.pi, 3600))
    ascent_m, descent_m = ascent_descent_m(hill_m + noise_m)
    assert ascent_m == pytest.approx(200.0, rel=0.05)
    assert descent_m == pytest.approx(200.0, rel=0.05)


def test_a_flat_hour_with_noise_does_not_climb() -> None:
    noise_m = np.random.default_rng(5).normal(0.0, 0.4, 3600)
    assert ascent_descent_m(120.0 + noise_m) == (0.0, 0.0)


@given(st.lists(st.floats(-400.0, 8000.0) | st.just(np.nan), max_size=60))
def test_ascent_less_descent_is_the_climb(altitudes_m: list[float]) -> None:
    ascent_m, descent_m = ascent_descent_m(np.array(altitudes_m, dtype=np.float64))
    assert ascent_m >= 0.0
    assert descent_m >= 0.0
    known = [altitude for altitude in altitudes_m if not np.isnan(altitude)]
    if known:
        assert ascent_m - descent_m <= max(known) - known[0] + 1e-6
