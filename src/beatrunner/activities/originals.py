"""Original files go when no recording needs them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from beatrunner.activities import recording_store
from beatrunner.db.engine import Database
from beatrunner.kit.blob import FolderBlobStore


async def forget_originals(
    database: Database, originals: FolderBlobStore, hashes: Collection[str]
) -> None:
    """Of contents whose recordings were deleted, in a transaction that is over: a file must not
    be gone while the run that needs it is still there."""
    async with database.read() as tx:
        orphans = await recording_store.list_unneeded(tx, hashes)
    for sha256 in orphans:
        await asyncio.to_thread(originals.delete, sha256)
