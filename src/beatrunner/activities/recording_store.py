"""Statements on recordings and their sealed streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.provenance import SHARABLE
from beatrunner.db.insight_tables import run_feelings
from beatrunner.db.live_tables import workouts
from beatrunner.db.policy import is_combinable_run
from beatrunner.db.tables import (
    activities,
    import_batches,
    recording_repeats,
    recordings,
    sealed_streams,
)
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError

_IN_ORDER = (recordings.c.created_at, recordings.c.id)


async def list_known_sessions(
    tx: AsyncConnection, account_id: UUID, sha256: str
) -> dict[int, AnyRow]:
    """Recordings this account already has from the file, by their place in it."""
    rows = await tx.execute(
        select(recordings).where(
            recordings.c.account_id == account_id, recordings.c.content_sha256 == sha256
        )
    )
    return {row.session_index: row for row in rows}


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


async def insert_repeat(tx: AsyncConnection, recording_id: UUID, batch_id: UUID) -> None:
    """Note that this import brought the recording, too."""
    await tx.execute(
        insert_for(tx, recording_repeats)
        .values(recording_id=recording_id, batch_id=batch_id)
        .on_conflict_do_nothing()
    )


async def list_recordings(tx: AsyncConnection, activity_id: UUID) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(recordings).where(recordings.c.activity_id == activity_id).order_by(*_IN_ORDER)
    )
    return rows.all()


async def has_unsharable_recordings(tx: AsyncConnection, activity_id: UUID) -> bool:
    """Whether something of it came from where only the runner may see it."""
    found = await tx.scalar(
        select(
            exists().where(
                recordings.c.activity_id == activity_id,
                recordings.c.provenance.not_in(sorted(SHARABLE)),
            )
        )
    )
    return bool(found)


async def get_recording(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, recording_id: UUID
) -> AnyRow:
    """Raises NotFoundError."""
    row = (
        await tx.execute(
            select(recordings).where(
                recordings.c.id == recording_id,
                recordings.c.activity_id == activity_id,
                recordings.c.account_id == account_id,
            )
        )
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such file of this run.")
    return row


async def list_sealed(tx: AsyncConnection, activity_id: UUID) -> Sequence[AnyRow]:
    """The blobs of an activity: `id` of the recording, `shift_s`, `gives` and `blob`."""
    rows = await tx.execute(
        select(recordings.c.id, recordings.c.shift_s, recordings.c.gives, sealed_streams.c.blob)
        .join(sealed_streams, sealed_streams.c.recording_id == recordings.c.id)
        .where(recordings.c.activity_id == activity_id)
        .order_by(*_IN_ORDER, sealed_streams.c.part)
    )
    return rows.all()


async def list_parts(
    tx: AsyncConnection, recording_ids: Collection[UUID]
) -> dict[UUID, list[bytes]]:
    """Sealed streams by recording."""
    rows = await tx.execute(
        select(sealed_streams.c.recording_id, sealed_streams.c.blob)
        .where(sealed_streams.c.recording_id.in_(recording_ids))
        .order_by(sealed_streams.c.recording_id, sealed_streams.c.part)
    )
    parts: dict[UUID, list[bytes]] = defaultdict(list)
    for row in rows:
        parts[row.recording_id].append(row.blob)
    return parts


async def list_recordings_between(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime
) -> Sequence[AnyRow]:
    """Those of activities that touch [first, last], that others may join and that may stand
    beside rows of other sources."""
    is_taken_apart = exists().where(
        recordings.c.activity_id == activities.c.id, recordings.c.is_apart
    )
    near = (
        select(activities.c.id)
        .where(
            activities.c.account_id == account_id,
            activities.c.started_at <= last,
            activities.c.ended_at >= first,
            is_combinable_run(),
            ~is_taken_apart.correlate(activities),
        )
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(recordings)
        .where(recordings.c.activity_id.in_(near))
        .order_by(recordings.c.activity_id, *_IN_ORDER)
    )
    return rows.all()


async def update_recording(
    tx: AsyncConnection, recording_id: UUID, values: Mapping[str, Any]
) -> None:
    await tx.execute(update(recordings).where(recordings.c.id == recording_id).values(**values))


async def update_owner_of_recordings(tx: AsyncConnection, activity_id: UUID, into_id: UUID) -> None:
    """All of an activity are another's from now on, joined by the runner."""
    await tx.execute(
        update(recordings)
        .where(recordings.c.activity_id.in_((activity_id, into_id)))
        .values(activity_id=into_id, is_apart=False)
    )
    await update_owner_of_workouts(tx, activity_id, into_id)
    of_into = run_feelings.alias()
    is_told = exists().where(of_into.c.activity_id == into_id)
    await tx.execute(
        update(run_feelings)
        .where(run_feelings.c.activity_id == activity_id, ~is_told)
        .values(activity_id=into_id)
    )


async def update_owner_of_workouts(tx: AsyncConnection, activity_id: UUID, into_id: UUID) -> None:
    """The workouts of an activity are another's."""
    await tx.execute(
        update(workouts).where(workouts.c.activity_id == activity_id).values(activity_id=into_id)
    )


def _brought_again(batch_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        recording_repeats.c.recording_id == recordings.c.id,
        recording_repeats.c.batch_id != batch_id,
    )


async def count_recordings_of(tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> AnyRow:
    """What goes with an import: `files`, whole `runs`, `runs_kept` by other files of theirs, and
    `files_kept` because another import brought them, too."""
    goes = (recordings.c.batch_id == batch_id) & ~_brought_again(batch_id)
    going = case((goes, 1), else_=0)
    by_run = (
        select(
            func.count().label("files"),
            func.sum(going).label("going"),
            func.sum(case((recordings.c.batch_id == batch_id, 1), else_=0)).label("brought"),
        )
        .where(recordings.c.account_id == account_id)
        .group_by(recordings.c.activity_id)
        .subquery()
    )
    some, whole = by_run.c.going > 0, by_run.c.going == by_run.c.files
    summed = {
        "files": by_run.c.going,
        "runs": case((some & whole, 1), else_=0),
        "runs_kept": case((some & ~whole, 1), else_=0),
        "files_kept": by_run.c.brought - by_run.c.going,
    }
    rows = await tx.execute(
        select(*(func.coalesce(func.sum(each), 0).label(name) for name, each in summed.items()))
    )
    return rows.one()


async def update_brought_again(tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> None:
    """What another import brought, too, is that one's from now on."""
    other = (
        select(recording_repeats.c.batch_id)
        .where(
            recording_repeats.c.recording_id == recordings.c.id,
            recording_repeats.c.batch_id != batch_id,
        )
        .order_by(recording_repeats.c.batch_id)
        .limit(1)
        .scalar_subquery()
    )
    await tx.execute(
        update(recordings)
        .where(
            recordings.c.account_id == account_id,
            recordings.c.batch_id == batch_id,
            _brought_again(batch_id),
        )
        .values(batch_id=other)
    )
    await tx.execute(delete(recording_repeats).where(recording_repeats.c.batch_id == batch_id))


async def list_recordings_of(
    tx: AsyncConnection, account_id: UUID, batch_id: UUID, limit: int
) -> Sequence[AnyRow]:
    """The first that an import brought."""
    rows = await tx.execute(
        select(recordings.c.id, recordings.c.activity_id, recordings.c.content_sha256)
        .where(recordings.c.account_id == account_id, recordings.c.batch_id == batch_id)
        .order_by(recordings.c.id)
        .limit(limit)
    )
    return rows.all()


async def list_activities_of(tx: AsyncConnection, batch_id: UUID) -> Sequence[UUID]:
    """Of which an import brought a recording."""
    rows = await tx.scalars(
        select(recordings.c.activity_id)
        .where(recordings.c.batch_id == batch_id)
        .distinct()
        .order_by(recordings.c.activity_id)
    )
    return rows.all()


async def delete_unrecorded(tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> None:
    """Activities that an import of an account's export left without recordings, unless another
    import may be about to bring these."""
    has_recording = exists().where(recordings.c.activity_id == activities.c.id)
    is_importing = exists().where(
        import_batches.c.account_id == account_id,
        import_batches.c.state == "running",
        import_batches.c.id != batch_id,
    )
    await tx.execute(
        delete(activities).where(
            activities.c.account_id == account_id, ~has_recording, ~is_importing
        )
    )


async def delete_recording(tx: AsyncConnection, recording_id: UUID) -> None:
    await tx.execute(delete(recordings).where(recordings.c.id == recording_id))


async def list_unneeded(tx: AsyncConnection, hashes: Collection[str]) -> list[str]:
    """Those of the contents that no recording of anybody keeps any more."""
    rows = await tx.execute(
        select(recordings.c.content_sha256).where(
            recordings.c.content_sha256.in_(hashes), recordings.c.keeps_original
        )
    )
    return sorted(set(hashes) - set(rows.scalars()))
