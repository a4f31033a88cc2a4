"""Statements on workouts, their seconds and their songs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.live_tables import (
    devices,
    workout_metrics,
    workout_songs,
    workouts,
)
from beatrunner.db.privacy_tables import consents
from beatrunner.db.tables import accounts, recordings, tracks
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id
from beatrunner.privacy.consents import HEART_RATE

#: The states in which a workout takes samples.
OPEN = ("ready", "live")
_NO_SUCH = "There is no such workout."
_HAS_METRICS = exists().where(workout_metrics.c.workout_id == workouts.c.id)


async def insert_workout(
    tx: AsyncConnection,
    account_id: UUID,
    bridge_id: UUID,
    treadmill_id: UUID | None,
    settings: Mapping[str, Any],
    now: datetime,
) -> UUID | None:
    """None when the bridge has an open workout already."""
    rows = await tx.execute(
        insert_for(tx, workouts)
        .values(
            id=new_id(),
            account_id=account_id,
            bridge_id=bridge_id,
            treadmill_id=treadmill_id,
            state="ready",
            settings=dict(settings),
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(workouts.c.id)
    )
    found: UUID | None = rows.scalar_one_or_none()
    return found


_WITH_TREADMILL = select(workouts, devices.c.name.label("treadmill_name")).join(
    devices, devices.c.id == workouts.c.treadmill_id, isouter=True
)


async def get_workout(tx: AsyncConnection, account_id: UUID, workout_id: UUID) -> AnyRow:
    """Raises NotFoundError, also for somebody else's."""
    row = await find_workout(tx, workout_id)
    if row is None or row.account_id != account_id:
        raise NotFoundError(_NO_SUCH)
    return row


async def find_workout(tx: AsyncConnection, workout_id: UUID) -> AnyRow | None:
    rows = await tx.execute(_WITH_TREADMILL.where(workouts.c.id == workout_id))
    return rows.one_or_none()


async def lock_workout(tx: AsyncConnection, workout_id: UUID) -> AnyRow | None:
    """The workout, which nobody else changes until the transaction ends."""
    rows = await tx.execute(
        select(workouts).where(workouts.c.id == workout_id).with_for_update(key_share=True)
    )
    return rows.one_or_none()


async def find_open_workout(tx: AsyncConnection, bridge_id: UUID) -> AnyRow | None:
    rows = await tx.execute(
        select(workouts).where(workouts.c.bridge_id == bridge_id, workouts.c.state.in_(OPEN))
    )
    return rows.one_or_none()


async def list_wanted_bridges(
    tx: AsyncConnection, bridge_ids: Collection[UUID]
) -> dict[UUID, UUID | None]:
    """Those that are not withdrawn, of accounts not closed, each with its open workout if any."""
    rows = await tx.execute(
        select(devices.c.id, workouts.c.id.label("workout_id"))
        .join(accounts, accounts.c.id == devices.c.account_id)
        .join(
            workouts,
            and_(workouts.c.bridge_id == devices.c.id, workouts.c.state.in_(OPEN)),
            isouter=True,
        )
        .where(
            devices.c.id.in_(bridge_ids),
            devices.c.withdrawn_at.is_(None),
            accounts.c.disabled_at.is_(None),
        )
    )
    return {row.id: row.workout_id for row in rows}


async def list_workouts(
    tx: AsyncConnection, account_id: UUID, before: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Newest first; `before` is the last one of the page before. Identifiers sort by time."""
    statement = _WITH_TREADMILL.where(workouts.c.account_id == account_id)
    if before is not None:
        statement = statement.where(workouts.c.id < before)
    rows = await tx.execute(statement.order_by(workouts.c.id.desc()).limit(limit))
    return rows.all()


async def list_states(tx: AsyncConnection, workout_ids: Collection[UUID]) -> Sequence[AnyRow]:
    """What other processes may have changed."""
    rows = await tx.execute(
        select(
            workouts.c.id,
            workouts.c.state,
            workouts.c.generation,
            workouts.c.holder,
            workouts.c.ended_at,
            workouts.c.stop_asked_at,
            workouts.c.activity_id,
            # An account that was closed has no bridge either, for as long as it stays so.
            func.coalesce(devices.c.withdrawn_at, accounts.c.disabled_at).label("withdrawn_at"),
        )
        .join(accounts, accounts.c.id == workouts.c.account_id)
        .join(devices, devices.c.id == workouts.c.bridge_id, isouter=True)
        .where(workouts.c.id.in_(workout_ids))
    )
    return rows.all()


async def delete_workout(tx: AsyncConnection, account_id: UUID, workout_id: UUID) -> None:
    """Raises NotFoundError."""
    done = await tx.execute(
        delete(workouts).where(workouts.c.id == workout_id, workouts.c.account_id == account_id)
    )
    if done.rowcount == 0:
        raise NotFoundError(_NO_SUCH)


async def update_holder(
    tx: AsyncConnection, workout_id: UUID, holder: str, treadmill_id: UUID | None = None
) -> AnyRow | None:
    """Take an open workout over: whoever wrote under an older generation is out.

    `treadmill_id` is kept where none is known yet. None when the workout is not open.
    """
    rows = await tx.execute(
        update(workouts)
        .where(workouts.c.id == workout_id, workouts.c.state.in_(OPEN))
        .values(
            generation=workouts.c.generation + 1,
            holder=holder,
            treadmill_id=func.coalesce(workouts.c.treadmill_id, treadmill_id),
        )
        .returning(*workouts.c)
    )
    return rows.one_or_none()


@dataclass(frozen=True, slots=True)
class Held:
    generation: int
    state: str
    #: The runner has agreed to keeping it.
    keeps_heart_rate: bool


async def lock_generations(tx: AsyncConnection, workout_ids: Collection[UUID]) -> dict[UUID, Held]:
    """Of each that is still there; none can be taken over or deleted until the transaction ends."""
    has_agreed = exists().where(
        consents.c.account_id == workouts.c.account_id, consents.c.kind == HEART_RATE
    )
    rows = await tx.execute(
        select(workouts.c.id, workouts.c.generation, workouts.c.state, has_agreed)
        .where(workouts.c.id.in_(workout_ids))
        .order_by(workouts.c.id)
        .with_for_update(key_share=True, of=workouts)
    )
    return {row[0]: Held(*row[1:]) for row in rows}


async def update_workout(tx: AsyncConnection, workout_id: UUID, values: Mapping[str, Any]) -> None:
    await tx.execute(update(workouts).where(workouts.c.id == workout_id).values(**values))


async def find_last_number(tx: AsyncConnection, workout_id: UUID) -> int:
    """The highest number that is stored, 0 if none is."""
    found = await tx.scalar(
        select(func.max(workout_metrics.c.number)).where(workout_metrics.c.workout_id == workout_id)
    )
    return found or 0


async def insert_metrics(tx: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Those that are there already stay as they are."""
    if rows:
        await tx.execute(insert_for(tx, workout_metrics).on_conflict_do_nothing(), list(rows))


async def list_metrics(tx: AsyncConnection, workout_id: UUID, every: int = 1) -> Sequence[AnyRow]:
    """Seconds in their order; with `every` above 1 only each so-manieth."""
    rows = await tx.execute(
        select(workout_metrics)
        .where(workout_metrics.c.workout_id == workout_id, workout_metrics.c.number % every == 0)
        .order_by(workout_metrics.c.number)
    )
    return rows.all()


async def upsert_song(tx: AsyncConnection, values: Mapping[str, Any]) -> None:
    statement = insert_for(tx, workout_songs).values(**values)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=["workout_id", "ordinal"],
            set_={name: statement.excluded[name] for name in ("ended_at", "tempo_bpm")},
        )
    )


async def count_songs(tx: AsyncConnection, workout_id: UUID) -> int:
    """One more than the highest ordinal."""
    found = await tx.scalar(
        select(func.max(workout_songs.c.ordinal)).where(workout_songs.c.workout_id == workout_id)
    )
    return 0 if found is None else found + 1


async def list_songs(tx: AsyncConnection, workout_id: UUID) -> Sequence[AnyRow]:
    """Songs in their order, with what their tracks are called."""
    rows = await tx.execute(
        select(
            workout_songs,
            tracks.c.match_key,
            tracks.c.kind,
            tracks.c.title,
            tracks.c.artist,
            tracks.c.album,
        )
        .join(tracks, tracks.c.id == workout_songs.c.track_id)
        .where(workout_songs.c.workout_id == workout_id)
        .order_by(workout_songs.c.ordinal)
    )
    return rows.all()


async def has_metrics(tx: AsyncConnection, workout_id: UUID) -> bool:
    found = await tx.scalar(
        select(workout_metrics.c.number).where(workout_metrics.c.workout_id == workout_id).limit(1)
    )
    return found is not None


async def list_left_behind(
    tx: AsyncConnection, finished_before: datetime, silent_before: datetime, made_before: datetime
) -> list[UUID]:
    """Open workouts whose bridge did not come back: finished before `finished_before`, with a
    last second before `silent_before`, or without any second and made before `made_before`.
    """
    last_at = (
        select(func.max(workout_metrics.c.recorded_at))
        .where(workout_metrics.c.workout_id == workouts.c.id)
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(workouts.c.id).where(
            workouts.c.state.in_(OPEN),
            or_(
                workouts.c.ended_at < finished_before,
                last_at < silent_before,
                and_(~_HAS_METRICS, workouts.c.created_at < made_before),
            ),
        )
    )
    return list(rows.scalars())


async def delete_old_metrics(
    tx: AsyncConnection, account_id: UUID, before: datetime, limit: int
) -> bool:
    """The seconds of the first sealed workouts that ended before; False without any."""
    sealed = (
        select(workouts.c.id)
        .where(
            workouts.c.account_id == account_id,
            workouts.c.state == "sealed",
            workouts.c.ended_at <= before,
            _HAS_METRICS,
        )
        .order_by(workouts.c.ended_at)
        .limit(limit)
    )
    done = await tx.execute(delete(workout_metrics).where(workout_metrics.c.workout_id.in_(sealed)))
    return done.rowcount > 0


async def list_summaries(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """`id`, `state` and `summary` of all workouts."""
    rows = await tx.execute(
        select(workouts.c.id, workouts.c.state, workouts.c.summary)
        .where(workouts.c.account_id == account_id)
        .order_by(workouts.c.id)
    )
    return rows.all()


async def update_metrics_without_heart_rate(tx: AsyncConnection, workout_id: UUID) -> None:
    await tx.execute(
        update(workout_metrics)
        .where(
            workout_metrics.c.workout_id == workout_id,
            workout_metrics.c.heart_rate_bpm.is_not(None),
        )
        .values(heart_rate_bpm=None)
    )


async def find_original(tx: AsyncConnection, activity_id: UUID) -> str | None:
    """The hash of the file that a workout was sealed into."""
    rows = await tx.execute(
        select(recordings.c.content_sha256).where(
            recordings.c.activity_id == activity_id, recordings.c.provenance == "live"
        )
    )
    return rows.scalars().first()
