"""Loops that run beside the requests of a server process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from beatrunner.kit.log import logger

log = logger(__name__)


@asynccontextmanager
async def running(*loops: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run the loops while the block lasts."""
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def every(seconds: float, do: Callable[[], Awaitable[None]]) -> None:
    """For ever, whatever becomes of one time: the database may be away for a while."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await do()
        except Exception:
            log.exception("live.loop_failed", loop=getattr(do, "__qualname__", ""))


def now_ms() -> int:
    """Of the monotonic clock: good for differences only."""
    return int(time.monotonic() * 1000)
