from __future__ import annotations

import asyncio

from beatrunner.db.engine import Database
from beatrunner.privacy.sweeping import Sweeper
from tests.conftest import HeldClock


async def test_one_that_fails_keeps_no_other_from_looking(
    database: Database, clock: HeldClock
) -> None:
    stop = asyncio.Event()

    async def fail() -> None:
        raise OSError("a disk that is gone")

    async def look() -> None:
        stop.set()

    await asyncio.wait_for(Sweeper(database, clock, [fail, look]).run_until(stop), 10)
