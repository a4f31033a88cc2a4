"""Statements on import batches and their files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.tables import import_batches, import_files
from beatrunner.db.types import AnyRow
from beatrunner.imports.outcomes import Outcome
from beatrunner.kit.errors import NotFoundError

#: PostgreSQL takes 32,767 parameters, older SQLites 999.
_PATHS_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class NewFile:
    id: UUID
    path: str
    size_bytes: int
    spool_name: str | None = None
    archive_id: UUID | None = None
    member_index: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the import of one file ended."""

    outcome: Outcome
    kind: str
    reason: str | None = None
    activity_ids: tuple[UUID, ...] = ()
    listens_added: int = 0
    activities_added: int = 0


async def insert_batch(
    tx: AsyncConnection, batch_id: UUID, account_id: UUID, now: datetime
) -> None:
    await tx.execute(
        insert(import_batches).values(
            id=batch_id, account_id=account_id, state="queued", created_at=now
        )
    )


async def insert_files(
    tx: AsyncConnection, account_id: UUID, batch_id: UUID, files: Sequence[NewFile]
) -> None:
    if not files:
        return
    await tx.execute(
        insert(import_files),
        [
            {
                "id": file.id,
                "account_id": account_id,
                "batch_id": batch_id,
                "archive_id": file.archive_id,
                "member_index": file.member_index,
                "spool_name": file.spool_name,
                "path": file.path,
                "size_bytes": file.size_bytes,
                "kind": "unknown",
                "outcome": Outcome.WAITING,
                "activity_ids": [],
            }
            for file in files
        ],
    )


async def list_waiting(tx: AsyncConnection, batch_id: UUID) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(import_files)
        .where(import_files.c.batch_id == batch_id, import_files.c.outcome == Outcome.WAITING)
        .order_by(import_files.c.id)
    )
    return rows.all()


async def list_spooled(
    tx: AsyncConnection, batch_id: UUID, *, archive_id: UUID | None
) -> Sequence[AnyRow]:
    """What was in an archive, or what was handed in (None)."""
    rows = await tx.execute(
        select(import_files)
        .where(
            import_files.c.batch_id == batch_id,
            import_files.c.spool_name.is_not(None),
            import_files.c.archive_id == archive_id,
        )
        .order_by(import_files.c.id)
    )
    return rows.all()


async def list_spool_names(tx: AsyncConnection, batch_id: UUID) -> Sequence[str]:
    rows = await tx.scalars(
        select(import_files.c.spool_name)
        .where(import_files.c.batch_id == batch_id, import_files.c.spool_name.is_not(None))
        .order_by(import_files.c.id)
    )
    return rows.all()


async def list_unfinished_spool_names(tx: AsyncConnection) -> Sequence[str]:
    """Of everybody's imports that are not over."""
    rows = await tx.scalars(
        select(import_files.c.spool_name)
        .join(import_batches, import_batches.c.id == import_files.c.batch_id)
        .where(import_files.c.spool_name.is_not(None), import_batches.c.finished_at.is_(None))
        .order_by(import_files.c.spool_name)
    )
    return rows.all()


async def update_file(tx: AsyncConnection, file_id: UUID, verdict: Verdict) -> None:
    await tx.execute(
        update(import_files)
        .where(import_files.c.id == file_id)
        .values(
            outcome=verdict.outcome,
            kind=verdict.kind,
            reason=verdict.reason,
            activity_ids=[str(found) for found in verdict.activity_ids],
            activities_added=verdict.activities_added,
            listens_added=verdict.listens_added,
        )
    )


async def update_files(
    tx: AsyncConnection,
    batch_id: UUID,
    archive_id: UUID | None,
    paths: Sequence[str],
    verdict: Verdict,
) -> None:
    """Files of an archive, or of what was handed in (None), none of which brought anything."""
    for start in range(0, len(paths), _PATHS_AT_ONCE):
        await tx.execute(
            update(import_files)
            .where(
                import_files.c.batch_id == batch_id,
                import_files.c.archive_id == archive_id,
                import_files.c.path.in_(paths[start : start + _PATHS_AT_ONCE]),
            )
            .values(outcome=verdict.outcome, kind=verdict.kind, reason=verdict.reason)
        )


async def begin_batch(tx: AsyncConnection, batch_id: UUID) -> bool:
    """False when the import is over already (or gone with its account)."""
    begun = await tx.execute(
        update(import_batches)
        .where(import_batches.c.id == batch_id, import_batches.c.finished_at.is_(None))
        .values(state="running")
    )
    return begun.rowcount == 1


async def finish_batch(tx: AsyncConnection, batch_id: UUID, state: str, now: datetime) -> None:
    await tx.execute(
        update(import_batches)
        .where(import_batches.c.id == batch_id, import_batches.c.finished_at.is_(None))
        .values(state=state, finished_at=now)
    )


async def begin_undo(tx: AsyncConnection, batch_id: UUID) -> bool:
    """False unless the import is over."""
    begun = await tx.execute(
        update(import_batches)
        .where(import_batches.c.id == batch_id, import_batches.c.state.in_(("done", "failed")))
        .values(state="undoing")
    )
    return begun.rowcount == 1


async def finish_undo(tx: AsyncConnection, batch_id: UUID, state: str) -> None:
    await tx.execute(
        update(import_batches).where(import_batches.c.id == batch_id).values(state=state)
    )


def _count(outcome: Outcome) -> Any:
    return func.coalesce(func.sum(case((import_files.c.outcome == outcome, 1), else_=0)), 0)


_COUNTS = (
    func.count(import_files.c.id).label("files_total"),
    _count(Outcome.WAITING).label("files_waiting"),
    _count(Outcome.IMPORTED).label("imported"),
    _count(Outcome.JOINED).label("joined"),
    _count(Outcome.ALREADY_THERE).label("already_there"),
    _count(Outcome.REFUSED).label("refused"),
    _count(Outcome.SKIPPED).label("skipped"),
    func.coalesce(func.sum(import_files.c.activities_added), 0).label("activities_added"),
    func.coalesce(func.sum(import_files.c.listens_added), 0).label("listens_added"),
)

_ahead = import_files.alias()

#: The file that a running import is at: first it opens what holds files, which is in the spool.
_CURRENT = (
    select(_ahead.c.path)
    .where(
        _ahead.c.batch_id == import_batches.c.id,
        _ahead.c.outcome == Outcome.WAITING,
        import_batches.c.state == "running",
    )
    .order_by(_ahead.c.spool_name.is_(None), _ahead.c.id)
    .limit(1)
    .scalar_subquery()
    .label("current")
)

_BATCHES = (
    select(import_batches, *_COUNTS, _CURRENT)
    .select_from(
        import_batches.outerjoin(
            import_files,
            (import_files.c.batch_id == import_batches.c.id)
            & (import_files.c.outcome != Outcome.OPENED),
        )
    )
    .group_by(import_batches.c.id)
)


async def get_batch(tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> AnyRow:
    """Raises NotFoundError."""
    row = (
        await tx.execute(
            _BATCHES.where(
                import_batches.c.id == batch_id, import_batches.c.account_id == account_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return row


async def list_batches(
    tx: AsyncConnection, account_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Newest first; identifiers sort by time."""
    query = _BATCHES.where(import_batches.c.account_id == account_id)
    if before is not None:
        query = query.where(import_batches.c.id < before)
    rows = await tx.execute(query.order_by(import_batches.c.id.desc()).limit(limit))
    return rows.all()


async def list_files(
    tx: AsyncConnection,
    account_id: UUID,
    batch_id: UUID,
    *,
    outcome: Outcome | None,
    after: UUID | None,
    limit: int,
) -> Sequence[AnyRow]:
    query = select(import_files).where(
        import_files.c.batch_id == batch_id,
        import_files.c.account_id == account_id,
        import_files.c.outcome != Outcome.OPENED,
    )
    if outcome is not None:
        query = query.where(import_files.c.outcome == outcome)
    if after is not None:
        query = query.where(import_files.c.id > after)
    rows = await tx.execute(query.order_by(import_files.c.id).limit(limit))
    return rows.all()
