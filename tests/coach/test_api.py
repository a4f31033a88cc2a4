from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from beatrunner.coach import api as coach_api
from beatrunner.coach.recommending import Recommending
from beatrunner.codecs.live import Found, Report
from beatrunner.db.engine import Database
from beatrunner.devices.bridges import add_bridge
from beatrunner.devices.reports import record
from tests.conftest import HeldClock
from tests.sample_files import run
from tests.shelf import Shelf
from tests.web.client import make_app, signed_in_client

ROUTE = "/v1/coach/recommendations"
NUMBERS = ("recommended_speed_kmh", "recommended_incline_pct", "estimated_kcal_per_min")


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    app = make_app(
        database,
        clock,
        routers=[coach_api.router],
        provided=[Recommending(database, clock)],
    )
    async with await signed_in_client(app, account_id) as client:
        yield client


async def ask(client: httpx2.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(ROUTE, json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_question_of_the_documentation(client: httpx2.AsyncClient) -> None:
    found = await ask(
        client,
        tempo_bpm=128,
        profile={"age": 34, "weight_kg": 68, "vo2_max": 48, "fitness_level": "intermediate"},
        device={"max_speed_kmh": 16, "max_incline_pct": 12},
    )
    assert found["cadence_spm"] == 128.0
    assert found["steps_per_beat"] == 1.0
    assert found["intensity_level"] in {"light", "moderate", "vigorous"}
    for name in NUMBERS:
        reach = found["ranges"][name]
        assert reach["low"] <= found[name] <= reach["high"]
        assert found[name] == round(found[name], 1)
    assert found["reasons"].keys() == found["ranges"].keys() == {*NUMBERS, "intensity_level"}
    assert all(found["reasons"].values())


async def test_a_tempo_alone_is_enough(client: httpx2.AsyncClient) -> None:
    found = await ask(client, tempo_bpm=170)
    assert "weight is not known" in found["reasons"]["estimated_kcal_per_min"]


async def test_what_is_left_out_comes_from_the_own_profile(client: httpx2.AsyncClient) -> None:
    anybody = await ask(client, tempo_bpm=170)
    told = {
        "vo2_max": 60.0,
        "weight_kg": 60.0,
        "resting_heart_rate_bpm": 45,
        "max_heart_rate_bpm": 190,
        "fitness_level": "advanced",
        "max_incline_pct": 0.0,
    }
    assert (await client.put("/v1/profile/runner", json=told)).status_code == 200
    own = await ask(client, tempo_bpm=170)
    assert own["recommended_speed_kmh"] > anybody["recommended_speed_kmh"] + 1.0
    assert own["recommended_incline_pct"] == 0.0
    assert "weight" not in own["reasons"]["estimated_kcal_per_min"]
    said = await ask(client, tempo_bpm=170, profile={"vo2_max": 35.0})
    assert said["recommended_speed_kmh"] < own["recommended_speed_kmh"] - 1.0


async def test_what_runners_forbade_themselves_holds_on_every_machine(
    client: httpx2.AsyncClient,
) -> None:
    await client.put("/v1/profile/runner", json={"max_speed_kmh": 5.0, "max_incline_pct": 1.0})
    found = await ask(
        client, tempo_bpm=170, device={"max_speed_kmh": 20.0, "max_incline_pct": 15.0}
    )
    assert found["recommended_speed_kmh"] == 5.0
    assert found["recommended_incline_pct"] <= 1.0


async def test_the_own_treadmill_counts_until_another_is_named(
    client: httpx2.AsyncClient, database: Database, clock: HeldClock, account_id: UUID
) -> None:
    limits = {"min_speed_kmh": 1.0, "max_speed_kmh": 6.0, "speed_step_kmh": 0.1}
    belt = Found(address="AA:BB", name="Belt", state="connected", limits=limits)
    async with database.write() as tx:
        bridge_id, _ = await add_bridge(tx, account_id, "Cellar", is_virtual=False, now=clock())
        await record(tx, bridge_id, Report(treadmill=belt), clock())
    own = await ask(client, tempo_bpm=170)
    assert own["recommended_speed_kmh"] == 6.0
    assert own["reasons"]["recommended_incline_pct"] == "This treadmill has no incline."
    named = await ask(client, tempo_bpm=170, device={"max_speed_kmh": 16, "max_incline_pct": 12})
    assert named["recommended_speed_kmh"] > 6.0


async def test_own_runs_make_a_tempo_mean_a_speed(
    client: httpx2.AsyncClient, database: Database, clock: HeldClock, account_id: UUID
) -> None:
    shelf = Shelf(database, clock, account_id)
    stranger = await ask(client, tempo_bpm=172)
    await shelf.add(run(length_s=1200, speed_mps=2.4))  # with 172 steps a minute
    known = await ask(client, tempo_bpm=172)
    assert "of your own steps" in known["reasons"]["recommended_speed_kmh"]
    off_kmh = [abs(each["recommended_speed_kmh"] - 2.4 * 3.6) for each in (stranger, known)]
    assert off_kmh[1] < off_kmh[0]


NONSENSE: list[dict[str, Any]] = [
    {},
    {"tempo_bpm": 0},
    {"tempo_bpm": "NaN"},
    {"tempo_bpm": 170, "pace": 5},
    {"tempo_bpm": 170, "profile": {"age": 3}},
    {"tempo_bpm": 170, "profile": {"fitness_level": "superb"}},
    {"tempo_bpm": 170, "device": {"max_speed_kmh": -1}},
    {"tempo_bpm": 170, "device": {"max_incline_pct": 90}},
]


async def test_nonsense_is_refused(client: httpx2.AsyncClient) -> None:
    for body in NONSENSE:
        answer = await client.post(ROUTE, json=body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
