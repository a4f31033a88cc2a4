"""What cannot be a row."""

from __future__ import annotations

from typing import Any

import pytest

from beatrunner.core.effects import MeasuredPlay


@pytest.mark.parametrize(
    "wrong",
    [
        {"response": float("nan")},
        {"usable_s": 0.0},
        {"position": 1.01},
        {"position": float("nan")},
        {"tempo_bpm": 0.0},
        {"tempo_bpm": float("inf")},
        {"speed_pct": float("nan")},
        {"grade_pct": float("nan")},
    ],
)
def test_what_was_not_measured_is_refused(wrong: dict[str, float]) -> None:
    right: dict[str, Any] = {"response": 1.0, "usable_s": 100.0, "position": 0.5}
    MeasuredPlay("run", "track", **right)
    with pytest.raises(ValueError, match="track"):
        MeasuredPlay("run", "track", **{**right, **wrong})
