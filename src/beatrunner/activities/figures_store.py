"""Statements on what was measured in the streams of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.core.best_efforts import BestEffort
from beatrunner.core.provenance import Provenance
from beatrunner.core.sports import RUNNING
from beatrunner.db.policy import is_combinable_run
from beatrunner.db.tables import activities, best_efforts, recordings, run_figures
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for

#: The belt told its speed itself; what a watch makes of a treadmill is a guess.
_IS_OF_BELT = exists().where(
    recordings.c.activity_id == activities.c.id, recordings.c.provenance == Provenance.LIVE
)


async def list_unmeasured(tx: AsyncConnection, account_id: UUID, method: int) -> list[UUID]:
    """Runs not measured yet, or by another method."""
    is_measured = and_(run_figures.c.activity_id == activities.c.id, run_figures.c.method == method)
    rows = await tx.execute(
        select(activities.c.id)
        .outerjoin(run_figures, is_measured)
        .where(
            activities.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            activities.c.streams_gone_at.is_(None),
            run_figures.c.activity_id.is_(None),
        )
        .order_by(activities.c.started_at.desc())
    )
    return list(rows.scalars())


async def upsert_run_figures(
    tx: AsyncConnection,
    account_id: UUID,
    activity_id: UUID,
    figures: Mapping[str, Any],
    efforts: Sequence[BestEffort],
) -> None:
    """Instead of what was measured of the run before."""
    await update_library_version(tx, account_id)
    statement = insert_for(tx, run_figures).values(
        activity_id=activity_id, account_id=account_id, **figures
    )
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["activity_id"], set_=dict(figures))
    )
    await tx.execute(delete(best_efforts).where(best_efforts.c.activity_id == activity_id))
    if efforts:
        ids = {"activity_id": activity_id, "account_id": account_id}
        await tx.execute(insert(best_efforts), [{**ids, **asdict(each)} for each in efforts])


async def list_held(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """When, and between what, heart rates were held, of every run with one."""
    rows = await tx.execute(
        select(
            activities.c.started_at,
            run_figures.c.lowest_held_bpm,
            run_figures.c.highest_held_bpm,
        )
        .join(activities, activities.c.id == run_figures.c.activity_id)
        .where(
            run_figures.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            is_combinable_run(),
            run_figures.c.highest_held_bpm.is_not(None),
        )
    )
    return rows.all()


async def list_runs_since(
    tx: AsyncConnection, account_id: UUID, since: datetime
) -> Sequence[AnyRow]:
    """Runs in order, with the seconds at each heart rate where it was known and may be summed."""
    rows = await tx.execute(
        select(
            activities.c.started_at,
            activities.c.distance_m,
            activities.c.moving_s,
            case((is_combinable_run(), run_figures.c.heart_rate_s)).label("heart_rate_s"),
        )
        .outerjoin(run_figures, run_figures.c.activity_id == activities.c.id)
        .where(
            activities.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            activities.c.started_at >= since,
        )
        .order_by(activities.c.started_at)
    )
    return rows.all()


async def list_best_efforts(
    tx: AsyncConnection, account_id: UUID, since: datetime | None = None
) -> Sequence[AnyRow]:
    """The fastest of each distance, outdoors and indoors apart, the earliest of equals; without
    runs whose speed a watch guessed."""
    place = func.row_number().over(
        partition_by=(activities.c.is_indoor, best_efforts.c.distance_m),
        order_by=(best_efforts.c.lasted_s, activities.c.started_at, activities.c.id),
    )
    ranked = (
        select(
            best_efforts.c.activity_id,
            best_efforts.c.distance_m,
            best_efforts.c.lasted_s,
            best_efforts.c.start_s,
            activities.c.name,
            activities.c.started_at,
            activities.c.utc_offset_s,
            activities.c.is_indoor,
            place.label("place"),
        )
        .join(activities, activities.c.id == best_efforts.c.activity_id)
        .where(
            best_efforts.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            is_combinable_run(),
            activities.c.is_indoor.is_(False) | _IS_OF_BELT,
            *([activities.c.started_at >= since] if since else []),
        )
        .subquery()
    )
    rows = await tx.execute(
        select(ranked).where(ranked.c.place == 1).order_by(ranked.c.is_indoor, ranked.c.distance_m)
    )
    return rows.all()
