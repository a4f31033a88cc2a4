"""One second as the modes see it, and the few questions all of them ask."""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.core.controller.advice import Sense
from beatrunner.core.controller.goal import Goal, Machine
from beatrunner.core.controller.state import ControllerState
from beatrunner.core.heart import SPEED_SHARE_PER_PCT

CEILING_MARGIN_BPM = 4.0
"""The steady heart rate is kept this far below the governor's ceiling."""
WALK_KMH = 6.5
"""Up to here everybody walks with ease."""
JOG_KMH = 7.0
"""Who goes faster than this runs, be it slowly."""
_RUN_MARGIN_KMH = 0.2
PACE_KMH = 8.5
"""Where a runner who said nothing is taken to be at ease."""


@dataclass(frozen=True, slots=True)
class Situation:
    """`state` is that of before, with what was learnt from `sense` already in it."""

    goal: Goal
    machine: Machine
    sense: Sense
    state: ControllerState
    dt_s: float
    reach: float = 0.2
    """Of the runner's own pace: so far a song may take them from it."""

    @property
    def pace_kmh(self) -> float:
        """The speed that suits the runner."""
        wanted_kmh = PACE_KMH if self.goal.speed_kmh is None else self.goal.speed_kmh
        return self.machine.speed_kmh(wanted_kmh)

    @property
    def is_run(self) -> bool:
        """Whether this is to be a run, not a walk."""
        return self.pace_kmh > JOG_KMH

    @property
    def cap_mps(self) -> float:
        """The exertion that keeps the heart below the ceiling, as far as can be foretold."""
        if self.goal.ceiling_bpm is None:
            return float("inf")
        target_bpm = self.goal.ceiling_bpm - CEILING_MARGIN_BPM
        return self.state.observer.exertion_for(target_bpm, 1.0)

    def slope_for(self, exertion_mps: float, speed_kmh: float) -> float:
        """The incline (%), before any limit, at which this speed costs so much."""
        return (exertion_mps * 3.6 / max(speed_kmh, 0.1) - 1.0) / SPEED_SHARE_PER_PCT

    @property
    def run_kmh(self) -> float:
        """From here on this runner runs, as far as is known of their gait."""
        return self.state.gait.runs_above_mps * 3.6 + _RUN_MARGIN_KMH

    def clear_of_transition(self, speed_kmh: float, upwards: bool) -> float:
        """This speed, or the nearest one at which people walk or run, if the belt has one."""
        if not WALK_KMH < speed_kmh < self.run_kmh:
            return speed_kmh
        return self.run_kmh if upwards else WALK_KMH
