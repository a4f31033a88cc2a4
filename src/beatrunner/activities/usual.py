"""What this runner usually does: what forms begin with, and what a percentage is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store

_RUNS = 10


@dataclass(frozen=True, slots=True)
class Usual:
    """The middle ones of the latest runs, each None before there is one; steps are of both feet."""

    cadence_spm: float | None
    speed_mps: float | None
    heart_rate_bpm: float | None


async def load_usual(tx: AsyncConnection, account_id: UUID) -> Usual:
    rows = await store.list_run_means(tx, account_id, _RUNS)
    return Usual(
        cadence_spm=_middle(row.mean_cadence_spm for row in rows),
        speed_mps=_middle(row.mean_speed_mps for row in rows),
        heart_rate_bpm=_middle(row.mean_heart_rate_bpm for row in rows),
    )


def _middle(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
