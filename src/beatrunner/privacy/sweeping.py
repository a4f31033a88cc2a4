"""Once an hour each worker looks whose time is over, and has the jobs do what follows.

Looking changes nothing where there is nothing to do, so any number of workers may look.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from beatrunner.db.engine import Database
from beatrunner.jobs.store import enqueue, has_waiting
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.privacy import store
from beatrunner.privacy.erasing import ERASE
from beatrunner.privacy.retention import DEFAULT_LIVE_DAYS

log = logger(__name__)

SWEEP = "retention.sweep"
_EVERY_S = 3_600.0

Sweep = Callable[[], Awaitable[None]]


class Sweeper:
    def __init__(self, database: Database, clock: Clock, others: Sequence[Sweep] = ()) -> None:
        """`others` look, too, at the same times."""
        self._database = database
        self._sweeps = (self.look, *others)
        self._clock = clock

    async def run_until(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            for sweep in self._sweeps:
                try:
                    await sweep()
                except Exception:
                    # The next look is in an hour; nothing is lost by then.
                    log.exception("sweep.failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_S)

    async def look(self) -> None:
        now = self._clock()
        async with self._database.read(is_long=True) as tx:
            sweep = await store.list_due_for_sweep(tx, now, DEFAULT_LIVE_DAYS)
            erase = await store.list_to_erase(tx, now)
        if not sweep and not erase:
            return
        async with self._database.write() as tx:
            for account_id in sweep:
                if not await has_waiting(tx, account_id, SWEEP, now, or_running=True):
                    await enqueue(tx, SWEEP, {}, account_id=account_id, now=now)
            for account_id in erase:
                # Its job was lost: it failed for good, or a backup was restored.
                await enqueue(tx, ERASE, {}, account_id=account_id, now=now)
