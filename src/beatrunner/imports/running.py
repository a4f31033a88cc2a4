"""The job `import.run`: everything that was uploaded at once, file by file."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from beatrunner.codecs.archive import Member
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.imports import store
from beatrunner.imports.outcomes import FileImporter, Outcome, Reader, SourceFile
from beatrunner.imports.reading import (
    FileContent,
    Opened,
    Place,
    StravaTable,
    is_strava_table,
    open_archive,
    open_strava_table,
    read_file,
)
from beatrunner.imports.refusing import refusal_of
from beatrunner.imports.store import NewFile, Verdict
from beatrunner.jobs.registry import job, when_dead
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.blob import BlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.ids import new_id
from beatrunner.kit.log import logger
from beatrunner.kit.parser_pool import ParserPool

log = logger(__name__)


@dataclass(slots=True)
class _Batch:
    id: UUID
    account_id: UUID
    archives: dict[UUID, Opened] = field(default_factory=dict)
    #: By the archive whose files they are about; None for files outside of archives.
    strava: dict[UUID | None, list[StravaTable]] = field(default_factory=lambda: defaultdict(list))

    def strava_table_of(self, row: AnyRow) -> StravaTable | None:
        tables = self.strava.get(row.archive_id, ())
        return next((table for table in tables if table.covers(row.path)), None)


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
        batch = _Batch(UUID(claimed.payload["batch_id"]), claimed.account_id)
        async with self._database.write() as tx:
            spooled = await store.list_spooled(tx, batch.id)
            is_open = await store.begin_batch(tx, batch.id)
        if is_open:
            for row in spooled:
                if is_strava_table(row.path):
                    await self._open_strava_table(batch, row)
                else:
                    await self._open(batch, row)
            async with self._database.read() as tx:
                waiting = await store.list_waiting(tx, batch.id)
            places = {row.id: self._spool / row.spool_name for row in spooled}
            await self._import_all(batch, waiting, places)
        await self._finish(batch.id, "done", spooled)

    @when_dead("import.run")
    async def give_up(self, claimed: ClaimedJob) -> None:
        batch_id = UUID(claimed.payload["batch_id"])
        async with self._database.read() as tx:
            spooled = await store.list_spooled(tx, batch_id)
        await self._finish(batch_id, "failed", spooled)

    async def _finish(self, batch_id: UUID, state: str, spooled: Sequence[AnyRow]) -> None:
        async with self._database.write() as tx:
            await store.finish_batch(tx, batch_id, state, self._clock())
        for row in spooled:
            (self._spool / row.spool_name).unlink(missing_ok=True)

    async def _open_strava_table(self, batch: _Batch, row: AnyRow) -> None:
        try:
            table = await self._pool.run(open_strava_table, self._spool / row.spool_name, row.path)
        except Exception as error:
            await self._refuse(row, error)
            return
        if table is not None:
            batch.strava[None].append(table)

    async def _open(self, batch: _Batch, row: AnyRow) -> None:
        """List an archive's files as rows of their own; a killed import opens it again."""
        if row.outcome not in {Outcome.WAITING, Outcome.OPENED}:
            return
        try:
            opened = await self._pool.run(open_archive, self._spool / row.spool_name, row.path)
        except Exception as error:
            await self._refuse(row, error)
            return
        if opened is None:
            return
        batch.archives[row.id] = opened
        if opened.strava is not None:
            batch.strava[row.id].append(opened.strava)
        if row.outcome == Outcome.OPENED:
            return
        files = [
            NewFile(
                id=new_id(),
                path=f"{row.path}/{member.path}",
                size_bytes=member.size_bytes,
                archive_id=row.id,
                member_index=member.index,
            )
            for member in opened.members.values()
        ]
        async with self._database.write() as tx:
            await store.insert_files(tx, batch.account_id, batch.id, files)
            await store.update_file(tx, row.id, Verdict(Outcome.OPENED, FileKind.ZIP))

    async def _import_all(
        self, batch: _Batch, rows: Sequence[AnyRow], places: Mapping[UUID, Path]
    ) -> None:
        """Store one file after the other while children already read the next ones."""
        ahead: deque[asyncio.Task[FileContent]] = deque()
        try:
            for index, row in enumerate(rows):
                for coming in rows[index + len(ahead) : index + self._files_at_once]:
                    ahead.append(asyncio.create_task(self._read(batch, coming, places)))
                try:
                    content = await ahead.popleft()
                except Exception as error:
                    await self._refuse(row, error)
                else:
                    await self._store(batch, row, content)
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _read(self, batch: _Batch, row: AnyRow, places: Mapping[UUID, Path]) -> FileContent:
        member: Member | None = None
        if row.archive_id is not None:
            member = batch.archives[row.archive_id].members[row.member_index]
        place = Place(places[row.archive_id or row.id], row.path, member)
        return await self._pool.run(read_file, place, self._readers, self._kept)

    async def _store(self, batch: _Batch, row: AnyRow, content: FileContent) -> None:
        importer = self._importers.get(content.kind)
        if importer is None:
            await self._pass_over(row, content.kind)
            return
        if content.original is not None:
            await asyncio.to_thread(self._originals.put, content.sha256, content.original)
        table = batch.strava_table_of(row)
        source = SourceFile(
            account_id=batch.account_id,
            batch_id=batch.id,
            path=row.path,
            kind=content.kind,
            sha256=content.sha256,
            strava=None if table is None else table.by_path.get(row.path),
            provenance=Provenance.FILE if table is None else Provenance.STRAVA_EXPORT,
        )
        try:
            await self._store_once(row, importer, source, content.content)
        except Exception:
            # A dropped connection may be back; what is wrong with this file alone is not better.
            log.exception("import.store_failed", kind=content.kind)
            try:
                await self._store_once(row, importer, source, content.content)
            except Exception as error:
                await self._refuse(row, error)

    async def _store_once(
        self, row: AnyRow, importer: FileImporter, source: SourceFile, content: object
    ) -> None:
        """The file's rows and its outcome: both, or neither."""
        async with self._database.write() as tx:
            stored = await importer.store(tx, source, content)
            verdict = Verdict(
                stored.outcome,
                source.kind,
                stored.reason,
                activity_ids=stored.activity_ids,
                listens_added=stored.listens_added,
            )
            await store.update_file(tx, row.id, verdict)

    async def _pass_over(self, row: AnyRow, kind: FileKind) -> None:
        """A file nobody reads: part of an export, or not for BeatRunner at all."""
        if kind is FileKind.YOUTUBE_PAGE:
            verdict = Verdict(Outcome.REFUSED, kind, Refusal.YOUTUBE_PAGE)
        elif kind in {FileKind.NOTHING, FileKind.STRAVA_ACTIVITIES}:
            verdict = Verdict(Outcome.SKIPPED, kind)
        else:
            verdict = Verdict(Outcome.REFUSED, kind, Refusal.UNKNOWN_KIND)
        async with self._database.write() as tx:
            await store.update_file(tx, row.id, verdict)

    async def _refuse(self, row: AnyRow, error: Exception) -> None:
        """End with this file; the import goes on with the others."""
        reason = refusal_of(error)
        if reason is Refusal.IMPORTER_FAILED:
            log.error("import.failed_on_file", exc_info=error)
        else:
            log.info("import.refused", reason=reason, detail=str(error))
        async with self._database.write() as tx:
            await store.update_file(tx, row.id, Verdict(Outcome.REFUSED, "unknown", reason))
