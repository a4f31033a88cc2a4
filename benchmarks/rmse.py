"""How far estimated track effects are from the truth, against the mean per track.

The control is the mean per track after the mean of the run was subtracted: better, and not enough.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most, plain


def main() -> Report:
    return {"bench": "rmse", "figures": figures(scores("base"))}


def figures(base: Sequence[Scores]) -> list[Figure]:
    method = float(np.mean([one.method.rmse for one in base]))
    centred = float(np.mean([one.centred.rmse for one in base]))
    naive = float(np.mean([one.naive.rmse for one in base]))
    return [
        plain("error of a track's effect", method, "%"),
        plain("error of a plain mean", naive, "%"),
        at_most("against a plain mean", method / naive, "x", 0.25),
        at_least("control: run-centred mean against a plain mean", centred / naive, "x", 0.3),
    ]
