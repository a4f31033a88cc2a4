"""Writes down how much was let through, so that a process that begins knows of the hour before.

Theory of operation. Once a second what was counted since is added to rows by subject and minute.
What a killed process had not written yet is lost, and must not be forgiven: so while a process
runs, its own row says so, and whoever begins after it counts the *reserve* of each policy against
everybody. In return a process lets nobody have more than the reserve between two writes: one more
waits until the next write, which then comes at once (`cover`). Too much is counted after a crash,
never too little.

Minutes are those of the process's own stop-watch; its row says what time it was when the watch
showed `elapsed_s`. So a clock that is set while it runs moves nothing. A minute counts as its end.

Without the database requests are counted in memory alone, and none of them waits: what is asked of
us then mostly fails by itself, and what does not (reading, when the disk is full) is wanted.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.ids import new_id
from beatrunner.kit.log import logger
from beatrunner.limits import store
from beatrunner.limits.local import LocalCounts
from beatrunner.limits.policy import Ask

log = logger(__name__)

_EVERY_S = 1.0
#: So often a process says that it runs, though it counts nothing.
_BEAT_S = 60
_WINDOW = timedelta(hours=1)


class Ledger:
    def __init__(
        self, database: Database, clock: Clock, *, ticks_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._clock = clock
        self._ticks_s = ticks_s
        self._began_s = ticks_s()
        self._id = new_id()
        #: By subject and minute, since the last write began.
        self._added = Counter[tuple[str, int]]()
        #: By subject, not known to be written.
        self._unwritten = Counter[str]()
        self._is_running = False
        self._is_over = False
        self._wake = asyncio.Event()
        self._written = asyncio.Event()
        self._last_beat_s = 0

    @property
    def _elapsed_s(self) -> int:
        return int(self._ticks_s() - self._began_s)

    async def load(self, counts: LocalCounts) -> None:
        """Count what all processes let through within the last hour."""
        now = self._clock()
        since = now - _WINDOW - timedelta(seconds=2 * _BEAT_S)
        async with self._database.read() as tx:
            counters = await store.list_counters(tx, since)
            found = [(counter, await store.list_counts(tx, counter.id)) for counter in counters]
        counts.reserve_for(sum(counter.is_running for counter in counters))
        for counter, rows in found:
            # The clock may have been set back meanwhile.
            away_s = max(0.0, (now - counter.written_at).total_seconds())
            for subject, minute, requests in rows:
                since_s = max(0, counter.elapsed_s - 60 * (minute + 1))
                counts.remember(subject, away_s + since_s, requests)

    def note(self, asks: Sequence[Ask]) -> None:
        for ask in asks:
            self._added[ask.key, self._elapsed_s // 60] += 1
            self._unwritten[ask.key] += 1

    async def cover(self, asks: Sequence[Ask]) -> None:
        """Wait until what was noted is in the reserve, or cannot be written."""
        while self._is_running and any(
            self._unwritten[ask.key] > ask.policy.reserve for ask in asks
        ):
            self._wake.set()
            await self._written.wait()

    @asynccontextmanager
    async def running(self, counts: LocalCounts) -> AsyncIterator[None]:
        """Write while the block runs, and goodbye at its end."""
        try:
            await self.load(counts)
        except UnavailableError as error:
            log.warning("limits.not_loaded", reason=error.kind)
        await self.write()
        writing = asyncio.create_task(self._keep_writing(counts))
        try:
            yield
        finally:
            # Not cancelled, which could cut a write off.
            self._is_over = True
            self._wake.set()
            await writing
            await self.write(is_last=True)

    async def _keep_writing(self, counts: LocalCounts) -> None:
        while not self._is_over:
            try:
                async with asyncio.timeout(_EVERY_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            is_beat = self._elapsed_s - self._last_beat_s >= _BEAT_S
            if is_beat:
                counts.sweep()
            if self._added or is_beat:
                await self.write()

    async def write(self, *, is_last: bool = False) -> None:
        """What was noted until now; then whoever waits goes on, written or not."""
        added, self._added = self._added, Counter()
        elapsed_s = self._elapsed_s
        try:
            async with self._database.write() as tx:
                await store.upsert_counter(
                    tx, self._id, elapsed_s, self._clock(), is_running=not is_last
                )
                if added:
                    await store.upsert_counts(tx, self._id, added)
                if elapsed_s - self._last_beat_s >= _BEAT_S:
                    oldest = elapsed_s // 60 - _WINDOW // timedelta(minutes=1) - 1
                    await store.delete_old_counts(tx, self._id, oldest, self._clock() - 2 * _WINDOW)
        except Exception as error:
            log.warning("limits.not_written", error=repr(error))
            self._added.update(added)
            self._is_running = False
        else:
            for (key, _), requests in added.items():
                self._unwritten[key] -= requests
            self._unwritten += Counter()  # drops the zeros
            self._is_running = not is_last
            if elapsed_s - self._last_beat_s >= _BEAT_S:
                self._last_beat_s = elapsed_s
        self._written.set()
        self._written = asyncio.Event()
