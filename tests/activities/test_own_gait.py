from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from beatrunner.activities.own_gait import find_own_gait
from beatrunner.core.gait import GaitModel, population_gait
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from tests.conftest import HeldClock, make_account
from tests.sample_files import MORNING, run
from tests.shelf import Shelf


async def gait_of(shelf: Shelf, height_cm: float | None = None) -> GaitModel:
    async with shelf.database.read() as tx:
        return await find_own_gait(tx, shelf.account_id, height_cm)


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Shelf:
    return Shelf(database, clock, account_id)


async def test_without_runs_it_is_the_populations(shelf: Shelf) -> None:
    gait = await gait_of(shelf, 195.0)
    assert gait.own_s == 0.0
    assert gait.cadence_spm(3.0).value == population_gait(195.0).cadence_spm(3.0).value


async def test_runs_make_it_their_own(shelf: Shelf) -> None:
    await shelf.add(run(length_s=900))  # 172 steps at 3 m/s
    gait = await gait_of(shelf)
    assert gait.own_s > 600.0
    assert gait.cadence_spm(3.0).value == pytest.approx(172.0, abs=0.5)
    assert gait.is_running is None


async def test_a_watch_on_a_belt_teaches_nothing_and_the_belt_itself_does(shelf: Shelf) -> None:
    indoors = run(length_s=900, sport="treadmill_run", is_indoor=True)
    await shelf.add(indoors)
    assert (await gait_of(shelf)).own_s == 0.0
    await shelf.add(indoors, Provenance.LIVE)
    assert (await gait_of(shelf)).own_s > 600.0


async def test_other_sports_and_other_peoples_runs_do_not_count(
    shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    await shelf.add(run(length_s=900, sport="ride"))
    await Shelf(database, clock, await make_account(database)).add(run(length_s=900))
    assert (await gait_of(shelf)).own_s == 0.0


async def test_only_the_latest_twenty_runs_of_a_ground_count(shelf: Shelf) -> None:
    await shelf.add(run(length_s=330))
    one_s = (await gait_of(shelf)).own_s
    for number in range(1, 22):
        await shelf.add(run(MORNING + timedelta(days=number), length_s=330))
    assert (await gait_of(shelf)).own_s == 20 * one_s > 0.0
