"""A heart-rate strap and what goes wrong with one.

The faults are those of chest straps and wrist sensors in use: no notifications at all, a value
that no longer moves, single wild values, a count that follows the steps instead of the heart, and
skin contact lost (where the strap says so, and sends 0 or its last value).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp

import numpy as np

_SPIKE_EVERY_S = 8.0
_LOCKS_IN_S = 6.0
_LARGEST_BPM = 250


class StrapFault(StrEnum):
    NONE = "none"
    DROPOUT = "dropout"
    FREEZE = "freeze"
    SPIKE = "spike"
    CADENCE_LOCK = "cadence_lock"
    CONTACT_LOST = "contact_lost"


@dataclass(frozen=True, slots=True)
class StrapReading:
    """One notification. `has_contact` None: this strap cannot tell."""

    heart_rate_bpm: int
    has_contact: bool | None


@dataclass(frozen=True, slots=True)
class Episode:
    """A fault from `start_s` for `length_s`."""

    fault: StrapFault
    start_s: float
    length_s: float


class VirtualStrap:
    """Turns the true heart rate into notifications. Set `fault` at any time."""

    def __init__(self, seed: int, tells_contact: bool = True) -> None:
        self.fault = StrapFault.NONE
        self._tells_contact = tells_contact
        self._rng = np.random.default_rng(seed)
        self._last_bpm = 0
        self._off_bpm = 0.0

    def read(
        self, dt_s: float, heart_rate_bpm: float, cadence_spm: float = 0.0
    ) -> StrapReading | None:
        """What is notified `dt_s` after the last call; None: nothing is."""
        has_contact = True if self._tells_contact else None
        self._lock_on(dt_s, heart_rate_bpm, cadence_spm)
        match self.fault:
            case StrapFault.DROPOUT:
                return None
            case StrapFault.FREEZE:
                # A strap that froze at once has counted nothing yet.
                self._last_bpm = self._last_bpm or round(heart_rate_bpm)
            case StrapFault.CONTACT_LOST:
                if self._tells_contact:
                    return StrapReading(0, has_contact=False)
            case _:
                self._last_bpm = round(heart_rate_bpm + self._off_bpm)
                if self.fault is StrapFault.SPIKE and self._rng.random() < dt_s / _SPIKE_EVERY_S:
                    wild_bpm = self._last_bpm + round(float(self._rng.uniform(35.0, 110.0)))
                    return StrapReading(min(wild_bpm, _LARGEST_BPM), has_contact)
        return StrapReading(self._last_bpm, has_contact)

    def _lock_on(self, dt_s: float, heart_rate_bpm: float, cadence_spm: float) -> None:
        """The count glides from the heart to the steps and, when the fault ends, back."""
        is_locked = self.fault is StrapFault.CADENCE_LOCK and cadence_spm > 0.0
        wanted_bpm = cadence_spm - heart_rate_bpm if is_locked else 0.0
        self._off_bpm += (1.0 - exp(-dt_s / _LOCKS_IN_S)) * (wanted_bpm - self._off_bpm)


def draw_episodes(
    rng: np.random.Generator, length_s: float, every_s: float = 120.0
) -> tuple[Episode, ...]:
    """Faults of all kinds over a workout, in order and apart, one in `every_s` on average.

    Half last a few seconds, the others up to a minute or more.
    """
    faults = [fault for fault in StrapFault if fault is not StrapFault.NONE]
    episodes = []
    at_s = float(rng.exponential(every_s))
    while at_s < length_s:
        fault = faults[int(rng.integers(len(faults)))]
        lasts_s = float(np.clip(rng.lognormal(np.log(12.0), 1.2), 1.0, 180.0))
        episodes.append(Episode(fault, at_s, min(lasts_s, length_s - at_s)))
        at_s += lasts_s + float(rng.exponential(every_s))
    return tuple(episodes)
