"""What is claimed of the ten best tracks, and what is true of them; the control: plain means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, plain, within


def main() -> Report:
    return {"bench": "top-ten", "figures": figures(scores("base"))}


def figures(base: Sequence[Scores]) -> list[Figure]:
    claimed = float(np.mean([one.method.top_claimed for one in base]))
    true = float(np.mean([one.method.top_true for one in base]))
    naive_claimed = float(np.mean([one.naive.top_claimed for one in base]))
    naive_true = float(np.mean([one.naive.top_true for one in base]))
    return [
        plain("claimed", claimed, "%"),
        plain("true", true, "%"),
        within("claimed against true", claimed / true, "x", 0.75, 1.25),
        plain("plain means: claimed", naive_claimed, "%"),
        plain("plain means: true", naive_true, "%"),
        at_least("control: plain means, claimed against true", naive_claimed / naive_true, "x", 3),
    ]
