"""The loop of a worker: claim, run, finish; several jobs side by side."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from beatrunner.db.engine import Database
from beatrunner.jobs import store
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import UnavailableError, hold_up_of
from beatrunner.kit.log import logger

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class RunnerPolicy:
    """How a worker behaves; tests shorten the times."""

    jobs_at_once: int = 3
    idle_s: float = 0.25
    visibility_s: float = 60.0
    heartbeat_s: float = 15.0
    max_attempts: int = 5
    #: Attempts that nobody was left to count as failures. Most workers are killed for no fault of
    #: what they are at, so it takes more of these until a job is taken for what brings them down.
    max_deaths: int = 20
    first_retry_s: float = 2.0
    #: What is held up (a full disk, a locked database) is tried again after that, without end.
    held_up_s: float = 5.0
    keep_finished: timedelta = timedelta(days=7)


class JobRunner:
    def __init__(
        self,
        database: Database,
        registry: JobRegistry,
        clock: Clock,
        name: str,
        policy: RunnerPolicy | None = None,
    ) -> None:
        self._database = database
        self._registry = registry
        self._clock = clock
        self._name = name
        self._policy = policy or RunnerPolicy()
        self._excused: Counter[UUID] = Counter()

    async def run_until(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; unfinished jobs are then given back."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._policy.jobs_at_once):
                # The second pair of hands is never taken up by what can wait, so that a file that
                # somebody hands in is begun however many years of runs are being computed.
                kinds = self._registry.prompt_kinds if number == 1 else self._registry.kinds
                group.create_task(self._work(stop, kinds))
            group.create_task(self._keep_house(stop))

    async def run_until_idle(self) -> None:
        """Run everything that is due now, one after the other, and what it enqueues."""
        while (claimed := await self._claim(self._registry.kinds)) is not None:
            await self._attempt(claimed)

    async def _work(self, stop: asyncio.Event, kinds: Sequence[str]) -> None:
        while not stop.is_set():
            claimed = await self._claim_patiently(kinds)
            if claimed is None:
                await _wait(stop, self._policy.idle_s * random.uniform(0.8, 1.2))
                continue
            attempt = asyncio.create_task(self._attempt(claimed))
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({attempt, stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if not attempt.done():
                attempt.cancel()
                await asyncio.wait({attempt})
                # Otherwise its claim lapses.
                with suppress(UnavailableError):
                    async with self._database.write() as tx:
                        await store.give_back(tx, claimed, self._clock())
            if not attempt.cancelled() and (error := attempt.exception()) is not None:
                # Its claim will lapse, and the job is tried again.
                log.error("job.abandoned", kind=claimed.kind, exc_info=error)

    async def _claim_patiently(self, kinds: Sequence[str]) -> ClaimedJob | None:
        try:
            return await self._claim(kinds)
        except UnavailableError as error:
            log.warning("job.claim_held_up", why=error.kind)
            return None
        except Exception:
            # The database may be away for a while; the worker outlives that.
            log.exception("job.claim_failed")
            return None

    async def _claim(self, kinds: Sequence[str]) -> ClaimedJob | None:
        now = self._clock()
        async with self._database.read() as tx:
            # Looking first keeps an idle worker from taking SQLite's write lock.
            if not await store.has_due(tx, kinds, now):
                return None
        async with self._database.write() as tx:
            visibility = timedelta(seconds=self._policy.visibility_s)
            return await store.claim(tx, kinds, now, visibility)

    async def _attempt(self, claimed: ClaimedJob) -> None:
        if self._counted(claimed) > self._policy.max_deaths:
            await self._bury(claimed, "the worker ended in every attempt")
            return
        try:
            await self._run_while_ours(claimed)
            async with self._database.write() as tx:
                await store.finish(tx, claimed, self._clock())
        except Exception as error:
            held_up = hold_up_of(error)
            if held_up is not None:
                await self._wait_for_better(claimed, held_up.kind)
                return
            log.exception("job.failed", kind=claimed.kind, job=str(claimed.id))
            await self._fail(claimed, f"{type(error).__name__}: {error}"[:2000])

    async def _wait_for_better(self, claimed: ClaimedJob, why: str) -> None:
        """Give the job back for later; that is no failure of it, and is not counted."""
        log.warning("job.held_up", kind=claimed.kind, job=str(claimed.id), why=why)
        wait = timedelta(seconds=self._policy.held_up_s)
        self._excused[claimed.id] += 1
        while True:
            try:
                async with self._database.write() as tx:
                    is_ours = await store.give_back(tx, claimed, self._clock() + wait, why)
            except UnavailableError:
                # Not even that can be written down.
                await asyncio.sleep(self._policy.held_up_s)
                continue
            if is_ours:
                self._excused[claimed.id] -= 1
            # Otherwise the claim has lapsed meanwhile, and the attempt stays counted there.
            return

    async def _run_while_ours(self, claimed: ClaimedJob) -> None:
        """Renew the claim while the job runs; stop it when another worker has taken it over."""
        work = asyncio.create_task(self._registry.run(claimed))
        heartbeat = asyncio.create_task(self._renew(claimed))
        try:
            await asyncio.wait({work, heartbeat}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                # It could not renew its claim, and did not end: that is no failure of the job.
                log.warning("job.taken_over", kind=claimed.kind, job=str(claimed.id))
                self._excused[claimed.id] += 1
        finally:
            heartbeat.cancel()
            work.cancel()
            await asyncio.wait({work, heartbeat})
        work.result()

    async def _fail(self, claimed: ClaimedJob, error: str) -> None:
        if self._counted(claimed) >= self._policy.max_attempts:
            await self._bury(claimed, error)
            return
        wait_s = self._policy.first_retry_s * 4 ** max(self._counted(claimed) - 1, 0)
        run_at = self._clock() + timedelta(seconds=wait_s)
        async with self._database.write() as tx:
            await store.retry_later(tx, claimed, error, run_at)

    def _counted(self, claimed: ClaimedJob) -> int:
        """Attempts, without those that were held up and could not be taken back."""
        return claimed.attempts - self._excused[claimed.id]

    async def _bury(self, claimed: ClaimedJob, error: str) -> None:
        # Told first: who dies in between is told again.
        await self._registry.tell_dead(claimed)
        async with self._database.write() as tx:
            await store.bury(tx, claimed, error, self._clock())

    async def _renew(self, claimed: ClaimedJob) -> None:
        """Ends when the claim is lost."""
        while True:
            await asyncio.sleep(self._policy.heartbeat_s)
            until = self._clock() + timedelta(seconds=self._policy.visibility_s)
            try:
                async with self._database.write() as tx:
                    is_ours = await store.renew(tx, claimed, until)
            except Exception:
                # The claim outlasts a few of these.
                log.exception("job.renewal_failed", kind=claimed.kind)
                continue
            if not is_ours:
                return

    async def _keep_house(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            now = self._clock()
            with suppress(Exception):
                async with self._database.write() as tx:
                    await store.upsert_worker(tx, self._name, now)
                    await store.delete_finished(tx, now - self._policy.keep_finished)
            await _wait(stop, self._policy.heartbeat_s)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
