"""What an import says about each file, and what a slice must offer to take files in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from beatrunner.codecs.export_table import ExportTable
from beatrunner.codecs.sniff import FileKind
from beatrunner.codecs.told_run import ToldRun
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal

if TYPE_CHECKING:
    # Parser children import this module, and start twice as fast without the database.
    from sqlalchemy.ext.asyncio import AsyncConnection


class Outcome(StrEnum):
    WAITING = "waiting"
    OPENED = "opened"  # an archive; its files are rows of their own
    IMPORTED = "imported"
    JOINED = "joined"  # further files of runs that were there
    ALREADY_THERE = "already_there"
    REFUSED = "refused"
    SKIPPED = "skipped"  # part of an export, but nothing to import


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file whose content is being stored."""

    account_id: UUID
    batch_id: UUID | None
    path: str
    kind: FileKind
    sha256: str
    provenance: Provenance
    #: What a service says of the runs in the export that the file came in.
    tables: Sequence[ExportTable] = ()
    #: A script with a personal token handed it in, not the runner themself.
    is_by_script: bool = False

    def told_of(self, session_index: int, started_at: datetime) -> ToldRun | None:
        """What is known of one of the runs in the file beside what the file says."""
        found = (table.about(self.path, session_index, started_at) for table in self.tables)
        return next(filter(None, found), None)


@dataclass(frozen=True, slots=True)
class Stored:
    outcome: Outcome
    activity_ids: tuple[UUID, ...] = ()
    listens_added: int = 0
    activities_added: int = 0
    #: Why not all of it was stored.
    reason: Refusal | None = None
    #: False: the file holds what may not be kept.
    may_keep_original: bool = True


Reader = Callable[[bytes], Any]


class FileImporter(Protocol):
    """A slice that stores some kinds of files.

    `readers` run in a child process: module-level functions from the file's bytes to something
    picklable, raising UnreadableFileError. `store` runs inside the caller's transaction and must
    be idempotent by the file's content.
    """

    @property
    def readers(self) -> Mapping[FileKind, Reader]: ...

    @property
    def keeps_original(self) -> bool: ...

    async def store(self, tx: AsyncConnection, source: SourceFile, content: Any) -> Stored: ...
