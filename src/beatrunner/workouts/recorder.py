"""Makes every second of every live workout durable, and only then acknowledges it.

Theory of operation. Workouts put what happened into a `Pending` of their own and tell the
recorder that it is there. Within 100 ms the recorder takes the pendings of all workouts, writes
them in one transaction and, when that has committed, tells each workout up to which number its
samples are safe. Nobody waits for the database: a bridge keeps what is not acknowledged and
sends it again.

A workout is written only while its row still holds the generation under which this process took
it over; the transaction locks the rows it checks. A process that slept while another took over
is told so (`fenced`) and writes nothing. A sample's key is the workout, its time and its number,
and one that is there already stays as it is, so a batch that did commit although its answer was
lost may be written again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from prometheus_client import Counter, Histogram
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.live import Sample
from beatrunner.db.engine import Database
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.log import logger
from beatrunner.music import store as music_store
from beatrunner.music.tempo import add_track
from beatrunner.workouts import store
from beatrunner.workouts.ending import end_workout
from beatrunner.workouts.song_log import Played

log = logger(__name__)

#: From the first thing that waits to the transaction that takes it.
GATHER_S = 0.05
_RETRY_S = 0.5

FLUSH_SECONDS = Histogram(
    "beatrunner_live_flush_seconds",
    "Time of one transaction that makes live samples durable",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5),
)
SAMPLES = Counter("beatrunner_live_samples", "Samples of live workouts made durable")


class Second(NamedTuple):
    """A sample with the beat that sounded in it."""

    sample: Sample
    beat_spm: float | None


@dataclass(slots=True)
class Pending:
    """What of one workout is not durable yet."""

    seconds: list[Second] = field(default_factory=list)
    songs: dict[int, Played] = field(default_factory=dict)
    #: Columns of the workout's row.
    values: dict[str, Any] = field(default_factory=dict)
    started_at: datetime | None = None
    is_over: bool = False

    def before(self, later: Pending) -> Pending:
        """Both, this one first."""
        return Pending(
            self.seconds + later.seconds,
            self.songs | later.songs,
            self.values | later.values,
            self.started_at or later.started_at,
            self.is_over or later.is_over,
        )


class Recorded(Protocol):
    """What the recorder asks of a workout."""

    id: UUID
    account_id: UUID
    generation: int

    def take_pending(self) -> Pending: ...
    def give_back(self, pending: Pending) -> None: ...
    def on_durable(self, pending: Pending) -> None: ...
    def on_fenced(self) -> None: ...


class Recorder:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: dict[int, Recorded] = {}
        self._wake = asyncio.Event()

    def tell(self, workout: Recorded) -> None:
        """The workout has something pending."""
        self._waiting[id(workout)] = workout
        self._wake.set()

    def holds(self, workout: Recorded) -> bool:
        return id(workout) in self._waiting

    async def run(self) -> None:
        """Until cancelled; what waits then is written first."""
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHER_S)
                if not await self.flush():
                    await asyncio.sleep(_RETRY_S)
        finally:
            with suppress(Exception):
                await self.flush()

    async def flush(self) -> bool:
        """Write what waits. False when the database did not take it; then it waits again."""
        self._wake.clear()
        taken = [(workout, workout.take_pending()) for workout in self._waiting.values()]
        self._waiting = {}
        if not taken:
            return True
        started_s = time.perf_counter()
        try:
            async with self._database.write() as tx:
                held = await self._write(tx, taken)
        except Exception:
            log.exception("live.flush_failed", workouts=len(taken))
            for workout, pending in taken:
                workout.give_back(pending)
                self.tell(workout)
            return False
        FLUSH_SECONDS.observe(time.perf_counter() - started_s)
        for workout, pending in taken:
            if workout.id in held:
                SAMPLES.inc(len(pending.seconds))
                workout.on_durable(pending)
            else:
                workout.on_fenced()
        return True

    async def _write(
        self, tx: AsyncConnection, taken: list[tuple[Recorded, Pending]]
    ) -> Mapping[UUID, str]:
        """Everything, and which workouts are still ours."""
        held = await store.lock_generations(tx, [workout.id for workout, _ in taken])
        ours = [
            (workout, pending)
            for workout, pending in taken
            if workout.id in held
            and held[workout.id].generation == workout.generation
            and held[workout.id].state in store.OPEN
        ]
        await store.insert_metrics(
            tx,
            [
                _row(workout.id, second, held[workout.id].keeps_heart_rate)
                for workout, pending in ours
                for second in pending.seconds
            ],
        )
        for workout, pending in ours:
            values = dict(pending.values)
            if pending.started_at is not None and held[workout.id].state == "ready":
                values |= {"state": "live", "started_at": pending.started_at}
            if values:
                await store.update_workout(tx, workout.id, values)
            for played in pending.songs.values():
                await self.write_song(tx, workout.id, workout.account_id, played)
            if pending.is_over:
                await end_workout(tx, workout.id, self._clock())
        return {workout.id: held[workout.id].state for workout, _ in ours}

    async def write_song(
        self, tx: AsyncConnection, workout_id: UUID, account_id: UUID, played: Played
    ) -> None:
        track_id = await self._track_of(tx, account_id, played)
        await store.upsert_song(
            tx,
            {
                "workout_id": workout_id,
                "ordinal": played.ordinal,
                "account_id": account_id,
                "track_id": track_id,
                "started_at": played.started_at,
                "ended_at": played.ended_at,
                "tempo_bpm": played.tempo_bpm,
                "is_shuffled": played.is_shuffled,
            },
        )

    async def _track_of(self, tx: AsyncConnection, account_id: UUID, played: Played) -> UUID:
        """By its id when that is one of the account's, else by title and artist."""
        if played.track_id is not None:
            with suppress(NotFoundError):
                await music_store.get_track(tx, account_id, played.track_id)
                return played.track_id
        now = self._clock()
        return await add_track(tx, account_id, played.title, played.artist, None, now)


def _row(workout_id: UUID, second: Second, keeps_heart_rate: bool) -> dict[str, Any]:
    sample = second.sample
    return {
        "workout_id": workout_id,
        "recorded_at": sample.at,
        "number": sample.number,
        "elapsed_s": sample.elapsed_s,
        "speed_mps": _mps(sample.speed_kmh),
        "grade_pct": sample.incline_pct,
        "heart_rate_bpm": sample.heart_rate_bpm if keeps_heart_rate else None,
        "cadence_spm": sample.cadence_spm,
        "distance_m": sample.distance_m,
        "target_speed_mps": _mps(sample.asked_kmh),
        "beat_spm": second.beat_spm,
    }


def _mps(speed_kmh: float | None) -> float | None:
    return None if speed_kmh is None else speed_kmh / 3.6
