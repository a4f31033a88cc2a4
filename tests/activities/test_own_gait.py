from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from beatrunner.activities.importer import ActivityImporter
from beatrunner.activities.own_gait import find_own_gait
from beatrunner.activities.preparing import prepare
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.recording import RawRecording
from beatrunner.db.engine import Database
from beatrunner.imports.outcomes import Provenance, SourceFile
from tests.conftest import HeldClock, make_account
from tests.sample_files import MORNING, run


class Shelf:
    """One account's runs, and the gait that they tell of."""

    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        self._database = database
        self._importer = ActivityImporter(clock)
        self._account_id = account_id
        self._count = 0

    async def add(self, recording: RawRecording, provenance: Provenance = Provenance.FILE) -> None:
        self._count += 1
        source = SourceFile(
            account_id=self._account_id,
            batch_id=None,
            path="run.fit",
            kind=FileKind.FIT,
            sha256=f"{self._count:064}",
            strava=None,
            provenance=provenance,
        )
        async with self._database.write() as tx:
            await self._importer.store(tx, source, [prepare(recording)])

    async def gait(self, height_cm: float | None = None) -> GaitModel:
        async with self._database.read() as tx:
            return await find_own_gait(tx, self._account_id, height_cm)


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Shelf:
    return Shelf(database, clock, account_id)


async def test_without_runs_it_is_the_populations(shelf: Shelf) -> None:
    gait = await shelf.gait(195.0)
    assert gait.own_s == 0.0
    assert gait.cadence_spm(3.0).value == population_gait(195.0).cadence_spm(3.0).value


async def test_runs_make_it_their_own(shelf: Shelf) -> None:
    await shelf.add(run(length_s=900))  # 172 steps at 3 m/s
    gait = await shelf.gait()
    assert gait.own_s > 600.0
    assert gait.cadence_spm(3.0).value == pytest.approx(172.0, abs=0.5)
    assert gait.is_running is None


async def test_a_watch_on_a_belt_teaches_nothing_and_the_belt_itself_does(shelf: Shelf) -> None:
    indoors = run(length_s=900, sport="treadmill_run", is_indoor=True)
    await shelf.add(indoors)
    assert (await shelf.gait()).own_s == 0.0
    await shelf.add(indoors, Provenance.LIVE)
    assert (await shelf.gait()).own_s > 600.0


async def test_other_sports_and_other_peoples_runs_do_not_count(
    shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    await shelf.add(run(length_s=900, sport="ride"))
    await Shelf(database, clock, await make_account(database)).add(run(length_s=900))
    assert (await shelf.gait()).own_s == 0.0


async def test_only_the_latest_twenty_runs_of_a_ground_count(shelf: Shelf) -> None:
    await shelf.add(run(length_s=330))
    one_s = (await shelf.gait()).own_s
    for number in range(1, 22):
        await shelf.add(run(MORNING + timedelta(days=number), length_s=330))
    assert (await shelf.gait()).own_s == 20 * one_s > 0.0
