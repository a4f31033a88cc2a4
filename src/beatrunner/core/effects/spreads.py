"""What the spreads may be: nodes over (tau, sigma, omega), each with its posterior weight.

tau has a half-normal prior, with which 50 runs give intervals that hold; without one they cover 84
instead of 95 of 100 (facts of the simulation in `benchmarks/effects_generator.py`). omega has one
of two thirds its scale; log sigma a flat one. The integral is a sum over a grid: tau where the
posterior has its mass, sigma around its best value for that tau, omega at equally likely values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.effects.likelihood import Given, Rotated
from beatrunner.core.effects.measured import Response
from beatrunner.core.recording import Samples

_SCANNED, _TAUS = 60, 24
#: In prior scales; beyond it lies a 15,000th of the prior.
_WIDEST = 4.0
#: Steps between the nodes of sigma, in its own standard deviations (about 1 / sqrt(2 n)).
_SIGMA_STEPS = np.array([-2.5, -1.25, 0.0, 1.25, 2.5])
#: Middles of four equally likely parts of a half-normal distribution of scale 1.
_HALF_NORMAL = np.array([0.1573, 0.4888, 0.8871, 1.5341])
_OMEGA_SHARE = 2.0 / 3.0
#: Nodes are left out whose weights add up to less.
_NEGLIGIBLE = 1e-3
#: Less than this log density below the best is looked at.
_DROP = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """For one lambda: sigmas with their weights, coefficients and inverses (see `Solved`)."""

    given: Given
    weight: Samples
    sigma: Samples
    coefficients: Samples
    inverse: Samples


def nodes(rotated: Rotated, response: Response) -> list[Nodes]:
    """The posterior of the spreads; the weights of all add up to 1."""
    scale = response.spread_scale
    omegas = _HALF_NORMAL * _OMEGA_SHARE * scale if rotated.design.bends else np.ones(1)
    found = [_around(rotated.given(ratio), scale, omegas) for ratio in _ratios(rotated, scale)]
    best = max(float(log_weight.max()) for log_weight, _ in found)
    weights = [np.exp(log_weight - best) for log_weight, _ in found]
    total = sum(float(weight.sum()) for weight in weights)
    return _without_negligible(
        [
            Nodes(n.given, weight / total, n.sigma, n.coefficients, n.inverse)
            for weight, (_, n) in zip(weights, found, strict=True)
        ]
    )


def half_normal(tau: Samples | float, scale: float) -> Samples:
    """Log density, up to a constant."""
    return np.asarray(-0.5 * (np.asarray(tau) / scale) ** 2)


def _ratios(rotated: Rotated, scale: float) -> list[float]:
    """Evenly from where tau / sigma begins to be possible to where it ceases to be."""
    omega = np.array([_OMEGA_SHARE * scale])
    least = np.array([0.01 * scale])
    _, sigma = _best_sigma(rotated.given(0.0), omega, least)
    edges = np.linspace(0.0, _WIDEST * scale / sigma, _SCANNED + 1)
    density = np.empty(len(edges))
    for i, ratio in enumerate(edges):
        log_likelihood, sigma = _best_sigma(rotated.given(ratio), omega, least)
        density[i] = log_likelihood + half_normal(ratio * sigma, scale) + np.log(sigma)
    (possible,) = np.nonzero(density > density.max() - _DROP)
    first = edges[max(possible[0] - 1, 0)]
    last = edges[min(possible[-1] + 1, _SCANNED)]
    bounds = np.linspace(first, last, _TAUS + 1)
    return [float(ratio) for ratio in (bounds[1:] + bounds[:-1]) / 2.0]


def _best_sigma(given: Given, omega: Samples, least: Samples) -> tuple[float, float]:
    """The log likelihood at the best sigma, and that sigma."""
    freedom = max(given.design.freedom - given.design.fixed, 1)
    sigma = np.maximum(np.sqrt(given.yy / freedom), least)
    for _ in range(3):
        sigma = np.maximum(np.sqrt(given.solved(sigma, omega).rest / freedom), least)
    return float(given.solved(sigma, omega).log_likelihood[0]), float(sigma[0])


def _around(given: Given, scale: float, omegas: Samples) -> tuple[Samples, Nodes]:
    middle = np.array([float(np.median(omegas))])
    _, best = _best_sigma(given, middle, np.array([0.01 * scale]))
    freedom = max(given.design.freedom - given.design.fixed, 1)
    sigma = np.repeat(best * np.exp(_SIGMA_STEPS / np.sqrt(2.0 * freedom)), len(omegas))
    solved = given.solved(sigma, np.tile(omegas, len(_SIGMA_STEPS)))
    # The grid is even in tau / sigma and in log sigma: d tau = sigma d(tau / sigma).
    log_weight = solved.log_likelihood + half_normal(given.ratio * sigma, scale) + np.log(sigma)
    return log_weight, Nodes(given, log_weight, sigma, solved.coefficients, solved.inverse)


def _without_negligible(found: list[Nodes]) -> list[Nodes]:
    every = np.sort(np.concatenate([n.weight for n in found]))
    cut = every[np.searchsorted(np.cumsum(every), _NEGLIGIBLE)]
    kept = []
    for n in found:
        heavy = n.weight >= cut
        if heavy.any():
            weight = n.weight[heavy] / every[every >= cut].sum()
            kept.append(
                Nodes(n.given, weight, n.sigma[heavy], n.coefficients[heavy], n.inverse[heavy])
            )
    return kept
