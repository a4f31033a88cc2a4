"""The job `account.export`: a runner's everything as one file, kept for a while.

Each account has one at a time: asking for another takes the earlier one away.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.exports import store
from beatrunner.exports.archive_writing import ArchiveWriter, count_items, write_account
from beatrunner.jobs.registry import job, when_dead
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.blob import BlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.folders import files_older_than
from beatrunner.kit.ids import new_id
from beatrunner.kit.log import logger

KEPT_FOR = timedelta(days=3)

_TELL_EVERY_S = 0.5
_SWEPT_AFTER_S = 3_600.0

log = logger(__name__)


class AccountExporter:
    def __init__(
        self, database: Database, originals: BlobStore, clock: Clock, folder: Path
    ) -> None:
        self._database = database
        self._originals = originals
        self._clock = clock
        self._folder = folder

    async def begin(self, account_id: UUID, caller: Caller) -> UUID:
        """Promise an export; the one that is under way, if there is one."""
        async with self._database.write() as tx:
            earlier = await store.list_exports(tx, account_id)
            under_way = [row.id for row in earlier if row.state in {"queued", "running"}]
            if under_way:
                return UUID(str(under_way[0]))
            for row in earlier:
                await store.delete_export(tx, account_id, row.id)
            export_id, now = new_id(), self._clock()
            await store.insert_export(tx, account_id, export_id, now)
            await record(tx, account_id, SecurityEvent.EXPORT_ASKED, caller=caller, now=now)
            payload = {"export_id": str(export_id)}
            await enqueue(tx, "account.export", payload, account_id=account_id, now=now)
        for row in earlier:
            self.path_of(row.id).unlink(missing_ok=True)
        return export_id

    async def delete(self, account_id: UUID, export_id: UUID) -> None:
        """Raises NotFoundError. One that is being written ends by itself."""
        async with self._database.write() as tx:
            await store.get_export(tx, account_id, export_id)
            await store.delete_export(tx, account_id, export_id)
        self.path_of(export_id).unlink(missing_ok=True)

    def path_of(self, export_id: UUID) -> Path:
        return self._folder / f"{export_id}.zip"

    @job("account.export", can_wait=True)
    async def run(self, claimed: ClaimedJob) -> None:
        """A killed one begins again; one that was taken back ends."""
        export_id = UUID(claimed.payload["export_id"])
        whole = self.path_of(export_id)
        part = whole.with_suffix(".part")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.touch(mode=0o600)
        try:
            await self.write_to(part, claimed.account_id, export_id)
            now = self._clock()
            expires_at = now + KEPT_FOR
            async with self._database.write() as tx:
                done = {
                    "state": "done",
                    "size_bytes": part.stat().st_size,
                    "finished_at": now,
                    "expires_at": expires_at,
                }
                if not await store.update_export(tx, export_id, done):
                    return
                await enqueue(
                    tx,
                    "account.export_expired",
                    {"export_id": str(export_id)},
                    account_id=claimed.account_id,
                    now=now,
                    run_at=expires_at,
                )
                part.replace(whole)
        except _TakenBackError:
            return
        finally:
            part.unlink(missing_ok=True)

    @when_dead("account.export")
    async def give_up(self, claimed: ClaimedJob) -> None:
        async with self._database.write() as tx:
            failed = {"state": "failed", "finished_at": self._clock()}
            await store.update_export(tx, UUID(claimed.payload["export_id"]), failed)

    @job("account.export_expired")
    async def expire(self, claimed: ClaimedJob) -> None:
        export_id = UUID(claimed.payload["export_id"])
        async with self._database.write() as tx:
            await store.delete_export(tx, claimed.account_id, export_id)
        self.path_of(export_id).unlink(missing_ok=True)

    async def sweep(self) -> None:
        """Delete what a power cut or a restored backup left behind: files without a row, older than
        an hour."""
        oldest_s = self._clock().timestamp() - _SWEPT_AFTER_S
        found = await asyncio.to_thread(files_older_than, self._folder, oldest_s)
        if not found:
            return
        async with self._database.read() as tx:
            wanted = {str(export_id) for export_id in await store.list_export_ids(tx)}
        for path in found:
            if path.stem not in wanted:
                log.info("exports.swept", name=path.name)
                path.unlink(missing_ok=True)

    async def write_to(self, path: Path, account_id: UUID, export_id: UUID | None = None) -> None:
        """Write the account's export; how far it is stands in the row of `export_id`."""
        told_at, done = time.monotonic(), 0

        async def tell(values: dict[str, object]) -> None:
            if export_id is not None:
                async with self._database.write() as writing:
                    if not await store.update_export(writing, export_id, values):
                        raise _TakenBackError

        async def progress(items: int) -> None:
            nonlocal told_at, done
            done += items
            if time.monotonic() - told_at >= _TELL_EVERY_S:
                told_at = time.monotonic()
                await tell({"items_done": done})

        archive = ArchiveWriter(path)
        try:
            async with self._database.snapshot() as tx:
                total = await count_items(tx, account_id)
                await tell({"state": "running", "items_total": total, "items_done": 0})
                now = self._clock()
                await write_account(tx, account_id, self._originals, archive, now, progress)
        finally:
            archive.close()
        await tell({"items_done": total})


class _TakenBackError(Exception):
    """Nobody wants the export any more."""
