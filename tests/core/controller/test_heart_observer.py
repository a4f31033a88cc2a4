"""The observer finds a heart it is shown, and knows how little it knew before."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.controller.heart_observer import HeartObserver, exertion_mps, observing
from beatrunner.core.heart import population_heart
from tests.core.controller.rides import TOLD


def fresh() -> HeartObserver:
    return observing(population_heart(TOLD))


def steady_bpm(speed_mps: float) -> float:
    """Of the runner that is watched, who is not the one of the profile."""
    return 88.0 + 24.0 * speed_mps


def taught(seconds: int = 1500, time_constant_s: float = 55.0) -> HeartObserver:
    """After a run at changing speeds."""
    observer, felt_mps, efforts_mps = fresh(), 0.0, [0.0] * 6
    for second in range(seconds):
        speed_mps = 2.4 + 0.3 * (second // 150 % 3)
        efforts_mps.append(speed_mps)
        felt_mps += (efforts_mps.pop(0) - felt_mps) / time_constant_s
        observer = observer.seeing(1.0, speed_mps, steady_bpm(felt_mps))
    return observer


def test_before_the_first_step_it_says_what_the_profile_says() -> None:
    level = population_heart(TOLD).heart_rate_bpm(2.5)
    assert fresh().steady_bpm(2.5) == pytest.approx(level.value)


def test_it_finds_the_heart_it_is_shown() -> None:
    assert abs(fresh().steady_bpm(2.7) - steady_bpm(2.7)) > 5.0
    for speed_mps in (2.4, 2.7, 3.0):
        assert taught().steady_bpm(speed_mps) == pytest.approx(steady_bpm(speed_mps), abs=1.5)
    assert taught().exertion_for(steady_bpm(2.7)) == pytest.approx(2.7, abs=0.05)


@pytest.mark.parametrize(("time_constant_s", "at"), [(28.0, 0), (57.6, 1), (105.0, 2)])
def test_the_time_constant_nearest_to_the_hearts_weighs_most(
    time_constant_s: float, at: int
) -> None:
    weights = [each.weight for each in taught(900, time_constant_s).hypotheses]
    assert max(weights) == weights[at]


@given(st.floats(100.0, 180.0))
def test_exertion_and_steady_heart_rate_go_together(target_bpm: float) -> None:
    observer = fresh()
    asked_mps = observer.exertion_for(target_bpm)
    assert observer.steady_bpm(asked_mps) == pytest.approx(max(target_bpm, observer.steady_bpm(0)))


def test_caution_gives_way_to_knowledge() -> None:
    def left_mps(observer: HeartObserver) -> float:
        return observer.exertion_for(150.0) - observer.exertion_for(150.0, caution=1.0)

    assert left_mps(fresh()) > 0.2
    assert 0.0 <= left_mps(taught()) < 0.1


def test_urgency_adds_on_the_way_up_and_nothing_at_the_end() -> None:
    def added_mps(observer: HeartObserver) -> float:
        return observer.exertion_for(150.0, urgency=0.5) - observer.exertion_for(150.0)

    settled, asked_mps = fresh(), fresh().exertion_for(150.0)
    for _second in range(900):
        settled = settled.seeing(1.0, asked_mps, 150.0)
    assert added_mps(fresh()) > 0.5
    assert added_mps(settled) == pytest.approx(0.0, abs=0.1)


def test_a_deviation_is_followed_and_forgotten() -> None:
    observer, level_bpm = fresh(), fresh().steady_bpm(2.5)
    for _second in range(600):
        observer = observer.seeing(1.0, 2.5, level_bpm)
    assert observer.residual_bpm == pytest.approx(0.0, abs=0.5)
    surprised = observer
    for _second in range(10):
        surprised = surprised.seeing(1.0, 2.5, level_bpm + 5.0)
    assert 2.0 < surprised.residual_bpm < 5.0
    assert surprised.exertion_for(140.0, follow=1.0) < surprised.exertion_for(140.0) - 0.05


def test_without_a_heart_rate_nothing_is_learnt_but_effort_goes_on() -> None:
    observer = fresh()
    for _second in range(60):
        observer = observer.seeing(1.0, 3.0, None)
    for before, after in zip(fresh().hypotheses, observer.hypotheses, strict=True):
        assert (after.offset_bpm, after.gain_bpm_per_mps) == (
            before.offset_bpm,
            before.gain_bpm_per_mps,
        )
        assert after.p_oo > before.p_oo
        assert 1.0 < after.lagged_mps < 3.0


def test_an_effort_counts_after_the_dead_time() -> None:
    observer = fresh().seeing(1.0, 0.0, None)
    for second in range(20):
        observer = observer.seeing(1.0, 3.0, None)
        felt = observer.hypotheses[0].lagged_mps > 0.0
        assert felt == (second >= observer.dead_time_s)
    assert len(observer.past) <= observer.dead_time_s + 2


def test_no_time_no_change() -> None:
    observer = taught(100)
    assert observer.seeing(0.0, 3.0, 150.0) is observer


@given(st.lists(st.tuples(st.floats(0.0, 6.0), st.none() | st.floats(30.0, 230.0)), max_size=60))
def test_whatever_comes_weights_and_numbers_stay_sound(
    history: list[tuple[float, float | None]],
) -> None:
    observer = fresh()
    for speed_mps, heart_rate_bpm in history:
        observer = observer.seeing(1.0, speed_mps, heart_rate_bpm)
    for each in observer.hypotheses:
        assert 0.0 < each.weight <= 1.0
        assert 8.0 <= each.gain_bpm_per_mps <= 60.0
        assert each.p_oo > 0.0
        assert each.p_gg > 0.0
        assert each.p_oo * each.p_gg > each.p_og**2
    assert math.isfinite(observer.exertion_for(150.0, 1.0, 1.0, 0.5))


def test_a_per_cent_of_incline_is_four_and_a_half_of_speed() -> None:
    assert exertion_mps(10.8, 0.0) == pytest.approx(3.0)
    assert exertion_mps(10.8, 2.0) == pytest.approx(3.27)
    assert exertion_mps(10.8, -30.0) == 0.0
