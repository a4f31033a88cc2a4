"""`beatrunner backup`: everything that a runner would miss, in one file, while BeatRunner runs.

In this order: uploads whose import is not over, the database as it is at one moment, uploads that
came meanwhile, then original files and the server's secret. So whatever the database speaks of is
in the backup, too; what is there besides does no harm.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from beatrunner.cli.progress import ByteBar
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database, sqlite_path
from beatrunner.db.failures import DriverError
from beatrunner.db.migrate import find_revision, newest_revision
from beatrunner.db.whole_postgres import copy_out
from beatrunner.db.whole_sqlite import DamagedDatabaseError, copy_database, count_rows
from beatrunner.imports.store import list_unfinished_spool_names
from beatrunner.kit.backup_file import (
    FORMAT,
    BackupWriter,
    Manifest,
    TablePart,
    UnreadableBackupError,
    reading_backup,
    writing_backup,
)
from beatrunner.kit.folders import originals_folder, spool_folder
from beatrunner.kit.keyring import secret_file
from beatrunner.kit.settings import Settings

#: What backups are called whose name nobody chose, so that old ones are recognised.
_PATTERN = "beatrunner-????????-??????.backup"


def back_up(settings: Settings, path: Path, keep: int | None) -> Path:
    """Gives the file. Raises ClickException with words when there can be none."""
    is_folder = path.is_dir()
    if keep is not None and not is_folder:
        raise click.UsageError("--keep goes with a folder.")
    target = path / f"beatrunner-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup" if is_folder else path
    if target.exists():
        raise click.ClickException(f"{target} is there already; nothing is overwritten.")
    try:
        with writing_backup(target) as backup:
            manifest = asyncio.run(_back_up(settings, backup))
        with reading_backup(target) as written, ByteBar("Checking", manifest.total_bytes) as show:
            written.verify(show)
    except (OSError, DamagedDatabaseError, UnreadableBackupError) as error:
        raise click.ClickException(f"There is no good backup: {error}") from error
    except DriverError as error:
        raise click.ClickException(f"The database cannot be read: {error.orig}") from error
    if keep is not None:
        for old in sorted(path.glob(_PATTERN))[:-keep]:
            old.unlink(missing_ok=True)
    return target


async def _back_up(settings: Settings, backup: BackupWriter) -> Manifest:
    database = Database(settings.database, readers=1)
    try:
        await _check_revision(database)
        return await _write(settings, database, backup)
    finally:
        await database.close()


async def _check_revision(database: Database) -> None:
    async with database.read() as tx:
        if await find_revision(tx) != newest_revision():
            raise click.ClickException(
                "The database is not of this version. Run `beatrunner migrate` first."
            )


async def _write(settings: Settings, database: Database, backup: BackupWriter) -> Manifest:
    spool, originals = spool_folder(settings), originals_folder(settings)
    with ByteBar("Backing up", _expected_bytes(settings)) as show:
        await _add_uploads(database, backup, spool, show)
        path = sqlite_path(settings.database)
        if path is None:
            tables = await _add_tables(database, backup, show)
        else:
            tables = await asyncio.to_thread(_add_database, path, backup, show)
        await _add_uploads(database, backup, spool, show)
        for found in sorted(originals.glob("??/*.zst")):
            # One that was deleted since is not missed.
            with suppress(FileNotFoundError):
                name = f"originals/{found.parent.name}/{found.name}"
                await asyncio.to_thread(backup.add_file, name, found, show, is_packed=True)
        if settings.secret_key is None and secret_file(settings).exists():
            backup.add_file("secret", secret_file(settings), show)
        manifest = Manifest(
            format=FORMAT,
            version=version("beatrunner"),
            made_at=datetime.now(UTC),
            database="postgresql" if path is None else "sqlite",
            revision=newest_revision(),
            tables=tables,
            files=backup.files,
        )
        backup.finish(manifest)
    return manifest


def _expected_bytes(settings: Settings) -> int:
    """About: only the files are known beforehand."""
    path = sqlite_path(settings.database)
    files = list(originals_folder(settings).glob("??/*.zst"))
    if path is not None:
        files += [path, path]
    return sum(found.stat().st_size for found in files if found.exists())


async def _add_uploads(
    database: Database, backup: BackupWriter, spool: Path, show: ByteBar
) -> None:
    async with database.read() as tx:
        names = await list_unfinished_spool_names(tx)
    for name in names:
        if f"spool/{name}" not in backup.files:
            with suppress(FileNotFoundError):
                await asyncio.to_thread(backup.add_file, f"spool/{name}", spool / name, show)


def _add_database(path: Path, backup: BackupWriter, show: ByteBar) -> list[TablePart]:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as name:
        copy = Path(name) / "database.sqlite"
        copy_database(path, copy, show)
        rows = count_rows(copy)
        backup.add_file("database.sqlite", copy, show)
    return [TablePart(table, count) for table, count in sorted(rows.items())]


async def _add_tables(database: Database, backup: BackupWriter, show: ByteBar) -> list[TablePart]:
    parts = []
    async with database.snapshot() as tx:
        for table in all_tables():
            columns = [str(column.name) for column in table.columns]
            with backup.entry(f"tables/{table.name}") as take:
                rows = await copy_out(tx, table.name, columns, take)
            parts.append(TablePart(str(table.name), rows, columns))
            show(backup.files[f"tables/{table.name}"].size_bytes)
    return parts
