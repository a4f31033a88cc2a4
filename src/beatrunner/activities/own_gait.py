"""How this runner steps, by the runs they have here: what Learn knows and Drive needs.

Computed when asked for, from the latest runs on either ground: they take some milliseconds, and so
nothing has to be kept in step with runs that come, change and go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.latest_runs import LatestRun, load_latest_runs
from beatrunner.core.gait import GaitModel
from beatrunner.core.own_gait import OwnGait, steady_blocks, stranger


async def load_own_gait(
    tx: AsyncConnection, account_id: UUID, height_cm: float | None = None
) -> OwnGait:
    """The population's, with their height, for who has no runs with steps."""
    runs = await load_latest_runs(tx, account_id, "mean_cadence_spm")
    # Somebody else's belt may be waiting for this thread.
    return await asyncio.to_thread(_learn, stranger(height_cm), runs)


async def find_own_gait(
    tx: AsyncConnection,
    account_id: UUID,
    height_cm: float | None = None,
    *,
    treadmill: bool = False,
) -> GaitModel:
    """For a run to come on this ground."""
    return (await load_own_gait(tx, account_id, height_cm)).on(treadmill=treadmill)


def _learn(gait: OwnGait, runs: Sequence[LatestRun]) -> OwnGait:
    for run in runs:
        columns = run.streams.columns
        if "speed_mps" in columns and "cadence_spm" in columns:
            blocks = steady_blocks(
                columns["speed_mps"], columns["cadence_spm"], columns.get("grade_pct")
            )
            gait = gait.seeing_run(blocks, treadmill=run.is_indoor)
    return gait
