"""A folder from which everything comes in by itself, once."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.fit import write_fit
from beatrunner.db.engine import Database
from beatrunner.db.import_tables import watched_files
from beatrunner.db.tables import accounts, import_files
from beatrunner.imports.receiving import UploadReceiver
from beatrunner.imports.watch_store import (
    SeenFile,
    find_watched_folder,
    list_watched_files,
    upsert_watched_files,
)
from beatrunner.imports.watching import FolderWatcher, files_below
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import run

FIT = write_fit(run())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "from my watch"
    folder.mkdir()
    return folder


def watcher_of(library: Library, folder: Path) -> FolderWatcher:
    async def find_account(tx: AsyncConnection) -> UUID:
        return library.account_id

    return FolderWatcher(library.database, library.receiver, library.clock, folder, find_account)


@pytest.fixture
def watcher(library: Library, folder: Path) -> FolderWatcher:
    return watcher_of(library, folder)


async def handed_in(library: Library) -> list[str]:
    return [row.path for row in await library.rows(select(import_files.c.path))]


async def test_a_file_comes_in_once_it_stays_the_same(
    library: Library, watcher: FolderWatcher, folder: Path
) -> None:
    file = folder / "a.fit"
    file.write_bytes(FIT[:100])
    assert await watcher.look() == 0
    file.write_bytes(FIT)
    assert await watcher.look() == 0, "it grew"
    assert await watcher.look() == 1
    assert await watcher.look() == 0
    assert await handed_in(library) == ["from my watch/a.fit"]
    await library.worker.run_until_idle()
    assert file.read_bytes() == FIT


async def test_what_came_in_is_remembered_across_restarts(
    library: Library, watcher: FolderWatcher, folder: Path
) -> None:
    (folder / "a.fit").write_bytes(FIT)
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    again = watcher_of(library, folder)
    assert [await again.look() for _ in range(3)] == [0, 0, 0]
    (folder / "b.fit").write_bytes(FIT)
    assert [await again.look() for _ in range(2)] == [0, 1]


async def test_a_file_that_changed_comes_in_again(
    library: Library, watcher: FolderWatcher, folder: Path
) -> None:
    file = folder / "a.fit"
    file.write_bytes(FIT)
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    os.utime(file, ns=(0, 1_000))
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    assert len(await library.rows(select(watched_files))) == 1


async def test_folders_below_are_seen_and_what_is_no_file_of_the_runner_is_not(
    library: Library, watcher: FolderWatcher, folder: Path
) -> None:
    for name in ("2026/05/a.fit", ".cache/b.fit", "c.fit.part", ".d.fit", "e.crdownload"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FIT)
    (folder / "empty.fit").touch()
    (folder / "link.fit").symlink_to(folder / "2026/05/a.fit")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.fit")
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    assert await handed_in(library) == ["from my watch/2026/05/a.fit"]


async def test_names_that_are_no_text(library: Library, watcher: FolderWatcher) -> None:
    try:
        (watcher.folder / os.fsdecode(b"caf\xe9.fit")).write_bytes(FIT)
    except OSError:
        pytest.skip("this file system wants text")
    assert [await watcher.look() for _ in range(3)] == [0, 1, 0]


async def test_a_folder_that_goes_away_and_comes_back(
    library: Library, watcher: FolderWatcher, folder: Path, clock: HeldClock
) -> None:
    (folder / "a.fit").write_bytes(FIT)
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    away = await asyncio.to_thread(folder.rename, folder.with_name("unplugged"))
    assert await watcher.look() == 0
    async with library.database.read() as tx:
        told = await find_watched_folder(tx, library.account_id)
    assert told is not None
    assert (told.is_there, told.files_total, told.last_path) == (False, 1, "a.fit")
    await asyncio.to_thread(away.rename, folder)
    (folder / "b.fit").write_bytes(FIT)
    assert [await watcher.look() for _ in range(2)] == [0, 1]
    async with library.database.read() as tx:
        told = await find_watched_folder(tx, library.account_id)
    assert told is not None
    assert (told.is_there, told.folder, told.looked_at) == (True, str(folder), clock())


async def test_two_workers_hand_each_file_in_once(library: Library, folder: Path) -> None:
    for number in range(5):
        (folder / f"{number}.fit").write_bytes(FIT)
    watchers = [watcher_of(library, folder) for _ in range(2)]
    for _ in range(2):
        await asyncio.gather(*(watcher.look() for watcher in watchers))
    assert len(await handed_in(library)) == 5
    assert len(list(library.spool.iterdir())) == 5, "what was not handed in is not left behind"


async def test_one_file_that_cannot_be_read_keeps_no_other_out(
    library: Library, watcher: FolderWatcher, folder: Path
) -> None:
    (folder / "a.fit").write_bytes(FIT)
    (folder / "b.fit").write_bytes(FIT)
    await watcher.look()
    seen = files_below(folder)
    assert seen is not None
    (folder / "a.fit").unlink()
    assert await watcher._hand_in(library.account_id, seen) == 1
    assert await handed_in(library) == ["from my watch/b.fit"]


async def test_while_there_is_no_account_nothing_is_handed_in(
    library: Library, folder: Path
) -> None:
    async def find_none(tx: AsyncConnection) -> None:
        return None

    watcher = FolderWatcher(library.database, library.receiver, library.clock, folder, find_none)
    (folder / "a.fit").write_bytes(FIT)
    assert [await watcher.look() for _ in range(2)] == [0, 0]


async def test_the_watch_goes_on_when_something_is_wrong_and_ends_when_asked(
    library: Library, folder: Path
) -> None:
    looks = 0
    stop = asyncio.Event()

    async def find_account(tx: AsyncConnection) -> UUID:
        nonlocal looks
        looks += 1
        stop.set()
        raise ConnectionError

    await FolderWatcher(
        library.database, library.receiver, library.clock, folder, find_account
    ).run_until(stop)
    assert looks == 1


async def test_what_was_handed_in_goes_with_the_account(
    database: Database, clock: HeldClock
) -> None:
    mine, other = await make_account(database), await make_account(database)
    many = [SeenFile(f"{number}.fit", number, number) for number in range(1_200)]
    async with database.write() as tx:
        await upsert_watched_files(tx, mine, many, clock())
        await upsert_watched_files(tx, mine, many[:3], clock())
        await upsert_watched_files(tx, other, many[:1], clock())
        assert await list_watched_files(tx, mine) == frozenset(many)
        assert await find_watched_folder(tx, mine) is None
        await tx.execute(delete(accounts).where(accounts.c.id == mine))
        left = await tx.execute(select(func.count()).select_from(watched_files))
        assert left.scalar_one() == 1


async def test_nothing_is_remembered_of_what_could_not_be_handed_in(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    (folder / "a.fit").write_bytes(FIT)
    in_the_way = tmp_path / "a file where the spool should be"
    in_the_way.touch()

    async def find_account(tx: AsyncConnection) -> UUID:
        return library.account_id

    receiver = UploadReceiver(library.database, library.clock, in_the_way)
    watcher = FolderWatcher(library.database, receiver, library.clock, folder, find_account)
    assert [await watcher.look() for _ in range(2)] == [0, 0]
    async with library.database.read() as tx:
        assert await list_watched_files(tx, library.account_id) == frozenset()
