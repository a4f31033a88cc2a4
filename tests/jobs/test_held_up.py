"""Jobs that a full disk, a locked database or a wrong clock hold up: late, but never lost."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs
from beatrunner.jobs import store
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import system_clock
from beatrunner.kit.errors import DiskFullError, UnavailableError
from tests.conftest import HeldClock, make_account
from tests.jobs.test_runner import QUICK, enqueue, runner, the_job


async def test_what_is_held_up_goes_on_by_itself_however_long_it_takes(
    database: Database, account_id: UUID
) -> None:
    await enqueue(database, account_id, system_clock)
    seen: list[str | None] = []
    stop = asyncio.Event()

    async def work(claimed: ClaimedJob) -> None:
        assert claimed.attempts == 1
        seen.append((await the_job(database)).last_error)
        if len(seen) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        if len(seen) < 8:
            raise DiskFullError
        stop.set()

    policy = replace(QUICK, jobs_at_once=1, held_up_s=0.01)
    async with asyncio.timeout(10):
        await runner(database, system_clock, work, policy).run_until(stop)
    assert seen == [None, *["disk-full"] * 7]


async def test_a_job_is_held_up_where_that_cannot_be_written_down(
    sqlite_address: str,
) -> None:
    database = Database(sqlite_address, patience_s=0.01)
    await enqueue(database, await make_account(database), system_clock)
    locked, stop = asyncio.Event(), asyncio.Event()
    runs = 0

    async def work(_claimed: ClaimedJob) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            other.execute("BEGIN IMMEDIATE")
            locked.set()
            raise UnavailableError
        stop.set()

    policy = replace(QUICK, jobs_at_once=1, held_up_s=0.01, visibility_s=60.0)
    with closing(sqlite3.connect(sqlite_address.removeprefix("sqlite:///"))) as other:
        other.isolation_level = None
        working = asyncio.create_task(runner(database, system_clock, work, policy).run_until(stop))
        await locked.wait()
        await asyncio.sleep(0.2)
        assert runs == 1
        other.execute("ROLLBACK")
        async with asyncio.timeout(10):
            await working
    assert runs == 2
    await database.close()


async def test_a_clock_that_is_set_back_strands_no_job(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    done: list[int] = []

    async def work(claimed: ClaimedJob) -> None:
        done.append(claimed.payload["number"])

    clock.advance(400 * 86_400)
    await enqueue(database, account_id, clock, 2)
    async with database.write() as tx:
        assert await store.claim(tx, ["work"], clock(), timedelta(seconds=60)) is not None
    # The battery of the clock is new, and the worker that had claimed one is gone.
    clock.advance(-400 * 86_400)
    await runner(database, clock, work).run_until_idle()
    assert sorted(done) == [0, 1]


async def test_an_attempt_that_was_held_up_counts_for_nothing_though_its_claim_lapsed(
    sqlite_address: str,
) -> None:
    """The disk is full for longer than claims last, and has room for claims alone."""
    database = Database(sqlite_address, patience_s=0.01)
    await enqueue(database, await make_account(database), system_clock)
    stop = asyncio.Event()
    runs = 0

    async def work(_claimed: ClaimedJob) -> None:
        nonlocal runs
        runs += 1
        if runs > 8:
            stop.set()
            return
        while not other.in_transaction:
            with suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.005)
        # Longer than the claim: whoever is next takes it over.
        asyncio.get_running_loop().call_later(0.1, other.rollback)
        raise UnavailableError

    policy = replace(QUICK, jobs_at_once=2, held_up_s=0.3, visibility_s=0.05, heartbeat_s=10.0)
    mourned: list[ClaimedJob] = []

    async def mourn(claimed: ClaimedJob) -> None:
        mourned.append(claimed)
        stop.set()

    path = sqlite_address.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.isolation_level = None
        async with asyncio.timeout(20):
            await runner(database, system_clock, work, policy, mourn).run_until(stop)
    assert not mourned
    assert runs > 8
    await database.close()


async def test_an_attempt_that_another_worker_took_over_counts_for_nothing(
    database: Database, account_id: UUID
) -> None:
    """The computer sleeps for longer than claims last, again and again."""
    await enqueue(database, account_id, system_clock)
    stop = asyncio.Event()
    runs = 0
    mourned: list[ClaimedJob] = []

    async def work(claimed: ClaimedJob) -> None:
        nonlocal runs
        runs += 1
        if runs > 8:
            stop.set()
            return
        lapse = update(jobs).where(jobs.c.attempts == claimed.attempts)
        while True:
            async with database.write() as tx:
                await tx.execute(lapse.values(claimed_until=system_clock()))
            await asyncio.sleep(0.01)

    async def mourn(claimed: ClaimedJob) -> None:
        mourned.append(claimed)
        stop.set()

    policy = replace(QUICK, visibility_s=60.0, heartbeat_s=0.05)
    async with asyncio.timeout(20):
        await runner(database, system_clock, work, policy, mourn).run_until(stop)
    assert not mourned
    assert runs > 8
