"""The live workouts of one server process: who comes, who goes, and the pulse.

A workout is in the memory of the process that its bridge is connected to; its row says which
(`holder`), and under which generation. Runners that come to another process are sent away
(`elsewhere`) until they reach that one. Each second the process looks into the database once,
for all its workouts, for what others have changed: a stop, a finish, a take-over, a sealed run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from prometheus_client import Gauge

from beatrunner.accounts.store import list_alive_sign_ins
from beatrunner.codecs.live import Ended, Pulse, Song, encode
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.devices.bridges import Bridge
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import ConflictError, ForbiddenError
from beatrunner.workouts import holders, store
from beatrunner.workouts.audience import MOST_PEERS
from beatrunner.workouts.ending import end_left_behind, end_workout, finish_workout
from beatrunner.workouts.history import load_history
from beatrunner.workouts.live_workout import LiveWorkout
from beatrunner.workouts.loops import every, now_ms, running
from beatrunner.workouts.peers import PULSE_S, SILENT_S, SOCKETS, CloseCode, Peer
from beatrunner.workouts.recorder import Recorder
from beatrunner.workouts.song_log import SongLog
from beatrunner.workouts.surroundings import Surroundings, load_surroundings

#: Sockets take turns, so that a thousand of them are not all served in the same moment.
_TURNS = 20
_LOOK_S = 1.0
_SWEEP_S = 20.0
_SHOW_S = 0.95

WORKOUTS = Gauge("beatrunner_live_workouts", "Workouts in the memory of this process")


class ElsewhereError(Exception):
    """Another process has this workout."""


class OverError(Exception):
    """The workout takes nothing any more."""


class LiveWorkouts:
    def __init__(self, database: Database, clock: Clock, recorder: Recorder) -> None:
        #: As it stands in the rows of the workouts that are here.
        self.name = holders.own_name()
        self._database = database
        self.clock = clock
        self._recorder = recorder
        self._workouts: dict[UUID, LiveWorkout] = {}
        self._turns: list[dict[Peer, LiveWorkout]] = [{} for _ in range(_TURNS)]
        self._next_turn = 0
        self._asides: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Record, pulse, look and sweep while the block lasts."""
        async with running(
            self._recorder.run(),
            self._take_turns(),
            every(_LOOK_S, self._look),
            every(_SWEEP_S, self._sweep),
        ):
            yield

    def find(self, workout_id: UUID) -> LiveWorkout | None:
        return self._workouts.get(workout_id)

    # Coming and going.

    async def join_bridge(self, workout_id: UUID, bridge: Bridge, peer: Peer) -> LiveWorkout:
        """Take the workout over for this process.

        Raises NotFoundError, ForbiddenError for another bridge of the account, OverError.
        """
        async with self._database.read() as tx:
            found = await store.get_workout(tx, bridge.account_id, workout_id)
            if found.bridge_id != bridge.id:
                raise ForbiddenError("This workout is for another bridge.")
            surroundings = await load_surroundings(tx, found, self.clock())
        async with self._database.write() as tx:
            row = await store.update_holder(tx, workout_id, self.name, surroundings.treadmill_id)
            if row is None:
                raise OverError
            acknowledged = await store.find_last_number(tx, workout_id)
            next_song = await store.count_songs(tx, workout_id)
        workout = self._workouts.setdefault(workout_id, self._made(row, surroundings, next_song))
        workout.take_over(row, acknowledged, surroundings, peer)
        self._enter(workout, peer)
        return workout

    async def join_runner(self, workout_id: UUID, account_id: UUID, peer: Peer) -> LiveWorkout:
        """Let a runner or watcher in. Raises NotFoundError, ElsewhereError, ConflictError."""
        async with self._database.read() as tx:
            row = await store.get_workout(tx, account_id, workout_id)
            if workout_id not in self._workouts and self._is_elsewhere(row):
                raise ElsewhereError
            surroundings = await load_surroundings(tx, row, self.clock())
            next_song = await store.count_songs(tx, workout_id)
            history = await load_history(tx, workout_id)
        workout = self._workouts.setdefault(workout_id, self._made(row, surroundings, next_song))
        if len(workout.audience.peers) >= MOST_PEERS:
            raise ConflictError("Too many are watching this workout.")
        workout.admit(peer)
        self._enter(workout, peer)
        peer.post(history)
        if workout.is_over:
            peer.post(Ended(row.activity_id))
        workout.show()
        return workout

    def _is_elsewhere(self, row: AnyRow) -> bool:
        """A process that has ended holds nothing: its bridge will come to another one."""
        is_held = row.state in store.OPEN and row.holder not in (None, self.name)
        return is_held and not holders.is_gone(row.holder)

    def _made(self, row: AnyRow, surroundings: Surroundings, next_song: int) -> LiveWorkout:
        return LiveWorkout(row, surroundings, self._recorder, self.clock, next_song)

    def _enter(self, workout: LiveWorkout, peer: Peer) -> None:
        self._turns[self._next_turn][peer] = workout
        self._next_turn = (self._next_turn + 1) % _TURNS
        SOCKETS.labels(peer.role).inc()
        WORKOUTS.set(len(self._workouts))

    def leave(self, workout: LiveWorkout, peer: Peer) -> None:
        for turn in self._turns:
            turn.pop(peer, None)
        SOCKETS.labels(peer.role).dec()
        workout.leave(peer)
        if workout.bridge is None and not workout.audience.peers:
            self._workouts.pop(workout.id, None)
        WORKOUTS.set(len(self._workouts))

    # What is asked over HTTP, and of the database.

    async def stop(self, account_id: UUID, workout_id: UUID) -> None:
        """At once when the bridge is here; the row tells the other processes.

        Raises NotFoundError.
        """
        asked_at = self.clock()
        workout = self._workouts.get(workout_id)
        if workout is not None and workout.account_id == account_id:
            workout.stop_at(asked_at)
        async with self._database.write() as tx:
            await store.get_workout(tx, account_id, workout_id)
            await store.update_workout(tx, workout_id, {"stop_asked_at": asked_at})

    async def report_song(self, account_id: UUID, workout_id: UUID, song: Song) -> None:
        """From a player without a socket. Raises NotFoundError, ConflictError."""
        workout = self._workouts.get(workout_id)
        if workout is not None and workout.account_id == account_id and not workout.is_over:
            workout.hear_song(song, is_followed=False)
            return
        async with self._database.write() as tx:
            row = await store.get_workout(tx, account_id, workout_id)
            if row.state not in store.OPEN:
                raise ConflictError("This workout is over.", kind="workout-over")
            log = SongLog(await store.count_songs(tx, workout_id))
            for played in log.hear(song, self.clock(), is_followed=False):
                await self._recorder.write_song(tx, workout_id, account_id, played)

    async def finish(self, account_id: UUID, workout_id: UUID) -> None:
        """Raises NotFoundError."""
        workout = self._workouts.get(workout_id)
        async with self._database.write() as tx:
            await finish_workout(tx, account_id, workout_id, self.clock())
            row = await store.get_workout(tx, account_id, workout_id)
            if workout is None and row.state == "ready" and not self._is_elsewhere(row):
                # No bridge has it, and there is nothing that one could still send.
                await end_workout(tx, workout_id, self.clock())
        if workout is not None and not workout.is_finishing:
            workout.ask_end()

    def finish_soon(self, workout: LiveWorkout) -> None:
        self._aside(self.finish(workout.account_id, workout.id))

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _look(self) -> None:
        """See what other processes, jobs and requests have done to the workouts here."""
        if not self._workouts:
            return
        here = dict(self._workouts)
        sign_ins = {
            peer.sign_in_id
            for workout in here.values()
            for peer in workout.audience.peers
            if peer.sign_in_id is not None
        }
        async with self._database.read() as tx:
            rows = {row.id: row for row in await store.list_states(tx, list(here))}
            alive = await list_alive_sign_ins(tx, sign_ins, self.clock())
        for workout_id, workout in here.items():
            row = rows.get(workout_id)
            if row is not None:
                workout.on_row(row, self.name)
            else:
                workout.on_gone()
            workout.audience.expel(sign_ins - alive)

    async def _sweep(self) -> None:
        await end_left_behind(self._database, self.clock())

    async def _take_turns(self) -> None:
        """Each socket has a turn each second; every other one brings a pulse."""
        number = 0
        while True:
            await asyncio.sleep(1.0 / _TURNS)
            now_s = time.monotonic()
            turn = number % _TURNS
            is_pulse = number // _TURNS % round(PULSE_S) == 0
            for peer, workout in list(self._turns[turn].items()):
                self._serve(peer, workout, now_s, is_pulse)
            number += 1

    def _serve(self, peer: Peer, workout: LiveWorkout, now_s: float, is_pulse: bool) -> None:
        if now_s - peer.heard_s > SILENT_S:
            peer.close(CloseCode.SILENT, "nothing was heard for 15 s", "silent")
            return
        if is_pulse:
            controller = workout.audience.controller
            age_s = None if controller is None else round(now_s - controller.heard_s, 1)
            peer.post_text(encode(Pulse(now_ms(), age_s)))
        if peer is not workout.bridge and now_s - workout.shown_s > _SHOW_S:
            workout.show()
