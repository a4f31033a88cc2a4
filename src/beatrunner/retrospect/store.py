"""Statements on all runs at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.list_store import SUMMARY_COLUMNS
from beatrunner.core.sports import RUNNING
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import activities, music_events, run_figures, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor

#: Runs begun in [after, before); None is open.
Between = tuple[datetime | None, datetime | None]


def _is_run(account_id: UUID) -> tuple[Any, ...]:
    return activities.c.account_id == account_id, activities.c.sport.in_(sorted(RUNNING))


def _key(column: ColumnElement[UUID]) -> ColumnElement[str]:
    """An identifier as the database writes it: where rows are many, a `UUID` for each of them takes
    longer than reading them."""
    return cast(column, String(36))


async def count_paths(tx: AsyncConnection, account_id: UUID) -> int:
    """Runs that went somewhere."""
    found = await tx.scalar(
        select(func.count())
        .select_from(activities.join(run_figures))
        .where(*_is_run(account_id), run_figures.c.path.is_not(None))
    )
    return found or 0


async def list_paths(
    tx: AsyncConnection, account_id: UUID, between: Between, cursor: Cursor | None, limit: int
) -> Sequence[AnyRow]:
    """Runs that went somewhere, the latest first."""
    after, before = between
    here = activities.c.started_at, activities.c.id
    wanted = (
        select(
            activities.c.id,
            _key(activities.c.id).label("key"),
            activities.c.name,
            activities.c.started_at,
            activities.c.utc_offset_s,
            activities.c.distance_m,
            activities.c.mean_speed_mps,
            run_figures.c.path,
        )
        .join(run_figures, run_figures.c.activity_id == activities.c.id)
        .where(*_is_run(account_id), run_figures.c.path.is_not(None))
        .order_by(*(column.desc() for column in here))
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(activities.c.started_at >= after)
    if before is not None:
        wanted = wanted.where(activities.c.started_at < before)
    if cursor is not None:
        last = literal(cursor.time, type_=here[0].type), literal(cursor.id, type_=here[1].type)
        wanted = wanted.where(tuple_(*here) < tuple_(*last))
    return (await tx.execute(wanted)).all()


async def list_span_ends(tx: AsyncConnection, activity_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """The keys of run and track of each span of these runs, and when it ends, in order in a run."""
    rows = await tx.execute(
        select(_key(spans.c.activity_id), spans.c.end_s, _key(spans.c.track_id))
        .where(spans.c.activity_id.in_(activity_ids))
        .order_by(spans.c.activity_id, spans.c.ordinal)
    )
    return rows.all()


async def list_names(
    tx: AsyncConnection, account_id: UUID, track_keys: Collection[str]
) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(_key(tracks.c.id), tracks.c.id, tracks.c.title, tracks.c.artist).where(
            tracks.c.account_id == account_id, tracks.c.id.in_([UUID(key) for key in track_keys])
        )
    )
    return rows.all()


def _is_run_between(account_id: UUID, start: datetime, end: datetime) -> tuple[Any, ...]:
    begun = activities.c.started_at
    return *_is_run(account_id), begun >= start, begun < end


async def find_first_and_last(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    """When the first run and the last one began."""
    begun = activities.c.started_at
    rows = await tx.execute(
        select(func.min(begun).label("first"), func.max(begun).label("last")).where(
            *_is_run(account_id)
        )
    )
    found = rows.one()
    return None if found.first is None else found


async def list_runs_between(
    tx: AsyncConnection, account_id: UUID, start: datetime, end: datetime
) -> Sequence[AnyRow]:
    """In order, each with how long was run to music in it, `music_s`."""
    music_s = (
        select(func.sum(spans.c.moving_s))
        .join(tracks, tracks.c.id == spans.c.track_id)
        .where(spans.c.activity_id == activities.c.id, tracks.c.kind == "music")
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(
            activities.c.id.label("activity_id"),
            activities.c.name,
            activities.c.is_indoor,
            activities.c.started_at,
            activities.c.utc_offset_s,
            activities.c.distance_m,
            activities.c.moving_s,
            activities.c.mean_speed_mps,
            func.coalesce(music_s, 0.0).label("music_s"),
        )
        .where(*_is_run_between(account_id, start, end))
        .order_by(activities.c.started_at, activities.c.id)
    )
    return rows.all()


async def list_run_to_between(
    tx: AsyncConnection, account_id: UUID, start: datetime, end: datetime
) -> Sequence[AnyRow]:
    """Songs by the time that was run to them, the longest first."""
    moving_s = func.sum(spans.c.moving_s)
    rows = await tx.execute(
        select(
            tracks.c.id.label("track_id"),
            tracks.c.title,
            tracks.c.artist,
            tracks.c.album,
            moving_s.label("moving_s"),
            func.count().label("plays"),
            func.count(func.distinct(spans.c.activity_id)).label("runs"),
        )
        .join(spans, spans.c.track_id == tracks.c.id)
        .join(activities, activities.c.id == spans.c.activity_id)
        .where(*_is_run_between(account_id, start, end), tracks.c.kind == "music")
        .group_by(tracks.c.id)
        .having(moving_s > 0)
        .order_by(moving_s.desc(), tracks.c.id)
    )
    return rows.all()


async def list_first_heard_between(
    tx: AsyncConnection, account_id: UUID, start: datetime, end: datetime
) -> set[UUID]:
    """Tracks whose first known play, on a run or not, began in [start, end)."""
    first = func.min(music_events.c.started_at)
    rows = await tx.execute(
        select(music_events.c.track_id)
        .where(music_events.c.account_id == account_id, is_listen())
        .group_by(music_events.c.track_id)
        .having(first >= start, first < end)
    )
    return set(rows.scalars())


async def list_songs_of(tx: AsyncConnection, activity_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """Songs of these runs by the time that was run to them in one go, the longest first."""
    rows = await tx.execute(
        select(spans.c.activity_id, spans.c.track_id, spans.c.moving_s)
        .where(spans.c.activity_id.in_(activity_ids), spans.c.track_id.is_not(None))
        .order_by(spans.c.moving_s.desc(), spans.c.ordinal)
    )
    return rows.all()


async def list_runs_of_length(
    tx: AsyncConnection, run: AnyRow, bounds_m: tuple[float, float], limit: int
) -> Sequence[AnyRow]:
    """Others of its account and kind with a distance in `bounds_m`, the latest first. Their
    columns are those of a list of runs."""
    is_kind = activities.c.sport.in_(sorted(RUNNING) if run.sport in RUNNING else [run.sport])
    rows = await tx.execute(
        select(*SUMMARY_COLUMNS)
        .where(
            activities.c.account_id == run.account_id,
            activities.c.id != run.id,
            is_kind,
            activities.c.distance_m.between(*bounds_m),
        )
        .order_by(activities.c.started_at.desc(), activities.c.id.desc())
        .limit(limit)
    )
    return rows.all()
