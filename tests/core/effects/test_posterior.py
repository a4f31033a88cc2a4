"""Track effects against the mixed model equations, written out in full."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects import SPEED, MeasuredPlay
from beatrunner.core.effects.design import design
from beatrunner.core.effects.likelihood import Rotated
from beatrunner.core.effects.posterior import tempo_rows, track_mixtures
from beatrunner.core.effects.spreads import Node, nodes
from tests.core.effects.plays import plays


def test_effects_are_those_of_the_mixed_model_equations() -> None:
    tempi = {"a": 150.0, "b": 160.0, "c": 171.0, "d": 183.0, "e": 168.0}
    effects_pct = {"a": -1.0, "b": 0.0, "c": 1.0, "d": 0.5, "e": 2.0}
    table = design(plays(effects_pct, runs=6, tempo_bpm=tempi), SPEED)
    tau, sigma, omega = 0.8, 1.1, 0.4
    rotated = Rotated.of(table)
    given = rotated.given(tau / sigma)
    solved = given.solved(np.array([sigma]), np.array([omega]))
    covariance = sigma**2 * solved.inverse[0]
    node = Node(given, 1.0, solved.coefficients[0], covariance, sigma, sigma**2)
    whole, own = track_mixtures(rotated, [node])

    penalty = np.zeros(len(table.cy) + len(tempi))
    penalty[table.fixed : len(table.cy)] = (sigma / omega) ** 2
    penalty[len(table.cy) :] = (sigma / tau) ** 2
    left = np.block([[table.cc, table.zc.T], [table.zc, table.zz]]) + np.diag(penalty)
    answer = np.linalg.solve(left, np.concatenate([table.cy, table.zy]))
    curve = tempo_rows(table, table.track_tempo_bpm)
    against_mean = np.eye(len(tempi)) - 1.0 / len(tempi)
    rows = against_mean @ np.column_stack([curve, np.eye(len(tempi))])
    own_rows = against_mean @ np.column_stack([0.0 * curve, np.eye(len(tempi))])
    variance = sigma**2 * np.linalg.inv(left)
    assert whole.mean[0] == pytest.approx(rows @ answer)
    assert whole.sd[0] == pytest.approx(np.sqrt(np.diag(rows @ variance @ rows.T)))
    assert own.mean[0] == pytest.approx(own_rows @ answer)
    assert own.sd[0] == pytest.approx(np.sqrt(np.diag(own_rows @ variance @ own_rows.T)))


def test_tracks_beyond_the_most_that_are_modelled_are_anywhere_in_the_spread() -> None:
    effects_pct = {"a": -1.0, "b": 0.0, "c": 1.0, "d": 0.5, "e": 2.0}
    few = plays(effects_pct, runs=6)
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
