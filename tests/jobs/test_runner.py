"""Workers against real databases; their times are shortened, never skipped."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs
from beatrunner.db.types import AnyRow
from beatrunner.jobs import store
from beatrunner.jobs.registry import JobRegistry, job
from beatrunner.jobs.runner import JobRunner, RunnerPolicy
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import Clock, system_clock
from tests.conftest import HeldClock

QUICK = RunnerPolicy(jobs_at_once=2, idle_s=0.01, visibility_s=30.0, heartbeat_s=5.0)

Work = Callable[[ClaimedJob], Awaitable[None]]


def runner(
    database: Database,
    clock: Clock,
    work: Work,
    policy: RunnerPolicy = QUICK,
    mourn: Work | None = None,
) -> JobRunner:
    registry = JobRegistry()
    registry.handlers["work"].append(work)
    if mourn is not None:
        registry.handlers["work!dead"].append(mourn)
    return JobRunner(database, registry, clock, "tester", policy)


async def enqueue(database: Database, account_id: UUID, clock: Clock, count: int = 1) -> None:
    async with database.write() as tx:
        for number in range(count):
            await store.enqueue(tx, "work", {"number": number}, account_id=account_id, now=clock())


async def all_jobs(database: Database) -> list[AnyRow]:
    async with database.read() as tx:
        return list((await tx.execute(select(jobs).order_by(jobs.c.id))).all())


async def the_job(database: Database) -> AnyRow:
    (found,) = await all_jobs(database)
    return found


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_several_workers_run_each_job_once(database: Database, account_id: UUID) -> None:
    await enqueue(database, account_id, system_clock, 20)
    runs: Counter[int] = Counter()
    at_once = 0

    async def work(claimed: ClaimedJob) -> None:
        nonlocal at_once
        at_once = max(at_once, len(running := {*running_now, claimed.id}))
        running_now.update(running)
        await asyncio.sleep(0.01)
        running_now.discard(claimed.id)
        runs[claimed.payload["number"]] += 1

    running_now: set[UUID] = set()
    stop = asyncio.Event()
    workers = [runner(database, system_clock, work).run_until(stop) for _ in range(3)]
    working = asyncio.gather(*workers)

    async def is_done() -> bool:
        return all(found.state == "done" for found in await all_jobs(database))

    await until(is_done)
    stop.set()
    await working
    assert runs == Counter(range(20))
    assert at_once > 1
    async with database.read() as tx:
        assert await store.find_worker_seen_at(tx) is not None


async def test_what_can_wait_leaves_a_hand_free(database: Database, account_id: UUID) -> None:
    begun: list[str] = []
    is_over = asyncio.Event()

    class Works:
        @job("long", can_wait=True)
        async def take_long(self, claimed: ClaimedJob) -> None:
            begun.append(claimed.kind)
            await is_over.wait()

        @job("short")
        async def be_short(self, claimed: ClaimedJob) -> None:
            begun.append(claimed.kind)

    async with database.write() as tx:
        for kind in ("long", "long", "long", "short"):
            await store.enqueue(tx, kind, {}, account_id=account_id, now=system_clock())
    stop = asyncio.Event()
    registry = JobRegistry.of([Works()])
    worker = JobRunner(database, registry, system_clock, "tester", replace(QUICK, jobs_at_once=3))
    working = asyncio.create_task(worker.run_until(stop))

    async def is_begun() -> bool:
        return "short" in begun

    await until(is_begun)
    assert begun.count("long") <= 2
    is_over.set()

    async def is_done() -> bool:
        return all(found.state == "done" for found in await all_jobs(database))

    await until(is_done)
    stop.set()
    await working


async def test_a_failure_is_tried_again_later_and_later_and_then_buried(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    tries: list[float] = []
    mourned: list[str] = []
    began = clock.now

    async def work(_claimed: ClaimedJob) -> None:
        tries.append((clock.now - began).total_seconds())
        raise ValueError("burnt")

    async def mourn(claimed: ClaimedJob) -> None:
        mourned.append(claimed.kind)

    worker = runner(database, clock, work, mourn=mourn)
    for _ in range(200):
        await worker.run_until_idle()
        clock.advance(1)
    assert tries == [0, 2, 10, 42, 170]
    assert mourned == ["work"]
    dead = await the_job(database)
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", 5, "ValueError: burnt")


async def test_a_second_try_may_succeed(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)

    async def work(claimed: ClaimedJob) -> None:
        if claimed.attempts == 1:
            raise ValueError

    worker = runner(database, clock, work)
    await worker.run_until_idle()
    assert (await the_job(database)).state == "waiting"
    clock.advance(3)
    await worker.run_until_idle()
    done = await the_job(database)
    assert (done.state, done.last_error) == ("done", None)


async def test_a_job_that_takes_every_worker_down_is_buried(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    mourned: list[UUID] = []

    async def work(_claimed: ClaimedJob) -> None:
        raise AssertionError("a sixth time")

    async def mourn(claimed: ClaimedJob) -> None:
        mourned.append(claimed.id)

    worker = runner(database, clock, work, mourn=mourn)
    for _ in range(5):
        async with database.write() as tx:
            # A worker that claims a job and is never heard of again.
            assert await store.claim(tx, ["work"], clock.now, timedelta())
        clock.advance(1)
    await worker.run_until_idle()
    dead = await the_job(database)
    assert (dead.state, mourned) == ("dead", [dead.id])


async def test_whoever_could_not_be_told_is_told_again(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    told: list[int] = []

    async def work(_claimed: ClaimedJob) -> None:
        raise ValueError

    async def mourn(claimed: ClaimedJob) -> None:
        told.append(claimed.attempts)
        if len(told) == 1:
            raise ConnectionError

    worker = runner(database, clock, work, replace(QUICK, max_attempts=1), mourn)
    with pytest.raises(ConnectionError):
        await worker.run_until_idle()
    assert (await the_job(database)).state == "running"
    clock.advance(QUICK.visibility_s)
    await worker.run_until_idle()
    assert told == [1, 2]
    assert (await the_job(database)).state == "dead"


async def test_what_a_job_enqueues_is_run_too(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    numbers: list[int] = []

    async def work(claimed: ClaimedJob) -> None:
        numbers.append(claimed.payload["number"])
        if len(numbers) < 3:
            async with database.write() as tx:
                await store.enqueue(
                    tx, "work", {"number": 7}, account_id=claimed.account_id, now=clock()
                )

    await runner(database, clock, work).run_until_idle()
    assert numbers == [0, 7, 7]


async def test_a_stopped_worker_gives_its_job_back(database: Database, account_id: UUID) -> None:
    await enqueue(database, account_id, system_clock)
    began, stop = asyncio.Event(), asyncio.Event()

    async def work(_claimed: ClaimedJob) -> None:
        began.set()
        await asyncio.sleep(60)

    working = asyncio.create_task(runner(database, system_clock, work).run_until(stop))
    await began.wait()
    stop.set()
    async with asyncio.timeout(5):
        await working
    given_back = await the_job(database)
    assert (given_back.state, given_back.attempts) == ("waiting", 0)


async def test_a_long_job_keeps_its_claim(database: Database, account_id: UUID) -> None:
    await enqueue(database, account_id, system_clock)
    policy = replace(QUICK, visibility_s=0.4, heartbeat_s=0.05)
    runs = 0
    stop = asyncio.Event()

    async def work(_claimed: ClaimedJob) -> None:
        nonlocal runs
        runs += 1
        await asyncio.sleep(0.8)
        stop.set()

    workers = [runner(database, system_clock, work, policy).run_until(stop) for _ in range(2)]
    async with asyncio.timeout(10):
        await asyncio.gather(*workers)
    assert runs == 1


async def test_a_worker_lets_go_of_a_job_that_another_took_over(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    began, let_go = asyncio.Event(), asyncio.Event()

    async def work(_claimed: ClaimedJob) -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            let_go.set()

    policy = replace(QUICK, jobs_at_once=1, heartbeat_s=0.05)
    stop = asyncio.Event()
    working = asyncio.create_task(runner(database, clock, work, policy).run_until(stop))
    await began.wait()
    async with database.write() as tx:
        # As another worker sees it, whose clock is ahead.
        later = clock.now + timedelta(hours=1)
        successor = await store.claim(tx, ["work"], later, timedelta(hours=1))
    assert successor is not None
    async with asyncio.timeout(5):
        await let_go.wait()
    stop.set()
    await working
    taken_over = await the_job(database)
    assert (taken_over.state, taken_over.attempts) == ("running", 2)
