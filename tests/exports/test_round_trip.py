"""An account that leaves and comes back, made up from the tables' own columns."""

from __future__ import annotations

import hashlib
import io
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete, select

from beatrunner.codecs.account_export import (
    MANIFEST,
    imported_members,
    read_manifest,
    read_part,
    write_part,
)
from beatrunner.codecs.archive import ArchiveLimits, list_members, read_member
from beatrunner.codecs.sniff import FileKind, sniff
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal
from beatrunner.db.account_contents import (
    COLUMNS_LEFT_OUT,
    TABLES_LEFT_OUT,
    TABLES_UNREAD,
    carried_tables,
    named_table,
    readable_tables,
)
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import tempo_readings
from beatrunner.db.ownership import owned_tables
from beatrunner.db.tables import accounts, tracks
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.imports.outcomes import Outcome, SourceFile, Stored
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


async def part_of(database: Database, account_id: UUID, table: str, *rows: Any) -> Stored:
    importer = AccountImporter(FolderBlobStore(Path("/nowhere")), CLOCK)
    kind = FileKind.ACCOUNT_ROWS
    source = SourceFile(account_id, None, "x", kind, "", provenance=Provenance.FILE)
    async with database.write() as tx:
        return await importer.store(tx, source, read_part(write_part(table, rows)))


def track(**changes: Any) -> dict[str, Any]:
    row = {
        "id": str(UUID(int=1 << 100)),
        "match_key": "a song",
        "kind": "music",
        "title": "Song",
        "artist": "Artist",
        "created_at": "2026-03-01T06:30:00Z",
    }
    return {name: value for name, value in (row | changes).items() if value is not ...}


@pytest.mark.parametrize(
    "row",
    [
        track(id="1"),
        track(id=None),
        track(id=...),
        track(title=5),
        track(title="a\0b"),
        track(kind="film"),
        track(tempo_bpm="fast"),
        track(tempo_bpm=True),
        track(created_at="2026-03-01"),
        track(account_id=str(UUID(int=5))),
        track(no_such_column=1),
    ],
)
async def test_a_row_that_does_not_fit_is_left_out_alone(
    database: Database, account_id: UUID, row: dict[str, Any]
) -> None:
    good = track(id=str(UUID(int=1 << 99)), match_key="another")
    stored = await part_of(database, account_id, "tracks", row, good)
    assert (stored.outcome, stored.reason) == (Outcome.IMPORTED, Refusal.ROWS_LEFT_OUT)
    async with database.read() as tx:
        assert list(await tx.scalars(select(tracks.c.match_key))) == ["another"]


async def test_nobody_elses_things_can_be_named(database: Database, account_id: UUID) -> None:
    other_id = await make_account(database)
    mine = track()
    await part_of(database, other_id, "tracks", mine)
    reading = {
        "track_id": mine["id"],
        "source": "tap",
        "tempo_bpm": 170.0,
        "created_at": "2026-03-01T06:30:00Z",
    }
    stored = await part_of(database, account_id, "tempo_readings", reading)
    assert (stored.outcome, stored.reason) == (Outcome.ALREADY_THERE, Refusal.ROWS_LEFT_OUT)
    # Under the same identifier there is now another song, and the reading is of that one.
    await part_of(database, account_id, "tracks", mine)
    stored = await part_of(database, account_id, "tempo_readings", reading)
    assert stored.reason is None
    async with database.read() as tx:
        rows = (await tx.execute(select(tempo_readings, tracks.c.account_id).join(tracks))).all()
    assert [(row.account_id, row[-1]) for row in rows] == [(account_id, account_id)]


@pytest.mark.parametrize("table", ["jobs", "sign_ins", "no_such_table", "accounts; DROP"])
async def test_other_tables_are_refused(database: Database, account_id: UUID, table: str) -> None:
    stored = await part_of(database, account_id, table, {"id": str(UUID(int=1))})
    assert (stored.outcome, stored.reason) == (Outcome.REFUSED, Refusal.UNKNOWN_KIND)


async def test_settings_that_no_form_would_take_are_refused(
    database: Database, account_id: UUID
) -> None:
    stored = await part_of(
        database,
        account_id,
        "accounts",
        {"display_name": "X", "units": "km", "theme": "dark", "time_zone": "../../etc/passwd"},
    )
    assert stored.outcome is Outcome.REFUSED


async def test_streams_that_cannot_be_read_are_left_out(
    database: Database, account_id: UUID
) -> None:
    row = {"recording_id": str(UUID(int=1)), "part": "body", "blob": "AAAA"}
    stored = await part_of(database, account_id, "sealed_streams", row)
    assert stored.reason is Refusal.ROWS_LEFT_OUT


async def test_an_original_that_no_run_has_is_not_kept(
    database: Database, account_id: UUID, tmp_path: Path
) -> None:
    originals = FolderBlobStore(tmp_path / "originals")
    importer = AccountImporter(originals, CLOCK)
    kind = FileKind.ACCOUNT_ORIGINAL
    source = SourceFile(account_id, None, "x", kind, "", provenance=Provenance.FILE)
    async with database.write() as tx:
        assert (await importer.store(tx, source, b"anything")).outcome is Outcome.SKIPPED
    with pytest.raises(FileNotFoundError):
        originals.get(hashlib.sha256(b"anything").hexdigest())


def test_no_column_that_sounds_like_a_secret_leaves() -> None:
    """A new one is left out by name in `db.account_contents`, or renamed."""
    secret = re.compile("hash|token|secret|password|code")
    leaving = {
        f"{table}.{column}"
        for tables in (carried_tables(), readable_tables())
        for table, portable in tables.items()
        for column in portable.columns
    }
    assert not {name for name in leaving if secret.search(name.rpartition(".")[2])}


def test_every_table_is_carried_shown_computed_or_tells_nothing() -> None:
    """A new one that is left out has to be put into one of the lists."""
    computed = {name for name, why in TABLES_LEFT_OUT.items() if "computed" in why}
    # The row of the account itself is carried but for who signs in, which is shown.
    shown = readable_tables().keys() - {"accounts"}
    told = [carried_tables().keys(), shown, TABLES_UNREAD, computed]
    assert sorted(name for names in told for name in names) == sorted(
        str(table.name) for table in owned_tables()
    )


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    tables = {table.name: table for table in owned_tables()}
    assert tables.keys() >= TABLES_LEFT_OUT.keys()
    for name in COLUMNS_LEFT_OUT:
        table, column = name.split(".")
        assert column in tables[table].c, name


def test_every_identifier_names_something_that_leaves() -> None:
    """Else its rows could not come back."""
    for portable in carried_tables().values():
        for column in portable.columns.values():
            named = named_table(column)
            assert named is None or named.name in carried_tables(), column
