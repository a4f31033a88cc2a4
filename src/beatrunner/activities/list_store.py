"""The list of runs: one statement for the page, one for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.listing import (
    Kind,
    Music,
    Order,
    SortKey,
    Surface,
    Wanted,
)
from beatrunner.core.sports import RUNNING
from beatrunner.db.tables import activities
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor

_SORT_COLUMNS = {
    SortKey.STARTED_AT: activities.c.started_at,
    SortKey.DISTANCE: activities.c.distance_m,
    SortKey.MOVING_TIME: activities.c.moving_s,
    SortKey.SPEED: activities.c.mean_speed_mps,
    SortKey.HEART_RATE: activities.c.mean_heart_rate_bpm,
}

#: What a list shows of an activity.
SUMMARY_COLUMNS = (
    activities.c.id,
    activities.c.name,
    activities.c.sport,
    activities.c.is_indoor,
    activities.c.started_at,
    activities.c.utc_offset_s,
    activities.c.elapsed_s,
    activities.c.moving_s,
    activities.c.distance_m,
    activities.c.ascent_m,
    activities.c.mean_speed_mps,
    activities.c.grade_adjusted_speed_mps,
    activities.c.mean_heart_rate_bpm,
    activities.c.mean_cadence_spm,
    activities.c.thumbnail,
    activities.c.track_count,
)


def _sort_expression(key: SortKey) -> ColumnElement[Any]:
    column = _SORT_COLUMNS[key]
    # What was not measured sorts below everything, on both databases alike.
    return column if key is SortKey.STARTED_AT else func.coalesce(column, -1.0)


def _conditions(account_id: UUID, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [activities.c.account_id == account_id]
    if wanted.kind is not Kind.ALL:
        is_run = activities.c.sport.in_(sorted(RUNNING))
        found.append(is_run if wanted.kind is Kind.RUNS else ~is_run)
    if wanted.surface is Surface.TRAIL:
        found.append(activities.c.sport == "trail_run")
    elif wanted.surface is not Surface.ANY:
        found.append(activities.c.is_indoor.is_(wanted.surface is Surface.INDOOR))
    if wanted.music is not Music.ANY:
        has_music = activities.c.track_count > 0
        found.append(has_music if wanted.music is Music.WITH else ~has_music)
    if wanted.after is not None:
        found.append(activities.c.started_at >= datetime.combine(wanted.after, time(), UTC))
    if wanted.before is not None:
        found.append(activities.c.started_at <= datetime.combine(wanted.before, time.max, UTC))
    if wanted.min_distance_m is not None:
        found.append(activities.c.distance_m >= wanted.min_distance_m)
    if wanted.max_distance_m is not None:
        found.append(activities.c.distance_m <= wanted.max_distance_m)
    found.extend(_mentions(word) for word in wanted.q.split())
    return found


def _mentions(word: str) -> ColumnElement[bool]:
    texts = (activities.c.name, activities.c.description, activities.c.gear_name)
    return or_(
        *(
            func.lower(func.coalesce(text, "")).contains(word.lower(), autoescape=True)
            for text in texts
        )
    )


def cursor_of(row: AnyRow, key: SortKey) -> Cursor:
    value = row._mapping[_SORT_COLUMNS[key].name]
    if isinstance(value, datetime):
        return Cursor.of_time(key, value, row.id)
    return Cursor(key, -1.0 if value is None else value, row.id)


async def list_activities(
    tx: AsyncConnection, account_id: UUID, wanted: Wanted, cursor: Cursor | None, limit: int
) -> tuple[Sequence[AnyRow], int]:
    """A page, and the number of activities on all pages."""
    conditions = _conditions(account_id, wanted)
    total = await tx.scalar(select(func.count()).select_from(activities).where(*conditions))
    sort = _sort_expression(wanted.sort)
    if cursor is not None:
        value: Any = cursor.time if wanted.sort is SortKey.STARTED_AT else cursor.value
        here = tuple_(sort, activities.c.id)
        last = tuple_(
            literal(value, type_=sort.type), literal(cursor.id, type_=activities.c.id.type)
        )
        is_down = wanted.order is Order.DESCENDING
        conditions.append(here < last if is_down else here > last)
    order = (
        (sort.desc(), activities.c.id.desc())
        if wanted.order is Order.DESCENDING
        else (sort.asc(), activities.c.id.asc())
    )
    rows = await tx.execute(
        select(*SUMMARY_COLUMNS).where(*conditions).order_by(*order).limit(limit)
    )
    return rows.all(), total or 0
