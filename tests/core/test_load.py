from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import exp

import numpy as np
import pytest

from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import Runner, population_heart
from beatrunner.core.load import trend, trimp

HEART = replace(
    population_heart(Runner()),
    resting_heart_rate_bpm=Estimate.exact(60.0),
    max_heart_rate_bpm=Estimate.exact(180.0),
)
DAY = date(2026, 3, 1)


def test_half_an_hour_at_half_the_reserve() -> None:
    beats_bpm = np.full(1800, 120.0)
    man, woman = 30 * 0.5 * 0.64 * exp(0.96), 30 * 0.5 * 0.86 * exp(0.835)
    assert trimp(beats_bpm, HEART, "male").value == pytest.approx(man)
    assert trimp(beats_bpm, HEART, "female").value == pytest.approx(woman)
    assert trimp(beats_bpm, HEART).value == pytest.approx((man + woman) / 2.0)


def test_what_is_not_known_of_the_heart_is_in_the_interval() -> None:
    beats_bpm = np.full(1800, 150.0)
    assert trimp(beats_bpm, HEART).high == trimp(beats_bpm, HEART).low
    unsure = trimp(beats_bpm, replace(HEART, max_heart_rate_bpm=Estimate(180.0, 160.0, 200.0)))
    assert unsure.low < unsure.value < unsure.high
    assert unsure.value == trimp(beats_bpm, HEART).value


def test_seconds_without_a_heart_rate_and_below_rest_count_as_none() -> None:
    beats_bpm = np.concatenate([np.full(600, 130.0), np.full(600, np.nan), np.full(600, 50.0)])
    assert trimp(beats_bpm, HEART).value == pytest.approx(trimp(beats_bpm[:600], HEART).value)
    assert trimp(beats_bpm[600:], HEART) == Estimate.exact(0.0)


def test_a_heart_without_a_reserve_is_refused() -> None:
    with pytest.raises(ValueError, match="above the resting"):
        trimp(np.full(60, 120.0), replace(HEART, max_heart_rate_bpm=Estimate.exact(60.0)))


def test_a_steady_load_becomes_usual_and_a_rest_shows_at_once() -> None:
    steady = {DAY + timedelta(days=number): 50.0 for number in range(300)}
    rows = trend(steady, DAY + timedelta(days=299))
    assert len(rows) == 300
    assert rows[-1].usual == pytest.approx(50.0, abs=0.1)
    assert abs(rows[-1].balance) < 0.1
    assert rows[20].balance < 0.0
    rested = trend(steady, DAY + timedelta(days=306))[-1]
    assert rested.load == 0.0
    assert rested.lately == pytest.approx(50.0 * exp(-1.0), abs=0.2)
    assert rested.balance > 20.0


def test_a_trend_ends_where_it_is_asked_to() -> None:
    assert trend({}, DAY) == []
    assert trend({DAY + timedelta(days=1): 10.0}, DAY) == []
    (only,) = trend({DAY: 10.0, DAY + timedelta(days=1): 99.0}, DAY)
    assert (only.day, only.load) == (DAY, 10.0)
