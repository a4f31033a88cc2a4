"""The cross-products are those of the table that they spare us."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects import HEART_RATE, SPEED, MeasuredPlay
from beatrunner.core.effects.design import design


def _plays(count: int = 60) -> list[MeasuredPlay]:
    rng = np.random.default_rng(3)
    return [
        MeasuredPlay(
            f"r{rng.integers(8)}",
            f"t{rng.integers(12)}",
            float(rng.normal()),
            usable_s=float(rng.uniform(60, 300)),
            position=float(rng.uniform()),
            tempo_bpm=float(rng.normal(165, 8)),
            grade_pct=float(rng.normal()),
        )
        for _ in range(count)
    ]


def test_track_products_are_those_of_the_written_out_columns() -> None:
    plays = _plays()
    table = design(plays, SPEED)
    runs = sorted({play.run for play in plays})
    root = np.sqrt(table.weight)
    dummies = root[:, None] * np.array([[play.run == run for run in runs] for play in plays])
    z = root[:, None] * np.array([[play.track == t for t in table.tracks] for play in plays])
    y = root * np.array([play.response for play in plays])
    within = np.eye(len(plays)) - dummies @ np.linalg.pinv(dummies)
    assert table.zz == pytest.approx(z.T @ within @ z)
    assert table.zy == pytest.approx(z.T @ within @ y)
    assert table.yy == pytest.approx(y @ within @ y)
    assert table.freedom == len(plays) - len(runs)


def test_the_longest_heard_track_comes_first() -> None:
    plays = _plays()
    heard_s = dict.fromkeys(design(plays, SPEED).tracks, 0.0)
    for play in plays:
        heard_s[play.track] += play.usable_s
    assert list(heard_s.values()) == sorted(heard_s.values(), reverse=True)


def test_a_control_that_never_varies_is_left_out() -> None:
    assert design(_plays(), SPEED).fixed == 8  # No run had stops.


def test_a_tempo_that_differs_between_runs_alone_tells_nothing() -> None:
    plays = [
        MeasuredPlay(f"r{i % 4}", f"t{i}", float(i), 100.0, i / 20.0, tempo_bpm=150.0 + i % 4)
        for i in range(20)
    ]
    assert design(plays, SPEED).tempo is None


def test_a_response_at_a_given_speed_needs_the_speed() -> None:
    with pytest.raises(ValueError, match="heart_rate"):
        design(_plays(), HEART_RATE)


def test_no_plays_make_an_empty_table() -> None:
    table = design([], SPEED)
    assert table.tracks == ()
    assert table.freedom == 0
