"""How this runner's heart answers, by the runs they have here: what Drive needs besides the gait.

Computed when asked for, as `activities.own_gait` is. Outdoors effort is the grade-adjusted speed;
on a belt the belt's own speed and incline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.activities.streams import unseal_streams
from beatrunner.core.heart import SPEED_SHARE_PER_PCT, HeartModel, Runner, population_heart
from beatrunner.core.own_heart import OwnHeart, heart_run, unwatched
from beatrunner.core.recording import Samples, Streams
from beatrunner.imports.outcomes import Provenance

#: Of either ground.
_RUNS = 20

Sealed = tuple[bool, list[bytes], int]


async def find_own_heart(
    tx: AsyncConnection, account_id: UUID, runner: Runner, *, treadmill: bool
) -> HeartModel:
    """For a run to come on this ground; the population's for who has no runs with a heart."""
    runs = [
        run
        for is_indoor in (True, False)
        for run in await store.list_with_heart(tx, account_id, Provenance.LIVE, is_indoor, _RUNS)
    ]
    runs.sort(key=lambda run: run.started_at)
    sealed = [(run.is_indoor, await store.list_parts(tx, run.id), run.length_s) for run in runs]
    # Somebody else's belt may be waiting for this thread.
    own = await asyncio.to_thread(_learn, unwatched(population_heart(runner)), sealed)
    return own.on(treadmill=treadmill)


def _learn(heart: OwnHeart, sealed: Sequence[Sealed]) -> OwnHeart:
    for is_indoor, parts, length_s in sealed:
        streams = unseal_streams(parts, length_s)
        effort_mps, heart_rate_bpm = (
            _effort_mps(streams, is_indoor),
            streams.columns.get("heart_rate_bpm"),
        )
        if effort_mps is not None and heart_rate_bpm is not None:
            heart = heart.seeing_run(heart_run(effort_mps, heart_rate_bpm), treadmill=is_indoor)
    return heart


def _effort_mps(streams: Streams, is_indoor: bool) -> Samples | None:
    """The level speed that costs as much; where the grade is not known, the speed."""
    columns = streams.columns
    speed_mps = columns.get("speed_mps")
    if speed_mps is None:
        return None
    grade_pct = columns.get("grade_pct")
    if is_indoor and grade_pct is not None:
        # As the conductor reckons with an incline.
        return speed_mps * np.maximum(1.0 + SPEED_SHARE_PER_PCT * np.nan_to_num(grade_pct), 0.5)
    adjusted_mps = columns.get("grade_adjusted_speed_mps", speed_mps)
    return np.where(np.isfinite(adjusted_mps), adjusted_mps, speed_mps)
