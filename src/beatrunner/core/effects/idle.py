"""Which way a track's own effect goes, if it has one at all.

The fit has every track differ from its tempo by something, in a normal way. That is a good guess
for estimates and a bad one for naming: where few tracks do much and all others nothing, the few
make it look likely that the others do something too. Tracks are therefore named by a prior of
another shape: a share of them is idle, with an effect of exactly 0, and that of the rest is normal
(Mitchell & Beauchamp 1988, Journal of the American Statistical Association 83:1023). To call an
idle track is as false as the wrong sign (Stephens 2017, Biostatistics 18:275). The share and the
spread of the rest are not known: they are summed over, the share evenly, the spread so that the
root mean square of all tracks has the half-normal prior of the fit.

What the plays alone say of a track is its posterior without its prior. Of the errors that tracks
share, only one matters here: the level of all of them, which no plays can tell and the fit takes
for 0 on average. Idle tracks would all be off by it, to one side, so it is summed over too. Other
errors that tracks of the same runs share are left out; simulations say that changes little.
"""

from __future__ import annotations

import numpy as np

from beatrunner.core.effects.mixture import cumulative_normal
from beatrunner.core.effects.spreads import half_normal
from beatrunner.core.recording import Samples

_IDLE = (np.arange(12) + 0.5) / 12.0
#: In prior scales, evenly in their logarithm.
_SPREADS = np.geomspace(0.1, 6.0, 14)
#: In standard deviations.
_LEVELS = np.linspace(-3.0, 3.0, 9)
_FARTHEST = 500.0


def signs(
    value: Samples, variance: Samples, level_sd: float, scale: float
) -> tuple[Samples, Samples]:
    """The probabilities of each track's effect to be above 0, and below; the rest is for idle.

    `value` and `variance` (above 0) are what the plays alone say, but for the level of all values,
    which is off by `level_sd`; `scale` is that of the prior.
    """
    if not len(value):
        return value, value
    found = [_at_level(value - level_sd * z, variance, scale) for z in _LEVELS.tolist()]
    log_weight = np.array([each for each, _ in found]) - 0.5 * _LEVELS**2
    weight = np.exp(log_weight - log_weight.max())
    above, below = np.tensordot(weight / weight.sum(), np.array([each for _, each in found]), 1)
    return above, below


def _at_level(value: Samples, variance: Samples, scale: float) -> tuple[float, Samples]:
    """The log likelihood, up to a constant, and the probabilities to be above 0, and below."""
    spread = scale * _SPREADS[:, None]
    idle = _log_normal(value, variance)
    # Relative to idle, and before either is weighed by its share.
    odds = np.exp(np.minimum(_log_normal(value, variance + spread**2) - idle, _FARTHEST))
    log_weight = np.empty((len(_IDLE), len(spread)))
    for i, share in enumerate(_IDLE.tolist()):
        log_likelihood = np.log(share + (1.0 - share) * odds).sum(axis=1)
        log_weight[i] = log_likelihood + half_normal(spread[:, 0] * np.sqrt(1.0 - share), scale)
    most = float(log_weight.max())
    weight = np.exp(log_weight - most)
    total = float(weight.sum())
    is_busy = np.zeros_like(odds)
    for share, each in zip(_IDLE.tolist(), weight / total, strict=True):
        busy = (1.0 - share) * odds
        is_busy += each[:, None] * busy / (share + busy)
    above = cumulative_normal(spread * value / np.sqrt(variance * (variance + spread**2)))
    both = np.stack([(is_busy * above).sum(axis=0), (is_busy * (1.0 - above)).sum(axis=0)])
    return most + float(np.log(total) + idle.sum()), both


def _log_normal(value: Samples, variance: Samples) -> Samples:
    """Log density around 0, up to a constant."""
    return np.asarray(-0.5 * (value**2 / variance + np.log(variance)))
