"""Which runs are suggested for a comparison, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.tables import activities
from beatrunner.kit.errors import NotFoundError
from beatrunner.retrospect.similar_runs import find_similar
from tests.conftest import HeldClock, make_account
from tests.sample_files import MORNING, run
from tests.shelf import Shelf


class Diary(Shelf):
    async def ran(self, name: str, *, north_deg: float = 0.0, **words: Any) -> UUID:
        """A kilometre eastwards, unless told otherwise; each on a day of its own."""
        day = timedelta(days=self._files)
        recording = run(MORNING + day, name=name, **{"length_s": 334, **words})
        if "latitude" in recording.columns:
            recording.columns["latitude"] += north_deg + np.arange(len(recording.sample_s)) * 1e-9
        await self.add(recording)
        async with self.database.read() as tx:
            rows = await tx.execute(select(activities.c.id).where(activities.c.name == name))
        found: UUID = rows.scalar_one()
        return found

    async def similar_to(self, activity_id: UUID) -> tuple[list[str], list[str]]:
        async with self.database.read() as tx:
            found = await find_similar(tx, self.account_id, activity_id)
        return [each.name for each in found.same_route], [
            each.name for each in found.similar_length
        ]


@pytest.fixture
def diary(database: Database, clock: HeldClock, account_id: UUID) -> Diary:
    return Diary(database, clock, account_id)


async def test_the_same_route_comes_before_the_same_length(diary: Diary) -> None:
    this = await diary.ran("This")
    await diary.ran("Elsewhere, longer", north_deg=0.1, length_s=360)
    await diary.ran("Elsewhere", north_deg=0.1)
    await diary.ran("Earlier here", speed_mps=2.9)
    await diary.ran("Later here", north_deg=0.0001)
    await diary.ran("Twice as far", length_s=700)
    await diary.ran("On a bike", sport="ride")
    assert await diary.similar_to(this) == (
        ["Later here", "Earlier here"],
        ["Elsewhere", "Elsewhere, longer"],
    )


async def test_a_run_indoors_has_a_length_alone(diary: Diary) -> None:
    belt = await diary.ran("Belt", is_indoor=True, sport="treadmill_run")
    await diary.ran("Outside")
    assert await diary.similar_to(belt) == ([], ["Outside"])


async def test_runs_of_others_are_not_suggested(
    diary: Diary, database: Database, clock: HeldClock
) -> None:
    this = await diary.ran("This")
    stranger = Diary(database, clock, await make_account(database))
    theirs = await stranger.ran("Theirs")
    assert await diary.similar_to(this) == ([], [])
    with pytest.raises(NotFoundError):
        await diary.similar_to(theirs)
