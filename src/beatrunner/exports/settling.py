"""The event `account.imported`: what came with an account's export meets what was there before.

The parts of an export are stored as they are, each by itself. Once all are in, what follows from
the whole is made up for: the same run in both becomes one, by the rules for files; plays of one
time are put together; and everybody who computes from runs or plays is told. Each step looks at
what the import brought and changes nothing the second time, so a killed one begins again.
"""

from __future__ import annotations

from uuid import UUID

from beatrunner.activities import recording_store
from beatrunner.activities.joining import join_brought
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.exports import carried_store
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.clock import Clock


class AccountSettler:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @job("account.imported", can_wait=True)
    async def on_account(self, claimed: ClaimedJob) -> None:
        account_id, batch_id = claimed.account_id, UUID(claimed.payload["batch_id"])
        await self._settle_runs(account_id, batch_id)
        await self._settle_plays(account_id, batch_id)
        async with self._database.write() as tx:
            for activity_id in await carried_store.list_runs_without_soundtrack(tx, account_id):
                payload = {"activity_id": str(activity_id)}
                await enqueue(
                    tx, "activity.imported", payload, account_id=account_id, now=self._clock()
                )

    async def _settle_runs(self, account_id: UUID, batch_id: UUID) -> None:
        async with self._database.read() as tx:
            touched = await recording_store.list_activities_of(tx, batch_id)
        for activity_id in touched:
            async with self._database.write() as tx:
                await lock_imports(tx, account_id)
                await join_brought(tx, account_id, activity_id, batch_id, self._clock())
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            await recording_store.delete_unrecorded(tx, account_id, batch_id)

    async def _settle_plays(self, account_id: UUID, batch_id: UUID) -> None:
        async with self._database.write() as tx:
            bounds = await carried_store.find_bounds_of_plays(tx, account_id, batch_id)
            if bounds is None:
                return
            first, last, last_ended_at = (time.isoformat() for time in bounds)
            imported = {"first_started_at": first, "last_ended_at": last_ended_at}
            payload = {"first_started_at": first, "last_started_at": last, "imported": imported}
            await enqueue(tx, "plays.group", payload, account_id=account_id, now=self._clock())
