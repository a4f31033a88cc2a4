"""Virtual treadmills on demand: who has no hardware presses one button.

Each is a bridge process of its own, a child of this server process, that runs on this computer
and ends with the server, or by itself when nobody has used it for a while. What it drives is
virtual; everything above it is the same as beside a real belt.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from beatrunner.db.engine import Database
from beatrunner.devices import bridges, store
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import UnavailableError
from beatrunner.kit.log import logger
from beatrunner.kit.settings import Settings

NAME = "Virtual treadmill"
#: Of the one that `serve --bridge` looks after: a token of its own, that none on demand takes.
NAME_BESIDE_SERVER = "Virtual treadmill beside the server"
#: A bridge reports every ten seconds.
_FRESH = timedelta(seconds=15)
_LOOK_S = 0.2
_START_S = 30.0
_STOP_S = 10.0
_MOST = 8

log = logger(__name__)


class VirtualBridges:
    """The virtual bridges of this server process, one an account; `close` ends them."""

    def __init__(self, database: Database, clock: Clock, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._children: dict[UUID, asyncio.subprocess.Process] = {}
        self._turns: dict[UUID, asyncio.Lock] = {}

    async def start(self, account_id: UUID) -> UUID:
        """The account's virtual bridge, once its treadmill is connected.

        One that runs already is taken. Raises UnavailableError when it does not come up.
        """
        async with self._turns.setdefault(account_id, asyncio.Lock()):
            running = await self._find_connected(account_id, self._clock() - _FRESH)
            if running is not None:
                return running
            await self._end(account_id)
            await self._spawn(account_id)
            return await self._wait(account_id)

    async def close(self) -> None:
        for account_id in tuple(self._children):
            await self._end(account_id)

    async def _spawn(self, account_id: UUID) -> None:
        self._children = {
            key: child for key, child in self._children.items() if child.returncode is None
        }
        if len(self._children) >= _MOST:
            raise UnavailableError("Too many virtual treadmills run here already.")
        async with self._database.write() as tx:
            _, token = await bridges.admit_own(
                tx, account_id, NAME, is_virtual=True, now=self._clock()
            )
        self._children[account_id] = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "beatrunner", "bridge", "--virtual", "--ends-unused"),
            *("--port", "0", "--server", self._settings.own_address, "--name", NAME),
            env={**os.environ, "BEATRUNNER_BRIDGE_TOKEN": token},
            stdin=asyncio.subprocess.DEVNULL,
        )

    async def _wait(self, account_id: UUID) -> UUID:
        since = self._clock()
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_S):
                while self._children[account_id].returncode is None:
                    found = await self._find_connected(account_id, since)
                    if found is not None:
                        return found
                    await asyncio.sleep(_LOOK_S)
        await self._end(account_id)
        raise UnavailableError("The virtual treadmill did not start.")

    async def _find_connected(self, account_id: UUID, since: datetime) -> UUID | None:
        """A virtual bridge of this computer with a treadmill, whoever started it."""
        async with self._database.read() as tx:
            rows = await store.list_devices(tx, account_id)
        own = {row.id for row in rows if row.kind == "bridge" and row.is_own and row.is_virtual}
        connected = (
            row.bridge_id
            for row in rows
            if row.bridge_id in own
            and row.kind == "treadmill"
            and row.seen_at >= since
            and (row.status or {}).get("state") == "connected"
        )
        return next(connected, None)

    async def _end(self, account_id: UUID) -> None:
        child = self._children.pop(account_id, None)
        if child is None or child.returncode is not None:
            return
        with suppress(ProcessLookupError):
            child.terminate()
        try:
            async with asyncio.timeout(_STOP_S):
                await child.wait()
        except TimeoutError:
            log.warning("virtual_bridge.killed")
            child.kill()
            await child.wait()
