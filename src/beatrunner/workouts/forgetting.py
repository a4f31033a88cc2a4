"""What goes from workouts by their runner's wish: heart rates when they withdraw their consent, and
raw seconds when they have been kept for as long as was wanted."""

from __future__ import annotations

from datetime import timedelta

from beatrunner.db.engine import Database
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import Clock
from beatrunner.privacy.retention import find_retention
from beatrunner.workouts import store
from beatrunner.workouts.summing import summary_without_heart_rate

#: In one transaction: an hour of a workout has 3,600 seconds.
_WORKOUTS_AT_ONCE = 10


class WorkoutForgetter:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @job("consent.withdrawn", can_wait=True)
    async def forget_heart_rates(self, claimed: ClaimedJob) -> None:
        """Of the seconds, the summaries, and what the controller kept in mind."""
        async with self._database.read() as tx:
            rows = await store.list_summaries(tx, claimed.account_id)
        for row in rows:
            async with self._database.write() as tx:
                await store.update_metrics_without_heart_rate(tx, row.id)
                if row.summary is not None:
                    summary = summary_without_heart_rate(row.summary)
                    await store.update_workout(tx, row.id, {"summary": summary})
                if row.state not in store.OPEN:
                    await store.update_workout(tx, row.id, {"conductor": None})

    @job("retention.sweep", can_wait=True)
    async def forget_old_seconds(self, claimed: ClaimedJob) -> None:
        """Of sealed workouts: their runs keep what they say."""
        async with self._database.read() as tx:
            wanted = await find_retention(tx, claimed.account_id)
        before = self._clock() - timedelta(days=wanted.live_samples_days)
        is_left = True
        while is_left:
            async with self._database.write() as tx:
                is_left = await store.delete_old_metrics(
                    tx, claimed.account_id, before, _WORKOUTS_AT_ONCE
                )
