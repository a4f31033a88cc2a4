from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.energy import (
    kcal_of_run,
    kcal_per_min,
    kcal_per_min_by_heart,
    running_vo2,
    treadmill_speed_mps,
    treadmill_vo2,
    walking_vo2,
)

speeds_mps = st.floats(0.2, 6.0)
grades_pct = st.floats(-3.0, 20.0)


def test_the_equations_by_hand() -> None:
    assert walking_vo2(80 / 60, 5.0) == pytest.approx(3.5 + 8.0 + 7.2)
    assert running_vo2(160 / 60, 5.0) == pytest.approx(3.5 + 32.0 + 7.2)
    assert running_vo2(3.5) == pytest.approx(45.5)  # science.md §1


def test_one_per_cent_of_grade_costs_as_much_as_four_and_a_half_more_speed() -> None:
    assert running_vo2(2.8, 1.0) == pytest.approx(running_vo2(2.8 * 1.045))


def test_the_three_equations_meet() -> None:
    assert treadmill_vo2(1.5, 4.0) == walking_vo2(1.5, 4.0)
    assert treadmill_vo2(2.5, 4.0) == running_vo2(2.5, 4.0)
    assert walking_vo2(1.9) < treadmill_vo2(1.9) < running_vo2(1.9)


@given(speeds_mps, grades_pct, st.floats(0.01, 1.0))
def test_oxygen_rises_with_speed_and_grade(speed: float, grade: float, more: float) -> None:
    assert treadmill_vo2(speed, grade) < treadmill_vo2(speed + more, grade)
    assert treadmill_vo2(speed, grade) <= treadmill_vo2(speed, grade + more)


@given(speeds_mps, grades_pct)
def test_speed_is_the_inverse_of_oxygen(speed_mps: float, grade_pct: float) -> None:
    vo2 = treadmill_vo2(speed_mps, grade_pct)
    assert treadmill_speed_mps(vo2, grade_pct) == pytest.approx(speed_mps)


def test_rest_needs_no_speed() -> None:
    assert treadmill_speed_mps(2.0) == 0.0


@given(st.floats(3.5, 80.0), st.none() | st.floats(35.0, 160.0))
def test_energy_is_a_range_of_at_least_a_fifth(vo2: float, weight_kg: float | None) -> None:
    kcal = kcal_per_min(vo2, weight_kg)
    assert kcal.low <= 0.8 * kcal.value + 1e-9
    assert kcal.high >= 1.2 * kcal.value - 1e-9


def test_an_unknown_weight_widens_the_range() -> None:
    known, unknown = kcal_per_min(40.0, 77.0), kcal_per_min(40.0)
    assert known.value == pytest.approx(15.4)
    assert unknown.value == pytest.approx(known.value)
    assert unknown.high - unknown.low > 1.5 * (known.high - known.low)


def test_energy_by_heart_rate() -> None:
    man = kcal_per_min_by_heart(150.0, 70.0, 40.0, "male")
    woman = kcal_per_min_by_heart(150.0, 60.0, 40.0, "female")
    assert man is not None
    assert woman is not None
    assert man.value * 4.184 == pytest.approx(-55.0969 + 94.635 + 13.916 + 8.068)
    assert woman.value * 4.184 == pytest.approx(-20.4022 + 67.08 - 7.578 + 2.96)
    assert kcal_per_min_by_heart(80.0, 70.0, 40.0, "male") is None


@given(st.floats(2.1, 6.0), st.floats(2.1, 6.0))
def test_a_run_at_two_speeds_costs_what_its_mean_speed_does(one: float, other: float) -> None:
    whole = kcal_of_run(3600.0, (one + other) / 2.0, weight_kg=70.0)
    halves = [kcal_of_run(1800.0, speed_mps, weight_kg=70.0) for speed_mps in (one, other)]
    assert whole is not None
    assert whole.value == pytest.approx(sum(half.value for half in halves if half))
    assert whole.low == pytest.approx(0.8 * whole.value)


def test_an_hour_at_three_metres_a_second() -> None:
    # 39.5 ml/kg/min
    kcal = kcal_of_run(3600.0, 3.0, weight_kg=70.0)
    assert kcal is not None
    assert kcal.value == pytest.approx(60.0 * 39.5 * 70.0 / 200.0)


def test_without_a_speed_the_heart_tells_if_all_else_is_known() -> None:
    by_heart = kcal_of_run(1800.0, None, 150.0, weight_kg=70.0, age_years=40.0, sex="male")
    per_min = kcal_per_min_by_heart(150.0, 70.0, 40.0, "male")
    assert by_heart is not None
    assert per_min is not None
    assert by_heart == per_min.scaled(30.0)
    assert kcal_of_run(1800.0, None, 150.0, weight_kg=70.0) is None
    assert kcal_of_run(1800.0, None, None, weight_kg=70.0, age_years=40.0, sex="male") is None


def test_nan_is_refused() -> None:
    for ask in (
        lambda: walking_vo2(math.nan),
        lambda: running_vo2(2.0, math.nan),
        lambda: treadmill_vo2(math.nan),
        lambda: treadmill_speed_mps(math.nan),
        lambda: kcal_per_min(math.nan),
        lambda: kcal_per_min(40.0, math.nan),
        lambda: kcal_per_min_by_heart(math.nan, 70.0, 40.0, "male"),
    ):
        with pytest.raises(ValueError, match="Not a finite number"):
            ask()
