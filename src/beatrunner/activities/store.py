"""Statements on activities, recordings and their sealed streams."""

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
from beatrunner.db.tables import activities, recordings, sealed_streams
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError

Measured = Literal["mean_speed_mps", "mean_cadence_spm", "mean_heart_rate_bpm"]


async def list_known_sessions(
    tx: AsyncConnection, account_id: UUID, sha256: str
) -> dict[int, UUID]:
    """Activities this account already has from the file, by their place in it."""
    rows = await tx.execute(
        select(recordings.c.session_index, recordings.c.activity_id).where(
            recordings.c.account_id == account_id, recordings.c.content_sha256 == sha256
        )
    )
    return {row.session_index: row.activity_id for row in rows}


async def insert_activity(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    await update_library_version(tx, values["account_id"])
    ended_at = values["started_at"] + timedelta(seconds=values["length_s"])
    await tx.execute(insert(activities).values(**values, ended_at=ended_at))


async def insert_recording(
    tx: AsyncConnection, values: Mapping[str, Any], parts: Mapping[str, bytes]
) -> None:
    await tx.execute(insert(recordings).values(**values))
    if parts:
        await tx.execute(
            insert(sealed_streams),
            [
                {"recording_id": values["id"], "part": part, "blob": blob}
                for part, blob in parts.items()
            ],
        )


async def replace_values(
    tx: AsyncConnection,
    account_id: UUID,
    activity_id: UUID,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
) -> None:
    """Write each new value where the old one still stands; never over what the runner changed."""
    replaced = 0
    for name in new:
        if new[name] != old[name]:
            done = await tx.execute(
                update(activities)
                .where(
                    activities.c.id == activity_id,
                    activities.c.account_id == account_id,
                    activities.c[name].is_not_distinct_from(old[name]),
                )
                .values({name: new[name]})
            )
            replaced += done.rowcount
    if replaced:
        await update_library_version(tx, account_id)


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


async def list_recordings(tx: AsyncConnection, activity_id: UUID) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(recordings).where(recordings.c.activity_id == activity_id).order_by(recordings.c.id)
    )
    return rows.all()


async def list_parts(tx: AsyncConnection, activity_id: UUID) -> list[bytes]:
    """The sealed streams the activity is shown by: those of its first recording."""
    first = (
        select(recordings.c.id)
        .where(recordings.c.activity_id == activity_id)
        .order_by(recordings.c.id)
        .limit(1)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(sealed_streams.c.blob)
        .where(sealed_streams.c.recording_id == first)
        .order_by(sealed_streams.c.part)
    )
    return list(rows.scalars())


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
    """Raises NotFoundError."""
    await update_library_version(tx, account_id)
    done = await tx.execute(
        update(activities)
        .where(activities.c.id == activity_id, activities.c.account_id == account_id)
        .values(**values)
    )
    if done.rowcount == 0:
        raise NotFoundError("There is no such run.")


async def delete_activity(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> list[str]:
    """Gives the contents that no recording of anybody refers to any more.

    Raises NotFoundError.
    """
    hashes = [row.content_sha256 for row in await list_recordings(tx, activity_id)]
    await update_library_version(tx, account_id)
    done = await tx.execute(
        delete(activities).where(
            activities.c.id == activity_id, activities.c.account_id == account_id
        )
    )
    if done.rowcount == 0:
        raise NotFoundError("There is no such run.")
    rows = await tx.execute(
        select(recordings.c.content_sha256).where(recordings.c.content_sha256.in_(hashes))
    )
    return sorted(set(hashes) - set(rows.scalars()))
