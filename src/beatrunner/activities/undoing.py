"""Take back the recordings that an import brought, but for those that another one brought, too."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store
from beatrunner.activities.composing import recompose, tell
from beatrunner.activities.originals import forget_originals
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock

#: In one transaction, so that others get their turn.
_AT_ONCE = 50


class RecordingUndoer:
    def __init__(self, database: Database, originals: FolderBlobStore, clock: Clock) -> None:
        self._database = database
        self._originals = originals
        self._clock = clock

    async def count(
        self, tx: AsyncConnection, account_id: UUID, batch_id: UUID
    ) -> Mapping[str, int]:
        """Files and whole runs that go, runs of which others stay, and files that stay because
        another import brought them."""
        row = await recording_store.count_recordings_of(tx, account_id, batch_id)
        return dict(row._mapping)

    async def undo(self, account_id: UUID, batch_id: UUID) -> None:
        """Some at a time; one that is killed goes on where it was."""
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            await recording_store.update_brought_again(tx, account_id, batch_id)
        while await self._undo_some(account_id, batch_id):
            pass
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            await recording_store.delete_unrecorded(tx, account_id, batch_id)

    async def _undo_some(self, account_id: UUID, batch_id: UUID) -> bool:
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            rows = await recording_store.list_recordings_of(tx, account_id, batch_id, _AT_ONCE)
            for row in rows:
                await recording_store.delete_recording(tx, row.id)
            for activity_id in {row.activity_id for row in rows}:
                if await recompose(tx, account_id, activity_id):
                    await tell(tx, account_id, activity_id, self._clock())
        hashes = [row.content_sha256 for row in rows]
        await forget_originals(self._database, self._originals, hashes)
        return bool(rows)
