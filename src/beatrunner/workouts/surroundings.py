"""Who runs on what: everything a conductor must know besides the goal, from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import find_runner_profile
from beatrunner.activities.own_gait import find_own_gait
from beatrunner.activities.own_heart import find_own_heart
from beatrunner.codecs.live import Bounds, Settings, Setup
from beatrunner.core.controller import Machine
from beatrunner.core.gait import GaitModel
from beatrunner.core.heart import HeartModel, Runner, Zone, zones
from beatrunner.db.types import AnyRow
from beatrunner.devices.treadmills import MachineLimits, find_treadmill

#: Where nobody has set a bound: the machine's own, which are narrower, then count alone.
_UNBOUNDED = Bounds(max_speed_kmh=25.0, min_incline_pct=-20.0, max_incline_pct=40.0)
#: Taken of a machine that has not told its limits; the bridge knows them and cuts what is above.
_UNKNOWN_MACHINE = MachineLimits(0.8, 16.0, 0.1, 0.0, 12.0, 0.5)
_UNKNOWN_LAG_S = 1.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`ceiling_bpm` and `profile` are the runner's own; a workout may ask for less alone."""

    runner: Runner
    gait: GaitModel
    heart: HeartModel
    zones: tuple[Zone, ...]
    profile: Bounds
    ceiling_bpm: float
    treadmill_id: UUID | None
    limits: MachineLimits
    lag_s: float

    def setup(self, settings: Settings) -> Setup:
        """What the governor beside the belt has to know."""
        return Setup(
            profile=self.profile,
            workout=_narrowed(settings.max_speed_kmh, settings.max_incline_pct),
            ceiling_bpm=self.ceiling_of(settings),
        )

    def ceiling_of(self, settings: Settings) -> float:
        asked_bpm = settings.ceiling_bpm
        return self.ceiling_bpm if asked_bpm is None else min(asked_bpm, self.ceiling_bpm)

    def machine(self, settings: Settings) -> Machine:
        """The belt within what profile and workout allow."""
        bounds = (self.profile, _narrowed(settings.max_speed_kmh, settings.max_incline_pct))
        limits = self.limits
        top = min(limits.max_incline_pct, *(each.max_incline_pct for each in bounds))
        fastest = min(limits.max_speed_kmh, *(each.max_speed_kmh for each in bounds))
        return Machine(
            min_speed_kmh=limits.min_speed_kmh,
            max_speed_kmh=max(fastest, limits.min_speed_kmh),
            speed_step_kmh=limits.speed_step_kmh,
            min_incline_pct=min(max(limits.min_incline_pct, self.profile.min_incline_pct), top),
            max_incline_pct=top,
            incline_step_pct=limits.incline_step_pct,
            lag_s=self.lag_s,
        )


async def load_surroundings(tx: AsyncConnection, workout: AnyRow, now: datetime) -> Surroundings:
    profile = await find_runner_profile(tx, workout.account_id, now)
    treadmill = None
    if workout.bridge_id is not None:
        treadmill = await find_treadmill(tx, workout.bridge_id)
    limits = treadmill.limits if treadmill else None
    lag_s = (treadmill.calibration or {}).get("lag_s") if treadmill else None
    gait = await find_own_gait(tx, workout.account_id, profile.runner.height_cm, treadmill=True)
    heart = await find_own_heart(tx, workout.account_id, profile.runner, treadmill=True)
    return Surroundings(
        runner=profile.runner,
        gait=gait,
        heart=heart,
        zones=zones_of(heart),
        profile=_narrowed(profile.max_speed_kmh, profile.max_incline_pct),
        ceiling_bpm=profile.ceiling_bpm,
        treadmill_id=treadmill.id if treadmill else None,
        limits=limits or _UNKNOWN_MACHINE,
        lag_s=lag_s if isinstance(lag_s, int | float) else _UNKNOWN_LAG_S,
    )


def zones_of(heart: HeartModel) -> tuple[Zone, ...]:
    return zones(heart.resting_heart_rate_bpm.value, heart.max_heart_rate_bpm.value)


def _narrowed(max_speed_kmh: float | None, max_incline_pct: float | None) -> Bounds:
    top = _UNBOUNDED.max_incline_pct if max_incline_pct is None else max_incline_pct
    return Bounds(
        max_speed_kmh=_UNBOUNDED.max_speed_kmh if max_speed_kmh is None else max_speed_kmh,
        min_incline_pct=min(_UNBOUNDED.min_incline_pct, top),
        max_incline_pct=top,
    )
