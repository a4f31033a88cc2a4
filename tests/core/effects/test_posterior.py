"""Track effects against the mixed model equations, written out in full."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects import SPEED, MeasuredPlay
from beatrunner.core.effects.design import Design, design
from beatrunner.core.effects.likelihood import Rotated
from beatrunner.core.effects.posterior import tempo_rows, told_by_plays, track_mixtures
from beatrunner.core.effects.spreads import Node, nodes
from beatrunner.core.recording import Samples
from tests.core.effects.plays import plays

_TEMPI = {"a": 150.0, "b": 160.0, "c": 171.0, "d": 183.0, "e": 168.0}
_EFFECTS_PCT = {"a": -1.0, "b": 0.0, "c": 1.0, "d": 0.5, "e": 2.0}
_TAU, _SIGMA, _OMEGA = 0.8, 1.1, 0.4


def _example() -> tuple[Design, Node, Rotated]:
    table = design(plays(_EFFECTS_PCT, runs=6, tempo_bpm=_TEMPI), SPEED)
    rotated = Rotated.of(table)
    given = rotated.given(_TAU / _SIGMA)
    solved = given.solved(np.array([_SIGMA]), np.array([_OMEGA]))
    covariance = _SIGMA**2 * solved.inverse[0]
    node = Node(given, 1.0, solved.coefficients[0], covariance, _SIGMA, _SIGMA**2)
    return table, node, rotated


def _equations(table: Design) -> tuple[Samples, Samples]:
    """Of the curve's coefficients, then of the tracks."""
    penalty = np.zeros(len(table.cy) + len(table.tracks))
    penalty[table.fixed : len(table.cy)] = (_SIGMA / _OMEGA) ** 2
    penalty[len(table.cy) :] = (_SIGMA / _TAU) ** 2
    left = np.block([[table.cc, table.zc.T], [table.zc, table.zz]]) + np.diag(penalty)
    return left, np.concatenate([table.cy, table.zy])


def test_effects_are_those_of_the_mixed_model_equations() -> None:
    table, node, rotated = _example()
    whole, own = track_mixtures(rotated, [node])

    left, right = _equations(table)
    answer = np.linalg.solve(left, right)
    curve = tempo_rows(table, table.track_tempo_bpm)
    against_mean = np.eye(len(_TEMPI)) - 1.0 / len(_TEMPI)
    rows = against_mean @ np.column_stack([curve, np.eye(len(_TEMPI))])
    own_rows = against_mean @ np.column_stack([0.0 * curve, np.eye(len(_TEMPI))])
    variance = _SIGMA**2 * np.linalg.inv(left)
    assert whole.mean[0] == pytest.approx(rows @ answer)
    assert whole.sd[0] == pytest.approx(np.sqrt(np.diag(rows @ variance @ rows.T)))
    assert own.mean[0] == pytest.approx(own_rows @ answer)
    assert own.sd[0] == pytest.approx(np.sqrt(np.diag(own_rows @ variance @ own_rows.T)))


def test_plays_alone_say_what_the_equations_say_of_a_track_without_a_prior() -> None:
    table, node, rotated = _example()
    value, variance = told_by_plays(rotated, node)
    for i in range(len(table.tracks)):
        left, right = _equations(table)
        at = len(table.cy) + i
        left[at, at] -= (_SIGMA / _TAU) ** 2
        assert value[i] == pytest.approx(np.linalg.solve(left, right)[at])
        assert variance[i] == pytest.approx(_SIGMA**2 * np.linalg.inv(left)[at, at])


def test_plays_that_are_not_modelled_say_nothing() -> None:
    once = MeasuredPlay("r0", "once", 4.0, usable_s=60.0, position=0.5)
    table = design([*plays(_EFFECTS_PCT, runs=6), once], SPEED, most_tracks=5)
    rotated = Rotated.of(table)
    value, variance = told_by_plays(rotated, nodes(rotated, SPEED)[0])
    assert value[5] == 0.0
    assert variance[5] > 1e3 * variance[:5].max()


def test_tracks_beyond_the_most_that_are_modelled_are_anywhere_in_the_spread() -> None:
    few = plays(_EFFECTS_PCT, runs=6)
    once = MeasuredPlay("r0", "once", 4.0, usable_s=60.0, position=0.5)
    table = design([*few, once], SPEED, most_tracks=5)
    rotated = Rotated.of(table)
    found = nodes(rotated, SPEED)
    _, own = track_mixtures(rotated, found)
    assert table.tracks[5] == "once"
    assert own.mean[:, 5] == pytest.approx(np.zeros(len(found)))
    spread = np.array([node.given.ratio * np.sqrt(node.noise_var) for node in found])
    assert own.sd[:, 5] == pytest.approx(spread)
    assert (own.sd[:, :5] < spread[:, None]).all()
