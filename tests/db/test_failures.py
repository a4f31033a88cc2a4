"""What really happens when a database is locked, full, cut off or away."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from beatrunner.db.engine import Database
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import DiskFullError, UnavailableError
from tests.conftest import PostgresServer, make_account


async def count(database: Database) -> int:
    async with database.read() as tx:
        return len((await tx.execute(select(accounts.c.id))).all())


async def test_who_waits_too_long_for_a_lock_is_told(sqlite_address: str) -> None:
    path = sqlite_address.removeprefix("sqlite:///")
    database = Database(sqlite_address, patience_s=0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError, match="busy") as raised:
            await make_account(database)
        assert (raised.value.status, raised.value.kind) == (503, "database-busy")
        assert await count(database) == 0
        other.execute("ROLLBACK")
    await make_account(database)
    assert await count(database) == 1
    await database.close()


async def test_a_full_sqlite_is_read_and_recovers(sqlite_address: str) -> None:
    database = Database(sqlite_address)
    await make_account(database)
    async with database.write() as tx:
        # SQLite's own limit says the same as a disk without room.
        await tx.execute(text("PRAGMA max_page_count = 1"))
    with pytest.raises(DiskFullError):
        await _fill(database)
    assert await count(database) == 1
    async with database.write() as tx:
        await tx.execute(text("PRAGMA max_page_count = 1000000"))
    await _fill(database)
    await database.close()


async def _fill(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute(update(accounts).values(map_style_url="x" * 1_000_000))


async def test_a_cut_connection_is_nobodys_fault(
    postgres: PostgresServer, postgres_address: str
) -> None:
    database = Database(postgres_address)
    await make_account(database)
    with pytest.raises(UnavailableError) as raised:
        await _be_cut_off(database, postgres)
    assert raised.value.kind == "database-away"
    assert await count(database) == 1
    await database.close()


async def _be_cut_off(database: Database, postgres: PostgresServer) -> None:
    async with database.write() as tx:
        pid = await tx.scalar(text("SELECT pg_backend_pid()"))
        await asyncio.to_thread(postgres.run, f"SELECT pg_terminate_backend({pid});")
        await tx.execute(select(accounts.c.id))


async def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(UnavailableError) as raised:
        await count(database)
    assert raised.value.kind == "database-away"
    await database.close()


async def test_a_mistake_of_ours_stays_one(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await _make_twice(database)
    with pytest.raises(FileNotFoundError):
        await _find_nothing(database)


async def _make_twice(database: Database) -> None:
    found = await make_account(database)
    async with database.write() as tx:
        row = (await tx.execute(select(accounts).where(accounts.c.id == found))).one()
        await tx.execute(accounts.insert().values(**row._mapping))


async def _find_nothing(database: Database) -> None:
    async with database.read():
        raise FileNotFoundError
