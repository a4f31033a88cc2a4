"""The migrations lead to exactly the tables in `db.tables`, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select

from beatrunner.db import catalogue  # noqa: F401
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.schema import metadata
from beatrunner.db.tables import accounts
from tests.conftest import make_account


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_migrated_database_has_the_tables_of_the_code(database: Database) -> None:
    async with database.write() as tx:
        assert await tx.run_sync(differences) == []


async def test_a_populated_database_keeps_its_rows(database: Database) -> None:
    await make_account(database)
    await upgrade(database)
    async with database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(accounts)) == 1
