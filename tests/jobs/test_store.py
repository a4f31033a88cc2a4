from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs
from beatrunner.jobs import store
from beatrunner.jobs.store import ClaimedJob
from tests.conftest import HeldClock, make_account

KINDS = ("bake", "eat")
MINUTE = timedelta(minutes=1)


async def enqueue(database: Database, account_id: UUID, clock: HeldClock, number: int = 0) -> UUID:
    async with database.write() as tx:
        return await store.enqueue(
            tx, "bake", {"number": number}, account_id=account_id, now=clock.now
        )


async def claim(database: Database, clock: HeldClock) -> ClaimedJob | None:
    async with database.write() as tx:
        return await store.claim(tx, KINDS, clock.now, MINUTE)


async def claimed(database: Database, clock: HeldClock) -> ClaimedJob:
    found = await claim(database, clock)
    assert found is not None
    return found


async def state_of(database: Database, job_id: UUID) -> str:
    async with database.read() as tx:
        return str(await tx.scalar(select(jobs.c.state).where(jobs.c.id == job_id)))


async def test_a_job_lives_and_dies_with_its_transaction(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    async with database.write() as tx:
        await store.enqueue(tx, "bake", {}, account_id=account_id, now=clock.now)
        await tx.rollback()
    assert await claim(database, clock) is None
    await enqueue(database, account_id, clock)
    assert await claim(database, clock) is not None


async def test_jobs_are_claimed_in_the_order_in_which_they_are_due(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    numbers = [0, 1, 2]
    for number in numbers:
        await enqueue(database, account_id, clock, number)
        clock.advance(1)
    clock.advance(-10)
    await enqueue(database, account_id, clock, 9)
    clock.advance(20)
    order = [(await claimed(database, clock)).payload["number"] for _ in range(4)]
    assert order == [9, *numbers]


async def test_what_is_not_due_or_of_another_kind_waits(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    async with database.write() as tx:
        assert await store.claim(tx, ("eat",), clock.now, MINUTE) is None
        assert not await store.has_due(tx, ("eat",), clock.now)
    clock.advance(-1)
    assert await claim(database, clock) is None


async def test_a_job_is_claimed_once_however_many_ask_at_once(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    wanted = {await enqueue(database, account_id, clock, number) for number in range(6)}
    found = await asyncio.gather(*(claim(database, clock) for _ in range(8)))
    ids = [job.id for job in found if job is not None]
    assert len(ids) == len(set(ids))
    # Claims at the same instant may look past each other, but never past a job for good.
    while (job := await claim(database, clock)) is not None:
        ids.append(job.id)
    assert sorted(ids) == sorted(wanted)


async def test_a_lapsed_claim_is_taken_over_and_the_sleeper_is_fenced_off(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    job_id = await enqueue(database, account_id, clock)
    sleeper = await claimed(database, clock)
    clock.advance(59)
    assert await claim(database, clock) is None
    clock.advance(2)
    successor = await claimed(database, clock)
    assert (successor.id, successor.attempts) == (job_id, 2)
    async with database.write() as tx:
        assert not await store.renew(tx, sleeper, clock.now + MINUTE)
        await store.finish(tx, sleeper, clock.now)
        await store.retry_later(tx, sleeper, "no", clock.now)
        await store.bury(tx, sleeper, "no", clock.now)
        await store.give_back(tx, sleeper, clock.now)
    assert await state_of(database, job_id) == "running"
    async with database.write() as tx:
        assert await store.renew(tx, successor, clock.now + 2 * MINUTE)
    clock.advance(61)
    assert await claim(database, clock) is None
    async with database.write() as tx:
        await store.finish(tx, successor, clock.now)
    assert await state_of(database, job_id) == "done"


async def test_a_job_given_back_has_lost_no_attempt(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await enqueue(database, account_id, clock)
    first = await claimed(database, clock)
    async with database.write() as tx:
        await store.give_back(tx, first, clock.now)
    assert (await claimed(database, clock)).attempts == first.attempts == 1


async def test_unfinished_jobs_are_counted_by_account_and_kind(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    other_id = await make_account(database)
    for owner in (account_id, account_id, other_id):
        await enqueue(database, owner, clock)
    job = await claimed(database, clock)
    async with database.write() as tx:
        assert await store.count_unfinished(tx, account_id, ["bake"]) == 2
        assert await store.count_unfinished(tx, account_id, ["eat"]) == 0
        await store.finish(tx, job, clock.now)
        assert await store.count_unfinished(tx, account_id, ["bake"]) == 1
        assert await store.count_by_state(tx) == {"waiting": 2, "done": 1}


async def test_only_old_finished_jobs_are_swept_away(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    for number in range(3):
        await enqueue(database, account_id, clock, number)
    done, dead = await claimed(database, clock), await claimed(database, clock)
    async with database.write() as tx:
        await store.finish(tx, done, clock.now)
        await store.bury(tx, dead, "why", clock.now)
        await tx.execute(update(jobs).values(created_at=clock.now - timedelta(days=99)))
        assert await store.delete_finished(tx, clock.now) == 0
        assert await store.delete_finished(tx, clock.now + timedelta(seconds=1)) == 1
        assert await tx.scalar(select(func.count()).select_from(jobs)) == 2


async def test_the_latest_word_of_any_worker(database: Database, clock: HeldClock) -> None:
    async with database.write() as tx:
        assert await store.find_worker_seen_at(tx) is None
        await store.upsert_worker(tx, "one", clock.now - timedelta(hours=1))
        await store.upsert_worker(tx, "two", clock.now - timedelta(minutes=3))
        await store.upsert_worker(tx, "one", clock.now)
        assert await store.find_worker_seen_at(tx) == clock.now


async def test_what_waits_for_room_says_so(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    async with database.write() as tx:
        await store.enqueue(tx, "bake", {}, account_id=account_id, now=clock.now)
    held_up = await claimed(database, clock)
    for why, told in (("disk-full", "disk-full"), ("ValueError: burnt", None)):
        async with database.write() as tx:
            await store.give_back(tx, held_up, clock.now, why)
            assert await store.find_hold_up(tx, account_id, "bake") == told
            assert await store.find_hold_up(tx, account_id, "other") is None
        held_up = await claimed(database, clock)
    async with database.write() as tx:
        assert await store.find_hold_up(tx, account_id, "bake") is None
