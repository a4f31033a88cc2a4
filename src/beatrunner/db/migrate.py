"""Bring a database to the newest revision. Safe to run from several processes at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_205_759_403_792


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade(database: Database, revision: str = "head") -> None:
    """Run every missing migration in one transaction: all of it, or nothing."""
    async with database.write() as tx:
        await upgrade_within(tx, revision)


async def upgrade_within(tx: AsyncConnection, revision: str = "head") -> None:
    """As part of the caller's transaction, up to `revision`."""
    await _wait_for_turn(tx)
    await tx.run_sync(lambda connection: command.upgrade(alembic_config(connection), revision))


async def find_revision(tx: AsyncConnection) -> str | None:
    """What the database was migrated to; None when it has no tables of ours."""
    return await tx.run_sync(
        lambda connection: MigrationContext.configure(connection).get_current_revision()
    )


def newest_revision() -> str:
    found = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert found is not None  # noqa: S101 - the first one is shipped with this module
    return found


def knows_revision(revision: str) -> bool:
    """False for one that a newer version wrote."""
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


async def _wait_for_turn(tx: AsyncConnection) -> None:
    # SQLite's write lock is held already.
    if tx.dialect.name == "postgresql":
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
