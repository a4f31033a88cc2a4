from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import (
    Runner,
    default_ceiling_bpm,
    max_heart_rate_of,
    population_heart,
    zones,
)
from beatrunner.core.heart_bounds import (
    HeartBounds,
    Held,
    at_least,
    at_most,
    bounds_of,
    held,
)

PRIORS = st.builds(Estimate.from_sd, st.floats(150.0, 210.0), st.floats(1.0, 20.0))
BOUNDS = st.floats(120.0, 225.0)


def test_a_spike_is_not_held() -> None:
    beats_bpm = np.full(120, 150.0)
    beats_bpm[40:55] = 210.0
    beats_bpm[80:90] = np.nan
    assert held(beats_bpm) == Held(150.0, 150.0)


def test_nothing_is_held_in_a_short_run_or_one_without_a_heart() -> None:
    for beats_bpm in (
        np.full(19, 150.0),
        np.full(60, np.nan),
        np.full(60, 240.0),
        np.full(60, 5.0),
    ):
        assert held(beats_bpm) is None


def test_what_the_feet_did_too_is_not_held() -> None:
    steps = np.full(600, 172.0)
    beats_bpm = np.where(np.arange(600) < 200, 173.0, 150.0)
    assert held(beats_bpm, steps) == Held(150.0, 150.0)
    assert held(beats_bpm, np.full(600, np.nan)) == Held(150.0, 173.0)
    assert held(steps, steps) is None


def test_one_run_bounds_nothing_and_many_have_some_mistakes_among_them() -> None:
    assert bounds_of([]) == HeartBounds(0)
    assert bounds_of([(0.0, Held(60.0, 200.0))]) == HeartBounds(1)
    honest = [(0.0, Held(90.0, 180.0))] * 198
    wrong = [(0.0, Held(35.0, 220.0))] * 3
    assert bounds_of(honest + wrong) == HeartBounds(201, 180.0, 90.0)
    assert bounds_of(wrong + [(0.0, Held(90.0, 180.0))] * 2).max_bpm == 220.0


def test_what_was_reached_long_ago_is_lowered() -> None:
    bounds = bounds_of([(10.0, Held(80.0, 190.0)), (5.0, Held(80.0, 188.0))])
    assert bounds.max_bpm == pytest.approx(190.0 - 6.4)


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.floats(30.0, 110.0), st.floats(110.0, 225.0))))
def test_no_more_than_a_few_runs_lie_beyond_a_bound(
    runs: list[tuple[float, float, float]],
) -> None:
    bounds = bounds_of([(years, Held(low, high)) for years, low, high in runs])
    assert bounds.runs == len(runs)
    if bounds.max_bpm is None or bounds.resting_bpm is None:
        assert len(runs) < 2
        return
    few = max(2.0, 0.02 * len(runs) + 1.0)
    assert sum(high - 0.64 * years > bounds.max_bpm for years, _, high in runs) < few
    assert sum(low < bounds.resting_bpm for _, low, _ in runs) < few


def test_bounds_move_an_estimate_only_as_far_as_they_must() -> None:
    prior = Estimate.from_sd(180.0, 10.0)
    assert at_least(prior, 100.0).value == pytest.approx(180.0, abs=0.1)
    assert at_least(prior, 100.0).sd == pytest.approx(10.0, rel=0.02)
    far = at_least(prior, 240.0)
    assert 225.0 < far.value < 245.0
    below = at_most(prior, 170.0)
    assert below.value == pytest.approx(360.0 - at_least(prior, 190.0).value)
    certain = at_least(Estimate.exact(180.0), 185.0)
    assert certain.value == pytest.approx(180.0, abs=0.2)


@given(PRIORS, BOUNDS, BOUNDS)
def test_a_higher_bound_never_lowers_and_never_widens(
    prior: Estimate, one: float, other: float
) -> None:
    low, high = (at_least(prior, bound) for bound in sorted((one, other)))
    assert prior.value - 0.1 <= low.value <= high.value + 0.1
    assert high.sd <= low.sd + 0.5
    assert low.sd <= 1.05 * prior.sd + 0.1


def test_the_interval_holds_the_truth_19_times_of_20() -> None:
    """Of people as Nes found them, each seen at what share of their maximum they like."""
    rng = np.random.default_rng(1)
    is_held = []
    for most_bpm in rng.normal(211.0 - 0.64 * 40.0, 10.8, 2000).tolist():
        reached_bpm = most_bpm * rng.uniform(0.85, 1.0) + rng.normal(0.0, 1.5)
        seen = HeartBounds(30, max_bpm=reached_bpm)
        found = max_heart_rate_of(Runner(age_years=40.0, seen=seen))
        is_held.append(found.low <= most_bpm <= found.high)
    assert 0.93 <= np.mean(is_held) <= 0.99


def test_what_was_told_wins_over_what_was_seen() -> None:
    seen = HeartBounds(200, max_bpm=195.0, resting_bpm=45.0)
    told = Runner(max_heart_rate_bpm=184.0, resting_heart_rate_bpm=58.0, seen=seen)
    heart = population_heart(told)
    assert (heart.max_heart_rate_bpm.value, heart.resting_heart_rate_bpm.value) == (184.0, 58.0)


def test_zones_follow_what_was_seen_and_the_ceiling_does_not() -> None:
    nobody = Runner(age_years=50.0)
    seen = Runner(age_years=50.0, seen=HeartBounds(200, max_bpm=192.0, resting_bpm=95.0))
    heart = population_heart(seen)
    assert heart.max_heart_rate_bpm.value > 192.0
    assert heart.max_heart_rate_bpm.sd < 6.0
    # So far above rest, a bound says next to nothing of it.
    usual = population_heart(nobody).resting_heart_rate_bpm
    assert heart.resting_heart_rate_bpm.value == pytest.approx(usual.value, abs=0.1)
    (*_, top), (*_, usual_top) = (
        zones(each.resting_heart_rate_bpm.value, each.max_heart_rate_bpm.value)
        for each in (heart, population_heart(nobody))
    )
    assert top.low_bpm > usual_top.low_bpm + 10.0
    assert default_ceiling_bpm(seen) == default_ceiling_bpm(nobody)
