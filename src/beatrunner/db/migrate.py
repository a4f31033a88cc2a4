"""Bring a database to the newest revision. Safe to run from several processes at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
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
        await _wait_for_turn(tx)
        await tx.run_sync(lambda connection: command.upgrade(alembic_config(connection), revision))


async def _wait_for_turn(tx: AsyncConnection) -> None:
    # SQLite's write lock is held already.
    if tx.dialect.name == "postgresql":
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
