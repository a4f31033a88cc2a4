"""Columns of the fixed part: where in the run, how steep, how fast the music."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.recording import Samples

#: Shares of a run at which the pace may bend: the warm-up, the settling, the long rest.
POSITION_KNOTS = (0.07, 0.15, 0.30, 0.60)
#: Harrell, Regression Modeling Strategies (2015), table 2.3: quantiles for five knots.
_TEMPO_KNOT_QUANTILES = (0.05, 0.275, 0.5, 0.725, 0.95)


def position_columns(position: Samples) -> Samples:
    """A line that bends at each knot: n x 5."""
    bends = [np.maximum(position - knot, 0.0) for knot in POSITION_KNOTS]
    return np.column_stack([position, *bends])


@dataclass(frozen=True, slots=True)
class TempoBasis:
    """A tempo as numbers: its distance from the mean in SDs, then how the curve may bend.

    The bends are those of a natural cubic spline, made orthogonal to the line over the plays and
    scaled so that coefficients of N(0, 1) give a curve that departs from its line by an SD of 1,
    averaged over the plays. The line's slope is therefore the best straight summary of the curve.
    """

    mean_bpm: float
    sd_bpm: float
    least_bpm: float
    most_bpm: float
    knots: tuple[float, ...]
    straight: Samples
    scale: Samples

    @property
    def bends(self) -> int:
        return int(self.scale.shape[1])

    def columns(self, tempo_bpm: Samples) -> Samples:
        """k x (1 + bends); a tempo of NaN is not known, and taken as the average of all."""
        z = (tempo_bpm - self.mean_bpm) / self.sd_bpm
        line = np.column_stack([np.ones_like(z), z])
        bent = _bends(z, self.knots) - line @ self.straight
        return np.nan_to_num(np.column_stack([z, bent @ self.scale]))


def tempo_basis(tempo_bpm: Samples, weight: Samples) -> TempoBasis | None:
    """Of the tempi of all plays (NaN: not known); None where they do not differ."""
    is_known = np.isfinite(tempo_bpm)
    tempo_bpm, weight = tempo_bpm[is_known], weight[is_known]
    if len(np.unique(np.round(tempo_bpm, 1))) < 2:
        return None
    share = weight / weight.sum()
    mean_bpm = float(share @ tempo_bpm)
    sd_bpm = float(np.sqrt(share @ (tempo_bpm - mean_bpm) ** 2))
    least_bpm, most_bpm = np.quantile(tempo_bpm, [0.02, 0.98]).tolist()
    z = (tempo_bpm - mean_bpm) / sd_bpm
    knots = tuple(np.unique(np.quantile(z, _TEMPO_KNOT_QUANTILES)).tolist())
    straight, scale = _orthonormal(z, share, knots)
    return TempoBasis(mean_bpm, sd_bpm, least_bpm, most_bpm, knots, straight, scale)


def _orthonormal(z: Samples, share: Samples, knots: tuple[float, ...]) -> tuple[Samples, Samples]:
    """What to subtract from the bends, as multiples of (1, z), and what to multiply them by."""
    bends = _bends(z, knots)
    line = np.column_stack([np.ones_like(z), z])
    weighted = line * share[:, None]
    straight = np.linalg.solve(weighted.T @ line, weighted.T @ bends)
    rest = bends - line @ straight
    values, vectors = np.linalg.eigh(rest.T @ (rest * share[:, None]))
    is_real = values > 1e-6 * float(values.max(initial=1e-6))
    vectors, values = vectors[:, is_real], values[is_real]
    # The columns' mean squares over the plays add up to 1.
    return np.asarray(straight), np.asarray(vectors / np.sqrt(values * len(values)))


def _bends(z: Samples, knots: tuple[float, ...]) -> Samples:
    """The nonlinear terms of a natural cubic spline (Harrell 2015, eq. 2.25); n x (knots - 2)."""
    if len(knots) < 3:
        return np.zeros((len(z), 0))

    def cube(knot: float) -> Samples:
        return np.asarray(np.maximum(z - knot, 0.0) ** 3)

    last, before = knots[-1], knots[-2]
    gap = last - before
    width = (last - knots[0]) ** 2
    terms = [
        (cube(t) - cube(before) * (last - t) / gap + cube(last) * (before - t) / gap) / width
        for t in knots[:-2]
    ]
    return np.column_stack(terms)
