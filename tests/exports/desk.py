"""A runner who takes an account out, and another one who takes it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2

from beatrunner.activities.importer import ActivityImporter
from beatrunner.exports import api as exports_api
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.settling import AccountSettler
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.imports.outcomes import FileImporter
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.music.importer import ListenImporter
from beatrunner.music.regrouping import PlayGrouper
from tests.conftest import HeldClock
from tests.library import Library
from tests.web.client import make_app, signed_in_client


class Desk:
    """A library whose worker exports, too, and the routes over it."""

    def __init__(self, library: Library, clock: HeldClock, folder: Path) -> None:
        self.library = library
        self.clock = clock
        self.exporter = AccountExporter(
            library.database, library.originals, clock, folder / "exports"
        )
        self.worker = JobRunner(
            library.database,
            JobRegistry.of(
                [
                    library.imports,
                    library.undoer,
                    library.computer,
                    self.exporter,
                    AccountSettler(library.database, clock),
                    PlayGrouper(library.database, clock),
                ]
            ),
            clock,
            "tester",
        )
        self.app = make_app(
            library.database,
            clock,
            routers=[exports_api.router],
            provided=[library.originals, self.exporter],
        )

    async def client(self, account_id: UUID) -> httpx2.AsyncClient:
        return await signed_in_client(self.app, account_id)

    async def take_in(self, *files: tuple[str, bytes]) -> UUID:
        batch_id = await self.library.hand_in(*files)
        await self.worker.run_until_idle()
        return batch_id


def library_of(library: Library, account_id: UUID, folder: Path) -> Library:
    """Another account's, over the same database."""
    clock = library.clock
    originals = FolderBlobStore(folder / "originals")
    importers: list[FileImporter] = [
        ActivityImporter(clock),
        ListenImporter(clock),
        AccountImporter(originals, clock),
    ]
    return Library(library.database, clock, account_id, library.pool, folder, importers)


async def asked(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/v1/account/exports", json={})
    assert answer.status_code == 202
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get("/v1/account/exports")).json()["items"]
    return found


async def downloaded(client: httpx2.AsyncClient, export: dict[str, Any]) -> bytes:
    answer = await client.get(f"/v1/account/exports/{export['id']}/file")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-length"] == str(len(answer.content))
    return answer.content
