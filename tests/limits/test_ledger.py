"""What a process that begins knows of those before it, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

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

    def __init__(self, database: Database, clock: HeldClock) -> None:
        self.watch = StopWatch()
        self._clock = clock
        self.local = LocalCounts([POLICY], ticks_s=self.watch)
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
