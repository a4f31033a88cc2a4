"""Statements on the jobs table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.tables import jobs, workers
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import HoldUp
from beatrunner.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    id: UUID
    account_id: UUID
    kind: str
    payload: Mapping[str, Any]
    attempts: int


async def enqueue(
    tx: AsyncConnection,
    kind: str,
    payload: Mapping[str, Any],
    *,
    account_id: UUID,
    now: datetime,
    run_at: datetime | None = None,
) -> UUID:
    """Add a job to the caller's transaction, due at once if `run_at` says no other time.

    `payload` holds JSON values only.
    """
    job_id = new_id()
    await tx.execute(
        insert(jobs).values(
            id=job_id,
            account_id=account_id,
            kind=kind,
            payload=dict(payload),
            state="waiting",
            attempts=0,
            run_at=run_at or now,
            created_at=now,
        )
    )
    return job_id


#: Nothing is claimed for longer, and nothing enqueued so far ahead of any other computer's clock:
#: what says so was written by a clock that has been set back since.
_CLOCKS_DIFFER = timedelta(hours=1)


def _is_due(now: datetime, kinds: Sequence[str]) -> Any:
    impossible = now + _CLOCKS_DIFFER
    waiting = and_(
        jobs.c.state == "waiting", or_(jobs.c.run_at <= now, jobs.c.created_at > impossible)
    )
    lapsed = and_(
        jobs.c.state == "running",
        or_(jobs.c.claimed_until <= now, jobs.c.claimed_until > impossible),
    )
    return and_(jobs.c.kind.in_(kinds), or_(waiting, lapsed))


async def has_due(tx: AsyncConnection, kinds: Sequence[str], now: datetime) -> bool:
    return await tx.scalar(select(jobs.c.id).where(_is_due(now, kinds)).limit(1)) is not None


async def claim(
    tx: AsyncConnection, kinds: Sequence[str], now: datetime, visibility: timedelta
) -> ClaimedJob | None:
    """Take the job that has been due longest, counting the attempt."""
    oldest = (
        select(jobs.c.id)
        .where(_is_due(now, kinds))
        .order_by(jobs.c.run_at, jobs.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = (
        await tx.execute(
            update(jobs)
            .where(jobs.c.id == oldest)
            .values(state="running", attempts=jobs.c.attempts + 1, claimed_until=now + visibility)
            .returning(jobs.c.id, jobs.c.account_id, jobs.c.kind, jobs.c.payload, jobs.c.attempts)
        )
    ).one_or_none()
    return None if row is None else ClaimedJob(*row)


async def renew(tx: AsyncConnection, job: ClaimedJob, until: datetime) -> bool:
    """Extend a claim; False when another worker has taken the job over."""
    renewed = await tx.execute(update(jobs).where(_still_ours(job)).values(claimed_until=until))
    return renewed.rowcount == 1


async def finish(tx: AsyncConnection, job: ClaimedJob, now: datetime) -> None:
    await tx.execute(
        update(jobs)
        .where(_still_ours(job))
        .values(state="done", finished_at=now, claimed_until=None, last_error=None)
    )


async def retry_later(tx: AsyncConnection, job: ClaimedJob, error: str, run_at: datetime) -> None:
    await tx.execute(
        update(jobs)
        .where(_still_ours(job))
        .values(state="waiting", run_at=run_at, claimed_until=None, last_error=error)
    )


async def bury(tx: AsyncConnection, job: ClaimedJob, error: str, now: datetime) -> None:
    await tx.execute(
        update(jobs)
        .where(_still_ours(job))
        .values(state="dead", finished_at=now, claimed_until=None, last_error=error)
    )


async def give_back(
    tx: AsyncConnection, job: ClaimedJob, run_at: datetime, why: str | None = None
) -> bool:
    """Undo a claim, as a worker does that has been asked to stop, or cannot go on for now.

    False when another worker has taken the job over.
    """
    given_back = await tx.execute(
        update(jobs)
        .where(_still_ours(job))
        .values(
            state="waiting",
            run_at=run_at,
            claimed_until=None,
            attempts=jobs.c.attempts - 1,
            last_error=why,
        )
    )
    return given_back.rowcount == 1


def _still_ours(job: ClaimedJob) -> Any:
    # The attempt number fences off a worker that slept through its claim.
    return and_(jobs.c.id == job.id, jobs.c.state == "running", jobs.c.attempts == job.attempts)


async def count_unfinished(tx: AsyncConnection, account_id: UUID, kinds: Sequence[str]) -> int:
    found = await tx.scalar(
        select(func.count())
        .select_from(jobs)
        .where(
            jobs.c.account_id == account_id,
            jobs.c.state.in_(("waiting", "running")),
            jobs.c.kind.in_(kinds),
        )
    )
    return found or 0


async def find_hold_up(tx: AsyncConnection, account_id: UUID, kind: str) -> HoldUp | None:
    """Why a job of this kind waits until it can go on."""
    found: HoldUp | None = await tx.scalar(
        select(jobs.c.last_error)
        .where(
            jobs.c.account_id == account_id,
            jobs.c.state == "waiting",
            jobs.c.kind == kind,
            jobs.c.last_error.in_(get_args(HoldUp)),
        )
        .limit(1)
    )
    return found


async def has_waiting(
    tx: AsyncConnection,
    account_id: UUID,
    kind: str,
    run_at: datetime,
    *,
    or_running: bool = False,
) -> bool:
    """Whether a job of this kind is due by `run_at` and has not begun (or not ended)."""
    states = ("waiting", "running") if or_running else ("waiting",)
    found = await tx.scalar(
        select(jobs.c.id)
        .where(
            jobs.c.account_id == account_id,
            jobs.c.kind == kind,
            jobs.c.state.in_(states),
            jobs.c.run_at <= run_at,
        )
        .limit(1)
    )
    return found is not None


async def has_older_running(tx: AsyncConnection, job: ClaimedJob, now: datetime) -> bool:
    """Whether a worker is at an older job of this kind and account."""
    found = await tx.scalar(
        select(jobs.c.id)
        .where(
            jobs.c.account_id == job.account_id,
            jobs.c.kind == job.kind,
            jobs.c.state == "running",
            jobs.c.claimed_until > now,
            jobs.c.id < job.id,
        )
        .limit(1)
    )
    return found is not None


async def count_by_state(tx: AsyncConnection) -> dict[str, int]:
    rows = await tx.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    return {row[0]: row[1] for row in rows}


async def delete_finished(tx: AsyncConnection, before: datetime) -> int:
    deleted = await tx.execute(
        delete(jobs).where(jobs.c.state == "done", jobs.c.finished_at < before)
    )
    return deleted.rowcount


async def upsert_worker(tx: AsyncConnection, name: str, now: datetime) -> None:
    statement = insert_for(tx, workers).values(name=name, seen_at=now)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now})
    )
    await tx.execute(delete(workers).where(workers.c.seen_at < now - timedelta(days=1)))


async def find_worker_seen_at(tx: AsyncConnection) -> datetime | None:
    found: datetime | None = await tx.scalar(select(func.max(workers.c.seen_at)))
    return found
