from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.energy import Sex
from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import HeartModel, Runner, population_heart
from beatrunner.core.load import estimates, fading_mean, load_scenarios, seconds_by_heart_rate
from beatrunner.core.recording import Samples

HEART = replace(
    population_heart(Runner()),
    resting_heart_rate_bpm=Estimate.exact(60.0),
    max_heart_rate_bpm=Estimate.exact(180.0),
)


def load(heart_rate_bpm: Samples, heart: HeartModel = HEART, sex: Sex | None = None) -> Estimate:
    (only,) = estimates(load_scenarios(seconds_by_heart_rate(heart_rate_bpm)[None], heart, sex))
    return only


def test_half_an_hour_at_half_the_reserve() -> None:
    beats_bpm = np.full(1800, 120.0)
    man, woman = 30 * 0.5 * 0.64 * exp(0.96), 30 * 0.5 * 0.86 * exp(0.835)
    assert load(beats_bpm, sex="male").value == pytest.approx(man)
    assert load(beats_bpm, sex="male").sd == 0.0
    assert load(beats_bpm, sex="female").value == pytest.approx(woman)
    open_ = load(beats_bpm)
    assert open_.value == pytest.approx((man + woman) / 2.0)
    assert open_.sd == pytest.approx(abs(man - woman) / 2.0)


def test_what_is_not_known_of_the_heart_is_in_the_interval() -> None:
    beats_bpm = np.full(1800, 150.0)
    most = replace(HEART, max_heart_rate_bpm=Estimate.from_sd(180.0, 10.0))
    both = replace(most, resting_heart_rate_bpm=Estimate.from_sd(60.0, 8.0))
    sure, unsure, less_sure = (load(beats_bpm, heart, "male") for heart in (HEART, most, both))
    assert sure.value == unsure.value == less_sure.value
    assert 0.0 == sure.sd < unsure.sd < less_sure.sd


def test_what_is_not_known_does_not_average_out_over_runs() -> None:
    heart = replace(HEART, max_heart_rate_bpm=Estimate.from_sd(180.0, 10.0))
    run = seconds_by_heart_rate(np.full(1800, 150.0))
    loads = load_scenarios(np.tile(run, (50, 1)), heart)
    (one, *_), (all_of_them,) = estimates(loads), estimates(loads.sum(axis=1, keepdims=True))
    assert all_of_them.sd / all_of_them.value == pytest.approx(one.sd / one.value)


def test_seconds_without_a_heart_rate_and_below_rest_count_as_none() -> None:
    beats_bpm = np.concatenate([np.full(600, 130.0), np.full(600, np.nan), np.full(600, 50.0)])
    assert load(beats_bpm).value == pytest.approx(load(beats_bpm[:600]).value)
    assert load(beats_bpm[600:]) == Estimate.exact(0.0)
    assert load(np.full(60, 190.0)) == load(np.full(60, 180.0))


@given(st.lists(st.floats(30.0, 240.0), max_size=60), st.integers(0, 60))
def test_a_higher_heart_rate_is_never_less_load(beats: list[float], higher_bpm: int) -> None:
    beats_bpm = np.array(beats)
    unsure = population_heart(Runner(age_years=40.0))
    assert load(beats_bpm, unsure).value <= load(beats_bpm + higher_bpm, unsure).value + 1e-9


def test_a_steady_load_becomes_the_mean_and_a_rest_shows_at_once() -> None:
    daily = np.concatenate([np.full(300, 50.0), np.zeros(7)])
    slow, fast = fading_mean(daily, 42.0), fading_mean(daily, 7.0)
    assert slow[299] == pytest.approx(50.0, abs=0.1)
    assert fast[299] == pytest.approx(50.0)
    assert slow[20] < fast[20]
    assert fast[-1] == pytest.approx(50.0 * exp(-1.0), abs=0.1)
    assert slow[-1] > 40.0


@given(st.lists(st.floats(0.0, 300.0), max_size=50), st.floats(1.0, 60.0))
def test_a_fading_mean_is_linear_and_between_the_least_and_the_most(
    loads: list[float], days: float
) -> None:
    daily = np.array([loads, loads])
    daily[1] *= 2.0
    means = fading_mean(daily, days)
    assert means.shape == daily.shape
    np.testing.assert_allclose(means[1], 2.0 * means[0])
    assert (means >= 0.0).all()
    assert (means[0] <= max([0.0, *loads]) + 1e-9).all()
