"""Original files go when no recording needs them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from beatrunner.activities import recording_store
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_content
from beatrunner.kit.blob import FolderBlobStore


async def forget_originals(
    database: Database, originals: FolderBlobStore, hashes: Collection[str]
) -> None:
    """Of contents whose recordings were deleted, in a transaction that is over: a file must not
    be gone while the run that needs it is still there.

    Looked up and deleted under a lock, as somebody may be about to import the file again.
    """
    async with database.write() as tx:
        for sha256 in sorted(hashes):
            await lock_content(tx, sha256)
        for sha256 in await recording_store.list_unneeded(tx, hashes):
            await asyncio.to_thread(originals.delete, sha256)
