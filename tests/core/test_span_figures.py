from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.align import Play, Span, align
from beatrunner.core.recording import Streams
from beatrunner.core.span_figures import HEART_RATE_LAG_S, span_figures
from tests.core.test_align import plays_of_any_kind


def steady(length_s: int = 600, **columns: float) -> Streams:
    """A run at 3 m/s with constant columns."""
    along_m = 3.0 * np.arange(length_s, dtype=np.float64)
    return Streams(
        length_s,
        {
            "distance_m": along_m,
            "speed_mps": np.full(length_s, 3.0),
            **{name: np.full(length_s, value) for name, value in columns.items()},
        },
        np.ones(length_s, dtype=bool),
    )


def span(start_s: int, end_s: int, track_key: str | None = "a") -> Span:
    return Span(track_key, None if track_key is None else 0, start_s, end_s, 0.0)


@st.composite
def broken_streams(draw: st.DrawFn) -> Streams:
    """Streams with gaps anywhere, distance apart from never falling."""
    length_s = draw(st.integers(1, 400))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    gap_share = draw(st.sampled_from([0.0, 0.3, 1.0]))
    columns = {
        "distance_m": np.cumsum(random.uniform(0.0, 6.0, length_s)),
        "speed_mps": random.uniform(0.0, 6.0, length_s),
        "heart_rate_bpm": random.uniform(90.0, 190.0, length_s),
        "cadence_spm": random.uniform(0.0, 190.0, length_s),
        "grade_pct": random.uniform(-9.0, 9.0, length_s),
        "grade_adjusted_speed_mps": random.uniform(0.0, 6.0, length_s),
    }
    names = draw(st.sets(st.sampled_from(sorted(columns))))
    for name in names:
        columns[name][random.random(length_s) < gap_share] = np.nan
    kept = draw(st.sets(st.sampled_from(sorted(columns))))
    return Streams(length_s, {name: columns[name] for name in kept}, random.random(length_s) < 0.8)


@given(broken_streams(), plays_of_any_kind)
def test_figures_add_up_to_the_activity(streams: Streams, plays: list[Play]) -> None:
    figures = span_figures(align(plays, streams.length_s), streams, dict.fromkeys("abc", 165.0))
    assert sum(figure.elapsed_s for figure in figures) == streams.length_s
    assert sum(figure.moving_s for figure in figures) == streams.is_moving.sum()
    along_m = streams.columns.get("distance_m", np.array([np.nan]))
    if streams.length_s > 1 and np.isfinite(along_m[1:]).any():
        total_m = math.fsum(figure.distance_m or 0.0 for figure in figures)
        assert total_m == pytest.approx(np.nanmax(along_m))
    for figure in figures:
        for name in figure.__dataclass_fields__:
            assert getattr(figure, name) is None or math.isfinite(getattr(figure, name))


def test_a_span_of_a_steady_run() -> None:
    streams = steady(heart_rate_bpm=150.0, cadence_spm=170.0, grade_pct=2.0)
    (figures,) = span_figures([span(100, 300)], streams, {"a": 85.0})
    assert (figures.elapsed_s, figures.moving_s, figures.distance_m) == (200, 200, 600.0)
    assert figures.speed_mps == pytest.approx(3.0)
    assert figures.heart_rate_bpm == pytest.approx(150.0)
    assert figures.cadence_spm == pytest.approx(170.0)
    assert figures.grade_pct == pytest.approx(2.0)
    assert figures.tempo_bpm == 85.0
    assert figures.in_step_pct == 100.0


def test_a_pause_is_elapsed_time_and_nobodys_moving_time() -> None:
    streams = steady()
    streams.is_moving[100:160] = False
    along_m = streams.columns["distance_m"]
    along_m[100:161] = along_m[100]
    along_m[161:] = along_m[100] + 3.0 * np.arange(1, 600 - 160)
    before, after = span_figures([span(0, 130), span(130, 600)], streams)
    assert (before.elapsed_s, before.moving_s) == (130, 100)
    assert (after.elapsed_s, after.moving_s) == (470, 440)
    assert before.speed_mps == pytest.approx(3.0)
    assert after.speed_mps == pytest.approx(3.0, rel=0.01)


def test_a_span_inside_a_pause_has_no_speed() -> None:
    streams = steady(cadence_spm=170.0)
    streams.is_moving[100:160] = False
    (figures,) = span_figures([span(110, 150)], streams, {"a": 170.0})
    assert figures.moving_s == 0
    assert figures.speed_mps is None
    assert figures.cadence_spm is None
    assert figures.in_step_pct is None


def test_heart_rate_is_measured_later_than_the_song() -> None:
    streams = steady(heart_rate_bpm=140.0)
    streams.columns["heart_rate_bpm"][200 + HEART_RATE_LAG_S : 400 + HEART_RATE_LAG_S] = 160.0
    figures = span_figures([span(0, 200), span(200, 400), span(400, 600)], streams)
    assert [figure.heart_rate_bpm for figure in figures] == [140.0, 160.0, 140.0]
    assert {figure.heart_rate_lag_s for figure in figures} == {HEART_RATE_LAG_S}


def test_a_last_song_shorter_than_the_lag_has_no_heart_rate() -> None:
    (figures,) = span_figures([span(570, 600)], steady(heart_rate_bpm=140.0))
    assert figures.heart_rate_bpm is None


@pytest.mark.parametrize("tempo_bpm", [85.0, 170.0, 340.0])
@pytest.mark.parametrize(("cadence_spm", "expected"), [(165.0, 100.0), (164.0, 0.0), (176.0, 0.0)])
def test_in_step_is_within_three_percent_of_the_folded_beat(
    tempo_bpm: float, cadence_spm: float, expected: float
) -> None:
    (figures,) = span_figures([span(0, 600)], steady(cadence_spm=cadence_spm), {"a": tempo_bpm})
    assert figures.in_step_pct == expected


def test_a_third_of_the_beat_is_not_in_step() -> None:
    (figures,) = span_figures([span(0, 600)], steady(cadence_spm=170.0), {"a": 170.0 * 3})
    assert figures.in_step_pct == 0.0


def test_silence_and_unknown_tempo_have_no_step_share() -> None:
    streams = steady(cadence_spm=170.0)
    figures = span_figures([span(0, 300, None), span(300, 600, "b")], streams, {"a": 170.0})
    assert [figure.in_step_pct for figure in figures] == [None, None]


def test_grade_adjusted_speed_scales_the_spans_own_speed() -> None:
    streams = steady(grade_adjusted_speed_mps=3.6)
    streams.columns["grade_adjusted_speed_mps"][:250] = np.nan
    (figures,) = span_figures([span(200, 300)], streams)
    assert figures.grade_adjusted_speed_mps == pytest.approx(3.6, rel=1e-3)


def test_a_gap_in_distance_is_shared_evenly() -> None:
    streams = steady()
    streams.columns["distance_m"][200:400] = np.nan
    streams.columns["speed_mps"][200:400] = np.nan
    before, after = span_figures([span(0, 300), span(300, 600)], streams)
    assert before.distance_m == pytest.approx(900.0)
    assert after.distance_m == pytest.approx(3.0 * 599 - 900.0)
