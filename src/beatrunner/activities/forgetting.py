"""What goes from runs by their runner's wish: heart rates when they withdraw their consent, and
streams when they have been kept for as long as was wanted.

Either goes some runs at a time; a job that is killed goes on where it was.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from beatrunner.activities import body_store
from beatrunner.activities.composing import recompose, tell
from beatrunner.activities.originals import forget_originals
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock
from beatrunner.privacy.retention import find_retention

#: In one transaction, so that others get their turn.
_AT_ONCE = 50


class RunForgetter:
    def __init__(self, database: Database, originals: FolderBlobStore, clock: Clock) -> None:
        self._database = database
        self._originals = originals
        self._clock = clock

    @job("consent.withdrawn", can_wait=True)
    async def forget_heart_rates(self, claimed: ClaimedJob) -> None:
        """Sealed columns, the files that hold them, and every figure made of them."""
        while await self._forget_some_heart_rates(claimed.account_id):
            pass
        async with self._database.write() as tx:
            await lock_imports(tx, claimed.account_id)
            await body_store.delete_heart_figures(tx, claimed.account_id)

    async def _forget_some_heart_rates(self, account_id: UUID) -> bool:
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            rows = await body_store.list_recordings_with_body(tx, account_id, _AT_ONCE)
            hashes = {row.content_sha256 for row in rows}
            await body_store.delete_bodies(tx, account_id, [row.id for row in rows], hashes)
            for activity_id in sorted({row.activity_id for row in rows}):
                if await recompose(tx, account_id, activity_id):
                    await tell(tx, account_id, activity_id, self._clock())
        await forget_originals(self._database, self._originals, hashes)
        return bool(rows)

    @job("retention.sweep", can_wait=True)
    async def forget_old_streams(self, claimed: ClaimedJob) -> None:
        async with self._database.read() as tx:
            wanted = await find_retention(tx, claimed.account_id)
        if wanted.streams_days is None:
            return
        before = self._clock() - timedelta(days=wanted.streams_days)
        is_left = True
        while is_left:
            async with self._database.write() as tx:
                await lock_imports(tx, claimed.account_id)
                ids = await body_store.list_runs_to_strip(tx, claimed.account_id, before, _AT_ONCE)
                hashes = await body_store.delete_streams(tx, ids, self._clock())
            await forget_originals(self._database, self._originals, hashes)
            is_left = bool(ids)
