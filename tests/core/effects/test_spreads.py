"""What the spreads may be, against the same integral done by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.effects import SPEED, MeasuredPlay
from beatrunner.core.effects.design import design
from beatrunner.core.effects.likelihood import Rotated
from beatrunner.core.effects.spreads import nodes
from tests.core.effects.plays import plays


@pytest.mark.parametrize(
    ("runs", "size_pct", "most"), [(4, 1.0, 6.0), (25, 1.0, 3.0), (25, 0.0, 1.5), (8, 4.0, 8.0)]
)
def test_the_posterior_of_the_spread_is_that_of_a_fine_grid(
    runs: int, size_pct: float, most: float
) -> None:
    rng = np.random.default_rng(runs)
    effects_pct = {f"t{i}": size_pct * float(rng.normal()) for i in range(14)}
    rotated = Rotated.of(design(plays(effects_pct, runs=runs, noise_pct=2.0), SPEED))
    found = nodes(rotated, SPEED)
    weight = np.array([node.weight for node in found])
    assert weight.sum() == pytest.approx(1.0)

    taus, sigmas = (np.arange(150) + 0.5) / 150.0 * most, np.linspace(1.0, 4.0, 61)
    none = np.ones(1)
    log_density = [
        [
            rotated.given(float(tau / sigma)).solved(np.array([sigma]), none).log_likelihood[0]
            - 0.5 * (tau / SPEED.spread_scale) ** 2
            - np.log(sigma)
            for sigma in sigmas
        ]
        for tau in taus
    ]
    density = np.exp(np.array(log_density) - np.max(log_density))
    by_tau, by_sigma = density.sum(axis=1), density.sum(axis=0)
    assert weight @ [node.spread for node in found] == pytest.approx(
        by_tau @ taus / by_tau.sum(), rel=0.02
    )
    assert weight @ [node.noise for node in found] == pytest.approx(
        by_sigma @ sigmas / by_sigma.sum(), rel=0.01
    )


@pytest.mark.parametrize("runs", [8, 20])
def test_runs_that_are_exactly_alike_leave_next_to_no_noise(runs: int) -> None:
    # A sum of squares that is 0 but for rounding has a root all the same.
    alike = [
        MeasuredPlay(f"r{run}", f"t{i}", 0.7, usable_s=180.0, position=0.5)
        for run in range(runs)
        for i in range(3)
    ]
    found = nodes(Rotated.of(design(alike, SPEED)), SPEED)
    assert found
    assert all(0.0 < node.noise < 0.1 for node in found)
