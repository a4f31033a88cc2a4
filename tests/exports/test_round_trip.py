"""An account that leaves and comes back, made up from the tables' own columns."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete

from beatrunner.codecs.account_export import MANIFEST, imported_members, read_manifest, read_part
from beatrunner.codecs.archive import ArchiveLimits, list_members, read_member
from beatrunner.codecs.sniff import sniff
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from beatrunner.db.tables import accounts
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.imports.outcomes import SourceFile, Stored
from beatrunner.kit.blob import FolderBlobStore
from tests.conftest import HeldClock, make_account
from tests.exports.made_account import Rows, insert_made, made_accounts

CLOCK = HeldClock()
LIMITS = ArchiveLimits()
SOME = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@asynccontextmanager
async def an_account(database: Database, made: Rows | None = None) -> AsyncIterator[UUID]:
    account_id = await make_account(database)
    try:
        if made is not None:
            async with database.write() as tx:
                await insert_made(tx, account_id, made)
        yield account_id
    finally:
        async with database.write() as tx:
            await tx.execute(delete(accounts).where(accounts.c.id == account_id))


async def exported(database: Database, account_id: UUID) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        originals = FolderBlobStore(Path(folder) / "originals")
        exporter = AccountExporter(database, originals, CLOCK, Path(folder))
        await exporter.write_to(path, account_id)
        return path.read_bytes()


async def take_in(database: Database, account_id: UUID, archive: bytes) -> list[Stored]:
    """As the import does, without its children."""
    stored = []
    with tempfile.TemporaryDirectory() as folder:
        importer = AccountImporter(FolderBlobStore(Path(folder)), CLOCK)
        file = io.BytesIO(archive)
        for member in imported_members(file, list_members(file, LIMITS), LIMITS):
            data = read_member(file, member, LIMITS)
            kind = sniff(data, member.path)
            source = SourceFile(account_id, None, member.path, kind, "", provenance=Provenance.FILE)
            async with database.write() as tx:
                stored.append(await importer.store(tx, source, importer.readers[kind](data)))
    return stored


def contents(archive: bytes) -> dict[str, list[Any]]:
    """Rows by table; the manifest without its time."""
    found: dict[str, list[Any]] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        manifest = read_manifest(opened.read(MANIFEST))
        for part in manifest.parts:
            rows = read_part(opened.read(part))
            found.setdefault(rows.table, []).extend(rows.rows)
        found["others"] = [
            (name, opened.read(name))
            for name in opened.namelist()
            if name != MANIFEST and name not in manifest.parts
        ]
    return found


@SOME
@given(made=made_accounts())
async def test_importing_again_adds_nothing(database: Database, made: Rows) -> None:
    async with an_account(database, made) as account_id:
        first = await exported(database, account_id)
        for stored in await take_in(database, account_id, first):
            assert (stored.activities_added, stored.listens_added) == (0, 0)
        assert contents(await exported(database, account_id)) == contents(first)


@SOME
@given(made=made_accounts())
async def test_another_account_gets_the_same_under_its_own_identifiers(
    database: Database, made: Rows
) -> None:
    async with an_account(database, made) as owner_id, an_account(database) as other_id:
        first = await exported(database, owner_id)
        await take_in(database, other_id, first)
        second = await exported(database, other_id)
        counts = {name: len(rows) for name, rows in contents(first).items()}
        assert {name: len(rows) for name, rows in contents(second).items()} == counts
        # Nothing was taken from, or given to, the one whose export it is.
        assert contents(await exported(database, owner_id)) == contents(first)
        # And again the same, not twice as many.
        await take_in(database, other_id, first)
        assert contents(await exported(database, other_id)) == contents(second)


@SOME
@given(made=made_accounts())
async def test_an_account_comes_back_in_an_empty_one(database: Database, made: Rows) -> None:
    async with an_account(database, made) as account_id:
        first = await exported(database, account_id)
        # The identifiers are free again.
    async with an_account(database) as account_id:
        stored = await take_in(database, account_id, first)
        assert [part.reason for part in stored] == [None] * len(stored)
        assert contents(await exported(database, account_id)) == contents(first)
