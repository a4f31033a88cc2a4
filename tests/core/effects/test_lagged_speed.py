"""The speed that the heart answers to."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from beatrunner.core.align import Span
from beatrunner.core.effects.lagged_speed import TIME_CONSTANT_S, lagged_speed_pct
from beatrunner.core.recording import Samples, Streams
from beatrunner.core.span_figures import HEART_RATE_LAG_S, span_figures

_LENGTH_S = 1200
_SPANS = [Span("a", 0, 300, 500, 0.0), Span("b", 1, 500, 700, 0.0)]


def _streams(speed_mps: Samples, **columns: Samples) -> Streams:
    known = {"speed_mps": speed_mps, "heart_rate_bpm": np.full(len(speed_mps), 150.0)}
    return Streams(len(speed_mps), known | columns, speed_mps > 0.5)


def test_a_steady_speed_is_itself_once_it_has_lasted() -> None:
    late = [Span("a", 0, 900, 1100, 0.0)]
    (found,) = lagged_speed_pct(late, _streams(np.full(_LENGTH_S, 3.0)))
    assert found == pytest.approx(100.0 * log(3.0), abs=1e-4)


def test_a_step_is_answered_with_the_lag_of_the_heart() -> None:
    speed_mps = np.where(np.arange(_LENGTH_S) < 500, 3.0, 3.3)
    (found,) = lagged_speed_pct(_SPANS[1:], _streams(speed_mps))
    assert found is not None
    since_s = np.arange(HEART_RATE_LAG_S, 200 + HEART_RATE_LAG_S) + 1.0
    missing = float(np.exp(-since_s / TIME_CONSTANT_S).mean())
    assert exp(found / 100.0) == pytest.approx(3.3 - 0.3 * missing, abs=0.002)


def test_a_heart_that_only_follows_the_speed_has_the_same_rate_at_the_same_lagged_speed() -> None:
    rng = np.random.default_rng(1)
    speed_mps = np.repeat(3.0 + 0.3 * rng.normal(size=24), 50)
    lagged, now = np.empty(_LENGTH_S), 0.0
    for i, each in enumerate(speed_mps.tolist()):
        now += (1.0 - exp(-1.0 / TIME_CONSTANT_S)) * (each - now)
        lagged[i] = now
    streams = _streams(speed_mps, heart_rate_bpm=70.0 + 25.0 * lagged)
    found = lagged_speed_pct(_SPANS, streams)
    rates = [figures.heart_rate_bpm for figures in span_figures(_SPANS, streams)]
    expected = [70.0 + 25.0 * exp((each or 0.0) / 100.0) for each in found]
    assert rates == pytest.approx(expected)


def test_slopes_count_and_standing_is_no_effort() -> None:
    speed_mps = np.full(_LENGTH_S, 3.0)
    level = _streams(speed_mps)
    uphill = _streams(speed_mps, grade_adjusted_speed_mps=np.full(_LENGTH_S, 3.6))
    standing = _streams(np.where(np.arange(_LENGTH_S) // 100 == 5, 0.0, speed_mps))
    (on_level,), (above,), (below,) = (
        lagged_speed_pct(_SPANS[1:], each) for each in (level, uphill, standing)
    )
    assert on_level is not None
    assert above == pytest.approx(on_level + 100.0 * log(1.2))
    assert below is not None
    assert below < on_level - 5.0


def test_only_seconds_with_a_heart_rate_count() -> None:
    speed_mps = np.where(np.arange(_LENGTH_S) < 500, 3.0, 3.3)
    heart_rate_bpm = np.where(np.arange(_LENGTH_S) < 600, np.nan, 150.0)
    first, second = lagged_speed_pct(_SPANS, _streams(speed_mps, heart_rate_bpm=heart_rate_bpm))
    (whole,) = lagged_speed_pct(_SPANS[1:], _streams(speed_mps))
    assert first is None
    assert second is not None
    assert whole is not None
    assert second > whole


def test_without_speed_or_heart_rate_there_is_none() -> None:
    streams = _streams(np.full(_LENGTH_S, 3.0))
    for missing in ("speed_mps", "heart_rate_bpm"):
        columns = {name: values for name, values in streams.columns.items() if name != missing}
        without = Streams(_LENGTH_S, columns, streams.is_moving)
        assert lagged_speed_pct(_SPANS, without) == [None, None]
