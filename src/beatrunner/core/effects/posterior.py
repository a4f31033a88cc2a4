"""What is known of tracks and tempi once the spreads have been weighed.

Given lambda and sigma, with a = V diag(g) V'Z'y and B = V diag(g) V'Z'C, the tracks' own effects
are u = a - B beta with the covariance sigma^2 V diag(g) V' around that: the best linear unbiased
predictor, which is also the posterior mean (Robinson 1991). A track's whole effect adds its place
on the tempo curve, f'beta, so that its uncertainty has both, and what they share.

Effects are told against the mean of the tracks heard. Runs have levels of their own, so that
nothing is ever known of what all tracks have in common; only the prior would speak of it. What
the plays alone say of a track is the exception: there a track that does nothing has an effect of 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from beatrunner.core.effects.design import Design
from beatrunner.core.effects.likelihood import Given, Rotated
from beatrunner.core.effects.mixture import Mixture
from beatrunner.core.effects.spreads import Node
from beatrunner.core.recording import Samples

_ROWS_AT_ONCE = 256
#: Of the prior's precision; plays that add less to it say nothing.
_NEGLIGIBLE = 1e-6


def track_mixtures(rotated: Rotated, nodes: Sequence[Node]) -> tuple[Mixture, Mixture]:
    """The whole effects of all tracks, and their own effects beyond what their tempo explains."""
    design = rotated.design
    on_curve = tempo_rows(design, design.track_tempo_bpm)
    on_curve = on_curve - on_curve.mean(axis=0)
    spread = _own_spread(rotated, [n.given for n in nodes])
    whole_parts, own_parts = [], []
    for n, variance in zip(nodes, spread, strict=True):
        a, b = _own(rotated, n.given)
        whole_parts.append(_normals(n, a, on_curve - b, variance))
        own_parts.append(_normals(n, a, -b, variance))
    return _mixture(nodes, whole_parts), _mixture(nodes, own_parts)


def told_by_plays(rotated: Rotated, n: Node) -> tuple[Samples, Samples]:
    """The tracks' own effects, as values and variances, by the plays and without their prior:
    normal densities are divided by subtracting precisions (a cavity; Minka 2001)."""
    tracks = len(rotated.design.tracks)
    columns = _along(rotated, n.given)
    spread = np.einsum("ij,ij,j->i", rotated.v, rotated.v, n.given.g)
    mean, sd = _normals(n, columns[:, 0], -columns[:, 1:], spread)
    prior = 1.0 / max(n.given.ratio**2 * n.noise_var, 1e-12)
    precision = 1.0 / np.maximum(sd, 1e-9) ** 2 - prior
    value, variance = np.zeros(tracks), np.full(tracks, 1.0 / (_NEGLIGIBLE * prior))
    (told,) = np.nonzero(precision > _NEGLIGIBLE * prior)
    value[told] = mean[told] / sd[told] ** 2 / precision[told]
    variance[told] = 1.0 / precision[told]
    return value, variance


def tempo_mixture(design: Design, nodes: Sequence[Node], rows: Samples) -> Mixture:
    """Of points on the tempo curve, each a row of multiples of the coefficients."""
    nothing = np.zeros(len(rows))
    return _mixture(nodes, [_normals(n, nothing, rows, nothing) for n in nodes])


def tempo_rows(design: Design, tempo_bpm: Samples) -> Samples:
    """For each tempo (NaN: not known) the multiples of the coefficients that make its effect."""
    rows = np.zeros((len(tempo_bpm), len(design.cy)))
    if design.tempo is not None:
        columns = design.tempo.columns(tempo_bpm)
        rows[:, 0] = columns[:, 0]
        rows[:, design.fixed :] = columns[:, 1:]
    return rows


def _own(rotated: Rotated, given: Given) -> tuple[Samples, Samples]:
    """a and B, against their means; 0 for tracks that are not modelled."""
    design = rotated.design
    columns = _along(rotated, given)
    result = np.zeros((len(design.tracks), columns.shape[1]))
    result[: design.modelled] = columns - columns.mean(axis=0)
    return result[:, 0], result[:, 1:]


def _along(rotated: Rotated, given: Given) -> Samples:
    return np.asarray(
        rotated.v @ (given.g[:, None] * np.column_stack([rotated.zy, rotated.zc])), dtype=float
    )


def _own_spread(rotated: Rotated, given: Sequence[Given]) -> Samples:
    """The diagonal of V diag(g) V' for each lambda, V against its mean over the tracks; lambda for
    tracks that are not modelled."""
    design = rotated.design
    result = np.array([[each.ratio**2] for each in given]).repeat(len(design.tracks), axis=1)
    g = np.column_stack([each.g for each in given])
    mean = rotated.v.mean(axis=0)
    for first in range(0, design.modelled, _ROWS_AT_ONCE):
        last = min(first + _ROWS_AT_ONCE, design.modelled)
        result[:, first:last] = ((rotated.v[first:last] - mean) ** 2 @ g).T
    return result


def _normals(n: Node, a: Samples, rows: Samples, spread: Samples) -> tuple[Samples, Samples]:
    """Means and SDs of a + rows beta."""
    from_line = ((rows @ n.covariance) * rows).sum(axis=1)
    sd = np.sqrt(np.maximum(n.noise_var * spread + from_line, 0.0))
    return a + rows @ n.coefficients, sd


def _mixture(nodes: Sequence[Node], parts: Sequence[tuple[Samples, Samples]]) -> Mixture:
    return Mixture(
        np.array([n.weight for n in nodes]),
        np.array([mean for mean, _ in parts]),
        np.array([sd for _, sd in parts]),
    )
