"""Paired bridges that stand by: each is told which workout it is wanted for.

Once a second the process asks the database for all its bridges at once, so it does not matter
which process was asked for the workout, and writes what they have reported since.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from beatrunner.codecs.live import (
    Assignment,
    BridgeHello,
    BridgeWelcome,
    Calibrations,
    FromStanding,
    Pulse,
    Report,
    Withdrawn,
    encode,
)
from beatrunner.db.engine import Database
from beatrunner.devices import bridges, reports
from beatrunner.devices.bridges import Bridge
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError
from beatrunner.workouts import store
from beatrunner.workouts.loops import every, now_ms, running
from beatrunner.workouts.peers import PULSE_S, SILENT_S, SOCKETS, CloseCode, Peer

_LOOK_S = 1.0


@dataclass(slots=True)
class _Standing:
    bridge: Bridge
    peer: Peer
    report: Report | None = None
    is_told: bool = False
    workout_id: UUID | None = None
    pulsed_s: float = 0.0


class StandingBridges:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._standing: dict[UUID, _Standing] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with running(every(_LOOK_S, self.look)):
            yield

    async def join(self, hello: BridgeHello, peer: Peer) -> Bridge:
        """Raises NotSignedInError."""
        async with self._database.write() as tx:
            bridge = await bridges.identify(tx, hello.token)
            await reports.record_hello(tx, bridge.id, hello, self._clock())
            calibrations = await reports.list_calibrations(tx, bridge.id)
        before = self._standing.get(bridge.id)
        if before is not None:
            before.peer.close(CloseCode.REPLACED, "another socket of this bridge came", "replaced")
        self._standing[bridge.id] = _Standing(bridge, peer)
        SOCKETS.labels("standing").inc()
        peer.post(BridgeWelcome(bridge.id, bridge.name))
        if calibrations:
            peer.post(Calibrations(calibrations))
        return bridge

    def hear(self, bridge: Bridge, peer: Peer, message: FromStanding) -> None:
        found = self._standing.get(bridge.id)
        if found is not None and found.peer is peer and isinstance(message, Report):
            found.report = message

    def leave(self, bridge: Bridge, peer: Peer) -> None:
        SOCKETS.labels("standing").dec()
        found = self._standing.get(bridge.id)
        if found is not None and found.peer is peer:
            del self._standing[bridge.id]

    async def look(self) -> None:
        """Tell each bridge what is new for it, and store what is new of it."""
        here = dict(self._standing)
        if not here:
            return
        self._pulse(here)
        async with self._database.read() as tx:
            wanted = await store.list_wanted_bridges(tx, list(here))
        for bridge_id, found in here.items():
            if bridge_id not in wanted:
                found.peer.post(Withdrawn())
                found.peer.close(CloseCode.FORBIDDEN, "this bridge was withdrawn", "withdrawn")
            elif not found.is_told or found.workout_id != wanted[bridge_id]:
                found.is_told, found.workout_id = True, wanted[bridge_id]
                found.peer.post(Assignment(found.workout_id))
        await self._store_reports(here)

    async def _store_reports(self, here: dict[UUID, _Standing]) -> None:
        reported = [found for found in here.values() if found.report is not None]
        for found in reported:
            report, found.report = found.report, None
            if report is None:
                continue
            async with self._database.write() as tx:
                try:
                    newer = await reports.record(tx, found.bridge.id, report, self._clock())
                except NotFoundError:
                    continue  # withdrawn in the meantime, as the next look will see
            if newer is not None:
                found.peer.post(Calibrations([newer]))

    def _pulse(self, here: dict[UUID, _Standing]) -> None:
        now_s = time.monotonic()
        text = encode(Pulse(now_ms()))
        for found in here.values():
            if now_s - found.peer.heard_s > SILENT_S:
                found.peer.close(CloseCode.SILENT, "nothing was heard for 15 s", "silent")
            elif now_s - found.pulsed_s >= PULSE_S - _LOOK_S / 2:
                found.pulsed_s = now_s
                found.peer.post_text(text)
