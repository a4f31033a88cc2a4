"""The course of a workout so far, thin enough for one message."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.live import History, HistoryColumns
from beatrunner.workouts import store

_MOST_POINTS = 600


async def load_history(tx: AsyncConnection, workout_id: UUID) -> History:
    last = await store.find_last_number(tx, workout_id)
    rows = await store.list_metrics(tx, workout_id, every=1 + last // _MOST_POINTS)
    return History(
        HistoryColumns(
            elapsed_s=[round(row.elapsed_s, 1) for row in rows],
            speed_kmh=[_rounded(row.speed_mps, 3.6) for row in rows],
            heart_rate_bpm=[_rounded(row.heart_rate_bpm) for row in rows],
            cadence_spm=[_rounded(row.cadence_spm) for row in rows],
            beat_spm=[_rounded(row.beat_spm) for row in rows],
            incline_pct=[_rounded(row.grade_pct) for row in rows],
        )
    )


def _rounded(value: float | None, factor: float = 1.0) -> float | None:
    return None if value is None else round(value * factor, 2)
