"""A folder in which whatever appears is imported by itself.

Watches, phones and browsers put files somewhere; this is the door that needs no hand. The folder is
walked every few seconds, as file systems on networks and in containers tell of changes unreliably.
A file is handed in once its size and time have stayed the same between two walks, so that nothing
half-copied comes in, and again when they have changed since it was handed in last. That it was is
written down in the transaction that enqueues its import: killed in between, neither is there; two
workers that watch the same folder hand each file in once.

Nothing in the folder is ever touched. Hidden files, unfinished downloads, empty files and links are
passed over. A folder that is away (a drive unplugged) is looked for again and again; nothing is
forgotten meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.imports.watch_store import (
    SeenFile,
    list_watched_files,
    upsert_watched_files,
    upsert_watched_folder,
)
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger

log = logger(__name__)

#: How often the folder is walked.
EVERY_S = 5.0
#: The page is told that somebody looks this often, not at every walk.
TOLD_EVERY = timedelta(minutes=1)
MOST_AT_ONCE = 500
#: What browsers and programs for copying call what is not there yet.
_UNFINISHED = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".tmp",
    ".temp",
    ".!ut",
    ".filepart",
)

FindAccount = Callable[[AsyncConnection], Awaitable[UUID | None]]


class _HandedInElsewhereError(Exception):
    """Another worker was faster."""


@dataclass(slots=True)
class FolderWatcher:
    """`find_account` gives the account whose files these are; None while there is none."""

    database: Database
    receiver: UploadReceiver
    clock: Clock
    folder: Path
    find_account: FindAccount
    _before: frozenset[SeenFile] = frozenset()
    _told: tuple[datetime, bool] | None = field(default=None)

    async def run_until(self, stop: asyncio.Event) -> None:
        log.info("watch.started", folder=str(self.folder))
        while not stop.is_set():
            try:
                await self.look()
            except Exception:
                # The database or the disk may be away for a while; the watch outlives that.
                log.exception("watch.failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY_S)

    async def look(self) -> int:
        """Walk once; gives how many files were handed in."""
        async with self.database.read() as tx:
            account_id = await self.find_account(tx)
            if account_id is None:
                return 0
            known = await list_watched_files(tx, account_id)
        seen = await asyncio.to_thread(files_below, self.folder)
        await self._tell(account_id, is_there=seen is not None)
        if seen is None:
            return 0
        new = (seen.keys() & self._before) - known
        self._before = frozenset(seen)
        ordered = sorted(new, key=lambda file: (file.modified_ns, file.path))
        handed_in = 0
        for start in range(0, len(ordered), MOST_AT_ONCE):
            files = {file: seen[file] for file in ordered[start : start + MOST_AT_ONCE]}
            handed_in += await self._hand_in(account_id, files)
        return handed_in

    async def _hand_in(self, account_id: UUID, files: Mapping[SeenFile, Path]) -> int:
        async def remember(tx: AsyncConnection) -> None:
            await lock_imports(tx, account_id)
            if await list_watched_files(tx, account_id) & files.keys():
                raise _HandedInElsewhereError
            await upsert_watched_files(tx, account_id, list(files), self.clock())

        folder = self.folder.name
        uploads = [Upload(f"{folder}/{file.path}", path) for file, path in files.items()]
        try:
            await self.receiver.receive(account_id, uploads, remember)
        except _HandedInElsewhereError:
            return 0
        except OSError:
            # One that cannot be read, or is gone by now, must not keep the others out.
            if len(files) > 1:
                return sum([await self._hand_in(account_id, {file: files[file]}) for file in files])
            log.warning("watch.unreadable", paths=[file.path for file in files])
            return 0
        log.info("watch.handed_in", files=len(files))
        return len(files)

    async def _tell(self, account_id: UUID, *, is_there: bool) -> None:
        now = self.clock()
        if self._told and self._told[1] == is_there and now - self._told[0] < TOLD_EVERY:
            return
        async with self.database.write() as tx:
            folder = str(self.folder)
            await upsert_watched_folder(tx, account_id, folder, is_there=is_there, now=now)
        if not is_there:
            log.warning("watch.folder_away", folder=folder)
        self._told = (now, is_there)


def files_below(folder: Path) -> Mapping[SeenFile, Path] | None:
    """What may be handed in; None when the folder is not there, or cannot be read."""
    if not os.access(folder, os.R_OK | os.X_OK) or not folder.is_dir():
        return None
    return dict(_walk(folder))


def _walk(folder: Path) -> Iterator[tuple[SeenFile, Path]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if name.startswith(".") or path.suffix.casefold() in _UNFINISHED:
                continue
            try:
                about = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(about.st_mode) and about.st_size:
                # Names need not be text on every system; databases want nothing else.
                shown = os.fsencode(path.relative_to(folder).as_posix())
                told = shown.decode("utf-8", "backslashreplace")
                yield SeenFile(told, about.st_size, about.st_mtime_ns), path
