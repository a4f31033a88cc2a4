"""What this runner usually does: what forms begin with, and what a percentage is of."""

from __future__ import annotations

from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store

_RUNS = 10


async def find_usual(
    tx: AsyncConnection, account_id: UUID, measured: store.Measured
) -> float | None:
    """The middle one of the latest runs in which it was measured; None before there is one."""
    means = await store.list_run_means(tx, account_id, measured, _RUNS)
    return median(means) if means else None


async def find_usual_cadence(tx: AsyncConnection, account_id: UUID) -> float | None:
    """Steps a minute, of both feet."""
    return await find_usual(tx, account_id, "mean_cadence_spm")
