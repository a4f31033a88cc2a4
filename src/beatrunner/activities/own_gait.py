"""How this runner steps, by the runs they have here: what Learn knows and Drive needs.

Computed when asked for, from the latest runs: ten of them take some milliseconds, and so nothing
has to be kept in step with runs that come, change and go. A watch's guess of the speed on a
treadmill teaches nothing; the belt's own speed does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.activities.streams import unseal_streams
from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.own_gait import seeing_run
from beatrunner.imports.outcomes import Provenance

_RUNS = 10


async def find_own_gait(
    tx: AsyncConnection, account_id: UUID, height_cm: float | None = None
) -> GaitModel:
    """For a run to come. The population's, with their height, for who has no runs with steps."""
    runs = await store.list_stepped(tx, account_id, Provenance.LIVE, _RUNS)
    sealed = [(await store.list_parts(tx, run.id), run.length_s) for run in reversed(runs)]
    # Somebody else's belt may be waiting for this thread.
    return await asyncio.to_thread(_learn, population_gait(height_cm), sealed)


async def find_usual_cadence(tx: AsyncConnection, account_id: UUID) -> float | None:
    """Steps a minute (both feet) in the middle one of the latest runs; None before there is one."""
    cadences = await store.list_run_cadences(tx, account_id, _RUNS)
    return median(cadences) if cadences else None


def _learn(gait: GaitModel, sealed: Sequence[tuple[list[bytes], int]]) -> GaitModel:
    for parts, length_s in sealed:
        columns = unseal_streams(parts, length_s).columns
        if "speed_mps" in columns and "cadence_spm" in columns:
            gait = seeing_run(
                gait, columns["speed_mps"], columns["cadence_spm"], columns.get("grade_pct")
            )
    return gait.on_another_day()
