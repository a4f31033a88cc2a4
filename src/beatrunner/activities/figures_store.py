"""Statements on what was measured in the streams of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.provenance import Provenance
from beatrunner.core.sports import RUNNING
from beatrunner.db.tables import activities, recordings, run_figures
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
            run_figures.c.activity_id.is_(None),
        )
        .order_by(activities.c.started_at.desc())
    )
    return list(rows.scalars())


async def upsert_run_figures(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, figures: Mapping[str, Any]
) -> None:
    statement = insert_for(tx, run_figures).values(
        activity_id=activity_id, account_id=account_id, **figures
    )
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["activity_id"], set_=dict(figures))
    )


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
            run_figures.c.highest_held_bpm.is_not(None),
        )
    )
    return rows.all()


async def list_runs_since(
    tx: AsyncConnection, account_id: UUID, since: datetime
) -> Sequence[AnyRow]:
    """Runs in order, with the seconds at each heart rate where it was known."""
    rows = await tx.execute(
        select(
            activities.c.started_at,
            activities.c.distance_m,
            activities.c.moving_s,
            run_figures.c.heart_rate_s,
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


async def list_best_efforts(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """Of every measured run, in order; without those whose speed a watch guessed."""
    rows = await tx.execute(
        select(
            activities.c.id,
            activities.c.name,
            activities.c.started_at,
            activities.c.utc_offset_s,
            activities.c.is_indoor,
            run_figures.c.best_efforts,
        )
        .join(activities, activities.c.id == run_figures.c.activity_id)
        .where(
            run_figures.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            activities.c.is_indoor.is_(False) | _IS_OF_BELT,
        )
        .order_by(activities.c.started_at)
    )
    return rows.all()
