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
    """A file as it arrives: its name, perhaps with folders, and an open file."""

    path: str
    file: BinaryIO


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
        files = [await asyncio.to_thread(self._spool_one, upload) for upload in uploads]
        async with self._database.write() as tx:
            now = self._clock()
            await store.insert_batch(tx, batch_id, account_id, now)
            await store.insert_files(tx, account_id, batch_id, files)
            await enqueue(
                tx, "import.run", {"batch_id": str(batch_id)}, account_id=account_id, now=now
            )
        return batch_id

    def _spool_one(self, upload: Upload) -> NewFile:
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        file_id = new_id()
        path = self._spool / str(file_id)
        with path.open("xb") as target:
            shutil.copyfileobj(upload.file, target, 1024 * 1024)
            target.flush()
            os.fsync(target.fileno())
        return NewFile(
            id=file_id,
            path=shown_path(upload.path),
            size_bytes=path.stat().st_size,
            spool_name=str(file_id),
        )


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
