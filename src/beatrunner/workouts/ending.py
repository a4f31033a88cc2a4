"""When a workout is over: by its bridge's word, or because its bridge did not come back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.jobs.store import enqueue
from beatrunner.workouts import store

#: A bridge that is away when the workout is finished has so long to come back with the rest.
FINISH_GRACE = timedelta(minutes=2)
#: A workout that nobody finished ends when its bridge has been silent for so long.
SILENT_FOR = timedelta(minutes=30)
#: One that never began.
UNUSED_FOR = timedelta(hours=12)


async def end_workout(tx: AsyncConnection, workout_id: UUID, now: datetime) -> None:
    """Take no more samples; seal what there is, or drop a workout without any. Once."""
    row = await store.lock_workout(tx, workout_id)
    if row is None or row.state not in store.OPEN:
        return
    has_metrics = await store.has_metrics(tx, workout_id)
    await store.update_workout(
        tx,
        workout_id,
        {"state": "ended" if has_metrics else "dropped", "ended_at": row.ended_at or now},
    )
    if has_metrics:
        await enqueue(
            tx,
            "workout.ended",
            {"workout_id": str(workout_id)},
            account_id=row.account_id,
            now=now,
        )


async def finish_workout(
    tx: AsyncConnection, account_id: UUID, workout_id: UUID, now: datetime
) -> None:
    """Note that the end was asked for; the bridge still sends the rest. Raises NotFoundError."""
    row = await store.get_workout(tx, account_id, workout_id)
    if row.state not in store.OPEN or row.ended_at is not None:
        return
    await store.update_workout(tx, workout_id, {"ended_at": now})


async def end_left_behind(database: Database, now: datetime) -> None:
    """End what no bridge came back to."""
    async with database.read() as tx:
        left = await store.list_left_behind(
            tx, now - FINISH_GRACE, now - SILENT_FOR, now - UNUSED_FOR
        )
    for workout_id in left:
        async with database.write() as tx:
            await end_workout(tx, workout_id, now)
