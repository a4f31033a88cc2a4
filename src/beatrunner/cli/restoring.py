"""`beatrunner restore`: a backup in the place of what the settings name.

Nothing is touched before the whole backup was read and found as it was written, its version known
and the place free. SQLite and the files are then unpacked beside their places and moved there in
the end; PostgreSQL is filled in one transaction. Whatever the tables were like when the backup was
made, the migrations bring them to this version. Accounts that were erased since do not come back.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from beatrunner.cli.progress import ByteBar
from beatrunner.db.catalogue import has_rows
from beatrunner.db.engine import Database, sqlite_path
from beatrunner.db.migrate import knows_revision, upgrade, upgrade_within
from beatrunner.db.whole_postgres import copy_in, count_others, drop_all
from beatrunner.db.whole_sqlite import (
    DamagedDatabaseError,
    count_rows,
    is_open_elsewhere,
    with_companions,
)
from beatrunner.kit.backup_file import (
    BackupReader,
    Manifest,
    UnreadableBackupError,
    reading_backup,
)
from beatrunner.kit.clock import system_clock
from beatrunner.kit.folders import exports_folder, originals_folder, spool_folder
from beatrunner.kit.keyring import secret_file
from beatrunner.kit.settings import Settings
from beatrunner.privacy.build import build_eraser
from beatrunner.privacy.store import list_tombstones
from beatrunner.privacy.tombstones import Tombstones

_STOP_FIRST = "BeatRunner is running. Stop it first."
_NOT_EMPTY = (
    "There is data already. --overwrite puts the backup in its place; files that were there are "
    "then kept in a folder beside."
)


async def restore_backup(settings: Settings, path: Path, *, overwrite: bool) -> Manifest:
    """Raises ClickException with words."""
    try:
        with reading_backup(path) as backup:
            _check_version(backup.manifest, settings)
            with ByteBar("Checking", backup.manifest.total_bytes) as show:
                await asyncio.to_thread(backup.verify, show)
            settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if backup.manifest.database == "sqlite":
                await _restore_sqlite(settings, backup, overwrite=overwrite)
            else:
                await _restore_postgres(settings, backup, overwrite=overwrite)
            await _erase_again(settings)
            return backup.manifest
    except (UnreadableBackupError, DamagedDatabaseError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The backup cannot be restored: {error}.") from error


def _check_version(manifest: Manifest, settings: Settings) -> None:
    if not knows_revision(manifest.revision):
        raise click.ClickException(
            f"The backup was made by BeatRunner {manifest.version}, which is newer than this one. "
            "Install that version first."
        )
    here = "postgresql" if sqlite_path(settings.database) is None else "sqlite"
    if manifest.database != here:
        raise click.ClickException(
            f"The backup is of {manifest.database}, and the settings name {here}. Restore it with "
            "settings that fit; `beatrunner migrate-to` moves SQLite to PostgreSQL afterwards."
        )


async def _restore_sqlite(settings: Settings, backup: BackupReader, *, overwrite: bool) -> None:
    path = sqlite_path(settings.database)
    assert path is not None  # noqa: S101 - it has been checked
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _is_free(path) and not overwrite:
        raise click.ClickException(_NOT_EMPTY)
    with (
        _unpacked(settings, backup) as folder,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".restoring-") as name,
    ):
        fresh = Path(name) / path.name
        shutil.move(folder / "database.sqlite", fresh)  # maybe to another disk
        rows = await asyncio.to_thread(count_rows, fresh)
        if rows != {table.name: table.rows for table in backup.manifest.tables}:
            raise UnreadableBackupError("The database in the backup is not what its list says.")
        migrated = Database(f"sqlite:///{fresh}", readers=1)
        await upgrade(migrated)
        await migrated.close()
        _put_aside(settings)
        _put_files(settings, folder)
        fresh.replace(path)


async def _erase_again(settings: Settings) -> None:
    """Whoever had their account erased since the backup was made is not brought back by it."""
    database = Database(settings.database, readers=1)
    try:
        eraser = build_eraser(settings, database, system_clock)
        async with database.read() as tx:
            gone = {**await list_tombstones(tx), **Tombstones(settings.folder).read()}
        for account_id, erased_at in gone.items():
            if await eraser.erase(account_id, erased_at):
                click.echo("An account that was erased since has been erased again.")
    finally:
        await database.close()


def _is_free(path: Path) -> bool:
    """Raises ClickException where somebody works. A damaged database is one with data."""
    try:
        if is_open_elsewhere(path):
            raise click.ClickException(_STOP_FIRST)
        return not path.exists() or not any(
            rows for table, rows in count_rows(path).items() if table != "alembic_version"
        )
    except DamagedDatabaseError:
        return False


async def _restore_postgres(settings: Settings, backup: BackupReader, *, overwrite: bool) -> None:
    database = Database(settings.database, readers=1)
    try:
        with _unpacked(settings, backup) as folder:
            async with database.write() as tx:
                if await count_others(tx):
                    raise click.ClickException(_STOP_FIRST)
                if not overwrite and await has_rows(tx):
                    raise click.ClickException(_NOT_EMPTY)
                await drop_all(tx)
                await upgrade_within(tx, backup.manifest.revision)
                with ByteBar("Restoring", backup.manifest.total_bytes) as show:
                    for table in backup.manifest.tables:
                        content = _later(backup.chunks(f"tables/{table.name}", show))
                        if await copy_in(tx, table.name, table.columns, content) != table.rows:
                            raise UnreadableBackupError(f"The backup lacks rows of {table.name}.")
                await upgrade_within(tx)
                # Files without rows do no harm; rows without files would.
                _put_aside(settings)
                _put_files(settings, folder)
    finally:
        await database.close()


async def _later(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    for chunk in content:
        yield chunk


@contextmanager
def _unpacked(settings: Settings, backup: BackupReader) -> Iterator[Path]:
    """All files of the backup but PostgreSQL's tables, on the disk of the data folder."""
    names = [name for name in backup.manifest.files if not name.startswith("tables/")]
    total = sum(backup.manifest.files[name].size_bytes for name in names)
    with (
        tempfile.TemporaryDirectory(dir=settings.folder, prefix=".restoring-") as folder,
        ByteBar("Unpacking", total) as show,
    ):
        for name in names:
            target = Path(folder) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                backup.copy(name, file, show)
                file.flush()
                os.fsync(file.fileno())
        yield Path(folder)


def _put_aside(settings: Settings) -> None:
    """What was there goes into a folder of its own, and is deleted by nobody."""
    aside = settings.folder / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    path = sqlite_path(settings.database)
    folders = [originals_folder(settings), spool_folder(settings), exports_folder(settings)]
    old = [*folders, secret_file(settings)]
    old += [] if path is None else with_companions(path)
    for found in old:
        if found.exists():
            aside.mkdir(mode=0o700, exist_ok=True)
            shutil.move(found, aside / found.name)


def _put_files(settings: Settings, unpacked: Path) -> None:
    for name, place in (
        ("originals", originals_folder(settings)),
        ("spool", spool_folder(settings)),
        ("secret", secret_file(settings)),
    ):
        if (unpacked / name).exists():
            (unpacked / name).replace(place)
