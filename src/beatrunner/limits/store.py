"""Statements on what was let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.limit_tables import request_counters, request_counts
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for


async def list_counters(tx: AsyncConnection, since: datetime) -> Sequence[AnyRow]:
    """Those that wrote since then."""
    counters = request_counters
    return (await tx.execute(select(counters).where(counters.c.written_at >= since))).all()


async def list_counts(tx: AsyncConnection, counter_id: UUID) -> Sequence[AnyRow]:
    counts = request_counts.c
    statement = select(counts.subject, counts.minute, counts.requests)
    return (await tx.execute(statement.where(counts.counter_id == counter_id))).all()


async def upsert_counter(
    tx: AsyncConnection, counter_id: UUID, elapsed_s: int, now: datetime, *, is_running: bool
) -> None:
    told = {"is_running": is_running, "elapsed_s": elapsed_s, "written_at": now}
    await tx.execute(
        insert_for(tx, request_counters)
        .values(id=counter_id, **told)
        .on_conflict_do_update(index_elements=["id"], set_=told)
    )


async def upsert_counts(
    tx: AsyncConnection, counter_id: UUID, added: Mapping[tuple[str, int], int]
) -> None:
    """Add to what is there, by subject and minute."""
    statement = insert_for(tx, request_counts)
    rows = [
        {"counter_id": counter_id, "subject": subject, "minute": minute, "requests": requests}
        # In one order, so that no two transactions wait for each other.
        for (subject, minute), requests in sorted(added.items())
    ]
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["counter_id", "subject", "minute"],
            set_={"requests": request_counts.c.requests + statement.excluded.requests},
        ),
        rows,
    )


async def delete_old_counts(
    tx: AsyncConnection, counter_id: UUID, before_minute: int, before: datetime
) -> None:
    """Of this counter those from before that minute, and counters that last wrote before then."""
    counts = request_counts
    await tx.execute(
        delete(counts).where(counts.c.counter_id == counter_id, counts.c.minute < before_minute)
    )
    await tx.execute(delete(request_counters).where(request_counters.c.written_at < before))
