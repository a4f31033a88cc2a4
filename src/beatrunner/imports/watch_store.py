"""Statements on watched folders."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.import_tables import watched_files, watched_folders
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for

#: Rows in one statement; databases limit their values.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file below a watched folder. `path` is relative to it, with forward slashes."""

    path: str
    size_bytes: int
    modified_ns: int


async def list_watched_files(tx: AsyncConnection, account_id: UUID) -> frozenset[SeenFile]:
    """Those that were handed in, as they were then."""
    columns = watched_files.c
    rows = await tx.execute(
        select(columns.path, columns.size_bytes, columns.modified_ns).where(
            columns.account_id == account_id
        )
    )
    return frozenset(SeenFile(*row) for row in rows)


async def upsert_watched_files(
    tx: AsyncConnection, account_id: UUID, files: Sequence[SeenFile], now: datetime
) -> None:
    for start in range(0, len(files), _AT_ONCE):
        statement = insert_for(tx, watched_files).values(
            [
                {
                    "account_id": account_id,
                    "path_sha256": hashlib.sha256(file.path.encode()).hexdigest(),
                    "path": file.path,
                    "size_bytes": file.size_bytes,
                    "modified_ns": file.modified_ns,
                    "handed_in_at": now,
                }
                for file in files[start : start + _AT_ONCE]
            ]
        )
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=["account_id", "path_sha256"],
                set_={
                    name: statement.excluded[name]
                    for name in ("size_bytes", "modified_ns", "handed_in_at")
                },
            )
        )


async def upsert_watched_folder(
    tx: AsyncConnection, account_id: UUID, folder: str, *, is_there: bool, now: datetime
) -> None:
    values = {"folder": folder, "is_there": is_there, "looked_at": now}
    await tx.execute(
        insert_for(tx, watched_folders)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )


async def find_watched_folder(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    """With what was handed in last, and how many files were."""
    files = watched_files.c
    of_account = files.account_id == account_id
    last = (
        select(files.path, files.handed_in_at)
        .where(of_account)
        .order_by(files.handed_in_at.desc(), files.path.desc())
        .limit(1)
        .subquery()
    )
    rows = await tx.execute(
        select(
            watched_folders,
            last.c.path.label("last_path"),
            last.c.handed_in_at.label("last_handed_in_at"),
            select(func.count()).where(of_account).scalar_subquery().label("files_total"),
        )
        .select_from(watched_folders.outerjoin(last, last.c.path.is_not(None)))
        .where(watched_folders.c.account_id == account_id)
    )
    return rows.one_or_none()
