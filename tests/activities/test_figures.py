from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import update

from beatrunner.activities import figures, figures_store, store
from beatrunner.activities.figures import RunMeasurer, ask_to_measure, measure, packed, unpacked
from beatrunner.activities.own_heart import find_heart_bounds
from beatrunner.core.heart_bounds import HeartBounds, Held
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import RawRecording, Samples, Streams
from beatrunner.db.engine import Database
from beatrunner.db.tables import run_figures
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.jobs.store import count_unfinished
from tests.conftest import HeldClock
from tests.sample_files import MORNING, run
from tests.shelf import Shelf

LENGTH_S = 1200


class Measured(Shelf):
    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        super().__init__(database, clock, account_id)
        self.clock = clock
        registry = JobRegistry.of([RunMeasurer(database)])
        self.worker = JobRunner(database, registry, clock, "tester")

    async def unmeasured(self) -> list[UUID]:
        async with self.database.read() as tx:
            return await figures_store.list_unmeasured(tx, self.account_id, figures.METHOD)

    async def bounds(self) -> HeartBounds:
        async with self.database.read() as tx:
            return await find_heart_bounds(tx, self.account_id)


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Measured:
    return Measured(database, clock, account_id)


def hard_run(day: int, beats_bpm: float, years: int = 0) -> RawRecording:
    recording = run(MORNING + timedelta(days=day + 365.25 * years), length_s=LENGTH_S)
    recording.columns["heart_rate_bpm"][:] = beats_bpm
    recording.columns["heart_rate_bpm"][:60] = 90.0
    return recording


def streams(heart_rate_bpm: Samples, cadence_spm: Samples | None = None) -> Streams:
    columns = {"heart_rate_bpm": heart_rate_bpm}
    if cadence_spm is not None:
        columns["cadence_spm"] = cadence_spm
    return Streams(len(heart_rate_bpm), columns, np.ones(len(heart_rate_bpm), dtype=bool))


def test_a_heart_rate_known_for_half_a_run_has_bounds_but_no_time() -> None:
    beats_bpm = np.full(600, 150.0)
    whole = measure(streams(beats_bpm))
    assert whole.heart_rate_s is not None
    assert whole.heart_rate_s[150] == 600.0
    beats_bpm[300:] = np.nan
    half = measure(streams(beats_bpm))
    assert half.heart_rate_s is None
    assert half.held == Held(150.0, 150.0)


def test_steps_for_a_heart_rate_tell_nothing_of_the_heart() -> None:
    steps = 170.0 + np.repeat(np.random.default_rng(1).normal(0.0, 2.0, 240), 5)
    assert measure(streams(steps.copy(), steps)) == figures.RunFigures(None, None, ())


def test_what_is_packed_is_unpacked() -> None:
    seconds = np.zeros(256)
    seconds[[0, 150, 255]] = 1.0, 65_535.0, 90_000.0
    (row,) = unpacked([packed(seconds)])
    assert (row[0], row[150], row[255]) == (1.0, 65_535.0, 65_535.0)
    assert len(unpacked([])) == 0


async def test_a_run_is_measured_when_it_arrives(shelf: Measured) -> None:
    await shelf.add(hard_run(0, 180.0))
    assert len(await shelf.unmeasured()) == 1
    await shelf.worker.run_until_idle()
    assert await shelf.unmeasured() == []
    async with shelf.database.read() as tx:
        efforts = await figures_store.list_best_efforts(tx, shelf.account_id)
        (load_row,) = await figures_store.list_runs_since(tx, shelf.account_id, MORNING)
    assert [row.distance_m for row in efforts] == [1000.0, 1609.344]
    (seconds,) = unpacked([load_row.heart_rate_s])
    assert (seconds[90], seconds[180]) == (60.0, LENGTH_S - 60.0)
    async with shelf.database.read() as tx:
        assert not await figures_store.list_runs_since(
            tx, shelf.account_id, MORNING + timedelta(seconds=1)
        )


async def test_runs_of_an_older_method_are_measured_again_once_asked(shelf: Measured) -> None:
    await shelf.add(hard_run(0, 180.0))
    await shelf.add(hard_run(1, 180.0))
    await shelf.worker.run_until_idle()
    async with shelf.database.write() as tx:
        await tx.execute(update(run_figures).values(method=0, highest_held_bpm=None))
    assert len(await shelf.unmeasured()) == 2
    assert (await shelf.bounds()).runs == 0
    async with shelf.database.write() as tx:
        await ask_to_measure(tx, shelf.account_id, shelf.clock())
        await ask_to_measure(tx, shelf.account_id, shelf.clock())
        assert await count_unfinished(tx, shelf.account_id, ["runs.measure"]) == 1
    await shelf.worker.run_until_idle()
    assert await shelf.unmeasured() == []
    bounds = await shelf.bounds()
    assert (bounds.runs, bounds.resting_bpm) == (2, 90.0)
    assert bounds.max_bpm == pytest.approx(180.0, abs=0.01)


async def test_a_run_deleted_in_the_meantime_is_let_go(shelf: Measured) -> None:
    await shelf.add(hard_run(0, 180.0))
    (activity_id,) = await shelf.unmeasured()
    async with shelf.database.write() as tx:
        await store.delete_activity(tx, shelf.account_id, activity_id)
    await shelf.worker.run_until_idle()
    assert await shelf.bounds() == HeartBounds()


async def test_figures_go_with_their_run(shelf: Measured) -> None:
    await shelf.add(hard_run(0, 180.0))
    (activity_id,) = await shelf.unmeasured()
    await shelf.worker.run_until_idle()
    async with shelf.database.write() as tx:
        await store.delete_activity(tx, shelf.account_id, activity_id)
    async with shelf.database.read() as tx:
        assert not await figures_store.list_best_efforts(tx, shelf.account_id)


async def test_a_watch_guesses_on_a_treadmill_and_other_sports_are_no_runs(
    shelf: Measured,
) -> None:
    indoors = replace(hard_run(0, 160.0), sport="treadmill_run", is_indoor=True)
    await shelf.add(indoors, Provenance.FILE)
    await shelf.add(replace(indoors, started_at=MORNING + timedelta(days=1)), Provenance.LIVE)
    await shelf.add(replace(hard_run(2, 190.0), sport="ride"))
    await shelf.worker.run_until_idle()
    async with shelf.database.read() as tx:
        efforts = await figures_store.list_best_efforts(tx, shelf.account_id)
        assert len(await figures_store.list_runs_since(tx, shelf.account_id, MORNING)) == 2
    assert [row.is_indoor for row in efforts] == [True, True]
    bounds = await shelf.bounds()
    assert bounds.runs == 2
    assert bounds.max_bpm == pytest.approx(160.0, abs=0.01)


async def test_what_was_reached_years_before_the_latest_run_counts_less(shelf: Measured) -> None:
    for years, beats_bpm in ((0, 190.0), (5, 180.0)):
        await shelf.add(hard_run(0, beats_bpm, years))
        await shelf.add(hard_run(1, beats_bpm, years))
    await shelf.worker.run_until_idle()
    assert (await shelf.bounds()).max_bpm == pytest.approx(190.0 - 0.64 * 5.0, abs=0.01)


async def test_nothing_is_made_of_runs_that_may_not_be_combined(shelf: Measured) -> None:
    for day in range(2):
        await shelf.add(hard_run(day, 190.0), Provenance.STRAVA_API)
    await shelf.worker.run_until_idle()
    assert await shelf.bounds() == HeartBounds()
    async with shelf.database.read() as tx:
        assert not await figures_store.list_best_efforts(tx, shelf.account_id)
        rows = await figures_store.list_runs_since(tx, shelf.account_id, MORNING)
    assert [row.heart_rate_s for row in rows] == [None, None]
