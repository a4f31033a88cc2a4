"""`./dev bench heart-control`, small: the heart comes gently to its target."""

from __future__ import annotations

from benchmarks.heart_control import LEADS, figures, score

_RUNNERS = 5


def test_the_heart_comes_gently_to_its_target() -> None:
    scores = {name: [score(name, seed, 1100) for seed in range(_RUNNERS)] for name in LEADS}
    short = [figure for figure in figures(scores) if not figure["ok"]]
    assert not short
