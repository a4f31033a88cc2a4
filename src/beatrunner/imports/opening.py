"""Before anything is read: what was handed in is opened, and each file in it gets a row.

What is in an archive is a row that points at the row of its archive, whose bytes are in the spool.
An archive inside an archive has a place in the spool of its own, into which it is unpacked, and is
then opened in the same way; and so has an Apple Health export, which is split into an archive of
workouts. A killed import opens everything again, which is quick, but unpacks only what was not yet
marked as opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.archive import ArchiveLimits, Member
from beatrunner.codecs.export_table import ExportTable, is_export_table
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.refusals import Refusal
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
    split_health,
    unpack_inner,
)
from beatrunner.kit.ids import new_id
from beatrunner.kit.parser_pool import ParserPool


@dataclass(slots=True)
class Batch:
    """What was handed in at once, opened."""

    id: UUID
    account_id: UUID
    is_by_script: bool = False
    #: By the row of what is in the spool.
    spooled: dict[UUID, Path] = field(default_factory=dict)
    #: By the row of the archive, then by their place in it.
    members: dict[UUID, Mapping[int, Member]] = field(default_factory=dict)
    #: What was handed in, by its path.
    rows: dict[str, UUID] = field(default_factory=dict)
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
        """Those of the export that the file came in, the nearest first."""
        upload = None if row.archive_id is None else self.uploads[row.archive_id]
        near = self.tables[upload] if upload else []
        return tuple(table for table in [*near, *self.tables[None]] if table.covers(row.path))


@dataclass(slots=True)
class _Upload:
    """One thing that was handed in: what it may still hold, all archives in it together."""

    id: UUID
    left: ArchiveLimits = LIMITS


@dataclass(frozen=True, slots=True)
class _SplitHealth:
    """What became of a health export: which files went into workouts, and where they lie."""

    archive_id: UUID | None
    used_paths: Sequence[str]
    is_damaged: bool


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
            batch.rows[row.path] = row.id
        for row in rows:
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

    async def _open(
        self,
        batch: Batch,
        row: AnyRow,
        upload: _Upload,
        depth: int = 1,
        split: _SplitHealth | None = None,
    ) -> None:
        path = batch.spooled[row.id]
        try:
            opened = await self._pool.run(open_archive, path, row.path, upload.left, depth)
        except Exception as error:
            await refuse(self._database, row.id, error)
            return
        if opened is None:
            return
        upload.left = upload.left.left_by(opened.members.values(), opened.inner_bytes)
        batch.members[row.id] = opened.members
        batch.uploads[row.id] = upload.id
        batch.tables[upload.id] += opened.tables
        if row.outcome == Outcome.WAITING:
            await self._list(batch, row, opened, split)
        async with self._database.read() as tx:
            inner_rows = await store.list_spooled(tx, batch.id, archive_id=row.id)
        for inner in inner_rows:
            if inner.outcome in {Outcome.WAITING, Outcome.OPENED}:
                await self._open_inner(batch, row, inner, opened, upload, depth)

    async def _open_inner(
        self, batch: Batch, row: AnyRow, inner: AnyRow, opened: Opened, upload: _Upload, depth: int
    ) -> None:
        batch.spooled[inner.id] = target = self._spool / inner.spool_name
        place = Place(batch.spooled[row.id], inner.path, opened.members.get(inner.member_index))
        is_health = opened.inner[inner.member_index] is FileKind.APPLE_HEALTH
        split: _SplitHealth | None = None
        if inner.outcome == Outcome.WAITING:
            try:
                if is_health:
                    archive = row if opened.members else None
                    beside = _beside(batch, inner.path, archive)
                    done = await self._pool.run_writing(split_health, place, beside, target)
                    used = [beside[route].path for route in done.routes]
                    split = _SplitHealth(archive.id if archive else None, used, done.is_damaged)
                else:
                    await self._pool.run_writing(unpack_inner, place, target)
            except Exception as error:
                await refuse(self._database, inner.id, error)
                return
        await self._open(batch, inner, upload, depth if is_health else depth + 1, split)

    async def _list(
        self, batch: Batch, row: AnyRow, opened: Opened, split: _SplitHealth | None
    ) -> None:
        """What an archive holds becomes rows of their own."""
        files = [
            _new_file(row, opened, member.index, f"{row.path}/{member.path}", member.size_bytes)
            for member in opened.members.values()
        ]
        kind = FileKind.ZIP if split is None else FileKind.APPLE_HEALTH
        if opened.inner and not opened.members:
            files = [_new_file(row, opened, 0, row.path, row.size_bytes)]
            kind = FileKind.APPLE_HEALTH
        async with self._database.write() as tx:
            await store.insert_files(tx, batch.account_id, batch.id, files)
            await store.update_file(tx, row.id, Verdict(Outcome.OPENED, kind))
            if split is not None:
                await self._note_split(tx, batch, row, split)

    async def _note_split(
        self, tx: AsyncConnection, batch: Batch, row: AnyRow, split: _SplitHealth
    ) -> None:
        """Routes that are in their workouts now are no runs; what was lost is said."""
        used = Verdict(Outcome.SKIPPED, FileKind.GPX, Refusal.IN_WORKOUT)
        await store.update_files(tx, batch.id, split.archive_id, split.used_paths, used)
        if split.is_damaged:
            lost = NewFile(new_id(), row.path, row.size_bytes, archive_id=row.archive_id)
            reason = Verdict(Outcome.REFUSED, FileKind.APPLE_HEALTH, Refusal.DAMAGED_IN_PART)
            await store.insert_files(tx, batch.account_id, batch.id, [lost])
            await store.update_file(tx, lost.id, reason)


def _new_file(row: AnyRow, opened: Opened, index: int, path: str, size_bytes: int) -> NewFile:
    file_id = new_id()
    return NewFile(
        id=file_id,
        path=path,
        size_bytes=size_bytes,
        spool_name=str(file_id) if index in opened.inner else None,
        archive_id=row.id,
        member_index=index,
    )


def _beside(batch: Batch, path: str, archive: AnyRow | None) -> dict[str, Place]:
    """The routes that lie below a health export's folder, by their paths from there."""
    folder = f"{path.rpartition('/')[0]}/".removeprefix("/")
    if archive is None:
        places = [Place(batch.spooled[row_id], name) for name, row_id in batch.rows.items()]
    else:
        spooled, members = batch.spooled[archive.id], batch.members[archive.id].values()
        places = [Place(spooled, f"{archive.path}/{m.path}", m) for m in members]
    return {
        place.path.removeprefix(folder): place
        for place in places
        if place.path.startswith(folder) and place.path.casefold().endswith(".gpx")
    }
