from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import pytest
from sqlalchemy import insert

from beatrunner.codecs.fit import write_fit
from beatrunner.core.recording import RawRecording
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import workouts
from beatrunner.insights import api as insights_api
from beatrunner.insights.experiments import ExperimentDesk
from beatrunner.insights.feelings import Feelings
from beatrunner.insights.reading import InsightPage
from beatrunner.insights.refit import Refitter
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.ids import new_id
from beatrunner.kit.parser_pool import ParserPool
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import make_app, signed_in_client

SONG_S = 100
ORDERS = ([0, 1, 2, 3, 4], [3, 0, 4, 1, 2], [4, 2, 0, 3, 1], [1, 4, 3, 2, 0])


class Runner(Library):
    """Somebody who runs to shuffled songs, and looks at what they do."""

    def __init__(
        self,
        database: Database,
        clock: HeldClock,
        account_id: UUID,
        pool: ParserPool,
        folder: Path,
    ) -> None:
        super().__init__(database, clock, account_id, pool, folder)
        self.refitter = Refitter(database, clock)
        registry = JobRegistry.of([self.imports, self.computer, self.refitter])
        self.worker = JobRunner(database, registry, clock, "tester")
        self.held = clock

    async def run_to(
        self,
        day: int,
        songs: Sequence[int],
        *,
        told: Sequence[int] | None = None,
        heart_rate: str = "own",
        **changes: Any,
    ) -> None:
        """A run on this day, every song a little over a minute and a half.

        `told` are the songs that the music service says were on instead.
        """
        started_at = MORNING + timedelta(days=day)
        listens = plays(started_at, max(songs) + 1, length_s=SONG_S)
        order = []
        for place, song in enumerate(told or songs):
            start = started_at + timedelta(seconds=SONG_S * place)
            end = start + timedelta(seconds=SONG_S)
            order.append(replace(listens[song], started_at=start, ended_at=end, **changes))
        recording = paced(run(started_at, length_s=SONG_S * len(songs)), songs)
        if heart_rate == "steps":
            beats = 172.0 + np.arange(len(recording.sample_s)) // 5 % 2
            recording.columns["cadence_spm"][:] = recording.columns["heart_rate_bpm"][:] = beats
        await self.take_in((f"{day}.fit", write_fit(recording)), (f"{day}.zip", spotify_zip(order)))

    async def drive(self, activity_id: UUID, mode: str = "beat") -> None:
        """Make the run one of a workout of this mode."""
        async with self.database.write() as tx:
            await tx.execute(
                insert(workouts).values(
                    id=new_id(),
                    account_id=self.account_id,
                    activity_id=activity_id,
                    state="sealed",
                    settings={"mode": mode},
                    created_at=MORNING,
                )
            )

    async def settle(self) -> None:
        """Let the time pass that a refit waits."""
        self.held.advance(10)
        await self.worker.run_until_idle()


def paced(recording: RawRecording, songs: Sequence[int]) -> RawRecording:
    """3 m/s, and 1 % faster per number of the song."""
    speed_mps = np.repeat([3.0 * (1.0 + 0.01 * song) for song in songs], SONG_S)
    recording.columns["distance_m"][:] = np.cumsum(speed_mps)
    return recording


@pytest.fixture
def runner(
    database: Database, clock: HeldClock, account_id: UUID, parser_pool: ParserPool, tmp_path: Path
) -> Runner:
    return Runner(database, clock, account_id, parser_pool, tmp_path)


@pytest.fixture
async def client(runner: Runner) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_app(
        runner.database,
        runner.clock,
        routers=[insights_api.router],
        provided=[
            InsightPage(runner.database, runner.clock),
            ExperimentDesk(runner.database, runner.clock),
            Feelings(runner.clock),
        ],
    )
    async with await signed_in_client(app, runner.account_id) as client:
        yield client
