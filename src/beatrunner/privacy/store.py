"""Statements on consents, retention and accounts that are to be erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.export_tables import account_exports
from beatrunner.db.identity_tables import invitations, registrations
from beatrunner.db.live_tables import workout_metrics, workouts
from beatrunner.db.privacy_tables import consents, erased_accounts, retentions
from beatrunner.db.tables import (
    accounts,
    activities,
    import_files,
    jobs,
    music_events,
    recordings,
    sealed_streams,
)
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError


async def has_consent(tx: AsyncConnection, account_id: UUID, kind: str) -> bool:
    found = await tx.scalar(
        select(consents.c.given_at).where(
            consents.c.account_id == account_id, consents.c.kind == kind
        )
    )
    return found is not None


async def list_consents(tx: AsyncConnection, account_id: UUID) -> Mapping[str, datetime]:
    """When each was given."""
    rows = await tx.execute(
        select(consents.c.kind, consents.c.given_at).where(consents.c.account_id == account_id)
    )
    return {row.kind: row.given_at for row in rows}


async def insert_consent(tx: AsyncConnection, account_id: UUID, kind: str, now: datetime) -> None:
    """One that is given already stays as it is."""
    await tx.execute(
        insert_for(tx, consents)
        .values(account_id=account_id, kind=kind, given_at=now)
        .on_conflict_do_nothing()
    )


async def delete_consent(tx: AsyncConnection, account_id: UUID, kind: str) -> None:
    await tx.execute(
        delete(consents).where(consents.c.account_id == account_id, consents.c.kind == kind)
    )


async def count_heart_rates(tx: AsyncConnection, account_id: UUID) -> tuple[int, int]:
    """Recordings with heart rate, and how many original files hold it."""
    with_body = (
        select(recordings.c.id, recordings.c.content_sha256, recordings.c.keeps_original)
        .join(sealed_streams, sealed_streams.c.recording_id == recordings.c.id)
        .where(recordings.c.account_id == account_id, sealed_streams.c.part == "body")
        .subquery()
    )
    files = func.count(with_body.c.content_sha256.distinct()).filter(with_body.c.keeps_original)
    row = (await tx.execute(select(func.count(), files).select_from(with_body))).one()
    return row[0], row[1]


async def find_retention(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    rows = await tx.execute(select(retentions).where(retentions.c.account_id == account_id))
    return rows.one_or_none()


async def upsert_retention(
    tx: AsyncConnection, account_id: UUID, values: Mapping[str, int | None]
) -> None:
    await tx.execute(
        insert_for(tx, retentions)
        .values(account_id=account_id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=dict(values))
    )


async def list_ends_of_sampled_workouts(tx: AsyncConnection, account_id: UUID) -> list[datetime]:
    """Of sealed workouts that still have their raw seconds, in the order of time."""
    has_samples = exists().where(workout_metrics.c.workout_id == workouts.c.id)
    rows = await tx.scalars(
        select(workouts.c.ended_at)
        .where(workouts.c.account_id == account_id, workouts.c.state == "sealed", has_samples)
        .order_by(workouts.c.ended_at)
    )
    return list(rows)


async def list_ends_of_streamed_runs(tx: AsyncConnection, account_id: UUID) -> list[datetime]:
    """Of runs that still have their streams, in the order of time."""
    rows = await tx.scalars(
        select(activities.c.ended_at)
        .where(activities.c.account_id == account_id, activities.c.streams_gone_at.is_(None))
        .order_by(activities.c.ended_at)
    )
    return list(rows)


async def list_due_for_sweep(
    tx: AsyncConnection, now: datetime, default_live_days: int
) -> list[UUID]:
    """Accounts of which something has been kept for as long as was wanted."""
    days = func.coalesce(retentions.c.live_samples_days, default_live_days)
    oldest_workout = (
        select(func.min(workouts.c.ended_at))
        .where(
            workouts.c.account_id == accounts.c.id,
            workouts.c.state == "sealed",
            exists().where(workout_metrics.c.workout_id == workouts.c.id),
        )
        .scalar_subquery()
    )
    oldest_run = (
        select(func.min(activities.c.ended_at))
        .where(activities.c.account_id == accounts.c.id, activities.c.streams_gone_at.is_(None))
        .scalar_subquery()
    )
    rows = await tx.execute(
        select(
            accounts.c.id,
            oldest_workout.label("workout"),
            oldest_run.label("run"),
            days.label("live_days"),
            retentions.c.streams_days,
        )
        .outerjoin(retentions, retentions.c.account_id == accounts.c.id)
        .where(or_(oldest_workout.is_not(None), retentions.c.streams_days.is_not(None)))
    )
    return [
        row.id
        for row in rows
        if _is_over(row.workout, row.live_days, now) or _is_over(row.run, row.streams_days, now)
    ]


def _is_over(oldest: datetime | None, days: int | None, now: datetime) -> bool:
    return oldest is not None and days is not None and oldest + timedelta(days=days) <= now


async def count_by_source(
    tx: AsyncConnection, account_id: UUID
) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Recordings and plays of each provenance."""
    found: list[Mapping[str, int]] = []
    for table in (recordings, music_events):
        rows = await tx.execute(
            select(table.c.provenance, func.count())
            .where(table.c.account_id == account_id)
            .group_by(table.c.provenance)
        )
        found.append({row[0]: row[1] for row in rows})
    return found[0], found[1]


async def lock_account(tx: AsyncConnection, account_id: UUID) -> AnyRow:
    """`(email, erase_at)`. Raises NotFoundError."""
    rows = await tx.execute(
        select(accounts.c.email, accounts.c.erase_at)
        .where(accounts.c.id == account_id)
        .with_for_update(key_share=True)
    )
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError("This account is gone.")
    return row


async def list_accounts(tx: AsyncConnection) -> Sequence[AnyRow]:
    """All of them, the oldest first."""
    rows = await tx.execute(
        select(
            accounts.c.email,
            accounts.c.kind,
            accounts.c.created_at,
            accounts.c.disabled_at,
            accounts.c.erase_at,
        ).order_by(accounts.c.created_at, accounts.c.id)
    )
    return rows.all()


async def find_erase_at(tx: AsyncConnection, account_id: UUID) -> datetime | None:
    found: datetime | None = await tx.scalar(
        select(accounts.c.erase_at).where(accounts.c.id == account_id)
    )
    return found


async def list_to_erase(tx: AsyncConnection, now: datetime) -> list[UUID]:
    """Accounts whose grace is over, and that nobody is at."""
    is_asked = exists().where(
        jobs.c.account_id == accounts.c.id,
        jobs.c.kind == "account.erase",
        jobs.c.state.in_(("waiting", "running")),
    )
    rows = await tx.scalars(
        select(accounts.c.id).where(accounts.c.erase_at <= now, ~is_asked).order_by(accounts.c.id)
    )
    return list(rows)


async def delete_other_jobs(tx: AsyncConnection, account_id: UUID, kind: str) -> None:
    """All of an account but those of a kind. Who is at one of them loses it."""
    await tx.execute(delete(jobs).where(jobs.c.account_id == account_id, jobs.c.kind != kind))


async def list_own_contents(tx: AsyncConnection, account_id: UUID) -> list[str]:
    """Hashes of original files that nobody else's recordings need."""
    others = recordings.alias()
    is_shared = exists().where(
        others.c.content_sha256 == recordings.c.content_sha256,
        others.c.account_id != account_id,
        others.c.keeps_original,
    )
    rows = await tx.scalars(
        select(recordings.c.content_sha256)
        .where(recordings.c.account_id == account_id, ~is_shared)
        .distinct()
        .order_by(recordings.c.content_sha256)
    )
    return list(rows)


async def list_spool_names(tx: AsyncConnection, account_id: UUID) -> list[str]:
    rows = await tx.scalars(
        select(import_files.c.spool_name).where(
            import_files.c.account_id == account_id, import_files.c.spool_name.is_not(None)
        )
    )
    return list(rows)


async def delete_exports(tx: AsyncConnection, account_id: UUID) -> Sequence[UUID]:
    """Gives which there were."""
    rows = await tx.scalars(
        delete(account_exports)
        .where(account_exports.c.account_id == account_id)
        .returning(account_exports.c.id)
    )
    return rows.all()


async def delete_account(tx: AsyncConnection, account_id: UUID, email: str | None) -> None:
    """With what hangs on it, and what stands under its address without being its own."""
    if email is not None:
        await tx.execute(delete(registrations).where(registrations.c.email == email))
        await tx.execute(delete(invitations).where(invitations.c.email == email))
    await tx.execute(delete(accounts).where(accounts.c.id == account_id))


async def insert_tombstone(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    await tx.execute(
        insert_for(tx, erased_accounts)
        .values(account_id=account_id, erased_at=now)
        .on_conflict_do_nothing()
    )


async def list_tombstones(tx: AsyncConnection) -> Mapping[UUID, datetime]:
    rows = await tx.execute(select(erased_accounts))
    return {row.account_id: row.erased_at for row in rows}
