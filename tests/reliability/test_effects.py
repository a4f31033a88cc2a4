"""`./dev bench coverage rmse rank false-calls top-ten experiment statsmodels`, small."""

from __future__ import annotations

import pytest

from benchmarks import coverage, experiment, false_calls, rank, rmse, statsmodels, top_ten
from benchmarks.effects_generator import CASES, simulated
from benchmarks.effects_scores import Scores, scores_of
from benchmarks.figures import Figure

_SEEDS = {
    "base": 8,
    "spread 2 %": 4,
    "noise 8 %": 4,
    "few tracks": 6,
    "nothing true": 8,
    "experiment": 8,
    "reverse causality 0.6": 2,
}


@pytest.fixture(scope="module")
def found() -> dict[str, list[Scores]]:
    return scores_of(_SEEDS)


def _short(figures: list[Figure]) -> list[Figure]:
    return [figure for figure in figures if not figure["ok"]]


def test_intervals_hold_the_truth(found: dict[str, list[Scores]]) -> None:
    assert not _short(coverage.figures(found))


def test_tracks_are_estimated_ordered_and_named_rightly(found: dict[str, list[Scores]]) -> None:
    named = {name: found[name] for name in false_calls.NAMES if name in found}
    assert not _short(rmse.figures(found["base"]))
    assert not _short(rank.figures(found["base"], found["spread 2 %"]))
    assert not _short(top_ten.figures(found["base"]))
    assert not _short(false_calls.figures(named))


def test_an_experiment_tells_causes(found: dict[str, list[Scores]]) -> None:
    assert not _short(experiment.figures(found["experiment"], found["reverse causality 0.6"]))


def test_statsmodels_finds_nothing_better() -> None:
    few = statsmodels.compared(simulated(CASES["50 runs"], 0)[0][:300])
    assert not _short(statsmodels.figures({"few": few}))
