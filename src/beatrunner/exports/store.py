"""Statements on exports, and on what goes into them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    delete,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.account_contents import named_table
from beatrunner.db.bulk import in_portions
from beatrunner.db.export_tables import account_exports
from beatrunner.db.live_tables import workouts
from beatrunner.db.ownership import is_owned, key_order
from beatrunner.db.policy import is_listen
from beatrunner.db.portable import stream_rows
from beatrunner.db.tables import (
    activities,
    music_events,
    recordings,
    track_source_ids,
    tracks,
)
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError

#: No workout that is under way.
_SETTLED_WORKOUTS = ("sealed", "dropped")


async def insert_export(
    tx: AsyncConnection, account_id: UUID, export_id: UUID, now: datetime
) -> None:
    await tx.execute(
        insert(account_exports).values(
            id=export_id, account_id=account_id, state="queued", created_at=now
        )
    )


async def get_export(tx: AsyncConnection, account_id: UUID, export_id: UUID) -> AnyRow:
    """Raises NotFoundError."""
    rows = await tx.execute(
        select(account_exports).where(
            account_exports.c.id == export_id, account_exports.c.account_id == account_id
        )
    )
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError("There is no such export, or it has expired.")
    return row


async def list_exports(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """The latest first."""
    rows = await tx.execute(
        select(account_exports)
        .where(account_exports.c.account_id == account_id)
        .order_by(account_exports.c.id.desc())
    )
    return rows.all()


async def list_export_ids(tx: AsyncConnection) -> Sequence[UUID]:
    """Of all accounts."""
    return (await tx.scalars(select(account_exports.c.id))).all()


async def update_export(tx: AsyncConnection, export_id: UUID, values: Mapping[str, Any]) -> bool:
    """False when it was taken back."""
    done = await tx.execute(
        update(account_exports).where(account_exports.c.id == export_id).values(**values)
    )
    return done.rowcount == 1


async def delete_export(tx: AsyncConnection, account_id: UUID, export_id: UUID) -> None:
    await tx.execute(
        delete(account_exports).where(
            account_exports.c.id == export_id, account_exports.c.account_id == account_id
        )
    )


async def list_originals(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID
) -> Sequence[AnyRow]:
    """The files a run was recorded in: their contents' hashes, names and forms."""
    rows = await tx.execute(
        select(recordings.c.content_sha256, recordings.c.file_name, recordings.c.format)
        .where(
            recordings.c.account_id == account_id,
            recordings.c.activity_id == activity_id,
            recordings.c.keeps_original,
        )
        .order_by(recordings.c.id)
    )
    return rows.all()


async def list_all_originals(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """Each content of the account once, with its form."""
    rows = await tx.execute(
        select(recordings.c.content_sha256, func.min(recordings.c.format).label("format"))
        .where(recordings.c.account_id == account_id, recordings.c.keeps_original)
        .group_by(recordings.c.content_sha256)
        .order_by(recordings.c.content_sha256)
    )
    return rows.all()


async def list_activity_ids(tx: AsyncConnection, account_id: UUID) -> Sequence[UUID]:
    """In the order in which they were run."""
    rows = await tx.scalars(
        select(activities.c.id)
        .where(activities.c.account_id == account_id)
        .order_by(activities.c.started_at, activities.c.id)
    )
    return rows.all()


async def list_song_identities(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for some in in_portions(sorted(track_ids)):
        rows = await tx.execute(
            select(track_source_ids.c.track_id, track_source_ids.c.source_id)
            .where(
                track_source_ids.c.account_id == account_id,
                track_source_ids.c.track_id.in_(some),
            )
            .order_by(track_source_ids.c.source_id)
        )
        for track_id, source_id in rows:
            found.setdefault(track_id, []).append(source_id)
    return found


async def list_heard_tracks(tx: AsyncConnection, account_id: UUID) -> Mapping[UUID, AnyRow]:
    """All songs by their identifier."""
    rows = await tx.execute(
        select(tracks.c.id, tracks.c.title, tracks.c.artist, tracks.c.album).where(
            tracks.c.account_id == account_id, tracks.c.kind == "music"
        )
    )
    return {row.id: row for row in rows}


def list_listens(
    tx: AsyncConnection,
    account_id: UUID,
    after: datetime | None = None,
    before: datetime | None = None,
    track_id: UUID | None = None,
) -> AsyncIterator[AnyRow]:
    """Every play once, in the order of time; begun at `after` or later, and before `before`."""
    wanted = select(
        music_events.c.track_id, music_events.c.started_at, music_events.c.ended_at
    ).where(music_events.c.account_id == account_id, is_listen())
    if after is not None:
        wanted = wanted.where(music_events.c.started_at >= after)
    if before is not None:
        wanted = wanted.where(music_events.c.started_at < before)
    if track_id is not None:
        wanted = wanted.where(music_events.c.track_id == track_id)
    return stream_rows(tx, wanted.order_by(music_events.c.started_at, music_events.c.track_id))


def list_rows(tx: AsyncConnection, account_id: UUID, table: Table) -> AsyncIterator[AnyRow]:
    """Those of a table that are carried; what a row of the same table names comes before it."""
    naming = [column.is_not(None) for column in table.columns if named_table(column) is table]
    wanted = select(table).where(_is_carried(table, account_id))
    return stream_rows(tx, wanted.order_by(*naming, *key_order(tx, table)))


async def count_rows(tx: AsyncConnection, account_id: UUID, table: Table) -> int:
    found = await tx.scalar(
        select(func.count()).select_from(table).where(_is_carried(table, account_id))
    )
    return found or 0


async def list_known_by(
    tx: AsyncConnection, activity_ids: Collection[UUID]
) -> dict[UUID, list[tuple[str, int]]]:
    """The contents each run was recorded in, and its place in them."""
    found: dict[UUID, list[tuple[str, int]]] = {}
    rows = await tx.execute(
        select(recordings.c.activity_id, recordings.c.content_sha256, recordings.c.session_index)
        .where(recordings.c.activity_id.in_(activity_ids))
        .order_by(recordings.c.id)
    )
    for activity_id, sha256, session_index in rows:
        found.setdefault(activity_id, []).append((sha256, session_index))
    return found


def _is_carried(table: Table, account_id: UUID) -> ColumnElement[bool]:
    return is_owned(table, account_id) & _is_settled(table)


def _is_settled(table: Table) -> ColumnElement[bool]:
    if table is workouts:
        return workouts.c.state.in_(_SETTLED_WORKOUTS)
    of_workout = table.c.get("workout_id")
    if of_workout is None:
        return true()
    return of_workout.in_(select(workouts.c.id).where(_is_settled(workouts)))
