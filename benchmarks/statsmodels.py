"""Whether the likelihood is maximised as well as statsmodels does, where it is the same model.

Without the priors and without the bends of the tempo curve, on the same plays. The methods that
statsmodels tries by itself may stop short, with or without saying so; by how much is told, and
compared is with the better of these and Powell's, which needs no gradients. The control is our
likelihood at twice the spread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from beatrunner.core.effects import SPEED, MeasuredPlay
from beatrunner.core.effects.design import design
from beatrunner.core.effects.likelihood import Rotated
from benchmarks.effects_generator import CASES, simulated
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.statsmodels_model import Fitted, fitted, rows_of

_NAMES = ("base", "50 runs", "heavy tails")
_SCAN, _NARROWINGS = 41, 8


@dataclass(frozen=True)
class Pair:
    ours: Fitted
    theirs: Fitted
    wrong_log_likelihood: float
    short_by: float
    """How far below `theirs` statsmodels stopped by itself, in log likelihood."""


def main() -> Report:
    pairs = {name: compared(simulated(CASES[name], 0)[0]) for name in _NAMES}
    return {"bench": "statsmodels", "figures": figures(pairs)}


def compared(plays: Sequence[MeasuredPlay]) -> Pair:
    rotated = _without_priors(plays)
    ours = _maximised(rotated)
    wrong = _at(rotated, 2.0 * ours.spread / ours.noise)
    rows = rows_of(plays, rotated.design.weight)
    first = fitted(rows)
    theirs = max(first, fitted(rows, "powell"), key=lambda each: each.log_likelihood)
    short_by = theirs.log_likelihood - first.log_likelihood
    return Pair(ours, theirs, wrong.log_likelihood, short_by)


def figures(pairs: dict[str, Pair]) -> list[Figure]:
    result = []
    for name, pair in pairs.items():
        ours, theirs = pair.ours, pair.theirs
        more = ours.log_likelihood - theirs.log_likelihood
        off = 100.0 * abs(ours.slope / theirs.slope - 1.0)
        less = pair.wrong_log_likelihood - theirs.log_likelihood
        result += [
            at_least(f"{name}: statsmodels converged", float(theirs.has_converged), "", 1.0),
            plain(f"{name}: its own methods stopped short by", pair.short_by, ""),
            at_least(f"{name}: restricted log-likelihood above theirs", more, "", -0.01),
            at_most(f"{name}: tempo slope off theirs", off, "%", 2.0),
            plain(f"{name}: spread of tracks (theirs {theirs.spread:.3f})", ours.spread, "%"),
            plain(f"{name}: noise (theirs {theirs.noise:.3f})", ours.noise, "%"),
            at_most(f"control: {name}, at twice the spread", less, "", -0.1),
        ]
    return result


def _without_priors(plays: Sequence[MeasuredPlay]) -> Rotated:
    table = design(plays, SPEED)
    fixed = table.fixed
    line = replace(
        table, bends=0, cy=table.cy[:fixed], cc=table.cc[:fixed, :fixed], zc=table.zc[:, :fixed]
    )
    return Rotated.of(line)


def _maximised(rotated: Rotated) -> Fitted:
    low, high = 0.0, 3.0
    for _ in range(_NARROWINGS):
        ratios = np.linspace(low, high, _SCAN)
        found = [_at(rotated, float(ratio)) for ratio in ratios]
        best = int(np.argmax([each.log_likelihood for each in found]))
        low, high = float(ratios[max(best - 1, 0)]), float(ratios[min(best + 1, _SCAN - 1)])
    return found[best]


def _at(rotated: Rotated, ratio: float) -> Fitted:
    """At the best noise for that ratio of spread to noise."""
    given = rotated.given(ratio)
    freedom = given.design.freedom - given.design.fixed
    rest = given.solved(np.ones(1), np.ones(1)).rest
    noise = np.sqrt(rest / freedom)
    solved = given.solved(noise, np.ones(1))
    return Fitted(
        float(solved.log_likelihood[0]),
        slope=float(solved.coefficients[0, 0]),
        spread=ratio * float(noise[0]),
        noise=float(noise[0]),
    )
