"""Statements by which an account's export is taken in, and meets what is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Uuid, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.bulk import in_portions
from beatrunner.db.export_tables import carried_ids
from beatrunner.db.import_tables import listen_repeats
from beatrunner.db.ownership import is_owned
from beatrunner.db.tables import (
    activities,
    music_events,
    recording_repeats,
    recordings,
    soundtracks,
    tracks,
)
from beatrunner.db.upsert import insert_for

#: Where it is noted that further imports brought a row, and by which of its columns.
_REPEATS: Mapping[Table, tuple[Table, Mapping[str, str]]] = {
    recordings: (recording_repeats, {"recording_id": "id"}),
    music_events: (listen_repeats, {x: x for x in ("started_at", "name_id", "provenance")}),
}


async def insert_rows(
    tx: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    account_id: UUID,
    batch_id: UUID | None,
) -> int:
    """Those that are not there yet, as the account's and of this import; gives how many."""
    whose: dict[str, Any] = {"account_id": account_id, "batch_id": batch_id}
    whose = {name: value for name, value in whose.items() if name in table.c}
    key = table.primary_key.columns.values()[0]
    added = 0
    # A column that is missing has its default, and a statement names the same for all its rows.
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        by_columns.setdefault(tuple(sorted(row)), []).append({**row, **whose})
    for alike in by_columns.values():
        statement = insert_for(tx, table).on_conflict_do_nothing().returning(key)
        added += len((await tx.execute(statement, alike)).all())
    return added


async def insert_repeats(
    tx: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    account_id: UUID,
    batch_id: UUID,
) -> None:
    """Note of files and plays that another import brought that this one did, too."""
    if table not in _REPEATS:
        return
    repeats, named = _REPEATS[table]
    columns = [table.c[name] for name in named.values()]
    of_other = (table.c.account_id == account_id) & (table.c.batch_id != batch_id)
    names, values = [*named, "batch_id"], [*columns, literal(batch_id, Uuid)]
    if "account_id" in repeats.c:
        names, values = [*names, "account_id"], [*values, table.c.account_id]
    for some in in_portions([tuple(row[x] for x in named.values()) for row in rows]):
        there = select(*values).where(tuple_(*columns).in_(some), of_other)
        statement = insert_for(tx, repeats).from_select(names, there)
        await tx.execute(statement.on_conflict_do_nothing())


async def find_bounds_of_plays(
    tx: AsyncConnection, account_id: UUID, batch_id: UUID
) -> tuple[datetime, datetime, datetime] | None:
    """When the plays that an import brought began first and last, and the last end; None without
    any."""
    row = (
        await tx.execute(
            select(
                func.min(music_events.c.started_at),
                func.max(music_events.c.started_at),
                func.max(music_events.c.ended_at),
            ).where(music_events.c.account_id == account_id, music_events.c.batch_id == batch_id)
        )
    ).one()
    return None if row[0] is None else (row[0], row[1], row[2])


async def list_own(
    tx: AsyncConnection, account_id: UUID, table: Table, ids: Collection[UUID]
) -> set[UUID]:
    """Of these rows those that are the account's."""
    return await _list_ids(tx, table, ids, is_owned(table, account_id))


async def list_taken(
    tx: AsyncConnection, account_id: UUID, table: Table, ids: Collection[UUID]
) -> set[UUID]:
    """Of these rows those that are somebody else's."""
    return await _list_ids(tx, table, ids, ~is_owned(table, account_id))


async def _list_ids(
    tx: AsyncConnection, table: Table, ids: Collection[UUID], which: ColumnElement[bool]
) -> set[UUID]:
    found: set[UUID] = set()
    for some in in_portions(ids):
        found |= set(await tx.scalars(select(table.c.id).where(table.c.id.in_(some), which)))
    return found


async def list_known(
    tx: AsyncConnection,
    account_id: UUID,
    table: Table,
    names: Sequence[str],
    keys: Collection[tuple[Any, ...]],
) -> dict[tuple[Any, ...], UUID]:
    """The account's rows with these values in the columns of these names."""
    columns = [table.c[name] for name in names]
    found: dict[tuple[Any, ...], UUID] = {}
    for some in in_portions(keys):
        rows = await tx.execute(
            select(table.c.id, *columns).where(
                tuple_(*columns).in_(some), is_owned(table, account_id)
            )
        )
        found |= {tuple(row[1:]): row[0] for row in rows}
    return found


async def list_runs_known_by(
    tx: AsyncConnection, account_id: UUID, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], UUID]:
    """The runs of these recordings: by the content and the place in it."""
    found: dict[tuple[str, int], UUID] = {}
    columns = recordings.c.content_sha256, recordings.c.session_index
    for some in in_portions(keys):
        rows = await tx.execute(
            select(*columns, recordings.c.activity_id).where(
                recordings.c.account_id == account_id, tuple_(*columns).in_(some)
            )
        )
        found |= {(row[0], row[1]): row[2] for row in rows}
    return found


async def list_carried(
    tx: AsyncConnection, account_id: UUID, ids: Collection[UUID]
) -> dict[UUID, UUID]:
    """What is called otherwise here."""
    found: dict[UUID, UUID] = {}
    for some in in_portions(ids):
        rows = await tx.execute(
            select(carried_ids.c.foreign_id, carried_ids.c.own_id).where(
                carried_ids.c.account_id == account_id, carried_ids.c.foreign_id.in_(some)
            )
        )
        found |= {row.foreign_id: row.own_id for row in rows}
    return found


async def upsert_carried(
    tx: AsyncConnection, account_id: UUID, own_ids: Mapping[UUID, UUID]
) -> None:
    if own_ids:
        statement = insert_for(tx, carried_ids)
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=["account_id", "foreign_id"],
                set_={"own_id": statement.excluded.own_id},
            ),
            [
                {"account_id": account_id, "foreign_id": foreign, "own_id": own}
                for foreign, own in own_ids.items()
            ],
        )


async def has_anything(tx: AsyncConnection, account_id: UUID) -> bool:
    """Whether the account has a run or a song."""
    for table in (activities, tracks):
        one = await tx.execute(select(table.c.id).where(table.c.account_id == account_id).limit(1))
        if one.first() is not None:
            return True
    return False


async def list_runs_without_soundtrack(tx: AsyncConnection, account_id: UUID) -> Sequence[UUID]:
    rows = await tx.scalars(
        select(activities.c.id)
        .outerjoin(soundtracks, soundtracks.c.activity_id == activities.c.id)
        .where(activities.c.account_id == account_id, soundtracks.c.activity_id.is_(None))
        .order_by(activities.c.id)
    )
    return rows.all()
