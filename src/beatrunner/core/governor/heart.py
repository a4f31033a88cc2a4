"""Whether a heart rate may be believed (I7).

A reading is *present* when it is fresh, touches skin and lies within what hearts do. It is *fit*
when it also is near the last fit reading and still changes: a strap that locks on to the cadence
jumps, one that has lost the skin repeats itself. A lower ground suffices to slow down than to
speed up, so the ceiling is judged by readings that are present, rises by those that are fit.
"""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.core.governor.bounds import (
    HEART_END_S,
    HEART_FROZEN_S,
    HEART_JUMP_BPM,
    HEART_LEAST_BPM,
    HEART_LIFE_S,
    HEART_MOST_BPM,
)
from beatrunner.core.governor.tick import HeartRate


@dataclass(frozen=True, slots=True)
class HeartWatch:
    """The heart as it was at the last tick, and since when. Begins unfit at `unfit_since_s`."""

    unfit_since_s: float | None
    present_bpm: float | None = None
    same_since_s: float = 0.0
    fit_bpm: float | None = None
    fit_s: float = 0.0

    def seeing(self, now_s: float, heart: HeartRate | None) -> HeartWatch:
        if heart is None or not present(heart):
            return HeartWatch(self._unfit(now_s), None, now_s, self.fit_bpm, self.fit_s)
        now_bpm = heart.heart_rate_bpm
        same_since_s = self.same_since_s if now_bpm == self.present_bpm else now_s
        jumped = (
            self.fit_bpm is not None
            and now_s - self.fit_s <= HEART_END_S
            and abs(now_bpm - self.fit_bpm) > HEART_JUMP_BPM
        )
        if jumped or now_s - same_since_s > HEART_FROZEN_S:
            return HeartWatch(self._unfit(now_s), now_bpm, same_since_s, self.fit_bpm, self.fit_s)
        return HeartWatch(None, now_bpm, same_since_s, now_bpm, now_s)

    def _unfit(self, now_s: float) -> float:
        return now_s if self.unfit_since_s is None else self.unfit_since_s

    def ended(self, now_s: float) -> bool:
        """Whether it has been unfit for so long that nothing may be led by it."""
        return self.unfit_since_s is not None and now_s - self.unfit_since_s >= HEART_END_S


def present(heart: HeartRate) -> bool:
    return (
        heart.contact is not False
        and 0 <= heart.age_s <= HEART_LIFE_S
        and HEART_LEAST_BPM <= heart.heart_rate_bpm <= HEART_MOST_BPM
    )
