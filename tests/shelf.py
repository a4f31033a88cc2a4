"""Runs of one account, stored as an import stores them."""

from __future__ import annotations

from uuid import UUID

from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.preparing import prepare
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import RawRecording
from beatrunner.db.engine import Database
from beatrunner.imports.outcomes import SourceFile
from tests.conftest import HeldClock


class Shelf:
    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        self.database = database
        self.account_id = account_id
        self._importer = ActivityImporter(clock)
        self._files = 0

    async def add(self, recording: RawRecording, provenance: Provenance = Provenance.FILE) -> None:
        self._files += 1
        source = SourceFile(
            account_id=self.account_id,
            batch_id=None,
            path="run.fit",
            kind=FileKind.FIT,
            sha256=f"{self._files:064}",
            provenance=provenance,
        )
        async with self.database.write() as tx:
            await self._importer.store(tx, source, [prepare(recording)])
