"""`beatrunner backup` and `restore`, on both databases: what comes back is what was there."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from beatrunner.db.engine import Database, sqlite_path
from beatrunner.db.migrate import upgrade
from beatrunner.db.whole_postgres import copy_out
from beatrunner.db.whole_sqlite import count_rows
from beatrunner.kit.backup_file import FORMAT, BackupWriter, Manifest, TablePart, writing_backup
from tests.cli.instances import Instance
from tests.conftest import PostgresServer

Make = Callable[[str], Instance]
#: One that this version's migrations have left behind, and its only account.
OLD_REVISION = "0010"
OLD_ACCOUNT = (
    "INSERT INTO accounts (id, kind, display_name, created_at)"
    " VALUES ('{}', 'member', 'An old hand', {})"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def instance(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Empty ones by name, all on the same kind of database."""
    made: list[str] = []
    is_sqlite = request.param == "sqlite"
    server: PostgresServer | None = None if is_sqlite else request.getfixturevalue("postgres")

    def make(name: str) -> Instance:
        folder = tmp_path / name
        if server is None:
            return Instance(folder, f"sqlite:///{folder}/beatrunner.db")
        made.append(f"backup_{uuid4().hex}")
        server.run(f"CREATE DATABASE {made[-1]};")
        return Instance(folder, server.address_of(made[-1]))

    yield make
    for name in made:
        assert server is not None
        server.run(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture
def backup(instance: Make, tmp_path: Path) -> tuple[Instance, Path]:
    """An instance with something in it, and its backup."""
    full = instance("full")
    full.fill(tmp_path)
    path = tmp_path / "all.backup"
    done = full.beatrunner("backup", path)
    assert done.exit_code == 0, done.output
    return full, path


def test_what_comes_back_is_what_was_there(backup: tuple[Instance, Path], instance: Make) -> None:
    full, path = backup
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    empty = instance("empty")
    done = empty.beatrunner("restore", path)
    assert done.exit_code == 0, done.output
    assert empty.digests() == full.digests()
    assert empty.files() == full.files()
    assert len(full.files()) == 3
    # And again, over what is there, only when told; what was there is kept.
    refused = empty.beatrunner("restore", path)
    assert refused.exit_code == 1
    assert "--overwrite" in refused.output
    exports = empty.folder / "exports"
    exports.mkdir()
    (exports / "of-nobody.zip").write_bytes(b"PK")
    done = empty.beatrunner("restore", "--overwrite", path)
    assert done.exit_code == 0, done.output
    assert empty.digests() == full.digests()
    assert not exports.exists()
    assert len(list(empty.folder.glob("replaced-*/exports/*"))) == 1
    assert len(list(empty.folder.glob("replaced-*/originals/*/*"))) == 2


def test_uploads_on_their_way_come_along(instance: Make, tmp_path: Path) -> None:
    full = instance("full")
    full.fill(tmp_path)
    name = "018f0000-0000-7000-8000-000000000000"
    (full.folder / "spool" / name).write_bytes(b"not read yet")
    asyncio.run(_reopen_an_import(full.address, name))
    path = tmp_path / "all.backup"
    assert full.beatrunner("backup", path).exit_code == 0
    empty = instance("empty")
    assert empty.beatrunner("restore", path).exit_code == 0
    assert (empty.folder / "spool" / name).read_bytes() == b"not read yet"


async def _reopen_an_import(address: str, spool_name: str) -> None:
    database = Database(address, readers=1)
    async with database.write() as tx:
        await tx.execute(text("UPDATE import_batches SET finished_at = NULL"))
        await tx.execute(text("UPDATE import_files SET spool_name = NULL"))
        await tx.execute(
            text(
                "UPDATE import_files SET spool_name = :name WHERE id ="
                " (SELECT id FROM import_files ORDER BY id LIMIT 1)"
            ),
            {"name": spool_name},
        )
    await database.close()


def test_nothing_is_restored_under_a_running_server(
    backup: tuple[Instance, Path],
) -> None:
    full, path = backup
    before = full.digests()

    async def try_while_open() -> str:
        database = Database(full.address, readers=1)
        async with database.read() as tx:
            await tx.execute(text("SELECT 1 FROM accounts"))
            done = await asyncio.to_thread(full.beatrunner, "restore", "--overwrite", path)
        await database.close()
        return done.output

    assert "Stop it first" in asyncio.run(try_while_open())
    assert full.digests() == before


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flip(path: Path) -> None:
    """One bit of the largest file; headers hold bits that say nothing."""
    with zipfile.ZipFile(path) as archive:
        files = [entry for entry in archive.infolist() if entry.filename != "manifest.json"]
    largest = max(files, key=lambda entry: entry.compress_size)
    content = bytearray(path.read_bytes())
    content[largest.header_offset + 30 + len(largest.filename) + largest.compress_size // 2] ^= 0x10
    path.write_bytes(bytes(content))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("holidays.txt", "sunny")


def _rewrite(path: Path, change: Callable[[dict[str, object]], None], *more: str) -> None:
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(content.pop("manifest.json"))
    change(manifest)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        for name in more:
            archive.writestr(name, b"x")
        archive.writestr("manifest.json", json.dumps(manifest))


def newer_format(path: Path) -> None:
    _rewrite(path, lambda manifest: manifest.update(format=FORMAT + 1, version="9.9"))


def newer_tables(path: Path) -> None:
    _rewrite(path, lambda manifest: manifest.update(revision="9999", version="9.9"))


def fewer_rows(path: Path) -> None:
    def change(manifest: dict[str, object]) -> None:
        tables = manifest["tables"]
        assert isinstance(tables, list)
        for table in tables:
            table["rows"] += table["name"] == "tracks"

    _rewrite(path, change)


def escaping(path: Path) -> None:
    _rewrite(
        path,
        lambda manifest: manifest["files"].update(  # type: ignore[attr-defined]
            {"../secret": {"size_bytes": 1, "sha256": "0" * 64}}
        ),
        "../secret",
    )


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (cut, "cut off"),
        (flip, "damaged"),
        (empty, "no backup"),
        (other, "no backup"),
        (newer_format, "newer"),
        (newer_tables, "newer"),
        (fewer_rows, "list says|lacks rows"),
        (escaping, "list says"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_bad_backup_touches_nothing(
    backup: tuple[Instance, Path], harm: Callable[[Path], None], words: str
) -> None:
    full, path = backup
    before, files = full.digests(), full.files()
    harm(path)
    done = full.beatrunner("restore", "--overwrite", path)
    assert done.exit_code == 1
    assert any(word in done.output for word in words.split("|")), done.output
    assert full.digests() == before
    assert full.files() == files
    assert not list(full.folder.glob(".restoring-*"))


@pytest.mark.parametrize("left", [0.5, 0.0])
def test_a_damaged_database_is_put_aside(tmp_path: Path, left: float) -> None:
    place = tmp_path / "full" / "beatrunner.db"
    full = Instance(place.parent, f"sqlite:///{place}")
    full.fill(tmp_path)
    path = tmp_path / "all.backup"
    assert full.beatrunner("backup", path).exit_code == 0
    before = full.digests()
    content = place.read_bytes()
    damaged = content[: int(left * len(content)) // 4096 * 4096] + b"no page of a database" * 1000
    place.write_bytes(damaged)
    assert full.beatrunner("backup", tmp_path / "bad.backup").output.startswith("Error: ")
    refused = full.beatrunner("restore", path)
    assert refused.exit_code == 1
    assert "--overwrite" in refused.output
    done = full.beatrunner("restore", "--overwrite", path)
    assert done.exit_code == 0, done.output
    assert full.digests() == before
    (aside,) = full.folder.glob("replaced-*/beatrunner.db")
    assert aside.read_bytes() == damaged


def test_a_database_on_another_disk_is_restored(tmp_path: Path) -> None:
    memory = Path("/dev/shm")  # noqa: S108
    if not memory.exists() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other disk")
    full = Instance(tmp_path / "full", f"sqlite:///{tmp_path}/full/beatrunner.db")
    full.fill(tmp_path)
    path = tmp_path / "all.backup"
    assert full.beatrunner("backup", path).exit_code == 0
    with tempfile.TemporaryDirectory(dir=memory) as disk:
        empty = Instance(tmp_path / "empty", f"sqlite:///{disk}/beatrunner.db")
        done = empty.beatrunner("restore", path)
        assert done.exit_code == 0, done.output
        assert empty.digests() == full.digests()


def test_an_older_backup_is_brought_to_this_version(instance: Make, tmp_path: Path) -> None:
    path = tmp_path / "old.backup"
    with writing_backup(path) as backup:
        backup.finish(asyncio.run(_write_old(instance("old"), backup, tmp_path)))
    new = instance("new")
    done = new.beatrunner("restore", path)
    assert done.exit_code == 0, done.output
    assert new.digests()["accounts"].rows == 1


async def _write_old(old: Instance, backup: BackupWriter, folder: Path) -> Manifest:
    database = Database(old.address, readers=1)
    await upgrade(database, OLD_REVISION)
    at = "1750000000000000" if database.is_sqlite else "now()"
    async with database.write() as tx:
        await tx.execute(text(OLD_ACCOUNT.format(uuid4().hex, at)))
    tables = [TablePart("accounts", 1, ["id", "kind", "display_name", "created_at"])]
    path = sqlite_path(old.address)
    if path is None:
        async with database.snapshot() as tx:
            with backup.entry("tables/accounts") as take:
                await copy_out(tx, "accounts", tables[0].columns, take)
        await database.close()
    else:
        await database.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        backup.add_file("database.sqlite", path, lambda _: None)
        tables = [TablePart(name, rows) for name, rows in count_rows(path).items()]
    return Manifest(
        format=FORMAT,
        version="0.1.0",
        made_at=datetime.now(UTC),
        database="postgresql" if path is None else "sqlite",
        revision=OLD_REVISION,
        tables=tables,
        files=backup.files,
    )


def test_a_folder_keeps_so_many(instance: Make, tmp_path: Path) -> None:
    new = instance("new")
    assert new.beatrunner("migrate").exit_code == 0
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"beatrunner-2025010{day}-120000.backup" for day in (1, 2)]
    for name in [*old, "mine.backup"]:
        (folder / name).touch()
    done = new.beatrunner("backup", folder, "--keep", "2")
    assert done.exit_code == 0, done.output
    left = sorted(path.name for path in folder.iterdir())
    assert left[0] == old[1]
    assert left[2:] == ["mine.backup"]
