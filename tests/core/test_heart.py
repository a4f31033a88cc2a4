from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beatrunner.core.heart import (
    Runner,
    default_ceiling_bpm,
    max_heart_rate_bpm,
    population_heart,
    vo2_max_of,
    zone_at,
    zones,
)

MEASURED = Runner(
    age_years=35.0, vo2_max=48.0, resting_heart_rate_bpm=55.0, max_heart_rate_bpm=188.0
)

runners = st.builds(
    Runner,
    age_years=st.none() | st.floats(16.0, 85.0),
    sex=st.sampled_from([None, "female", "male"]),
    vo2_max=st.none() | st.floats(20.0, 75.0),
    resting_heart_rate_bpm=st.none() | st.floats(38.0, 85.0),
    max_heart_rate_bpm=st.none() | st.floats(150.0, 210.0),
    fitness_level=st.sampled_from([None, "beginner", "intermediate", "advanced"]),
)


def test_a_predicted_maximum_is_wide() -> None:
    predicted = max_heart_rate_bpm(40.0)
    assert predicted.value == pytest.approx(211.0 - 25.6)
    assert predicted.high - predicted.value == pytest.approx(21.2, abs=0.1)


def test_zones_are_of_the_reserve() -> None:
    five = zones(60.0, 160.0)
    assert [(zone.number, zone.low_bpm) for zone in five] == [
        (1, 110.0),
        (2, 120.0),
        (3, 130.0),
        (4, 140.0),
        (5, 150.0),
    ]
    asked = (100.0, 110.0, 119.9, 120.0, 150.0, 175.0, math.nan)
    assert [zone_at(heart_rate_bpm, five) for heart_rate_bpm in asked] == [
        None,
        1,
        1,
        2,
        5,
        5,
        None,
    ]


@pytest.mark.parametrize(("resting", "most"), [(160.0, 160.0), (170.0, 150.0)])
def test_without_a_reserve_there_is_nothing_to_say(resting: float, most: float) -> None:
    with pytest.raises(ValueError, match="above the resting"):
        zones(resting, most)
    with pytest.raises(ValueError, match="above the resting"):
        population_heart(Runner(resting_heart_rate_bpm=resting, max_heart_rate_bpm=most))


def test_swain_and_acsm_by_hand() -> None:
    """70 % of the reserve is 66.5 % of the oxygen reserve: 33.1 ml/kg/min, 2.46 m/s."""
    heart = population_heart(MEASURED)
    target_bpm = 55.0 + 0.7 * 133.0
    vo2 = 3.5 + (0.7 - 0.015) / 1.03 * 44.5
    assert heart.speed_mps(target_bpm).value == pytest.approx((vo2 - 3.5) / 12.0)


@given(runners, st.floats(1.0, 4.0), st.floats(0.0, 6.0), st.floats(0.05, 0.5))
def test_heart_rate_rises_with_speed_and_grade_within_what_it_can(
    runner: Runner, speed_mps: float, grade_pct: float, more: float
) -> None:
    heart = population_heart(runner)
    here = heart.heart_rate_bpm(speed_mps, grade_pct)
    assert here.value <= heart.heart_rate_bpm(speed_mps + more, grade_pct).value
    assert here.value <= heart.heart_rate_bpm(speed_mps, grade_pct + more).value
    assert here.high <= heart.max_heart_rate_bpm.value
    assert here.low >= heart.resting_heart_rate_bpm.low


@given(st.floats(1.0, 3.2), st.floats(0.0, 3.0))
def test_speed_is_the_inverse_of_heart_rate(speed_mps: float, grade_pct: float) -> None:
    heart = population_heart(MEASURED)
    heart_rate_bpm = heart.heart_rate_bpm(speed_mps, grade_pct).value
    assume(heart_rate_bpm < heart.max_heart_rate_bpm.value)
    assert heart.speed_mps(heart_rate_bpm, grade_pct).value == pytest.approx(speed_mps)


@given(runners, st.floats(60.0, 200.0), st.floats(0.0, 5.0))
def test_every_runner_gets_a_possible_speed(
    runner: Runner, target_bpm: float, grade_pct: float
) -> None:
    speed = population_heart(runner).speed_mps(target_bpm, grade_pct)
    assert 0.0 <= speed.low <= speed.high <= 7.0
    assert speed.value <= population_heart(runner).speed_mps(target_bpm).value + 1e-9


def test_knowing_more_narrows_the_speed() -> None:
    known = population_heart(MEASURED).speed_mps(155.0)
    unknown = population_heart(Runner()).speed_mps(155.0)
    assert known.sd < 0.7 * unknown.sd
    assert 0.2 < known.sd < 0.5


def test_a_measured_maximum_allows_a_higher_ceiling() -> None:
    assert default_ceiling_bpm(MEASURED) == pytest.approx(55.0 + 0.9 * 133.0)
    predicted = Runner(age_years=40.0, resting_heart_rate_bpm=55.0)
    assert default_ceiling_bpm(predicted) == pytest.approx(55.0 + 0.85 * (185.4 - 55.0))


def test_the_ceiling_is_between_rest_and_maximum() -> None:
    assert 150.0 < default_ceiling_bpm(Runner()) < 175.0


def test_vo2_max_without_a_test_follows_age_sex_and_level() -> None:
    def value(**known: object) -> float:
        return vo2_max_of(Runner(**known)).value  # type: ignore[arg-type]

    assert value(age_years=60.0) == pytest.approx(value(age_years=40.0) - 7.0)
    assert value(sex="female") < value() < value(sex="male")
    assert value(fitness_level="beginner") < value() < value(fitness_level="advanced")
    assert value(age_years=110.0, sex="female", fitness_level="beginner") >= 14.0
    assert value(vo2_max=61.0) == 61.0


def test_nan_is_refused() -> None:
    heart = population_heart(MEASURED)
    for ask in (
        lambda: max_heart_rate_bpm(math.nan),
        lambda: zones(math.nan, 180.0),
        lambda: heart.heart_rate_bpm(math.nan),
        lambda: heart.speed_mps(math.nan),
        lambda: heart.speed_mps(140.0, math.nan),
        lambda: population_heart(Runner(age_years=math.nan)),
        lambda: population_heart(Runner(vo2_max=math.nan)),
    ):
        with pytest.raises(ValueError, match="Not a finite number"):
            ask()
