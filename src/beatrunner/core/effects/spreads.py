"""What the spreads may be: nodes over tau / sigma, each with its posterior weight.

tau has a half-normal prior, without which the intervals of 50 runs cover 84 instead of 95 of 100;
omega has one of two thirds its scale; log sigma a flat one. The integral is a sum over a grid: tau
where the posterior has its mass, sigma around its best value for that tau, omega at equally likely
values. Sigma and omega are then summed up by the moments they leave behind, as they hardly change
what is normal about the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from beatrunner.core.effects.likelihood import Given, Rotated
from beatrunner.core.effects.measured import Response
from beatrunner.core.recording import Samples

_SCANS, _SCANNED, _TAUS = 2, 32, 24
_FREE_TRACKS = 30.0
#: In prior scales; beyond it lies a 15,000th of the prior.
_WIDEST = 4.0
#: Steps between the nodes of sigma, in its own standard deviations (about 1 / sqrt(2 n)).
_SIGMA_STEPS = np.array([-2.5, -1.25, 0.0, 1.25, 2.5])
#: Middles of four equally likely parts of a half-normal distribution of scale 1.
_HALF_NORMAL = np.array([0.1573, 0.4888, 0.8871, 1.5341])
_OMEGA_SHARE = 2.0 / 3.0
_NEGLIGIBLE = 1e-4
#: In prior scales, against responses that fit exactly.
_LEAST_NOISE = 0.01
#: Less than this log density below the best is looked at.
_DROP = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """For one lambda: its weight, the mean and covariance of the coefficients, and sigma."""

    given: Given
    weight: float
    coefficients: Samples
    covariance: Samples
    noise: float
    noise_var: float

    @property
    def spread(self) -> float:
        """The tracks' tau."""
        return self.given.ratio * self.noise


def nodes(rotated: Rotated, response: Response) -> list[Node]:
    """The posterior of the spreads; the weights add up to 1."""
    scale = response.spread_scale
    omegas = _HALF_NORMAL * _OMEGA_SHARE * scale if rotated.design.bends else np.ones(1)
    found = [_around(rotated.given(ratio), scale, omegas) for ratio in _ratios(rotated, scale)]
    log_weight = np.array([each for each, _ in found])
    weight = np.exp(log_weight - log_weight.max())
    weight[weight <= _NEGLIGIBLE * weight.sum()] = 0.0
    weight /= weight.sum()
    return [
        replace(node, weight=share)
        for share, (_, node) in zip(weight.tolist(), found, strict=True)
        if share
    ]


def half_normal(tau: Samples | float, scale: float) -> Samples:
    """Log density, up to a constant."""
    return np.asarray(-0.5 * (np.asarray(tau) / scale) ** 2)


def _ratios(rotated: Rotated, scale: float) -> list[float]:
    """Evenly from where tau / sigma begins to be possible to where it ceases to be."""
    omega, least = np.array([_OMEGA_SHARE * scale]), np.array([_LEAST_NOISE * scale])
    # Without the tracks all noise is sigma's, with free tracks as little as there is.
    _, sigma = _best_sigma(rotated.given(_FREE_TRACKS), omega, least)
    low, high = 0.0, _WIDEST * scale / sigma
    for _ in range(_SCANS):
        edges = np.linspace(low, high, _SCANNED + 1)
        density = np.empty(len(edges))
        for i, ratio in enumerate(edges):
            log_likelihood, sigma = _best_sigma(rotated.given(ratio), omega, least)
            density[i] = log_likelihood + half_normal(ratio * sigma, scale) + np.log(sigma)
        (possible,) = np.nonzero(density > density.max() - _DROP)
        low = float(edges[max(possible[0] - 1, 0)])
        high = float(edges[min(possible[-1] + 1, _SCANNED)])
    bounds = np.linspace(low, high, _TAUS + 1)
    return [float(ratio) for ratio in (bounds[1:] + bounds[:-1]) / 2.0]


def _best_sigma(given: Given, omega: Samples, least: Samples) -> tuple[float, float]:
    """The log likelihood at the best sigma, and that sigma."""
    freedom = max(given.design.freedom - given.design.fixed, 1)
    sigma = np.maximum(np.sqrt(given.yy / freedom), least)
    for _ in range(3):
        sigma = np.maximum(np.sqrt(given.solved(sigma, omega).rest / freedom), least)
    return float(given.solved(sigma, omega).log_likelihood[0]), float(sigma[0])


def _around(given: Given, scale: float, omegas: Samples) -> tuple[float, Node]:
    """The node, and the logarithm of its weight."""
    middle = np.array([float(np.median(omegas))])
    _, best = _best_sigma(given, middle, np.array([_LEAST_NOISE * scale]))
    freedom = max(given.design.freedom - given.design.fixed, 1)
    sigma = np.repeat(best * np.exp(_SIGMA_STEPS / np.sqrt(2.0 * freedom)), len(omegas))
    solved = given.solved(sigma, np.tile(omegas, len(_SIGMA_STEPS)))
    # The grid is even in tau / sigma and in log sigma: d tau = sigma d(tau / sigma).
    log_density = solved.log_likelihood + half_normal(given.ratio * sigma, scale) + np.log(sigma)
    most = float(log_density.max())
    share = np.exp(log_density - most)
    total = float(share.sum())
    share /= total
    mean = share @ solved.coefficients
    off = solved.coefficients - mean
    covariance = np.tensordot(share * sigma**2, solved.inverse, 1) + off.T @ (share[:, None] * off)
    noise, noise_var = float(share @ sigma), float(share @ sigma**2)
    node = Node(given, 0.0, np.asarray(mean), np.asarray(covariance), noise, noise_var)
    return most + float(np.log(total)), node
