"""`beatrunner migrate-to`: all of it arrives, or nothing does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from beatrunner.db.engine import Database
from tests.cli.instances import Instance
from tests.conftest import PostgresServer


@pytest.fixture
def full(tmp_path: Path) -> Instance:
    found = Instance(tmp_path / "full", f"sqlite:///{tmp_path}/full/beatrunner.db")
    found.fill(tmp_path)
    return found


def test_all_rows_arrive_as_they_were(full: Instance, postgres_address: str) -> None:
    done = full.beatrunner("migrate-to", postgres_address)
    assert done.exit_code == 0, done.output
    moved = Instance(full.folder, postgres_address)
    assert moved.digests() == full.digests()
    assert full.digests()["activities"].rows == 2
    # What BeatRunner does with it from now on, it does there.
    assert moved.beatrunner("backup", full.folder / "moved.backup").exit_code == 0
    again = full.beatrunner("migrate-to", postgres_address)
    assert again.exit_code == 1
    assert "not empty" in again.output


def test_a_row_that_cannot_arrive_holds_all_of_them_back(
    full: Instance, postgres_address: str
) -> None:
    too_long = "UPDATE accounts SET display_name = 'A very, very" + 50 * " very" + " long name'"
    asyncio.run(_execute(full.address, too_long))
    before = Instance(full.folder, postgres_address).digests()
    done = full.beatrunner("migrate-to", postgres_address)
    assert done.exit_code == 1
    assert "a row of accounts" in done.output
    assert "Nothing was moved" in done.output
    assert Instance(full.folder, postgres_address).digests() == before


async def _execute(address: str, statement: str) -> None:
    database = Database(address, readers=1)
    async with database.write() as tx:
        await tx.execute(text(statement))
    await database.close()


def test_nothing_moves_from_under_a_running_server(full: Instance, postgres_address: str) -> None:
    async def try_while_open() -> str:
        database = Database(full.address, readers=1)
        async with database.read() as tx:
            await tx.execute(text("SELECT 1 FROM accounts"))
            done = await asyncio.to_thread(full.beatrunner, "migrate-to", postgres_address)
        await database.close()
        return done.output

    assert "Stop it first" in asyncio.run(try_while_open())


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("sqlite:///elsewhere.db", "must be a PostgreSQL"),
        ("mysql://x/y", "not on mysql"),
        ("postgresql://nobody@/nothing?host=/nowhere", "does not answer"),
    ],
)
def test_targets_that_are_none(full: Instance, address: str, words: str) -> None:
    done = full.beatrunner("migrate-to", address)
    assert done.exit_code == 1
    assert words in done.output


def test_a_damaged_database_stays_where_it_is(tmp_path: Path, postgres_address: str) -> None:
    place = tmp_path / "beatrunner.db"
    place.write_bytes(b"no page of a database" * 1000)
    done = Instance(tmp_path, f"sqlite:///{place}").beatrunner("migrate-to", postgres_address)
    assert done.exit_code == 1
    assert "damaged" in done.output


def test_a_target_that_is_not_there_is_named(full: Instance, postgres: PostgresServer) -> None:
    done = full.beatrunner("migrate-to", postgres.address_of("nothing_there"))
    assert done.exit_code == 1
    assert 'database "nothing_there" does not exist. Nothing was moved.' in done.output
