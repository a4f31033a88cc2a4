"""Whether 95 % intervals of track effects hold the truth 95 times of 100, on all kinds of runners.

The control is the interval of a plain mean per track, which does not. Where the runner chooses
music by how the run is going, the method's own intervals are expected to fail, and do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.effects_generator import CASES, EXPECTED_TO_FAIL
from benchmarks.effects_scores import Scores, scores
from benchmarks.figures import Figure, Report, at_least, at_most, within

_CURVES = ("base", "curved tempo", "experiment")
#: Cases in which the noise or the absence of any effect leaves nothing to be sharp about.
_AT_LEAST = {"noise 8 %": 88.0, "nothing true": 92.0}


def main() -> Report:
    found = {name: scores(name) for name in (*CASES, *EXPECTED_TO_FAIL)}
    return {"bench": "coverage", "figures": figures(found)}


def figures(found: Mapping[str, Sequence[Scores]]) -> list[Figure]:
    """Of the cases that are given."""
    result = []
    for name, each in found.items():
        held = 100.0 * float(np.mean([one.method.coverage for one in each]))
        if name in EXPECTED_TO_FAIL:
            result.append(at_most(f"expected to fail: {name}", held, "%", 90.0))
        elif name in _AT_LEAST:
            result.append(at_least(name, held, "%", _AT_LEAST[name]))
        else:
            result.append(within(name, held, "%", 92.0, 98.0))
    for name in [name for name in _CURVES if name in found]:
        held = 100.0 * float(np.mean([one.curve_coverage for one in found[name]]))
        result.append(at_least(f"along the tempo curve, {name}", held, "%", 90.0))
    held = 100.0 * float(np.mean([one.naive.coverage for one in found["base"]]))
    return [*result, at_most("control: base, plain means", held, "%", 85.0)]
