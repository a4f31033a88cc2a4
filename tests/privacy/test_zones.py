"""Zones are drawn, changed and deleted by whom they belong to, within bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from beatrunner.db.engine import Database
from beatrunner.privacy.places import api as zones_api
from beatrunner.privacy.zones import MOST_ZONES, PrivacyZones
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, signed_in_client

HOME = {"name": "Home", "latitude": 52.5, "longitude": 13.4, "radius_m": 200}
ZONES = "/v1/privacy/zones"
NOTHING: dict[str, Any] = {"items": [], "found": []}


@pytest.fixture
def app(database: Database, clock: HeldClock) -> FastAPI:
    return make_app(database, clock, routers=[zones_api.router], provided=[PrivacyZones(clock)])


@pytest.fixture
async def client(app: FastAPI, database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(app, await make_account(database)) as client:
        yield client


async def draw(client: httpx2.AsyncClient, **other: Any) -> dict[str, Any]:
    made = await client.post(ZONES, json={**HOME, **other})
    assert made.status_code == 201, made.text
    zone: dict[str, Any] = made.json()
    return zone


async def test_zones_are_drawn_changed_and_deleted(client: httpx2.AsyncClient) -> None:
    assert (await client.get(ZONES)).json() == NOTHING
    home, work = await draw(client), await draw(client, name=" Work ", radius_m=2000)
    assert home == {"id": home["id"], "is_hidden": True, **HOME}
    assert work["name"] == "Work"
    changed = await client.patch(f"{ZONES}/{home['id']}", json={"latitude": 52.6, "radius_m": 100})
    assert changed.json() == {**home, "latitude": 52.6, "radius_m": 100}
    assert (await client.patch(f"{ZONES}/{home['id']}", json={})).json() == changed.json()
    assert (await client.get(ZONES)).json() == {**NOTHING, "items": [changed.json(), work]}
    assert (await client.delete(f"{ZONES}/{home['id']}")).status_code == 204
    assert (await client.get(ZONES)).json() == {**NOTHING, "items": [work]}
    for gone in (
        await client.delete(f"{ZONES}/{home['id']}"),
        await client.patch(f"{ZONES}/{home['id']}", json={"radius_m": 100}),
    ):
        assert gone.status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"radius_m": 99},
        {"radius_m": 2001},
        {"radius_m": 200.5},
        {"radius_m": None},
        {"latitude": 90.1},
        {"latitude": None},
        {"longitude": -180.1},
        {"longitude": "east"},
        {"name": ""},
        {"name": "  "},
        {"name": "a" * 101},
        {"name": "nul\0"},
        {"name": None},
        {"is_hidden": None},
        {"account_id": "01890000-0000-7000-8000-000000000000"},
    ],
)
async def test_what_is_no_zone_is_refused(
    client: httpx2.AsyncClient, wrong: dict[str, Any]
) -> None:
    zone = await draw(client)
    drawn = await client.post(ZONES, json={**HOME, **wrong})
    changed = await client.patch(f"{ZONES}/{zone['id']}", json=wrong)
    assert (drawn.status_code, changed.status_code) == (422, 422)
    assert (await client.get(ZONES)).json() == {**NOTHING, "items": [zone]}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
async def test_numbers_that_are_none_are_refused(client: httpx2.AsyncClient, number: str) -> None:
    body = f'{{"name":"x","latitude":{number},"longitude":0,"radius_m":200}}'
    drawn = await client.post(ZONES, content=body, headers={"content-type": "application/json"})
    assert drawn.status_code == 422


async def test_zones_have_an_end(client: httpx2.AsyncClient) -> None:
    zones = [await draw(client) for _ in range(MOST_ZONES)]
    refused = await client.post(ZONES, json=HOME)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-zones")
    await client.delete(f"{ZONES}/{zones[0]['id']}")
    await draw(client)


async def test_a_stranger_sees_and_changes_none(
    client: httpx2.AsyncClient, app: FastAPI, database: Database
) -> None:
    zone = await draw(client)
    async with await signed_in_client(app, await make_account(database)) as stranger:
        assert (await stranger.get(ZONES)).json() == NOTHING
        changed = await stranger.patch(f"{ZONES}/{zone['id']}", json={"radius_m": 100})
        gone = await stranger.delete(f"{ZONES}/{zone['id']}")
        assert (changed.status_code, gone.status_code) == (404, 404)
    assert (await client.get(ZONES)).json() == {**NOTHING, "items": [zone]}
