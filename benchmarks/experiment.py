"""Whether shuffled plays tell causes, when the runner's wishes would mislead.

The runner wants faster music when surging. In the experiment chance orders what they picked; the
control is the same wish without, which no adjustment repairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most


def main() -> Report:
    return {
        "bench": "experiment",
        "figures": figures(scores("experiment"), scores("reverse causality 0.6")),
    }


def figures(shuffled: Sequence[Scores], logged: Sequence[Scores]) -> list[Figure]:
    held = 100.0 * float(np.mean([one.method.coverage for one in shuffled]))
    slope_held = 100.0 * float(np.mean([one.slope_covered for one in shuffled]))
    return [
        at_least("intervals of tracks that hold", held, "%", 92.0),
        at_least("intervals of the tempo slope that hold", slope_held, "%", 88.0),
        at_most("bias of the tempo slope per SD", _bias(shuffled), "%", 0.05),
        at_least("control: bias without the shuffle", _bias(logged), "%", 0.5),
    ]


def _bias(found: Sequence[Scores]) -> float:
    return abs(float(np.mean([one.slope_error for one in found])))
