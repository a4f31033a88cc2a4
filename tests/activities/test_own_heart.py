from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from beatrunner.activities.own_heart import find_own_heart
from beatrunner.core.heart import HeartModel, Runner, population_heart
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import RawRecording
from beatrunner.db.engine import Database
from tests.conftest import HeldClock
from tests.sample_files import MORNING
from tests.shelf import Shelf

RUNNER = Runner(age_years=40.0)


def belt_run(number: int, incline_pct: float = 0.0, beats_bpm: float = 141.0) -> RawRecording:
    """Half an hour at 2.8 m/s on a belt, with a steady heart."""
    seconds_s = np.arange(1800.0)
    return RawRecording(
        sport="treadmill_run",
        started_at=MORNING + timedelta(days=number),
        sample_s=seconds_s,
        columns={
            "distance_m": 2.8 * seconds_s,
            "speed_mps": np.full(1800, 2.8),
            "heart_rate_bpm": np.full(1800, beats_bpm),
            "grade_pct": np.full(1800, incline_pct),
        },
        is_indoor=True,
    )


async def heart_of(shelf: Shelf) -> HeartModel:
    async with shelf.database.read() as tx:
        return await find_own_heart(tx, shelf.account_id, RUNNER, treadmill=True)


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Shelf:
    return Shelf(database, clock, account_id)


async def test_without_runs_it_is_the_populations(shelf: Shelf) -> None:
    heart, told = await heart_of(shelf), population_heart(RUNNER)
    assert heart.own_s == 0.0
    assert heart.level is None
    assert heart.heart_rate_bpm(2.8) == told.heart_rate_bpm(2.8)


async def test_runs_on_belts_that_told_their_speed_make_it_their_own(shelf: Shelf) -> None:
    await shelf.add(belt_run(1), Provenance.FILE)  # a watch guessed
    assert (await heart_of(shelf)).own_s == 0.0
    for number in (2, 3, 4):
        await shelf.add(belt_run(number), Provenance.LIVE)
    heart = await heart_of(shelf)
    assert heart.own_s > 3 * 1500.0
    assert heart.heart_rate_bpm(2.8).value == pytest.approx(140.0, abs=4.0)
    assert heart.heart_rate_bpm(2.8).sd < 0.4 * population_heart(RUNNER).heart_rate_bpm(2.8).sd


async def test_the_incline_of_a_belt_is_effort(shelf: Shelf) -> None:
    for number in (1, 2):
        await shelf.add(belt_run(number, incline_pct=5.0), Provenance.LIVE)
    heart = await heart_of(shelf)
    assert heart.level is not None
    assert heart.level.effort_mps == pytest.approx(2.8 * 1.225, rel=0.02)


async def test_steps_that_were_counted_for_beats_teach_nothing(shelf: Shelf) -> None:
    wobble = np.repeat(np.random.default_rng(1).normal(0.0, 2.0, 360), 5)
    steps = {"heart_rate_bpm": 170.0 + wobble, "cadence_spm": 170.0 + wobble}
    run = belt_run(1)
    await shelf.add(replace(run, columns={**run.columns, **steps}), Provenance.LIVE)
    assert (await heart_of(shelf)).own_s == 0.0
