"""The job `workout.ended`: a workout's seconds become an activity with its soundtrack.

The seconds become a recording of provenance `live`, as if a watch had written it: the same
preparation, the same tables, and a FIT file of it among the originals. The songs become listens
whose times are known to a fraction of a second. `activity.imported` then computes the soundtrack.

Times are put on the server's clock, on which the songs are, by the offset that the conductor
measured between it and the bridge's. Everything happens in one transaction, and a second run of
the job finds the recording there, so nothing is there twice.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import find_runner
from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.originals import forget_originals
from beatrunner.activities.own_heart import find_own_heart
from beatrunner.activities.preparing import PreparedActivity, prepare
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.heart import HeartModel, Runner
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import RawRecording, Samples
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.imports.outcomes import SourceFile
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import Clock
from beatrunner.kit.log import logger
from beatrunner.music.listens import add_listens
from beatrunner.music.play_table import PlayTable, TrackName, microseconds_of
from beatrunner.workouts import store
from beatrunner.workouts.summing import summary_without_heart_rate, summed_up
from beatrunner.workouts.surroundings import zones_of

log = logger(__name__)

#: The player reports starts and seeks at once; what is left is the network and the sound card.
_UNCERTAINTY_S = 0.5
_COLUMNS: dict[str, Callable[[AnyRow], float | None]] = {
    "distance_m": lambda row: row.distance_m,
    "speed_mps": lambda row: row.speed_mps,
    "heart_rate_bpm": lambda row: row.heart_rate_bpm,
    "cadence_spm": lambda row: row.cadence_spm,
    "grade_pct": lambda row: row.grade_pct,
}


@dataclass(frozen=True, slots=True)
class _Made:
    prepared: PreparedActivity
    fit: bytes
    sha256: str
    summary: dict[str, Any]


class WorkoutSealer:
    def __init__(self, database: Database, originals: FolderBlobStore, clock: Clock) -> None:
        self._database = database
        self._originals = originals
        self._clock = clock
        self._importer = ActivityImporter(clock)

    @job("workout.ended")
    async def on_end(self, claimed: ClaimedJob) -> None:
        workout_id = UUID(claimed.payload["workout_id"])
        async with self._database.read() as tx:
            workout = await store.find_workout(tx, workout_id)
            if workout is None or workout.state != "ended":
                return
            rows = await store.list_metrics(tx, workout_id)
            runner = await find_runner(tx, workout.account_id, self._clock())
            heart = await find_own_heart(tx, workout.account_id, runner, treadmill=True)
        try:
            made = await asyncio.to_thread(_make, workout, rows, runner, heart)
        except UnreadableFileError:
            log.warning("workout.nothing_to_seal", workout=str(workout_id))
            async with self._database.write() as tx:
                await store.update_workout(tx, workout_id, {"state": "dropped"})
            return
        await asyncio.to_thread(self._originals.put, made.sha256, made.fit)
        try:
            async with self._database.write() as tx:
                await self._store(tx, workout_id, made)
        finally:
            # Where the runner has withdrawn their consent, or left, in this very moment.
            await forget_originals(self._database, self._originals, [made.sha256])

    async def _store(self, tx: AsyncConnection, workout_id: UUID, made: _Made) -> None:
        workout = await store.lock_workout(tx, workout_id)
        if workout is None or workout.state != "ended":
            return
        source = SourceFile(
            account_id=workout.account_id,
            batch_id=None,
            path=f"beatrunner-{made.prepared.started_at:%Y-%m-%d-%H%M}.fit",
            kind=FileKind.FIT,
            sha256=made.sha256,
            provenance=Provenance.LIVE,
        )
        stored = await self._importer.store(tx, source, [made.prepared])
        may_keep = stored.reason is not Refusal.WITHOUT_HEART_RATE
        plays = _plays(await store.list_songs(tx, workout_id), made.prepared)
        await add_listens(tx, workout.account_id, None, Provenance.LIVE, plays, self._clock())
        await store.update_workout(
            tx,
            workout_id,
            {
                "state": "sealed",
                "activity_id": stored.activity_ids[0],
                "summary": made.summary if may_keep else summary_without_heart_rate(made.summary),
                "ended_at": made.prepared.started_at + timedelta(seconds=made.prepared.length_s),
            },
        )


def _make(workout: AnyRow, rows: Sequence[AnyRow], runner: Runner, heart: HeartModel) -> _Made:
    raw = recording_of(workout, rows)
    prepared = prepare(raw)
    fit = write_fit(raw)
    return _Made(
        prepared,
        fit,
        hashlib.sha256(fit).hexdigest(),
        summed_up(prepared.summary, rows, runner, zones_of(heart)),
    )


def recording_of(workout: AnyRow, rows: Sequence[AnyRow]) -> RawRecording:
    """The seconds as a watch would have written them, on the server's clock."""
    offset_s = (workout.conductor or {}).get("clock_offset_s") or 0.0
    first_at = rows[0].recorded_at
    return RawRecording(
        sport="treadmill_run",
        started_at=first_at + timedelta(seconds=offset_s),
        sample_s=np.array([(row.recorded_at - first_at).total_seconds() for row in rows]),
        columns={
            name: column
            for name, of in _COLUMNS.items()
            if np.isfinite(column := _column(rows, of)).any()
        },
        is_indoor=True,
        device_name=workout.treadmill_name,
    )


def _column(rows: Sequence[AnyRow], of: Callable[[AnyRow], float | None]) -> Samples:
    return np.array([np.nan if (value := of(row)) is None else value for row in rows])


def _plays(songs: Sequence[AnyRow], prepared: PreparedActivity) -> PlayTable:
    """Each stretch of a song, to its end or to the next song or the end of the run."""
    table = PlayTable()
    run_ends_at = prepared.started_at + timedelta(seconds=prepared.length_s)
    for index, song in enumerate(songs):
        ends_at = min(song.ended_at or run_ends_at, run_ends_at)
        if index + 1 < len(songs):
            ends_at = min(ends_at, songs[index + 1].started_at)
        if ends_at <= song.started_at:
            continue
        table.names.append(
            TrackName(song.match_key, None, song.kind, song.title, song.artist, song.album)
        )
        table.track.append(len(table.names) - 1)
        table.started_at_us.append(microseconds_of(song.started_at))
        table.ended_at_us.append(microseconds_of(ends_at))
        table.uncertainty_s.append(_UNCERTAINTY_S)
        table.is_skipped.append(None)
        table.is_shuffled.append(song.is_shuffled)
        table.is_offline.append(False)
    return table
