"""A runner's gait from the runs they recorded: what makes a cadence mean a speed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beatrunner.core.gait import GaitModel
from beatrunner.core.recording import Samples

_BLOCK_S = 30
#: Seconds of a block may differ by so much from their mean (SD, relative): no starts, no sprints.
_STEADY = 0.08
_LEVEL_PCT = 2.0


def seeing_run(
    gait: GaitModel, speed_mps: Samples, cadence_spm: Samples, grade_pct: Samples | None = None
) -> GaitModel:
    """The model after a run, given as one value a second (both feet); NaN where not known.

    Only whole blocks of 30 s count in which speed and steps were known throughout and steady, and
    the ground level where its slope is known: uphill the same steps are a slower run. What was
    known before is taken as of another day.
    """
    speeds, cadences = _blocks(speed_mps), _blocks(cadence_spm)
    is_usable = np.isfinite(speeds).all(axis=1) & np.isfinite(cadences).all(axis=1)
    if grade_pct is not None:
        # A gap in the altitude is no hill.
        is_usable &= (np.abs(np.nan_to_num(_blocks(grade_pct))) <= _LEVEL_PCT).all(axis=1)
    speeds, cadences = speeds[is_usable], cadences[is_usable]
    is_steady = _is_steady(speeds) & _is_steady(cadences)
    gait = gait.on_another_day()
    for speed, cadence in zip(
        speeds[is_steady].mean(axis=1).tolist(),
        cadences[is_steady].mean(axis=1).tolist(),
        strict=True,
    ):
        gait = gait.seeing(speed, cadence, float(_BLOCK_S))
    return gait


def _blocks(column: Samples) -> Samples:
    whole_s = len(column) // _BLOCK_S * _BLOCK_S
    return column[:whole_s].reshape(-1, _BLOCK_S)


def _is_steady(blocks: Samples) -> npt.NDArray[np.bool_]:
    return np.asarray(blocks.std(axis=1) <= _STEADY * blocks.mean(axis=1))
