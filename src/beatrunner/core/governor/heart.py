"""Whether a heart rate may be believed (I7).

A reading is *present* when it is fresh, touches skin and lies within what hearts do. It is *fit*
when it also is near the readings of the seconds before it and still changes. Sensors fail in their
own ways: a wild value strays for a moment; one that has lost the skin repeats itself; one that
begins to count steps instead of beats strays for seconds, faster than a heart moves, and then
stays at the cadence. A lower ground suffices to slow down than to speed up, so the ceiling is
judged by readings that are present, rises by those that are fit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median_high, median_low

from beatrunner.core.governor.bounds import (
    HEART_AT_CADENCE_BPM,
    HEART_END_S,
    HEART_FROZEN_S,
    HEART_JUMP_BPM,
    HEART_LEAST_BPM,
    HEART_LIFE_S,
    HEART_MOST_BPM,
    HEART_RECENT_S,
    HEART_STRAY_BPM,
    HEART_SUSPECT_S,
    HEART_WILD_S,
)
from beatrunner.core.governor.tick import HeartRate


@dataclass(frozen=True, slots=True)
class HeartWatch:
    """The heart as it was at the last tick, and since when. Begins unfit at `unfit_since_s`."""

    unfit_since_s: float | None
    present_bpm: float | None = None
    same_since_s: float = 0.0
    recent: tuple[tuple[float, float], ...] = ()
    """(at_s, heart rate) of what was present within HEART_RECENT_S, and at least the last."""
    strayed_since_s: float | None = None
    strayed_s: float = -math.inf
    """When it last strayed at all."""
    swift_s: float = -math.inf
    """When it last strayed for longer than a wild value does."""
    locked: bool = False
    """It strayed, came to the cadence, and is still there."""

    def seeing(
        self, now_s: float, heart: HeartRate | None, cadence_spm: float | None = None
    ) -> HeartWatch:
        """With the reading of this tick; `cadence_spm` counts both feet."""
        if heart is None or not present(heart):
            unfit_since_s = self._unfit(now_s)
            return replace(
                self, unfit_since_s=unfit_since_s, present_bpm=None, strayed_since_s=None
            )
        now_bpm = heart.heart_rate_bpm
        same_since_s = self.same_since_s if now_bpm == self.present_bpm else now_s
        strayed_since_s, strayed_s, swift_s = None, self.strayed_s, self.swift_s
        recent = tuple(
            (at_s, rate_bpm) for at_s, rate_bpm in self.recent if now_s - at_s <= HEART_RECENT_S
        )
        if self._strays(now_s, now_bpm, [rate_bpm for _at_s, rate_bpm in recent]):
            strayed_s = now_s
            strayed_since_s = now_s if self.strayed_since_s is None else self.strayed_since_s
            if now_s - strayed_since_s >= HEART_WILD_S:
                swift_s = now_s
        at_cadence = cadence_spm is not None and abs(now_bpm - cadence_spm) <= HEART_AT_CADENCE_BPM
        locked = at_cadence and (now_s - strayed_s <= HEART_SUSPECT_S or self.locked)
        if self.locked:
            swift_s = now_s  # it will have to come back
        swift = now_s - swift_s <= HEART_RECENT_S
        frozen = now_s - same_since_s > HEART_FROZEN_S
        unfit = strayed_since_s is not None or swift or locked or frozen
        return HeartWatch(
            self._unfit(now_s) if unfit else None,
            now_bpm,
            same_since_s,
            (*recent, (now_s, now_bpm)),
            strayed_since_s,
            strayed_s,
            swift_s,
            locked,
        )

    def _strays(self, now_s: float, now_bpm: float, recent_bpm: list[float]) -> bool:
        """Whether it is far from the middle of what was there just before, or from the last."""
        if recent_bpm:
            middle_bpm = (median_low(recent_bpm), median_high(recent_bpm))
            return any(abs(now_bpm - rate_bpm) > HEART_STRAY_BPM for rate_bpm in middle_bpm)
        return any(
            now_s - at_s <= HEART_END_S and abs(now_bpm - rate_bpm) > HEART_JUMP_BPM
            for at_s, rate_bpm in self.recent[-1:]
        )

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
