"""Statements on activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.core.sports import RUNNING
from beatrunner.db.policy import is_combinable_run
from beatrunner.db.tables import activities, recordings
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError

Measured = Literal["mean_speed_mps", "mean_cadence_spm", "mean_heart_rate_bpm"]


async def insert_activity(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    await update_library_version(tx, values["account_id"])
    await tx.execute(insert(activities).values(**_with_end(values)))


def _with_end(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "ended_at": values["started_at"] + timedelta(seconds=values["length_s"])}


async def get_activity(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> AnyRow:
    """Raises NotFoundError, also for somebody else's."""
    row = (
        await tx.execute(
            select(activities).where(
                activities.c.id == activity_id, activities.c.account_id == account_id
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such run.")
    return row


async def lock_activity(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> AnyRow:
    """The activity, which nobody else changes until the transaction ends.

    Raises NotFoundError. SQLite has one writer anyway and leaves the clause out.
    """
    row = (
        await tx.execute(
            select(activities)
            .where(activities.c.id == activity_id, activities.c.account_id == account_id)
            .with_for_update(key_share=True)
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such run.")
    return row


async def list_overlapping(tx: AsyncConnection, row: AnyRow) -> Sequence[AnyRow]:
    """Other activities at the time of this one, that the runner may want to join it with; also
    those that they parted, for who parts by mistake finds the way back here."""
    rows = await tx.execute(
        select(activities.c.id, activities.c.name, activities.c.started_at, activities.c.ended_at)
        .where(
            activities.c.account_id == row.account_id,
            activities.c.id != row.id,
            activities.c.started_at < row.ended_at,
            activities.c.ended_at > row.started_at,
            is_combinable_run(),
        )
        .order_by(activities.c.started_at)
    )
    return rows.all()


async def has_combinable_recordings(tx: AsyncConnection, activity_id: UUID) -> bool:
    """Whether the run may stand beside music."""
    found = await tx.scalar(
        select(is_combinable_run()).select_from(activities).where(activities.c.id == activity_id)
    )
    return bool(found)


async def list_measured(
    tx: AsyncConnection,
    account_id: UUID,
    provenance: str,
    is_indoor: bool,
    limit: int,
    measured: Measured,
) -> Sequence[AnyRow]:
    """The latest runs with this figure and a speed that was measured: outdoors, or indoors when
    the recording is of `provenance`."""
    is_of_it = exists().where(
        recordings.c.activity_id == activities.c.id, recordings.c.provenance == provenance
    )
    rows = await tx.execute(
        select(
            activities.c.id,
            activities.c.length_s,
            activities.c.started_at,
            activities.c.is_indoor,
        )
        .where(
            activities.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            is_combinable_run(),
            activities.c[measured].is_not(None),
            activities.c.is_indoor.is_(True) & is_of_it
            if is_indoor
            else activities.c.is_indoor.is_(False),
        )
        .order_by(activities.c.started_at.desc())
        .limit(limit)
    )
    return rows.all()


async def list_run_means(
    tx: AsyncConnection, account_id: UUID, measured: Measured, limit: int
) -> list[float]:
    """This figure of the latest runs with it."""
    rows = await tx.execute(
        select(activities.c[measured])
        .where(
            activities.c.account_id == account_id,
            activities.c.sport.in_(RUNNING),
            is_combinable_run(),
            activities.c[measured].is_not(None),
        )
        .order_by(activities.c.started_at.desc())
        .limit(limit)
    )
    return list(rows.scalars())


async def update_activity(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, values: Mapping[str, Any]
) -> None:
    """What the runner wrote; no recording changes it any more. Raises NotFoundError."""
    await update_library_version(tx, account_id)
    row = await lock_activity(tx, account_id, activity_id)
    await tx.execute(
        update(activities)
        .where(activities.c.id == activity_id)
        .values(**values, edited=sorted({*row.edited, *values}))
    )


async def update_visibility(tx: AsyncConnection, activity_id: UUID, visibility: str) -> None:
    await tx.execute(
        update(activities).where(activities.c.id == activity_id).values(visibility=visibility)
    )


async def update_said(tx: AsyncConnection, row: AnyRow, values: Mapping[str, Any]) -> None:
    """What its recordings say of the activity now, but for what the runner wrote."""
    await update_library_version(tx, row.account_id)
    kept = {name: value for name, value in _with_end(values).items() if name not in row.edited}
    await tx.execute(update(activities).where(activities.c.id == row.id).values(**kept))


async def delete_activity(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> None:
    """With its recordings. Raises NotFoundError."""
    await update_library_version(tx, account_id)
    done = await tx.execute(
        delete(activities).where(
            activities.c.id == activity_id, activities.c.account_id == account_id
        )
    )
    if done.rowcount == 0:
        raise NotFoundError("There is no such run.")
