from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from beatrunner.codecs.live import Found, Report
from beatrunner.db.engine import Database
from beatrunner.devices import api as devices_api
from beatrunner.devices.build import build_devices
from beatrunner.devices.reports import record
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock
from tests.devices.calibration_file import CALIBRATION
from tests.web.client import RING, make_app, make_client, signed_in_client

FOUND = Report(
    treadmill=Found(address="AA:BB", name="Belt", state="connected"),
    heart=Found(address="CC:DD", name="Strap", state="connected"),
)


@pytest.fixture
def app(database: Database, clock: HeldClock) -> FastAPI:
    made = build_devices(Settings(), database, clock, RING)
    provided = [made.pairing, made.device_list, made.calibrations]
    return make_app(database, clock, routers=[devices_api.router], provided=provided)


@pytest.fixture
async def client(app: FastAPI, account_id: UUID) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(app, account_id) as client:
        yield client


async def pair(app: FastAPI, client: httpx2.AsyncClient) -> str:
    """A bridge, as its own program joins."""
    code = (await client.post("/v1/devices/pairing-codes", json={})).json()["code"]
    async with make_client(app, peer="192.0.2.7") as stranger:
        paired = await stranger.post("/v1/devices/bridges", json={"code": code, "name": "Cellar"})
    assert paired.status_code == 201, paired.text
    assert paired.headers["cache-control"] == "no-store"
    return str(paired.json()["bridge_id"])


async def things(client: httpx2.AsyncClient) -> dict[str, Any]:
    return {item["name"]: item for item in (await client.get("/v1/devices")).json()["items"]}


async def seen(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> dict[str, Any]:
    bridge_id = await pair(app, client)
    async with database.write() as tx:
        await record(tx, UUID(bridge_id), FOUND, clock())
    return await things(client)


async def test_a_bridge_joins_by_a_code(app: FastAPI, client: httpx2.AsyncClient) -> None:
    assert await things(client) == {}
    bridge_id = await pair(app, client)
    assert (await things(client))["Cellar"]["id"] == bridge_id


@pytest.mark.parametrize("code", ["", "2345-6789", "é" * 8, "x" * 21, "\0"])
async def test_a_made_up_code_is_refused(app: FastAPI, code: str) -> None:
    async with make_client(app) as stranger:
        refused = await stranger.post("/v1/devices/bridges", json={"code": code, "name": "Cellar"})
    assert refused.status_code in {403, 422}, refused.text
    assert refused.json()["type"] in {"/problems/wrong-pairing-code", "/problems/validation"}


async def test_a_device_is_renamed(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    belt = (await seen(app, client, database, clock))["Belt"]
    renamed = await client.patch(f"/v1/devices/{belt['id']}", json={"name": " My belt "})
    assert renamed.json() == {**belt, "name": "My belt"}
    for name in ("", " ", "x" * 101, "\0"):
        refused = await client.patch(f"/v1/devices/{belt['id']}", json={"name": name})
        assert refused.status_code == 422


async def test_a_calibration_is_shared(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    belt = (await seen(app, client, database, clock))["Belt"]
    path = f"/v1/devices/{belt['id']}/calibration"
    assert (await client.get(path)).status_code == 404
    put = await client.put(path, json=CALIBRATION)
    assert (put.status_code, put.json()) == (200, CALIBRATION)
    assert (await client.get(path)).json() == CALIBRATION
    after = (await things(client))["Belt"]
    assert after["calibration"] == CALIBRATION
    assert after["calibrated_at"] == "2026-03-01T06:30:00Z"
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    assert (await things(client))["Belt"] == belt
    assert (await client.delete(path)).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"lag_s": -1},
        {"ramp_up_kmh_s": 0},
        {"overshoot_kmh": 60},
        {"treadmill": ""},
        {"treadmill": "\0"},
        {"form": "recipe"},
        {"version": 2},
        {"weight": 3},
        {"is_honest": None},
    ],
)
async def test_what_is_no_calibration_is_refused(
    app: FastAPI,
    client: httpx2.AsyncClient,
    database: Database,
    clock: HeldClock,
    change: dict[str, Any],
) -> None:
    belt = (await seen(app, client, database, clock))["Belt"]
    path = f"/v1/devices/{belt['id']}/calibration"
    refused = await client.put(path, json={**CALIBRATION, **change})
    assert refused.status_code == 422, refused.text
    assert (await client.get(path)).status_code == 404


async def test_only_a_treadmill_has_a_calibration(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    found = await seen(app, client, database, clock)
    for name in ("Strap", "Cellar"):
        path = f"/v1/devices/{found[name]['id']}/calibration"
        assert (await client.put(path, json=CALIBRATION)).status_code == 422
    assert (
        await client.put(f"/v1/devices/{new_id()}/calibration", json=CALIBRATION)
    ).status_code == 404


async def test_the_log_tells_of_bridges_that_come_and_go(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    found = await seen(app, client, database, clock)
    for name in ("Belt", "Cellar"):
        await client.delete(f"/v1/devices/{found[name]['id']}")
    *log, _signed_in = (await client.get("/v1/account/security-events")).json()["items"]
    # The latest first. A treadmill opens nothing.
    assert [(item["kind"], item["network"], item["detail"]) for item in log] == [
        ("bridge_withdrawn", "127.0.0.0/24", {"name": "Cellar"}),
        ("bridge_paired", "192.0.2.0/24", {"name": "Cellar"}),
    ]


async def test_what_is_removed_is_gone(
    app: FastAPI, client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    found = await seen(app, client, database, clock)
    assert (await client.delete(f"/v1/devices/{found['Strap']['id']}")).status_code == 204
    assert (await things(client)).keys() == {"Cellar", "Belt"}
    bridge = f"/v1/devices/{found['Cellar']['id']}"
    assert (await client.delete(bridge)).status_code == 204
    assert await things(client) == {}
    assert (await client.delete(bridge)).status_code == 404
