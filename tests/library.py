"""The whole road from an upload to its soundtrack, with real children and databases."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy import select

from beatrunner.activities import api as activities_api
from beatrunner.activities.arranging import RunArranger
from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.undoing import RecordingUndoer
from beatrunner.activities.usual import find_usual_cadence
from beatrunner.db import insight_tables, live_tables, playlist_tables, share_tables, tables  # noqa: F401
from beatrunner.db.engine import Database
from beatrunner.db.schema import metadata
from beatrunner.db.types import AnyRow
from beatrunner.imports import api as imports_api
from beatrunner.imports import store
from beatrunner.imports.outcomes import FileImporter
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.imports.running import ImportRunner
from beatrunner.imports.undoing import ImportUndoer
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.parser_pool import ParserPool
from beatrunner.kit.settings import Settings
from beatrunner.music import api as music_api
from beatrunner.music.apple_artists import AppleArtistImporter
from beatrunner.music.importer import ListenImporter
from beatrunner.music.track_list import TrackList
from beatrunner.music.undoing import ListenUndoer
from beatrunner.soundtracks import api as soundtracks_api
from beatrunner.soundtracks.compute import SoundtrackComputer
from beatrunner.soundtracks.home import HomePage
from tests.web.client import make_app

Files = tuple[tuple[str, bytes], ...]


class Library:
    """One runner's files, and the worker that imports them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        account_id: UUID,
        pool: ParserPool,
        folder: Path,
        importers: Sequence[FileImporter] = (),
    ) -> None:
        self.database = database
        self.clock = clock
        self.account_id = account_id
        self.pool = pool
        self.spool = folder / "spool"
        self.originals = FolderBlobStore(folder / "originals")
        self.receiver = UploadReceiver(database, clock, self.spool)
        self.computer = SoundtrackComputer(database, clock)
        self.imports = ImportRunner(
            database,
            pool,
            self.originals,
            importers
            or [ActivityImporter(clock), ListenImporter(clock), AppleArtistImporter(clock)],
            clock,
            self.spool,
        )
        self.undoer = ImportUndoer(
            database,
            [RecordingUndoer(database, self.originals, clock), ListenUndoer(database, clock)],
            clock,
        )
        self.worker = JobRunner(
            database, JobRegistry.of([self.imports, self.undoer, self.computer]), clock, "tester"
        )

    def app(self, settings: Settings | None = None) -> FastAPI:
        settings = settings or Settings()
        return make_app(
            self.database,
            self.clock,
            settings=settings,
            routers=[
                imports_api.router,
                activities_api.router,
                music_api.router,
                soundtracks_api.router,
            ],
            provided=[
                settings,
                self.receiver,
                self.originals,
                self.computer,
                RunArranger(self.clock),
                self.undoer,
                HomePage(self.clock),
                TrackList(find_usual_cadence),
            ],
        )

    async def hand_in(self, *files: tuple[str, bytes]) -> UUID:
        uploads = [Upload(name, io.BytesIO(content)) for name, content in files]
        return await self.receiver.receive(self.account_id, uploads)

    async def take_in(self, *files: tuple[str, bytes]) -> UUID:
        """Hand in, and work until nothing is left to do."""
        batch_id = await self.hand_in(*files)
        await self.worker.run_until_idle()
        return batch_id

    async def batch(self, batch_id: UUID) -> AnyRow:
        async with self.database.read() as tx:
            return await store.get_batch(tx, self.account_id, batch_id)

    async def files(self, batch_id: UUID) -> list[AnyRow]:
        """What became of each, in order, without the archives themselves."""
        async with self.database.read() as tx:
            return list(
                await store.list_files(
                    tx, self.account_id, batch_id, outcome=None, after=None, limit=1000
                )
            )

    async def outcomes(self, batch_id: UUID) -> list[tuple[str, str, str | None]]:
        return [(row.path, row.outcome, row.reason) for row in await self.files(batch_id)]

    async def rows(self, query: Any) -> list[AnyRow]:
        async with self.database.read() as tx:
            return list((await tx.execute(query)).all())

    async def contents(self) -> dict[str, list[AnyRow]]:
        """Every row of the tables that say what the runner has."""
        unsaid = {"jobs", "workers", "accounts", "sign_ins"}
        unsaid |= {"identities", "security_events", "consents"}
        unsaid |= {"import_batches", "import_files", "recording_repeats", "listen_repeats"}
        return {
            table.name: await self.rows(select(table).order_by(*table.primary_key.columns))
            for table in metadata.sorted_tables
            if table.name not in unsaid
        }
