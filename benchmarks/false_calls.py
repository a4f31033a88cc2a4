"""How often a track is named wrongly: with the wrong sign, or when it does nothing.

Where few tracks do anything, naming one of the others is what goes wrong, and only then is it sure
what "nothing" is. How many of the tracks that do something, and were heard often, are named stands
beside it: naming none is easy. The control is to name each track whose plain mean has an interval
without 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.effects_scores import Score, Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most, plain

_NULL, _FEW = "nothing true", "few tracks"
NAMES = ("base", "50 runs", "spread 2 %", "unequal runs, heavy tails", "experiment", _FEW, _NULL)


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
            strong = sum(one.method.strong for one in each)
            power = 100.0 * sum(one.method.strong_called for one in each) / max(strong, 1)
            result.append(plain(f"  of tracks of 1 % in 10 plays, {name}", power, "%"))
    if _FEW in found:
        idle = _idle([one.method for one in found[_FEW]])
        by_means = _idle([one.naive for one in found[_FEW]])
        result.append(at_most(f"named that do nothing by themselves, {_FEW}", idle, "%", 20.0))
        result.append(at_least(f"control: by plain means, {_FEW}", by_means, "%", 60.0))
    nothing = found[_NULL]
    method = float(np.mean([one.method.called for one in nothing]))
    naive = float(np.mean([one.naive.called for one in nothing]))
    return [
        *result,
        at_most("tracks named when nothing is true", method, "tracks", 0.2),
        at_least("control: by plain means", naive, "tracks", 5.0),
    ]


def _idle(each: Sequence[Score]) -> float:
    """Of all tracks that were named."""
    called = sum(one.called for one in each)
    return 100.0 * sum(one.called_idle for one in each) / max(called, 1)
