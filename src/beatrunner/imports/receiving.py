"""Put an upload aside and promise to import it."""

from __future__ import annotations

import asyncio
import os
import shutil
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.imports import store
from beatrunner.imports.store import NewFile
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import DiskFullError, RefusedError, UnavailableError
from beatrunner.kit.folders import files_older_than
from beatrunner.kit.ids import new_id
from beatrunner.kit.log import logger

log = logger(__name__)

_LONGEST_PATH = 400

Also = Callable[[AsyncConnection], Awaitable[None]]
_SWEPT_AFTER_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: its name, perhaps with folders, and an open file or where it lies."""

    path: str
    file: BinaryIO | Path


class UploadReceiver:
    def __init__(self, database: Database, clock: Clock, spool: Path) -> None:
        self._database = database
        self._clock = clock
        self._spool = spool

    async def receive(
        self,
        account_id: UUID,
        uploads: Sequence[Upload],
        also: Also | None = None,
        *,
        is_by_script: bool = False,
    ) -> UUID:
        """Keep every file durably, then enqueue its import; gives the batch.

        `also` is done in the transaction that enqueues it; when it raises, nothing was handed in.
        Raises RefusedError when there is no file.
        """
        if not uploads:
            raise RefusedError("Choose at least one file.", kind="no-files")
        batch_id = new_id()
        files: list[NewFile] = []
        try:
            for upload in uploads:
                file_id = new_id()
                files.append(
                    NewFile(
                        id=file_id,
                        path=shown_path(upload.path),
                        size_bytes=await asyncio.to_thread(self._spool_one, file_id, upload.file),
                        spool_name=str(file_id),
                    )
                )
            async with self._database.write() as tx:
                if also is not None:
                    await also(tx)
                now = self._clock()
                await store.insert_batch(tx, batch_id, account_id, now)
                await store.insert_files(tx, account_id, batch_id, files)
                payload = {"batch_id": str(batch_id), "is_by_script": is_by_script}
                await enqueue(tx, "import.run", payload, account_id=account_id, now=now)
        except BaseException as error:
            if not isinstance(error, UnavailableError) or isinstance(error, DiskFullError):
                for file in files:
                    (self._spool / str(file.id)).unlink(missing_ok=True)
            # Otherwise nobody knows whether the import was enqueued before the database went away;
            # `sweep` sees to files that nobody asks for.
            raise
        return batch_id

    async def sweep(self) -> None:
        """Delete what a power cut left behind: spooled files without a row, older than a day."""
        oldest_s = self._clock().timestamp() - _SWEPT_AFTER_S
        found = await asyncio.to_thread(files_older_than, self._spool, oldest_s)
        if not found:
            return
        async with self._database.read() as tx:
            wanted = set(await store.list_unfinished_spool_names(tx))
        for path in found:
            if path.name not in wanted:
                log.info("spool.swept", name=path.name)
                path.unlink(missing_ok=True)

    def _spool_one(self, file_id: UUID, source: BinaryIO | Path) -> int:
        """Gives the size in bytes."""
        if isinstance(source, Path):
            with source.open("rb") as opened:
                return self._spool_one(file_id, opened)
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._spool / str(file_id)
        try:
            with path.open("xb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
                target.flush()
                os.fsync(target.fileno())
                return target.tell()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def shown_path(path: str) -> str:
    """A client's file name, fit to be shown: no control characters, not endless.

    It is never used to open anything.
    """
    clean = "".join(
        character
        for character in path.replace("\\", "/")
        if unicodedata.category(character)[0] != "C"
    )
    return clean[-_LONGEST_PATH:] or "file"
