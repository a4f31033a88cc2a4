"""Whether the belt does what it was told, as far as this machine can (I16).

A belt reacts late, ramps, and overshoots, so the speed asked for is no measure of it. The
calibration gives a band instead: the belt may be as fast as the highest speed asked for within
its lag, or as fast as its ramp has had time to bring it down from there; and as slow likewise.
Outside the band by more than the tolerance is *apart*, and a stop when it lasts. A belt that was
told to slow and passes the top of the band it had then goes the *wrong way*: some machines speed
up on either key. That is a stop at once.

A belt that is taken over, or that comes back into reach, may be on its way to a speed that only
its console knows. Nothing was asked of it then that it could disagree with; and what is asked
takes effect only after the lag, through which it goes on: the band is as wide (`adopting`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from beatrunner.core.governor.bounds import (
    APART_KMH,
    APART_S,
    EVEN_KMH,
    GRAIN,
    WRONG_WAY_KMH,
    Calibration,
)


class Finding(StrEnum):
    AGREED = "agreed"
    APART = "apart"
    DISAGREEMENT = "disagreement"
    WRONG_WAY = "wrong_way"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The band a belt may be in. `asked` is (at_s, kmh), oldest first, never empty."""

    now_s: float
    asked: tuple[tuple[float, float], ...]
    low_kmh: float
    high_kmh: float
    fall_from_kmh: float | None = None
    """Top of the band when the belt was first told to slow, until it is told to speed up."""
    apart_since_s: float | None = None

    def asking(self, now_s: float, speed_kmh: float, measured_kmh: float | None) -> Agreement:
        """The band after a command to go at `speed_kmh`."""
        last_kmh = self.asked[-1][1]
        fall_from_kmh = self.fall_from_kmh
        if speed_kmh > last_kmh:
            fall_from_kmh = None
        elif speed_kmh < last_kmh and fall_from_kmh is None:
            fall_from_kmh = max(self.high_kmh, measured_kmh or 0.0)
        return replace(self, asked=(*self.asked, (now_s, speed_kmh)), fall_from_kmh=fall_from_kmh)

    def seeing(
        self, now_s: float, measured_kmh: float | None, machine: Calibration
    ) -> tuple[Agreement, Finding]:
        """The band at `now_s`, and what a belt at `measured_kmh` (None: nothing fresh) is in it."""
        band = self._at(now_s, machine)
        if measured_kmh is None:
            return replace(band, apart_since_s=None), Finding.AGREED
        overshoot_kmh = machine.overshoot_kmh
        if band.fall_from_kmh is not None and _beyond(
            measured_kmh - band.fall_from_kmh, WRONG_WAY_KMH + overshoot_kmh
        ):
            return band, Finding.WRONG_WAY
        settling = now_s - band.asked[-1][0] <= machine.lag_s + machine.settle_s
        apart_kmh = APART_KMH + (overshoot_kmh if settling else 0.0)
        off_kmh = max(measured_kmh - band.high_kmh, band.low_kmh - measured_kmh)
        if not _beyond(off_kmh, apart_kmh):
            return replace(band, apart_since_s=None), Finding.AGREED
        since_s = now_s if band.apart_since_s is None else band.apart_since_s
        lasted = now_s - since_s >= APART_S
        return (
            replace(band, apart_since_s=since_s),
            Finding.DISAGREEMENT if lasted else Finding.APART,
        )

    def _at(self, now_s: float, machine: Calibration) -> Agreement:
        """The band moved on: what was asked for within the lag may be in force, or not yet."""
        before = [each for each in self.asked if each[0] < now_s - machine.lag_s]
        within = self.asked[len(before) :]
        asked = (*before[-1:], *within)
        speeds_kmh = [speed_kmh for _at_s, speed_kmh in asked]
        passed_s = now_s - self.now_s
        return replace(
            self,
            now_s=now_s,
            asked=asked,
            high_kmh=max(*speeds_kmh, self.high_kmh - machine.ramp_down_kmh_s * passed_s),
            low_kmh=min(*speeds_kmh, self.low_kmh + machine.ramp_up_kmh_s * passed_s),
        )


def _beyond(off_kmh: float, tolerance_kmh: float) -> bool:
    return off_kmh > tolerance_kmh + GRAIN


def beginning(now_s: float, asked_kmh: float, *others_kmh: float) -> Agreement:
    """The band of a belt that is told `asked_kmh`, and that until then went for the others."""
    speeds_kmh = (*others_kmh, asked_kmh)
    asked = tuple((now_s, speed_kmh) for speed_kmh in speeds_kmh)
    return Agreement(now_s, asked, min(speeds_kmh), max(speeds_kmh))


def adopting(now_s: float, measured_kmh: float, machine: Calibration) -> Agreement:
    """The band of a belt at `measured_kmh` that goes where somebody else sent it."""
    up_kmh, down_kmh = machine.ramp_up_kmh_s, machine.ramp_down_kmh_s
    return beginning(
        now_s,
        measured_kmh,
        measured_kmh + up_kmh * machine.lag_s,
        measured_kmh - down_kmh * machine.lag_s,
        measured_kmh,
    )


@dataclass(frozen=True, slots=True)
class Evenness:
    """Since when a belt has been near one speed."""

    since_s: float
    near_kmh: float

    def seeing(self, now_s: float, measured_kmh: float) -> Evenness:
        near = abs(measured_kmh - self.near_kmh) <= EVEN_KMH
        return self if near else Evenness(now_s, measured_kmh)
