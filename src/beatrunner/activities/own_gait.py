"""How this runner steps, by the runs they have here: what Learn knows and Drive needs.

Computed when asked for, from the latest runs on either ground: they take some milliseconds, and so
nothing has to be kept in step with runs that come, change and go. A watch's guess of the speed on
a treadmill teaches nothing; the belt's own speed does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.activities.streams import unseal_streams
from beatrunner.core.gait import GaitModel
from beatrunner.core.own_gait import OwnGait, steady_blocks, stranger
from beatrunner.imports.outcomes import Provenance

#: Of either ground.
_RUNS = 20
_RUNS_USUAL = 10

Sealed = tuple[bool, list[bytes], int]


async def load_own_gait(
    tx: AsyncConnection, account_id: UUID, height_cm: float | None = None
) -> OwnGait:
    """The population's, with their height, for who has no runs with steps."""
    runs = [
        run
        for is_indoor in (True, False)
        for run in await store.list_stepped(tx, account_id, Provenance.LIVE, is_indoor, _RUNS)
    ]
    runs.sort(key=lambda run: run.started_at)
    sealed = [(run.is_indoor, await store.list_parts(tx, run.id), run.length_s) for run in runs]
    # Somebody else's belt may be waiting for this thread.
    return await asyncio.to_thread(_learn, stranger(height_cm), sealed)


async def find_own_gait(
    tx: AsyncConnection,
    account_id: UUID,
    height_cm: float | None = None,
    *,
    treadmill: bool = False,
) -> GaitModel:
    """For a run to come on this ground."""
    return (await load_own_gait(tx, account_id, height_cm)).on(treadmill=treadmill)


async def find_usual_cadence(tx: AsyncConnection, account_id: UUID) -> float | None:
    """Steps a minute (both feet) in the middle one of the latest runs; None before there is one."""
    cadences = await store.list_run_cadences(tx, account_id, _RUNS_USUAL)
    return median(cadences) if cadences else None


def _learn(gait: OwnGait, sealed: Sequence[Sealed]) -> OwnGait:
    for is_indoor, parts, length_s in sealed:
        columns = unseal_streams(parts, length_s).columns
        if "speed_mps" in columns and "cadence_spm" in columns:
            blocks = steady_blocks(
                columns["speed_mps"], columns["cadence_spm"], columns.get("grade_pct")
            )
            gait = gait.seeing_run(blocks, treadmill=is_indoor)
    return gait
