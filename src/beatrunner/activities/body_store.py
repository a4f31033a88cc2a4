"""Statements on what of runs tells of the body, and on what is kept for a time only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.db.insight_tables import insight_effects, measured_runs
from beatrunner.db.tables import activities, recordings, run_figures, sealed_streams, spans
from beatrunner.db.types import AnyRow

BODY = "body"
#: What else a recording, and the run made of it, has of a heart.
NO_HEART_RATE = {"mean_heart_rate_bpm": None, "max_heart_rate_bpm": None}


async def list_recordings_with_body(
    tx: AsyncConnection, account_id: UUID, limit: int
) -> Sequence[AnyRow]:
    """The first of them: `id`, `activity_id` and `content_sha256`."""
    has_body = exists().where(
        sealed_streams.c.recording_id == recordings.c.id, sealed_streams.c.part == BODY
    )
    has_figures = or_(*(recordings.c[name].is_not(None) for name in NO_HEART_RATE))
    rows = await tx.execute(
        select(recordings.c.id, recordings.c.activity_id, recordings.c.content_sha256)
        .where(recordings.c.account_id == account_id, has_body | has_figures)
        .order_by(recordings.c.id)
        .limit(limit)
    )
    return rows.all()


async def delete_bodies(
    tx: AsyncConnection, account_id: UUID, recording_ids: Collection[UUID], hashes: Collection[str]
) -> None:
    """Of recordings, with their figures; all that came in the same files lose these."""
    await tx.execute(
        delete(sealed_streams).where(
            sealed_streams.c.recording_id.in_(recording_ids), sealed_streams.c.part == BODY
        )
    )
    await tx.execute(
        update(recordings).where(recordings.c.id.in_(recording_ids)).values(**NO_HEART_RATE)
    )
    await tx.execute(
        update(recordings)
        .where(recordings.c.account_id == account_id, recordings.c.content_sha256.in_(hashes))
        .values(keeps_original=False)
    )


async def insert_body(
    tx: AsyncConnection, recording_id: UUID, blob: bytes, figures: Mapping[str, float | None]
) -> None:
    """What a recording was stored without."""
    await tx.execute(insert(sealed_streams).values(recording_id=recording_id, part=BODY, blob=blob))
    await tx.execute(
        update(recordings)
        .where(recordings.c.id == recording_id)
        .values(keeps_original=True, **figures)
    )


async def has_body(tx: AsyncConnection, recording_id: UUID) -> bool:
    found = await tx.scalar(
        select(sealed_streams.c.part).where(
            sealed_streams.c.recording_id == recording_id, sealed_streams.c.part == BODY
        )
    )
    return found is not None


async def has_kept_original(tx: AsyncConnection, account_id: UUID, sha256: str) -> bool:
    """Whether a recording of the account keeps the file with this content."""
    found = await tx.execute(
        select(recordings.c.id)
        .where(
            recordings.c.account_id == account_id,
            recordings.c.content_sha256 == sha256,
            recordings.c.keeps_original,
        )
        .limit(1)
    )
    return found.first() is not None


async def delete_heart_figures(tx: AsyncConnection, account_id: UUID) -> None:
    """What was computed from heart rates, of all runs."""
    await update_library_version(tx, account_id)
    await tx.execute(
        update(activities).where(activities.c.account_id == account_id).values(**NO_HEART_RATE)
    )
    await tx.execute(
        update(run_figures)
        .where(run_figures.c.account_id == account_id)
        .values(heart_rate_s=None, lowest_held_bpm=None, highest_held_bpm=None)
    )
    await tx.execute(
        update(spans).where(spans.c.account_id == account_id).values(heart_rate_bpm=None)
    )
    # Their plays hold what the heart did; measured anew, they are without.
    await tx.execute(delete(measured_runs).where(measured_runs.c.account_id == account_id))
    await tx.execute(
        delete(insight_effects).where(
            insight_effects.c.account_id == account_id, insight_effects.c.response == "heart_rate"
        )
    )


async def list_runs_to_strip(
    tx: AsyncConnection, account_id: UUID, before: datetime, limit: int
) -> list[UUID]:
    """Runs that ended before, and still have their streams."""
    rows = await tx.scalars(
        select(activities.c.id)
        .where(
            activities.c.account_id == account_id,
            activities.c.ended_at <= before,
            activities.c.streams_gone_at.is_(None),
        )
        .order_by(activities.c.ended_at, activities.c.id)
        .limit(limit)
    )
    return list(rows)


async def delete_streams(
    tx: AsyncConnection, activity_ids: Collection[UUID], now: datetime
) -> set[str]:
    """Gives the hashes of the files that hold the same."""
    rows = await tx.execute(
        select(recordings.c.id, recordings.c.account_id, recordings.c.content_sha256).where(
            recordings.c.activity_id.in_(activity_ids)
        )
    )
    found = rows.all()
    hashes = {row.content_sha256 for row in found}
    await tx.execute(
        delete(sealed_streams).where(sealed_streams.c.recording_id.in_([row.id for row in found]))
    )
    await tx.execute(
        update(recordings)
        .where(
            recordings.c.account_id.in_({row.account_id for row in found}),
            recordings.c.content_sha256.in_(hashes),
        )
        .values(keeps_original=False)
    )
    await tx.execute(
        update(activities).where(activities.c.id.in_(activity_ids)).values(streams_gone_at=now)
    )
    return hashes
