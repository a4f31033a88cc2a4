"""The same model in statsmodels, which knows nothing of ours.

Runs are taken out by contrasts: of n plays of a run, n - 1 orthonormal combinations that a level
common to all does not touch. These rows have independent noise of one size, so that the restricted
likelihoods can be compared to the last digit.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

from beatrunner.core.effects import MeasuredPlay
from beatrunner.core.effects.curves import POSITION_KNOTS

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    y: Samples
    x: Samples
    """First the tempo in SDs, then the controls."""
    z: Samples


@dataclass(frozen=True)
class Fitted:
    log_likelihood: float
    slope: float
    spread: float
    noise: float
    has_converged: bool = True


def rows_of(plays: Sequence[MeasuredPlay], weight: Samples) -> Rows:
    """`weight` is 1 on average."""
    root = np.sqrt(weight)
    tempo = np.array([play.tempo_bpm or np.nan for play in plays])
    mean = np.average(tempo, weights=weight)
    tempo = (tempo - mean) / np.sqrt(np.average((tempo - mean) ** 2, weights=weight))
    position = np.array([play.position for play in plays])
    grade_pct = np.array([play.grade_pct for play in plays])
    bends = [np.maximum(position - knot, 0.0) for knot in POSITION_KNOTS]
    x = np.column_stack([tempo, position, *bends, grade_pct, np.maximum(grade_pct, 0.0)])
    track = np.unique([play.track for play in plays], return_inverse=True)[1]
    z = np.eye(track.max() + 1)[track]
    y = np.array([play.response for play in plays])
    run = np.unique([play.run for play in plays], return_inverse=True)[1]
    parts = [_contrasts(root[run == r]).T @ np.diag(root[run == r]) for r in range(run.max() + 1)]

    def contrasted(columns: Samples) -> Samples:
        pieces = [part @ columns[run == r] for r, part in enumerate(parts)]
        return np.concatenate(pieces)

    return Rows(contrasted(y), contrasted(x), contrasted(z))


def fitted(rows: Rows, method: str | None = None) -> Fitted:
    """By restricted likelihood; without a method by those that statsmodels tries by itself."""
    tracks = VCSpec(["track"], [[[f"t{i}" for i in range(rows.z.shape[1])]]], [[rows.z]])
    model = MixedLM(rows.y, rows.x, np.zeros(len(rows.y)), exog_vc=tracks)
    with warnings.catch_warnings():
        # What they warn of is whether the fit has converged, which is told.
        warnings.simplefilter("ignore")
        result = model.fit(reml=True, method=method)
    return Fitted(
        float(result.llf),
        slope=float(result.fe_params[0]),
        spread=float(np.sqrt(result.vcomp[0])),
        noise=float(np.sqrt(result.scale)),
        has_converged=bool(result.converged),
    )


def _contrasts(root: Samples) -> Samples:
    """n x (n - 1): orthonormal, and orthogonal to the weighted level."""
    return np.linalg.svd(root[:, None], full_matrices=True)[0][:, 1:]
