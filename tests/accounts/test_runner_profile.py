from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.runner_profile import (
    RunnerFields,
    RunnerProfiles,
    estimates_of,
    find_runner,
    find_runner_profile,
    runner_of,
)
from beatrunner.core.heart import Runner
from beatrunner.core.heart_bounds import HeartBounds
from beatrunner.db.engine import Database
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, signed_in_client

ROUTE = "/v1/profile/runner"
TOLD: dict[str, Any] = {
    "birth_year": 1986,
    "sex": "female",
    "height_cm": 171.5,
    "weight_kg": 62.0,
    "vo2_max": 47.0,
    "resting_heart_rate_bpm": 52,
    "max_heart_rate_bpm": 188,
    "heart_rate_ceiling_bpm": 170,
    "fitness_level": "advanced",
    "max_speed_kmh": 14.0,
    "max_incline_pct": 8.0,
}


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(make_app(database, clock), account_id) as client:
        yield client


async def test_who_told_nothing_is_anybody(
    client: httpx2.AsyncClient, database: Database, account_id: UUID, clock: HeldClock
) -> None:
    answer = (await client.get(ROUTE)).json()
    estimates = answer.pop("estimates")
    assert answer == {**dict.fromkeys(TOLD), "updated_at": None}
    most = estimates["max_heart_rate_bpm"]
    assert most == estimates["predicted_max_heart_rate_bpm"]
    assert most["high"] - most["low"] > 50
    assert [zone["number"] for zone in estimates["zones"]] == [1, 2, 3, 4, 5]
    async with database.read() as tx:
        assert await find_runner(tx, account_id, clock()) == Runner()
        profile = await find_runner_profile(tx, account_id, clock())
    assert profile.ceiling_bpm == estimates["default_ceiling_bpm"] < most["value"]


async def test_what_is_told_is_kept(
    client: httpx2.AsyncClient, database: Database, account_id: UUID, clock: HeldClock
) -> None:
    told = await client.put(ROUTE, json=TOLD)
    assert told.status_code == 200, told.text
    assert told.json() == (await client.get(ROUTE)).json()
    assert {name: told.json()[name] for name in TOLD} == TOLD
    estimates = told.json()["estimates"]
    assert estimates["max_heart_rate_bpm"]["value"] == 188
    # Nes by the age of 39.5, which a birth year gives in the mean, with its standard error.
    predicted = estimates["predicted_max_heart_rate_bpm"]
    assert predicted["value"] == pytest.approx(211 - 0.64 * 39.5)
    assert predicted["high"] - predicted["value"] == pytest.approx(1.96 * 10.8)
    assert estimates["zones"][0]["low_bpm"] == 52 + 0.5 * (188 - 52)
    async with database.read() as tx:
        runner = await find_runner(tx, account_id, clock())
        profile = await find_runner_profile(tx, account_id, clock())
    assert runner == Runner(39.5, "female", 171.5, 62.0, 47.0, 52, 188, "advanced")
    assert (profile.ceiling_bpm, profile.max_speed_kmh, profile.max_incline_pct) == (170, 14.0, 8.0)


async def test_what_is_left_out_is_forgotten(client: httpx2.AsyncClient) -> None:
    await client.put(ROUTE, json=TOLD)
    left = (await client.put(ROUTE, json={"weight_kg": 61.0})).json()
    assert left["weight_kg"] == 61.0
    assert {left[name] for name in TOLD if name != "weight_kg"} == {None}


async def test_each_has_their_own(
    client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    await client.put(ROUTE, json=TOLD)
    async with database.read() as tx:
        other_id = await make_account(database)
        assert await find_runner(tx, other_id, clock()) == Runner()


async def test_zones_follow_the_runs_until_a_maximum_is_told(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    seen = HeartBounds(212, max_bpm=194.0, resting_bpm=61.0)

    async def find(tx: AsyncConnection, whose: UUID) -> HeartBounds:
        assert whose == account_id
        return seen

    profiles = RunnerProfiles(clock, find)
    async with database.write() as tx:
        learned = (await profiles.load(tx, account_id)).estimates
        await profiles.replace(
            tx, account_id, RunnerFields(max_heart_rate_bpm=188, resting_heart_rate_bpm=52)
        )
        told = (await profiles.load(tx, account_id)).estimates
    assert (learned.seen.runs, learned.seen.max_bpm) == (212, 194.0)
    assert learned.max_heart_rate_bpm.value > 194.0
    assert learned.max_heart_rate_bpm.low > learned.predicted_max_heart_rate_bpm.value
    assert learned.resting_heart_rate_bpm.value < 61.0
    assert learned.zones[-1].high_bpm == pytest.approx(learned.max_heart_rate_bpm.value)
    assert told.max_heart_rate_bpm.value == 188.0
    assert told.zones[0].low_bpm == 52 + 0.5 * (188 - 52)
    # A sensor's word never lets a workout go higher.
    nobody = estimates_of(Runner())
    assert learned.default_ceiling_bpm == nobody.default_ceiling_bpm


@pytest.mark.parametrize(
    "change",
    [
        {"birth_year": 2020},
        {"birth_year": 1905},
        {"birth_year": 86},
        {"sex": "other"},
        {"height_cm": 5.8},
        {"weight_kg": 0},
        {"weight_kg": 6200},
        {"vo2_max": 4.7},
        {"resting_heart_rate_bpm": 20},
        {"max_heart_rate_bpm": 260},
        {"resting_heart_rate_bpm": 90, "max_heart_rate_bpm": 100, "heart_rate_ceiling_bpm": None},
        {"heart_rate_ceiling_bpm": 189},
        {"resting_heart_rate_bpm": 110, "heart_rate_ceiling_bpm": 100},
        {"max_speed_kmh": 140},
        {"max_incline_pct": -1},
        {"fitness_level": "elite"},
        {"shoe_size": 43},
    ],
)
async def test_what_no_runner_is_is_refused(
    client: httpx2.AsyncClient, change: dict[str, Any]
) -> None:
    refused = await client.put(ROUTE, json={**TOLD, **change})
    assert refused.status_code == 422, refused.text
    assert (await client.get(ROUTE)).json()["updated_at"] is None


async def test_numbers_that_are_none_are_refused(client: httpx2.AsyncClient) -> None:
    refused = await client.put(
        ROUTE, content='{"weight_kg": NaN}', headers={"Content-Type": "application/json"}
    )
    assert refused.status_code == 422


def test_every_runner_that_is_let_in_has_zones() -> None:
    for birth_year, resting_bpm, max_bpm, fitness_level in itertools.product(
        (1916, 2016), (None, 25, 120), (None, 145, 240), (None, "beginner", "advanced")
    ):
        told = RunnerFields(
            birth_year=birth_year,
            resting_heart_rate_bpm=resting_bpm,
            max_heart_rate_bpm=max_bpm,
            fitness_level=fitness_level,
        )
        estimates = estimates_of(runner_of(told, datetime(2026, 3, 1, tzinfo=UTC)))
        lows_bpm = [zone.low_bpm for zone in estimates.zones]
        assert lows_bpm == sorted(set(lows_bpm))
        assert estimates.default_ceiling_bpm < estimates.max_heart_rate_bpm.value
