"""The job `import.undo`: everything that one import brought goes, as if it had never come.

What another import brought, too, stays. The slices that stored something take it back themselves
(`Undoer`), some at a time, so a killed job goes on where it was. The import stays in the list as
undone; its files can simply be handed in again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.imports import store
from beatrunner.jobs.registry import job, when_dead
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError


class Undoer(Protocol):
    """A slice that takes back what it stored of an import."""

    async def count(
        self, tx: AsyncConnection, account_id: UUID, batch_id: UUID
    ) -> Mapping[str, int]:
        """What would go, and what would stay, by names of `UndoPreview`."""

    async def undo(self, account_id: UUID, batch_id: UUID) -> None:
        """In transactions of its own. Nothing is left to do the second time."""


class ImportUndoer:
    def __init__(self, database: Database, undoers: Sequence[Undoer], clock: Clock) -> None:
        self._database = database
        self._undoers = undoers
        self._clock = clock

    async def count(self, tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> dict[str, int]:
        counts: dict[str, int] = {}
        for undoer in self._undoers:
            counts |= await undoer.count(tx, account_id, batch_id)
        return counts

    async def begin(self, tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> None:
        """Raises NotFoundError; ConflictError while it is running, or is undone."""
        await store.get_batch(tx, account_id, batch_id)
        if not await store.begin_undo(tx, batch_id):
            raise ConflictError("Only an import that is over can be undone.", kind="not-over")
        payload = {"batch_id": str(batch_id)}
        await enqueue(tx, "import.undo", payload, account_id=account_id, now=self._clock())

    @job("import.undo")
    async def run(self, claimed: ClaimedJob) -> None:
        batch_id = UUID(claimed.payload["batch_id"])
        for undoer in self._undoers:
            await undoer.undo(claimed.account_id, batch_id)
        async with self._database.write() as tx:
            await store.finish_undo(tx, batch_id, "undone")

    @when_dead("import.undo")
    async def give_up(self, claimed: ClaimedJob) -> None:
        """The import is over as before, so that it can be undone again."""
        batch_id = UUID(claimed.payload["batch_id"])
        async with self._database.write() as tx:
            batch = await store.get_batch(tx, claimed.account_id, batch_id)
            await store.finish_undo(tx, batch_id, "failed" if batch.files_waiting else "done")
