"""`beatrunner migrate-to`: from SQLite to PostgreSQL, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import click

from beatrunner.db.catalogue import all_tables, has_rows
from beatrunner.db.engine import Database, sqlite_path
from beatrunner.db.failures import DriverError
from beatrunner.db.migrate import find_revision, newest_revision, upgrade_within
from beatrunner.db.moving import Digest, RowRefusedError, digest_table, move_table
from beatrunner.db.whole_sqlite import DamagedDatabaseError, count_rows, is_open_elsewhere
from beatrunner.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Moved:
    tables: int
    rows: int


async def move_to_postgres(settings: Settings, address: str) -> Moved:
    """Raises ClickException with words; the target is then as it was."""
    path = sqlite_path(settings.database)
    if path is None:
        raise click.ClickException("The settings name PostgreSQL already.")
    try:
        is_postgres = sqlite_path(address) is None
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not is_postgres:
        raise click.ClickException("The target must be a PostgreSQL database: postgresql://…")
    if not path.exists():
        raise click.ClickException(f"There is no database at {path}.")
    try:
        # What is written meanwhile would stay behind, and nobody would know.
        if is_open_elsewhere(path):
            raise click.ClickException("BeatRunner is running. Stop it first.")
        rows = sum(count_rows(path).values())
    except DamagedDatabaseError as error:
        raise click.ClickException(f"The database at {path} is damaged: {error}") from error
    source = Database(settings.database, readers=1)
    target = Database(address, readers=1)
    try:
        return await _move(source, target, rows)
    except RowRefusedError as error:
        raise click.ClickException(f"{error}. Nothing was moved.") from error
    except DriverError as error:
        raise click.ClickException(f"{error.orig}. Nothing was moved.") from error
    finally:
        await target.close()
        await source.close()


async def _move(source: Database, target: Database, rows: int) -> Moved:
    tables = all_tables()
    # The write lock, so that nobody begins to write before all has been read.
    async with source.write() as reading, target.write() as writing:
        if await find_revision(reading) != newest_revision():
            raise click.ClickException("Run `beatrunner migrate` first.")
        if await has_rows(writing):
            raise click.ClickException("The target is not empty; nothing is overwritten.")
        await upgrade_within(writing)
        digests: dict[str, Digest] = {}
        with click.progressbar(length=rows, label="Moving  ", show_pos=True) as bar:
            for table in tables:
                digests[table.name] = await move_table(reading, writing, table, bar.update)
        with click.progressbar(length=rows, label="Checking", show_pos=True) as bar:
            for table in tables:
                arrived = await digest_table(writing, table)
                bar.update(arrived.rows)
                if arrived != digests[table.name]:
                    raise click.ClickException(
                        f"What arrived in {table.name} is not what was sent; nothing was moved."
                    )
    return Moved(len(tables), sum(digest.rows for digest in digests.values()))
