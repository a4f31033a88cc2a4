"""Put an upload aside and promise to import it."""

from __future__ import annotations

import asyncio
import os
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from beatrunner.db.engine import Database
from beatrunner.imports import store
from beatrunner.imports.store import NewFile
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import RefusedError
from beatrunner.kit.ids import new_id

_LONGEST_PATH = 400


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

    async def receive(self, account_id: UUID, uploads: Sequence[Upload]) -> UUID:
        """Keep every file durably, then enqueue its import; gives the batch.

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
                now = self._clock()
                await store.insert_batch(tx, batch_id, account_id, now)
                await store.insert_files(tx, account_id, batch_id, files)
                await enqueue(
                    tx, "import.run", {"batch_id": str(batch_id)}, account_id=account_id, now=now
                )
        except BaseException:
            for file in files:
                (self._spool / str(file.id)).unlink(missing_ok=True)
            raise
        return batch_id

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
