from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import pytest

from beatrunner.accounts.runner_profile import RunnerFields, RunnerProfiles
from beatrunner.activities.figures import RunMeasurer
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import RawRecording
from beatrunner.db.engine import Database
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.training import api as training_api
from beatrunner.training.page import WEEKS, TrainingPage
from tests.conftest import HeldClock
from tests.sample_files import MORNING, run
from tests.shelf import Shelf
from tests.web.client import make_app, signed_in_client


class Athlete(Shelf):
    """Somebody whose runs are counted in days before today."""

    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        super().__init__(database, clock, account_id)
        self.clock = clock
        self.client: httpx2.AsyncClient
        registry = JobRegistry.of([RunMeasurer(database)])
        self.worker = JobRunner(database, registry, clock, "tester")

    async def ran(
        self,
        days_ago: int,
        *,
        beats_bpm: float | None = 150.0,
        speed_mps: float = 3.0,
        provenance: Provenance = Provenance.FILE,
        **changes: Any,
    ) -> None:
        started_at = self.clock().replace(hour=6) - timedelta(days=days_ago)
        recording = half_hour(started_at - MORNING, beats_bpm, speed_mps)
        await self.add(replace(recording, **changes), provenance)
        await self.worker.run_until_idle()

    async def training(self, zone: str = "UTC") -> dict[str, Any]:
        answer = await self.client.get("/v1/training", params={"time_zone": zone})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def half_hour(
    after: timedelta, beats_bpm: float | None, speed_mps: float, length_s: int = 1800
) -> RawRecording:
    recording = run(MORNING + after, length_s=length_s, speed_mps=speed_mps)
    columns = dict(recording.columns)
    del columns["heart_rate_bpm"]
    if beats_bpm is not None:
        columns["heart_rate_bpm"] = np.full(length_s, beats_bpm)
    return replace(recording, columns=columns)


@pytest.fixture
async def athlete(database: Database, clock: HeldClock, account_id: UUID) -> AsyncIterator[Athlete]:
    athlete = Athlete(database, clock, account_id)
    app = make_app(
        database, clock, routers=[training_api.router], provided=[TrainingPage(database, clock)]
    )
    async with await signed_in_client(app, account_id) as athlete.client:
        yield athlete


async def test_who_has_no_runs_has_empty_weeks(athlete: Athlete) -> None:
    found = await athlete.training()
    assert len(found["weeks"]) == WEEKS
    assert {week["activities"] for week in found["weeks"]} == {0}
    assert (found["days"], found["best_efforts"], found["unmeasured"]) == ([], [], 0)


async def test_a_load_is_of_the_runs_with_a_heart_rate_alone(athlete: Athlete) -> None:
    await athlete.ran(0)
    await athlete.ran(1, beats_bpm=None)
    found = await athlete.training()
    assert (found["activities"], found["with_heart_rate"]) == (2, 1)
    *_, before, week = found["weeks"]
    assert (week["activities"], week["with_heart_rate"]) == (2, 1)
    assert week["distance_m"] == pytest.approx(2 * 5397.0, abs=10.0)
    assert week["load"]["low"] < week["load"]["value"] < week["load"]["high"]
    assert before["load"] is None


async def test_what_the_runner_told_narrows_the_load(athlete: Athlete) -> None:
    await athlete.ran(0)
    guessed = await athlete.training()
    assert (guessed["max_is"], guessed["is_resting_told"]) == ("predicted", False)
    profiles = RunnerProfiles(athlete.clock)
    told = RunnerFields(sex="male", resting_heart_rate_bpm=60, max_heart_rate_bpm=180)
    async with athlete.database.write() as tx:
        await profiles.replace(tx, athlete.account_id, told)
    sure = await athlete.training()
    assert (sure["max_is"], sure["is_resting_told"]) == ("told", True)
    load, guess = sure["weeks"][-1]["load"], guessed["weeks"][-1]["load"]
    # Half an hour at three quarters of the reserve.
    assert load["value"] == pytest.approx(30 * 0.75 * 0.64 * np.exp(1.92 * 0.75), rel=0.01)
    assert load["high"] - load["low"] < 0.2 * (guess["high"] - guess["low"])


async def test_a_maximum_is_what_runs_reached(athlete: Athlete) -> None:
    for days_ago in (1, 2):
        await athlete.ran(days_ago, beats_bpm=201.0)
    found = await athlete.training()
    assert found["max_is"] == "seen"
    assert found["max_heart_rate_bpm"]["value"] > 200.0


async def test_means_begin_when_they_have_seen_enough_days(athlete: Athlete) -> None:
    await athlete.ran(41)
    assert (await athlete.training())["days"] == []
    await athlete.ran(49)
    for days_ago in (5, 3, 1):
        await athlete.ran(days_ago)
    days = (await athlete.training())["days"]
    assert len(days) == 8
    assert days[-1]["day"] == athlete.clock().date().isoformat()
    assert days[-1]["lately"]["value"] > days[-1]["usual"]["value"] > 0.0


async def test_a_day_is_the_runners_own(athlete: Athlete) -> None:
    # 06:00 UTC on a Monday is still Sunday in Honolulu.
    weekday = athlete.clock().weekday()
    await athlete.ran(weekday)
    here, there = await athlete.training(), await athlete.training("Pacific/Honolulu")
    assert here["weeks"][-1]["with_heart_rate"] == 1
    sunday = [week for week in there["weeks"] if week["with_heart_rate"]]
    assert [week["activities"] for week in sunday] == [1]
    assert sunday[0]["week_start"] < here["weeks"][-1]["week_start"]
    refused = await athlete.client.get("/v1/training", params={"time_zone": "Mars/Olympus"})
    assert refused.status_code == 422


async def test_a_run_of_next_week_has_no_load_yet(athlete: Athlete) -> None:
    await athlete.ran(1)
    await athlete.ran(-7)
    found = await athlete.training()
    assert (found["activities"], found["with_heart_rate"]) == (1, 1)


async def test_best_efforts_are_the_fastest_and_the_earliest_of_equals(athlete: Athlete) -> None:
    await athlete.ran(200, speed_mps=3.4, name="Race")
    await athlete.ran(100, speed_mps=3.4, name="Again")
    await athlete.ran(10, speed_mps=3.1, name="Lately")
    await athlete.ran(5, speed_mps=3.0, name="Slow")
    found = (await athlete.training())["best_efforts"]
    assert [each["distance_m"] for each in found] == [1000.0, 1609.344, 5000.0]
    kilometre = found[0]
    assert (kilometre["best"]["name"], kilometre["recent"]["name"]) == ("Race", "Lately")
    assert kilometre["best"]["lasted_s"] == pytest.approx(1000.0 / 3.4, abs=1.0)


async def test_belts_are_apart_and_guesses_of_watches_left_out(athlete: Athlete) -> None:
    inside: dict[str, Any] = {"sport": "treadmill_run", "is_indoor": True}
    await athlete.ran(3, speed_mps=5.0, **inside)
    await athlete.ran(2, speed_mps=4.0, provenance=Provenance.LIVE, **inside)
    await athlete.ran(1, speed_mps=3.0)
    found = (await athlete.training())["best_efforts"]
    told = [
        (each["surface"], each["distance_m"])
        for each in found
        if each["distance_m"] == 1000.0 and each["recent"]
    ]
    assert told == [("outdoor", 1000.0), ("treadmill", 1000.0)]
    belt = next(each for each in found if each["surface"] == "treadmill")
    assert belt["best"]["lasted_s"] == pytest.approx(250.0, abs=1.0)


async def test_looking_has_older_runs_measured(athlete: Athlete) -> None:
    await athlete.add(half_hour(timedelta(), 150.0, 3.0))
    assert (await athlete.training())["unmeasured"] == 1
    await athlete.worker.run_until_idle()
    found = await athlete.training()
    assert found["unmeasured"] == 0
    assert found["best_efforts"]
