"""What a process that begins knows of those before it, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from beatrunner.db.engine import Database
from beatrunner.limits import store
from beatrunner.limits.ledger import Ledger
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask, Policy
from tests.conftest import HeldClock
from tests.limits.stop_watch import StopWatch

POLICY = Policy("account", 100)  # of which 5 are its reserve
ASK = [Ask(POLICY, "runner")]


class Process:
    """One that counts; leaving the block says goodbye, `kill` does not."""

    def __init__(self, database: Database, clock: HeldClock, *more: Policy) -> None:
        self.watch = StopWatch()
        self._clock = clock
        self.local = LocalCounts([POLICY, *more], ticks_s=self.watch)
        self.ledger = Ledger(database, clock, ticks_s=self.watch)
        self.limiter = RequestLimiter(self.local, self.ledger)

    async def begin(self) -> Process:
        await self.ledger.load(self.local)
        await self.ledger.write()
        return self

    async def take(self, times: int) -> int:
        verdicts = [await self.limiter.take(ASK) for _ in range(times)]
        return sum(not verdict.refused_by for verdict in verdicts)

    def left(self, subject: str = "runner") -> int:
        return self.local.look([Ask(POLICY, subject)]).uses[0].remaining

    def pass_time(self, seconds: float) -> None:
        self.watch.now_s += seconds
        self._clock.advance(seconds)


async def test_a_goodbye_leaves_exact_counts(database: Database, clock: HeldClock) -> None:
    first = await Process(database, clock).begin()
    assert await first.take(5) == 5
    await first.ledger.write(is_last=True)
    second = await Process(database, clock).begin()
    assert second.left() == 95
    assert second.left("somebody else") == 100


async def test_who_was_killed_is_not_forgiven(database: Database, clock: HeldClock) -> None:
    first = await Process(database, clock).begin()
    await first.take(5)
    await first.ledger.write()
    await first.take(5)  # not written
    second = await Process(database, clock).begin()
    assert second.left() == 100 - 5 - 5
    assert second.left("somebody else") == 95
    second.pass_time(3600)
    assert second.left() == second.left("somebody else") == 100


async def test_whoever_runs_is_known_to_and_whoever_leaves_owes_nothing(
    database: Database, clock: HeldClock
) -> None:
    first = Process(database, clock)
    async with first.limiter.running():
        await first.take(3)
        assert (await Process(database, clock).begin()).left("somebody else") == 95
    # The second process of this test was not told to leave.
    last = await Process(database, clock).begin()
    assert (last.left(), last.left("somebody else")) == (92, 95)


async def test_before_it_runs_nobody_waits(database: Database, clock: HeldClock) -> None:
    async with asyncio.timeout(5):
        assert await Process(database, clock).take(101) == 100


async def test_what_could_not_be_written_is_kept_and_nobody_waits_for_it(
    database: Database, clock: HeldClock
) -> None:
    process = await Process(database, clock).begin()
    await process.take(5)
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE request_counts RENAME TO away"))
    await process.ledger.write()
    async with asyncio.timeout(5):
        assert await process.take(20) == 20
    async with database.write() as tx:
        await tx.execute(text("ALTER TABLE away RENAME TO request_counts"))
    await process.ledger.write(is_last=True)
    assert (await Process(database, clock).begin()).left() == 75


async def test_one_policy_of_several_is_enough_to_wait_for(
    database: Database, clock: HeldClock
) -> None:
    tight = Policy("imports", 20)
    process = Process(database, clock, tight)
    await process.begin()
    both = [*ASK, Ask(tight, "runner")]
    await process.limiter.take(both)
    one_more = asyncio.create_task(process.limiter.take(both))
    done, _ = await asyncio.wait([one_more], timeout=0.05)
    assert not done
    await process.ledger.write()
    assert not (await one_more).refused_by


async def test_a_minute_is_a_minute(database: Database, clock: HeldClock) -> None:
    first = await Process(database, clock).begin()
    for pause_s in (59, 1, 540):
        await first.take(1)
        first.pass_time(pause_s)
    await first.ledger.write(is_last=True)
    async with database.read() as tx:
        (counter,) = await store.list_counters(tx, clock.now.replace(year=2000))
        rows = await store.list_counts(tx, counter.id)
    assert sorted((row.minute, row.requests) for row in rows) == [(0, 2), (1, 1)]
    second = await Process(database, clock).begin()
    for pause_s, left in ((3600 - 540 - 1, 97), (1, 99), (59, 99), (1, 100)):
        second.pass_time(pause_s)
        assert second.left() == left


async def test_what_was_before_counts_no_longer_for_a_clock_that_was_set_back(
    database: Database, clock: HeldClock
) -> None:
    first = await Process(database, clock).begin()
    await first.take(5)
    await first.ledger.write(is_last=True)
    clock.advance(-7200)
    second = await Process(database, clock).begin()
    second.watch.now_s += 3599
    assert second.left() == 95
    second.watch.now_s += 1
    assert second.left() == 100


async def test_who_counts_nothing_says_now_and_then_that_it_runs(
    database: Database, clock: HeldClock
) -> None:
    process = Process(database, clock)

    async def said_s() -> int:
        async with database.read() as tx:
            (counter,) = await store.list_counters(tx, clock.now.replace(year=2000))
        return int(counter.elapsed_s)

    async with process.limiter.running():
        process.pass_time(60)
        async with asyncio.timeout(10):
            while await said_s() < 60:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_nobody_gets_more_than_the_reserve_between_two_writes(
    database: Database, clock: HeldClock
) -> None:
    process = await Process(database, clock).begin()
    assert await process.take(5) == 5
    one_more = asyncio.create_task(process.take(1))
    done, _ = await asyncio.wait([one_more], timeout=0.05)
    assert not done
    await process.ledger.write()
    assert await one_more == 1


async def test_a_write_comes_at_once_when_somebody_waits(
    database: Database, clock: HeldClock
) -> None:
    process = Process(database, clock)
    async with asyncio.timeout(5), process.limiter.running():
        assert await process.take(101) == 100
    assert (await Process(database, clock).begin()).left() == 0


async def test_minutes_count_as_their_end(database: Database, clock: HeldClock) -> None:
    first = await Process(database, clock).begin()
    first.pass_time(30)
    await first.take(3)
    first.pass_time(600)
    await first.take(2)
    await first.ledger.write(is_last=True)
    clock.advance(60)
    second = await Process(database, clock).begin()
    assert second.left() == 95
    second.pass_time(3600 - 660 - 1)
    assert second.left() == 95
    second.pass_time(61)
    assert second.left() == 98


@pytest.mark.parametrize("step_s", [-7200, 7200])
async def test_a_clock_that_is_set_meanwhile_moves_nothing(
    database: Database, clock: HeldClock, step_s: float
) -> None:
    first = await Process(database, clock).begin()
    await first.take(5)
    await first.ledger.write()
    clock.advance(step_s)
    first.pass_time(60)
    await first.take(1)
    await first.ledger.write(is_last=True)
    assert (await Process(database, clock).begin()).left() == 94


async def test_processes_add_up(database: Database, clock: HeldClock) -> None:
    for _ in range(2):
        process = await Process(database, clock).begin()
        await process.take(5)
        await process.ledger.write(is_last=True)
    third = await Process(database, clock).begin()
    assert third.left() == 90
    # What was read is not written again.
    await third.ledger.write(is_last=True)
    assert (await Process(database, clock).begin()).left() == 90


async def test_old_rows_go(database: Database, clock: HeldClock) -> None:
    first = await Process(database, clock).begin()
    await first.take(5)
    await first.ledger.write(is_last=True)
    second = await Process(database, clock).begin()
    await second.take(1)
    await second.ledger.write()
    second.pass_time(7300)
    await second.take(1)
    await second.ledger.write()
    async with database.read() as tx:
        (counter,) = await store.list_counters(tx, clock.now.replace(year=2000))
        rows = await store.list_counts(tx, counter.id)
    assert [row.requests for row in rows] == [1]


@pytest.fixture
async def lost(tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    await database.close()


async def test_without_a_database_memory_counts_and_nobody_waits(
    lost: Database, clock: HeldClock
) -> None:
    process = Process(lost, clock)
    async with AsyncExitStack() as running:
        with pytest.raises(Exception, match="no such table"):
            await running.enter_async_context(process.limiter.running())
    await process.ledger.write()
    async with asyncio.timeout(5):
        assert await process.take(101) == 100
