"""What is measured in the streams of a run besides its summary, once, and kept.

Load, best efforts and the bounds of a heart are asked for of all runs at once, whose streams take
minutes to read. So each run is measured when it arrives, and what was measured is independent of
what the runner tells of themself: time by heart rate, from which a load follows for any maximum,
and the path as the map of all runs draws it. Runs that were there before, or were measured by an
older method, are measured by a job.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import figures_store, store
from beatrunner.activities.streams import load_streams
from beatrunner.codecs.drawn_path import pack_drawn_path
from beatrunner.core.best_efforts import BestEffort, best_efforts
from beatrunner.core.cadence_lock import is_cadence_locked
from beatrunner.core.drawn_path import DrawnPath, drawn_path
from beatrunner.core.heart_bounds import Held, held
from beatrunner.core.load import LEAST_KNOWN, seconds_by_heart_rate
from beatrunner.core.recording import Samples, Streams
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob, enqueue, has_waiting
from beatrunner.kit.errors import NotFoundError

#: Counts the ways in which runs were measured; runs measured in another way are measured again.
METHOD = 2
MEASURE = "runs.measure"
_SECONDS = np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class RunFigures:
    """`heart_rate_s` as `core.load` has it, None where the heart rate was not known or is that of
    the feet."""

    heart_rate_s: Samples | None
    held: Held | None
    best_efforts: tuple[BestEffort, ...]
    path: DrawnPath | None = None

    def to_row(self) -> dict[str, Any]:
        return {
            "method": METHOD,
            "heart_rate_s": None if self.heart_rate_s is None else packed(self.heart_rate_s),
            "lowest_held_bpm": self.held and self.held.lowest_bpm,
            "highest_held_bpm": self.held and self.held.highest_bpm,
            "path": self.path and pack_drawn_path(self.path),
        }


def measure(streams: Streams) -> RunFigures:
    efforts, path = tuple(best_efforts(streams)), drawn_path(streams)
    heart_rate_bpm = streams.columns.get("heart_rate_bpm")
    if heart_rate_bpm is None or is_cadence_locked(streams):
        return RunFigures(None, None, efforts, path)
    moving_s = int(streams.is_moving.sum())
    known_s = int((streams.is_moving & np.isfinite(heart_rate_bpm)).sum())
    is_known = moving_s > 0 and known_s >= LEAST_KNOWN * moving_s
    return RunFigures(
        seconds_by_heart_rate(heart_rate_bpm) if is_known else None,
        held(heart_rate_bpm, streams.columns.get("cadence_spm")),
        efforts,
        path,
    )


def packed(seconds: Samples) -> bytes:
    return np.minimum(seconds, np.iinfo(_SECONDS).max).astype(_SECONDS).tobytes()


def unpacked(rows: Sequence[bytes]) -> Samples:
    """A row of seconds for each."""
    return np.array([np.frombuffer(row, _SECONDS) for row in rows], dtype=np.float64)


async def ask_to_measure(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Have the runs measured that are not, unless that is to happen anyway."""
    if not await has_waiting(tx, account_id, MEASURE, now, or_running=True):
        await enqueue(tx, "runs.measure", {}, account_id=account_id, now=now)


class RunMeasurer:
    def __init__(self, database: Database) -> None:
        self._database = database

    @job("activity.imported")
    async def on_activity(self, claimed: ClaimedJob) -> None:
        await self._measure(claimed.account_id, UUID(claimed.payload["activity_id"]))

    @job("runs.measure", can_wait=True)
    async def on_measure(self, claimed: ClaimedJob) -> None:
        async with self._database.read() as tx:
            unmeasured = await figures_store.list_unmeasured(tx, claimed.account_id, METHOD)
        for activity_id in unmeasured:
            await self._measure(claimed.account_id, activity_id)

    async def _measure(self, account_id: UUID, activity_id: UUID) -> None:
        try:
            async with self._database.read() as tx:
                activity = await store.get_activity(tx, account_id, activity_id)
                if activity.streams_gone_at is not None:
                    return  # what was measured in them stays
                streams = await load_streams(tx, activity_id, activity.length_s)
            figures = await asyncio.to_thread(measure, streams)
            async with self._database.write() as tx:
                # First, as imports do: otherwise this and an import would wait for each other.
                await lock_imports(tx, account_id)
                await store.lock_activity(tx, account_id, activity_id)
                await figures_store.upsert_run_figures(
                    tx, account_id, activity_id, figures.to_row(), figures.best_efforts
                )
        except NotFoundError:
            return  # deleted in the meantime
