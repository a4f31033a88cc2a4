"""The worker process: runs jobs until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from beatrunner.accounts.security_events import forget_old
from beatrunner.kit.clock import system_clock
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.log import configure_logs, logger
from beatrunner.kit.settings import Settings
from beatrunner.wiring import build_watcher, build_worker

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
            async with parts.database.write() as tx:
                await forget_old(tx, system_clock())
        async with asyncio.TaskGroup() as group:
            group.create_task(parts.runner.run_until(stop))
            group.create_task(parts.sweeper.run_until(stop))
            if watcher is not None:
                group.create_task(watcher.run_until(stop))
    finally:
        parts.pool.close()
        await parts.post.afterwards.close()
        await parts.database.close()
        log.info("worker.stopped")
