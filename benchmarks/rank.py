"""Whether the tracks are in the right order; the control is the order of their mean speeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most


def main() -> Report:
    return {"bench": "rank", "figures": figures(scores("base"), scores("spread 2 %"))}


def figures(base: Sequence[Scores], double: Sequence[Scores]) -> list[Figure]:
    def mean(of: Sequence[Scores]) -> float:
        return float(np.mean([one.method.rank for one in of]))

    naive = float(np.mean([one.naive.rank for one in base]))
    return [
        at_least("rank correlation with the truth", mean(base), "", 0.60),
        at_least("rank correlation, spread 2 %", mean(double), "", 0.70),
        at_most("control: plain means", naive, "", 0.55),
    ]
