from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.align import Play, align
from beatrunner.core.confidence import Confidence, ConfidenceReason, confidence
from tests.core.test_align import plays_of_any_kind


def judge(plays: list[Play], length_s: int = 1000, clock_offset_s: float = 0.0) -> Confidence:
    spans = align(plays, length_s, clock_offset_s)
    return confidence(plays, spans, length_s, clock_offset_s)


def playlist(
    count: int = 5, song_s: float = 200.0, uncertainty_s: float = 2.0, offline: int = 0
) -> list[Play]:
    return [
        Play(f"t{n}", n * song_s, (n + 1) * song_s, uncertainty_s, is_offline=n < offline)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("plays", "offset_s", "level", "reason"),
    [
        ([], 0.0, "none", ConfidenceReason.NO_MUSIC),
        (playlist(), 0.0, "good", ConfidenceReason.EXACT_TIMES),
        (playlist(), 10.0, "good", ConfidenceReason.OFFSET_SET_BY_RUNNER),
        (playlist(2), 0.0, "fair", ConfidenceReason.MUCH_SILENCE),
        (playlist(uncertainty_s=30.0), 0.0, "fair", ConfidenceReason.COARSE_TIMES),
        (playlist(uncertainty_s=90.0), 0.0, "poor", ConfidenceReason.COARSE_TIMES),
        (playlist(offline=1), 0.0, "fair", ConfidenceReason.OFFLINE_PLAYS),
        (playlist(offline=3), 0.0, "poor", ConfidenceReason.OFFLINE_PLAYS),
        (playlist(offline=3), 10.0, "good", ConfidenceReason.OFFSET_SET_BY_RUNNER),
        (
            [*playlist(), Play("x", 50.0, 250.0)],
            0.0,
            "fair",
            ConfidenceReason.OVERLAPPING_PLAYS,
        ),
        (playlist() + playlist(), 0.0, "poor", ConfidenceReason.OVERLAPPING_PLAYS),
    ],
)
def test_level_and_reason(
    plays: list[Play], offset_s: float, level: str, reason: ConfidenceReason
) -> None:
    verdict = judge(plays, clock_offset_s=offset_s)
    assert (verdict.level, verdict.reason) == (level, reason)


def test_crossfade_is_no_contradiction() -> None:
    plays = [Play(f"t{n}", n * 200.0, n * 200.0 + 212.0) for n in range(5)]
    verdict = judge(plays)
    assert verdict.reason is ConfidenceReason.EXACT_TIMES
    assert verdict.figures["overlap_pct"] == pytest.approx(4.8)


def test_the_figures_say_what_was_measured() -> None:
    assert judge(playlist(4, offline=1)).figures == {
        "music_pct": 80.0,
        "overlap_pct": 0.0,
        "offline_pct": 25.0,
        "uncertainty_s": 2.0,
        "song_s": 200.0,
    }


@given(plays_of_any_kind, st.integers(0, 2000), st.floats())
def test_any_plays_are_judged(plays: list[Play], length_s: int, clock_offset_s: float) -> None:
    verdict = judge(plays, length_s, clock_offset_s)
    assert all(math.isfinite(figure) for figure in verdict.figures.values())
    assert (verdict.level == "none") == (verdict.reason is ConfidenceReason.NO_MUSIC)
