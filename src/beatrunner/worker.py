"""The worker process: runs jobs until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from beatrunner.db.engine import Database
from beatrunner.identity.housekeeping import forget_expired
from beatrunner.kit.clock import Clock, system_clock
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.log import configure_logs, logger
from beatrunner.kit.settings import Settings
from beatrunner.wiring import build_watcher, build_worker

#: A code is good for a quarter of an hour, and its row is there for little longer.
_HOUSEKEEPING_S = 300.0

log = logger(__name__)


def run_worker(settings: Settings) -> None:
    configure_logs(settings.log_format, settings.log_level)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    parts = build_worker(settings)
    watcher = build_watcher(settings, parts.database)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    log.info("worker.started", kinds=parts.registry.kinds)
    try:
        with suppress(UnavailableError):
            await parts.receiver.sweep()
        async with asyncio.TaskGroup() as group:
            group.create_task(parts.runner.run_until(stop))
            group.create_task(parts.sweeper.run_until(stop))
            group.create_task(keep_house(parts.database, stop))
            if watcher is not None:
                group.create_task(watcher.run_until(stop))
    finally:
        parts.pool.close()
        await parts.post.afterwards.close()
        await parts.database.close()
        log.info("worker.stopped")


async def keep_house(
    database: Database, stop: asyncio.Event, *, clock: Clock = system_clock
) -> None:
    """Until `stop`, whatever becomes of one time: the database may be away for a while."""
    while not stop.is_set():
        try:
            await forget_expired(database, clock())
        except Exception:
            log.exception("worker.housekeeping_failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _HOUSEKEEPING_S)
