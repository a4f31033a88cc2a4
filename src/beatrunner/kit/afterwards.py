"""Work that is done after the answer has left, in this process and from memory alone.

For what must neither delay whoever asks nor tell them, by how long it takes, what was found: a
mail to send, a failure to note down. It is forgotten with the process; what has to outlive it is a
job. There is room for so much and no more: beyond that it is left undone, and the log says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from beatrunner.kit.log import logger

_MOST = 500

log = logger(__name__)


class Afterwards:
    """Close it when done."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        """`what` is for the log, which gets no values."""
        if len(self._tasks) >= self._most:
            log.warning("afterwards.no_room", what=what)
            return
        task = asyncio.create_task(_done(what, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, patience_s: float) -> None:
        """Wait until nothing is left to do, or for so long."""
        while self._tasks and patience_s > 0:
            started_at = asyncio.get_running_loop().time()
            await asyncio.wait(self._tasks, timeout=patience_s)
            patience_s -= asyncio.get_running_loop().time() - started_at

    async def close(self, patience_s: float = 3.0) -> None:
        """What is not done within that time is given up."""
        await self.settle(patience_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _done(what: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:
        # Its words may hold an address or worse.
        log.warning("afterwards.failed", what=what, error=type(error).__name__)
