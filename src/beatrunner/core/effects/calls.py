"""Which tracks may be named, when hundreds could be.

By false-sign rate: the posterior probability that a track named "faster" in truth does not make
faster (Gelman & Tuerlinckx 2000, Computational Statistics 15:373; Stephens 2017, Biostatistics
18:275). Tracks are named in the order of that rate for as long as the mean rate of the named is at
most 10 %, i.e. one of ten is expected to be wrong, and none whose own rate is above 20 %: a few
sure ones are no leave for a guess. A track must stand out by itself as well as in
all: were the whole effect enough, a tempo slope off by chance would name every fast track. By
itself a track may do nothing at all (`idle`), and to name it is then as wrong.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import Samples

FALSE_SIGN_RATE = 0.10
HIGHEST_RATE = 0.20
FEWEST_PLAYS = 3


class Verdict(StrEnum):
    """What may be said of a track. `CANNOT_TELL`: its effect is small, or of either sign."""

    RAISES = "raises"
    LOWERS = "lowers"
    CANNOT_TELL = "cannot_tell"
    NOT_ENOUGH_YET = "not_enough_yet"


def called(
    whole_above: Samples, own: tuple[Samples, Samples], plays: npt.NDArray[np.intp]
) -> Samples:
    """1 for tracks called to raise the response, -1 to lower, 0 for the rest.

    From the probabilities that the whole effect is above 0, and that the track's own is above and
    below.
    """
    is_up = whole_above >= 0.5
    sign = np.where(is_up, 1.0, -1.0)
    right = np.minimum(np.where(is_up, whole_above, 1.0 - whole_above), np.where(is_up, *own))
    rate = np.where(plays >= FEWEST_PLAYS, 1.0 - right, 1.0)
    order = np.argsort(rate, kind="stable")
    mean_rate = np.cumsum(rate[order]) / np.arange(1, len(rate) + 1)
    result = np.zeros(len(rate))
    named = order[(mean_rate <= FALSE_SIGN_RATE) & (rate[order] <= HIGHEST_RATE)]
    result[named] = sign[named]
    return result
