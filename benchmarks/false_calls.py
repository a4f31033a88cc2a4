"""How often a track is named wrongly: with the wrong sign, or when no track does anything.

The control is to name each track whose plain mean has an interval without 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most, plain

_NULL = "nothing true"
NAMES = ("base", "50 runs", "spread 2 %", "unequal runs, heavy tails", "experiment", _NULL)


def main() -> Report:
    return {"bench": "false-calls", "figures": figures({name: scores(name) for name in NAMES})}


def figures(found: Mapping[str, Sequence[Scores]]) -> list[Figure]:
    """Of the cases that are given, of which "nothing true" is one."""
    result = []
    for name, each in found.items():
        called = sum(one.method.called for one in each)
        if name != _NULL and called:
            wrong = 100.0 * sum(one.method.called_wrong for one in each) / called
            result.append(plain(f"tracks named, {name}", called / len(each), "tracks"))
            result.append(at_most(f"  of these with the wrong sign, {name}", wrong, "%", 12.0))
    nothing = found[_NULL]
    method = float(np.mean([one.method.called for one in nothing]))
    naive = float(np.mean([one.naive.called for one in nothing]))
    return [
        *result,
        at_most("tracks named when nothing is true", method, "tracks", 0.2),
        at_least("control: by plain means", naive, "tracks", 5.0),
    ]
