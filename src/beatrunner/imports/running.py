"""The job `import.run`: everything that was uploaded at once, file by file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from beatrunner.codecs.export_table import TABLE_KINDS, ExportTable
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_content
from beatrunner.db.types import AnyRow
from beatrunner.imports import store
from beatrunner.imports.opening import ArchiveOpener, Batch
from beatrunner.imports.outcomes import FileImporter, Outcome, Reader, SourceFile
from beatrunner.imports.reading import FileContent, read_file
from beatrunner.imports.refusing import refusal_of, refuse
from beatrunner.imports.store import Verdict
from beatrunner.jobs.registry import job, when_dead
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.blob import BlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.kit.parser_pool import ParserPool

log = logger(__name__)


_NOTHING_LOST = frozenset({Refusal.NOT_AN_ACTIVITY, Refusal.BY_HAND})


class ImportRunner:
    def __init__(
        self,
        database: Database,
        pool: ParserPool,
        originals: BlobStore,
        importers: Sequence[FileImporter],
        clock: Clock,
        spool: Path,
        files_at_once: int = 4,
    ) -> None:
        self._database = database
        self._pool = pool
        self._originals = originals
        self._clock = clock
        self._spool = spool
        self._opener = ArchiveOpener(database, pool, spool)
        self._files_at_once = files_at_once
        self._importers: Mapping[FileKind, FileImporter] = {
            kind: importer for importer in importers for kind in importer.readers
        }
        self._readers: Mapping[FileKind, Reader] = {
            kind: reader for importer in importers for kind, reader in importer.readers.items()
        }
        self._kept = frozenset(
            kind for importer in importers if importer.keeps_original for kind in importer.readers
        )

    @job("import.run")
    async def run(self, claimed: ClaimedJob) -> None:
        batch = Batch(
            UUID(claimed.payload["batch_id"]),
            claimed.account_id,
            is_by_script=claimed.payload.get("is_by_script", False),
        )
        async with self._database.write() as tx:
            is_open = await store.begin_batch(tx, batch.id)
        if is_open:
            await self._opener.open_all(batch)
            async with self._database.read() as tx:
                waiting = await store.list_waiting(tx, batch.id)
            await self._import_all(batch, waiting)
        await self._finish(batch.id, "done")

    @when_dead("import.run")
    async def give_up(self, claimed: ClaimedJob) -> None:
        """Fail, unless it got on since it was enqueued: however often it is killed, it ends."""
        batch_id = UUID(claimed.payload["batch_id"])
        async with self._database.write() as tx:
            batch = await store.get_batch(tx, claimed.account_id, batch_id)
            if 0 < batch.files_waiting < claimed.payload.get("left", batch.files_total):
                payload = {**claimed.payload, "left": batch.files_waiting}
                now = self._clock()
                await enqueue(tx, "import.run", payload, account_id=claimed.account_id, now=now)
                return
        await self._finish(batch_id, "failed")

    async def _finish(self, batch_id: UUID, state: str) -> None:
        async with self._database.write() as tx:
            await store.finish_batch(tx, batch_id, state, self._clock())
            names = await store.list_spool_names(tx, batch_id)
        for name in names:
            (self._spool / name).unlink(missing_ok=True)

    async def _import_all(self, batch: Batch, rows: Sequence[AnyRow]) -> None:
        """Store one file after the other while children already read the next ones."""
        ahead: deque[asyncio.Task[FileContent]] = deque()
        try:
            for index, row in enumerate(rows):
                for coming in rows[index + len(ahead) : index + self._files_at_once]:
                    ahead.append(asyncio.create_task(self._read(batch, coming)))
                try:
                    content = await ahead.popleft()
                except Exception as error:
                    await self._end_without(row, error)
                else:
                    await self._store(batch, row, content)
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _read(self, batch: Batch, row: AnyRow) -> FileContent:
        return await self._pool.run(read_file, batch.place_of(row), self._readers, self._kept)

    async def _store(self, batch: Batch, row: AnyRow, content: FileContent) -> None:
        tables = batch.tables_of(row)
        importer = self._importers.get(content.kind)
        if importer is None:
            await self._pass_over(row, content.kind, is_in_export=bool(tables))
            return
        source = SourceFile(
            account_id=batch.account_id,
            batch_id=batch.id,
            path=row.path,
            kind=content.kind,
            sha256=content.sha256,
            tables=tables,
            provenance=_provenance_of(content.kind, tables),
            is_by_script=batch.is_by_script,
        )
        try:
            await self._store_once(row, importer, source, content)
        except Exception:
            # A dropped connection may be back; what is wrong with this file alone is not better.
            log.exception("import.store_failed", kind=content.kind)
            try:
                await self._store_once(row, importer, source, content)
            except Exception as error:
                await refuse(self._database, row.id, error)

    async def _store_once(
        self, row: AnyRow, importer: FileImporter, source: SourceFile, content: FileContent
    ) -> None:
        """The file's rows and its outcome: both, or neither."""
        async with self._database.write() as tx:
            stored = await importer.store(tx, source, content.content)
            if content.original is not None and stored.may_keep_original:
                # Somebody may be deleting the last run of this very file.
                await lock_content(tx, content.sha256)
                await asyncio.to_thread(self._originals.put, content.sha256, content.original)
            verdict = Verdict(
                stored.outcome,
                source.kind,
                stored.reason,
                activity_ids=stored.activity_ids,
                listens_added=stored.listens_added,
                activities_added=stored.activities_added,
            )
            await store.update_file(tx, row.id, verdict)

    async def _pass_over(self, row: AnyRow, kind: FileKind, *, is_in_export: bool) -> None:
        """A file nobody reads: part of an export, or not for BeatRunner at all."""
        if kind is FileKind.YOUTUBE_PAGE:
            verdict = Verdict(Outcome.REFUSED, kind, Refusal.YOUTUBE_PAGE)
        elif is_in_export or kind is FileKind.NOTHING or kind in TABLE_KINDS:
            verdict = Verdict(Outcome.SKIPPED, kind)
        else:
            verdict = Verdict(Outcome.REFUSED, kind, Refusal.UNKNOWN_KIND)
        async with self._database.write() as tx:
            await store.update_file(tx, row.id, verdict)

    async def _end_without(self, row: AnyRow, error: Exception) -> None:
        """Nothing could be read. A watch's settings in an export are nothing to complain of."""
        reason = refusal_of(error)
        if reason not in _NOTHING_LOST or row.archive_id is None:
            await refuse(self._database, row.id, error)
            return
        async with self._database.write() as tx:
            await store.update_file(tx, row.id, Verdict(Outcome.SKIPPED, FileKind.NOTHING, reason))


def _provenance_of(kind: FileKind, tables: Sequence[ExportTable]) -> Provenance:
    if kind is FileKind.APPLE_WORKOUT:
        return Provenance.APPLE_HEALTH
    return tables[0].provenance if tables else Provenance.FILE
