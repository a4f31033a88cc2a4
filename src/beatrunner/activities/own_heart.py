"""How this runner's heart answers, by the runs they have here: what Drive needs besides the gait.

Computed when asked for, as `activities.own_gait` is. Outdoors effort is the grade-adjusted speed;
on a belt the belt's own speed and incline. Maximum and rest are bounded by all runs, the rest is
learnt from the latest, without those whose sensor counted steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import figures_store
from beatrunner.activities.latest_runs import LatestRun, load_latest_runs
from beatrunner.core.cadence_lock import is_cadence_locked
from beatrunner.core.heart import SPEED_SHARE_PER_PCT, HeartModel, Runner, population_heart
from beatrunner.core.heart_bounds import HeartBounds, Held, bounds_of
from beatrunner.core.own_heart import OwnHeart, heart_run, unwatched
from beatrunner.core.pace import level_speed_mps
from beatrunner.core.recording import Samples, Streams

_YEAR = timedelta(days=365.25)


async def find_own_heart(
    tx: AsyncConnection, account_id: UUID, runner: Runner, *, treadmill: bool
) -> HeartModel:
    """For a run to come on this ground; the population's for who has no runs with a heart."""
    runs = await load_latest_runs(tx, account_id, "mean_heart_rate_bpm")
    told = population_heart(replace(runner, seen=await find_heart_bounds(tx, account_id)))
    # Somebody else's belt may be waiting for this thread.
    own = await asyncio.to_thread(_learn, unwatched(told), runs)
    return own.on(treadmill=treadmill)


async def find_heart_bounds(tx: AsyncConnection, account_id: UUID) -> HeartBounds:
    """Between what the runner's heart rate was seen, as of their latest run."""
    rows = await figures_store.list_held(tx, account_id)
    latest = max((row.started_at for row in rows), default=None)
    return bounds_of(
        [
            ((latest - row.started_at) / _YEAR, Held(row.lowest_held_bpm, row.highest_held_bpm))
            for row in rows
        ]
    )


def _learn(heart: OwnHeart, runs: Sequence[LatestRun]) -> OwnHeart:
    for run in runs:
        streams = run.streams
        effort_mps = _effort_mps(streams, run.is_indoor)
        heart_rate_bpm = streams.columns.get("heart_rate_bpm")
        if effort_mps is None or heart_rate_bpm is None or is_cadence_locked(streams):
            continue
        heart = heart.seeing_run(heart_run(effort_mps, heart_rate_bpm), treadmill=run.is_indoor)
    return heart


def _effort_mps(streams: Streams, is_indoor: bool) -> Samples | None:
    """The level speed that costs as much; where the grade is not known, the speed."""
    speed_mps = streams.columns.get("speed_mps")
    grade_pct = streams.columns.get("grade_pct")
    if is_indoor and speed_mps is not None and grade_pct is not None:
        # As the conductor reckons with an incline.
        return speed_mps * np.maximum(1.0 + SPEED_SHARE_PER_PCT * np.nan_to_num(grade_pct), 0.5)
    return level_speed_mps(streams)
