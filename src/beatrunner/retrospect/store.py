"""Statements on all runs at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.sports import RUNNING
from beatrunner.db.tables import activities, run_figures, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor


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
    tx: AsyncConnection, account_id: UUID, after: Cursor | None, limit: int
) -> Sequence[AnyRow]:
    """Runs that went somewhere, the latest first."""
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
        last = literal(after.time, type_=here[0].type), literal(after.id, type_=here[1].type)
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
