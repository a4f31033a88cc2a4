"""Statements on tracks and listens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.tables import accounts, music_events, track_source_ids, tracks

#: Values in one statement: databases limit its variables, and memory stays flat.
_AT_ONCE = 5_000


async def lock_library(tx: AsyncConnection, account_id: UUID) -> None:
    """Until the transaction ends nobody else adds to this account's tracks and listens."""
    # SQLite has one writer anyway and leaves the clause out.
    await tx.execute(
        select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(key_share=True)
    )


async def list_tracks_by_source_id(
    tx: AsyncConnection, account_id: UUID, source_ids: Collection[str]
) -> dict[str, UUID]:
    """Those of the ids that are known, with their tracks."""
    columns = track_source_ids.c
    return await _lookup(tx, account_id, columns.source_id, columns.track_id, source_ids)


async def list_tracks_by_match_key(
    tx: AsyncConnection, account_id: UUID, match_keys: Collection[str]
) -> dict[str, UUID]:
    """Those of the keys that are known, with their tracks."""
    return await _lookup(tx, account_id, tracks.c.match_key, tracks.c.id, match_keys)


async def _lookup(
    tx: AsyncConnection,
    account_id: UUID,
    key: Column[Any],
    value: Column[Any],
    wanted: Collection[str],
) -> dict[str, UUID]:
    ordered = sorted(wanted)
    found: dict[str, UUID] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(key, value).where(
                key.table.c.account_id == account_id, key.in_(ordered[start : start + _AT_ONCE])
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def list_listen_keys(
    tx: AsyncConnection, account_id: UUID, provenance: str, first: datetime, last: datetime
) -> set[tuple[datetime, UUID]]:
    """(started_at, track_id) of what this source said about plays begun within [first, last]."""
    rows = await tx.execute(
        select(music_events.c.started_at, music_events.c.track_id).where(
            music_events.c.account_id == account_id,
            music_events.c.provenance == provenance,
            music_events.c.started_at.between(first, last),
        )
    )
    return {(row.started_at, row.track_id) for row in rows}


async def insert_tracks(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    await _insert_many(tx, tracks, rows)


async def insert_source_ids(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    await _insert_many(tx, track_source_ids, rows)


async def insert_listens(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    await _insert_many(tx, music_events, rows)


async def _insert_many(
    tx: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        await tx.execute(insert(table), rows[start : start + _AT_ONCE])
