"""Before anything is read: what was handed in is opened, and each file in it gets a row.

What is in an archive is a row that points at the row of its archive, whose bytes are in the spool.
An archive inside an archive has a place in the spool of its own, into which it is unpacked, and is
then opened in the same way. A killed import opens everything again, which is quick, but unpacks
only what was not yet marked as opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from beatrunner.codecs.archive import ArchiveLimits, Member
from beatrunner.codecs.export_table import ExportTable, is_export_table
from beatrunner.codecs.sniff import FileKind
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.imports import store
from beatrunner.imports.outcomes import Outcome
from beatrunner.imports.refusing import refuse
from beatrunner.imports.store import NewFile, Verdict
from beatrunner.imports.unpacking import (
    LIMITS,
    Opened,
    Place,
    open_archive,
    open_table,
    unpack_inner,
)
from beatrunner.kit.ids import new_id
from beatrunner.kit.parser_pool import ParserPool


@dataclass(slots=True)
class Batch:
    """What was handed in at once, opened."""

    id: UUID
    account_id: UUID
    #: By the row of what is in the spool.
    spooled: dict[UUID, Path] = field(default_factory=dict)
    #: By the row of the archive, then by their place in it.
    members: dict[UUID, Mapping[int, Member]] = field(default_factory=dict)
    #: The outermost archive of each.
    uploads: dict[UUID, UUID] = field(default_factory=dict)
    #: By the outermost archive whose files they are about; None for files outside of archives.
    tables: dict[UUID | None, list[ExportTable]] = field(default_factory=lambda: defaultdict(list))

    def place_of(self, row: AnyRow) -> Place:
        if row.archive_id is None:
            return Place(self.spooled[row.id], row.path)
        member = self.members[row.archive_id][row.member_index]
        return Place(self.spooled[row.archive_id], row.path, member)

    def tables_of(self, row: AnyRow) -> tuple[ExportTable, ...]:
        """Those of the export that the file came in."""
        upload = None if row.archive_id is None else self.uploads[row.archive_id]
        return tuple(table for table in self.tables[upload] if table.covers(row.path))


@dataclass(slots=True)
class _Upload:
    """One thing that was handed in: what it may still hold, all archives in it together."""

    id: UUID
    left: ArchiveLimits = LIMITS


class ArchiveOpener:
    def __init__(self, database: Database, pool: ParserPool, spool: Path) -> None:
        self._database = database
        self._pool = pool
        self._spool = spool

    async def open_all(self, batch: Batch) -> None:
        """Fill the batch; what cannot be opened is refused."""
        async with self._database.read() as tx:
            rows = await store.list_spooled(tx, batch.id, archive_id=None)
        for row in rows:
            batch.spooled[row.id] = self._spool / row.spool_name
            if is_export_table(row.path):
                await self._open_table(batch, row)
            elif row.outcome in {Outcome.WAITING, Outcome.OPENED}:
                await self._open(batch, row, _Upload(row.id))

    async def _open_table(self, batch: Batch, row: AnyRow) -> None:
        try:
            table = await self._pool.run(open_table, batch.spooled[row.id], row.path)
        except Exception as error:
            await refuse(self._database, row.id, error)
            return
        if table is not None:
            batch.tables[None].append(table)

    async def _open(self, batch: Batch, row: AnyRow, upload: _Upload, depth: int = 1) -> None:
        path = batch.spooled[row.id]
        try:
            opened = await self._pool.run(open_archive, path, row.path, upload.left, depth)
        except Exception as error:
            await refuse(self._database, row.id, error)
            return
        if opened is None:
            return
        upload.left = upload.left.left_by(opened.members, opened.inner)
        batch.members[row.id] = opened.members
        batch.uploads[row.id] = upload.id
        batch.tables[upload.id] += opened.tables
        if row.outcome == Outcome.WAITING:
            await self._list(batch, row, opened)
        async with self._database.read() as tx:
            inner_rows = await store.list_spooled(tx, batch.id, archive_id=row.id)
        for inner in inner_rows:
            place = Place(path, inner.path, opened.members[inner.member_index])
            if await self._unpack(batch, inner, place):
                await self._open(batch, inner, upload, depth + 1)

    async def _list(self, batch: Batch, row: AnyRow, opened: Opened) -> None:
        """The archive's files become rows of their own."""
        files = []
        for member in opened.members.values():
            file_id = new_id()
            files.append(
                NewFile(
                    id=file_id,
                    path=f"{row.path}/{member.path}",
                    size_bytes=member.size_bytes,
                    spool_name=str(file_id) if member.index in opened.inner else None,
                    archive_id=row.id,
                    member_index=member.index,
                )
            )
        async with self._database.write() as tx:
            await store.insert_files(tx, batch.account_id, batch.id, files)
            await store.update_file(tx, row.id, Verdict(Outcome.OPENED, FileKind.ZIP))

    async def _unpack(self, batch: Batch, row: AnyRow, place: Place) -> bool:
        """Whether what is inside an archive is now in the spool."""
        batch.spooled[row.id] = target = self._spool / row.spool_name
        if row.outcome == Outcome.WAITING:
            try:
                await self._pool.run_writing(unpack_inner, place, target)
            except Exception as error:
                await refuse(self._database, row.id, error)
                return False
        return row.outcome in {Outcome.WAITING, Outcome.OPENED}
