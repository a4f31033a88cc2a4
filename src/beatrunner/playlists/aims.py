"""From what a playlist is for to the cadence of each of its stretches, for this runner.

A cadence is taken at its word. A pace means the cadence that the runner's own gait has at it; a
heart rate means the speed that leads to it, and so a cadence. Each step adds to what is uncertain,
and the interval says how much that is.
"""

from __future__ import annotations

from dataclasses import dataclass

from beatrunner.core.controller.goal import BlockKind
from beatrunner.core.controller.plan_lead import PACE_OF
from beatrunner.core.controller.situation import PACE_KMH
from beatrunner.core.estimate import Estimate
from beatrunner.core.gait import GaitModel
from beatrunner.core.heart import HeartModel, Zone, zones
from beatrunner.core.playlist import Stretch
from beatrunner.playlists.shapes import (
    CadenceTarget,
    PaceTarget,
    PlanBlock,
    PlanTarget,
    Target,
    ZoneTarget,
)

_KMH_PER_MPS = 3.6


@dataclass(frozen=True, slots=True)
class Aim:
    """`kind` None: it is all there is."""

    kind: BlockKind | None
    length_s: float
    cadence_spm: Estimate

    @property
    def stretch(self) -> Stretch:
        is_hard = self.kind in {None, BlockKind.WORK}
        return Stretch(self.cadence_spm.value, self.length_s, is_hard)


def zones_of(heart: HeartModel) -> tuple[Zone, ...]:
    return zones(heart.resting_heart_rate_bpm.value, heart.max_heart_rate_bpm.value)


class Pacing:
    """What this runner's steps are at what they want."""

    def __init__(self, gait: GaitModel, heart: HeartModel) -> None:
        self._gait = gait
        self._heart = heart

    def aims(self, target: Target, minutes: float | None) -> list[Aim]:
        """`minutes` counts for all but a plan."""
        if isinstance(target, PlanTarget):
            return [
                Aim(block.kind, block.duration_s, self._of_block(block)) for block in target.blocks
            ]
        return [Aim(None, 60.0 * (minutes or 0.0), self._of_target(target))]

    def _of_target(self, target: CadenceTarget | PaceTarget | ZoneTarget) -> Estimate:
        if isinstance(target, CadenceTarget):
            return Estimate.exact(target.cadence_spm)
        if isinstance(target, PaceTarget):
            return self._at_speed(target.speed_kmh)
        zone = zones_of(self._heart)[target.zone - 1]
        return self._at_heart_rate((zone.low_bpm + zone.high_bpm) / 2.0)

    def _of_block(self, block: PlanBlock) -> Estimate:
        """As a workout with this block would be led (`core.controller.plan_lead`)."""
        if block.target_low_bpm is not None and block.target_high_bpm is not None:
            return self._at_heart_rate((block.target_low_bpm + block.target_high_bpm) / 2.0)
        if block.cadence_spm is not None:
            return Estimate.exact(block.cadence_spm)
        return self._at_speed(block.speed_kmh or PACE_KMH * PACE_OF[block.kind])

    def _at_speed(self, speed_kmh: float) -> Estimate:
        return self._gait.cadence_spm(speed_kmh / _KMH_PER_MPS)

    def _at_heart_rate(self, heart_rate_bpm: float) -> Estimate:
        speed = self._heart.speed_mps(heart_rate_bpm)
        # Who may walk or run takes steps of both.
        ends = [self._gait.cadence_spm(mps) for mps in (speed.low, speed.value, speed.high)]
        return Estimate(ends[1].value, min(end.low for end in ends), max(end.high for end in ends))
