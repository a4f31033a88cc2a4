"""Whether a sensor counted steps for heart beats.

An optical sensor on the wrist may do so. Heart rate then is the cadence, and goes up and down with
it second by second, as no heart does: hearts lag by a minute.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples, Streams

_WINDOW_S = 60
_BLOCK_S = 5
_ALIKE_BPM = 3.0
#: Minutes, share of the moving minutes, and correlation from which heart rate is called cadence.
_LEAST_LOCKED, _LEAST_SHARE, _LEAST_CORRELATION = 5, 0.3, 0.6


def is_cadence_locked(streams: Streams) -> bool:
    columns = streams.columns
    if "heart_rate_bpm" not in columns or "cadence_spm" not in columns:
        return False
    heart = _windows(columns["heart_rate_bpm"])
    cadence = _windows(columns["cadence_spm"])
    is_moving = _windows(streams.is_moving.astype(float)).all(axis=(1, 2))
    is_known = is_moving & np.isfinite(heart + cadence).all(axis=(1, 2))
    heart, cadence = heart[is_known].mean(axis=2), cadence[is_known].mean(axis=2)
    is_alike = np.abs(heart - cadence).mean(axis=1) <= _ALIKE_BPM
    if is_alike.sum() < max(_LEAST_LOCKED, _LEAST_SHARE * len(is_alike)):
        return False
    return _correlation(heart[is_alike], cadence[is_alike]) >= _LEAST_CORRELATION


def _windows(column: npt.NDArray[np.float64]) -> Samples:
    """Minutes of blocks of seconds."""
    whole_s = len(column) // _WINDOW_S * _WINDOW_S
    return column[:whole_s].reshape(-1, _WINDOW_S // _BLOCK_S, _BLOCK_S)


def _correlation(heart: Samples, cadence: Samples) -> float:
    """Within minutes: that both rise over the run would say nothing."""
    heart = heart - heart.mean(axis=1, keepdims=True)
    cadence = cadence - cadence.mean(axis=1, keepdims=True)
    scale = float(np.sqrt((heart**2).sum() * (cadence**2).sum()))
    return float((heart * cadence).sum()) / scale if scale else 0.0
