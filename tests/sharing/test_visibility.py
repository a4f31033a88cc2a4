"""A run is private until its runner makes it public; zones count at once, and for every channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from beatrunner.activities import api as activities_api
from beatrunner.activities.arranging import RunArranger
from beatrunner.codecs.fit import write_fit
from beatrunner.core.path import haversine_m
from beatrunner.db.tables import activities, recordings
from beatrunner.privacy.places import api as zones_api
from beatrunner.privacy.zones import PrivacyZones
from beatrunner.sharing import api as sharing_api
from beatrunner.sharing.showing import Sharing
from tests.conftest import make_account
from tests.library import Library
from tests.sample_files import MORNING, run
from tests.sharing.test_api import column, share
from tests.web.client import make_app, make_client, signed_in_client

LENGTH_S = 1800
RUN = ("run.fit", write_fit(run(length_s=LENGTH_S)))
#: Half way of a run to the east.
MIDDLE = (52.5, 13.4 + LENGTH_S / 2 * 3.0 / 67_700)
START = (52.5, 13.4)
NEXT_DAY = MORNING + timedelta(days=1)
ZONES = "/v1/privacy/zones"
ZONE = {"name": "A friend", "latitude": MIDDLE[0], "longitude": MIDDLE[1], "radius_m": 150}


@pytest.fixture
def app(library: Library) -> FastAPI:
    clock = library.clock
    sharing = Sharing(library.database, clock, b"the server's key")
    return make_app(
        library.database,
        clock,
        routers=[sharing_api.router, zones_api.router, activities_api.router],
        provided=[sharing, PrivacyZones(clock), RunArranger(clock)],
    )


@pytest.fixture
async def client(library: Library, app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(app, library.account_id) as client:
        yield client


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with make_client(app, peer="203.0.113.9") as visitor:
        yield visitor


async def take_in(library: Library) -> UUID:
    await library.take_in(RUN)
    ((activity_id,),) = await library.rows(select(activities.c.id))
    return UUID(str(activity_id))


async def make(client: httpx2.AsyncClient, activity_id: UUID, visibility: Any) -> httpx2.Response:
    return await client.patch(f"/v1/activities/{activity_id}", json={"visibility": visibility})


async def status_of(visitor: httpx2.AsyncClient, activity_id: UUID) -> int:
    return (await visitor.get(f"/v1/public/activities/{activity_id}")).status_code


def nearest_m(shown: dict[str, Any], at: tuple[float, float]) -> float:
    latitude, longitude = (np.array(column(shown, name)) for name in ("latitude", "longitude"))
    away_m = haversine_m(latitude, longitude, np.array([at[0]]), np.array([at[1]]))
    return float(away_m.min())


async def test_a_run_is_private_until_it_is_made_public_and_after(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    assert (await client.get(f"/v1/activities/{activity_id}")).json()["visibility"] == "private"
    assert await status_of(visitor, activity_id) == 404
    assert await status_of(client, activity_id) == 404  # the address is the visitors'
    assert (await make(client, activity_id, "public")).json()["visibility"] == "public"
    answer = await visitor.get(f"/v1/public/activities/{activity_id}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    seen = await client.get(f"/v1/activities/{activity_id}/shared-view")
    assert answer.json() == seen.json()
    assert answer.json()["started_at"] is None
    assert answer.json()["mean_heart_rate_bpm"] is None
    assert (await make(client, activity_id, "private")).status_code == 200
    refused = await visitor.get(f"/v1/public/activities/{activity_id}")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-public")


@pytest.mark.parametrize("wrong", ["friends", "", None, 1])
async def test_there_is_no_other_visibility(
    library: Library, client: httpx2.AsyncClient, wrong: Any
) -> None:
    activity_id = await take_in(library)
    assert (await make(client, activity_id, wrong)).status_code == 422


async def test_strangers_make_nothing_public(
    library: Library, client: httpx2.AsyncClient, app: FastAPI, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    async with await signed_in_client(app, await make_account(library.database)) as stranger:
        assert (await make(stranger, activity_id, "public")).status_code == 404
    assert (await make(visitor, activity_id, "public")).status_code == 401
    assert await status_of(visitor, activity_id) == 404


async def test_what_only_the_runner_may_see_never_is_public(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    await make(client, activity_id, "public")
    async with library.database.write() as tx:
        await tx.execute(update(recordings).values(provenance="strava_api"))
    assert await status_of(visitor, activity_id) == 404
    await make(client, activity_id, "private")
    refused = await make(client, activity_id, "public")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/only-for-you")


async def test_a_zone_hides_from_links_and_public_runs_at_once(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    await make(client, activity_id, "public")
    token = (await share(client, activity_id))["path"].removeprefix("/s/")
    channels = (
        (visitor, f"/v1/shared/{token}"),
        (visitor, f"/v1/public/activities/{activity_id}"),
        (client, f"/v1/activities/{activity_id}/shared-view"),
    )

    async def nearest() -> set[float]:
        return {nearest_m((await who.get(path)).json(), MIDDLE) for who, path in channels}

    assert max(await nearest()) < 3.0
    zone = (await client.post(ZONES, json=ZONE)).json()
    (first_m,) = await nearest()
    assert first_m > 250.0
    where = f"{ZONES}/{zone['id']}"
    await client.patch(where, json={"radius_m": 800})
    (second_m,) = await nearest()
    assert second_m > first_m + 600.0
    await client.delete(where)
    assert max(await nearest()) < 3.0


async def test_where_two_runs_start_is_hidden_until_the_runner_wants_otherwise(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    await make(client, activity_id, "public")
    channels = (
        (visitor, f"/v1/public/activities/{activity_id}"),
        (client, f"/v1/activities/{activity_id}/shared-view"),
    )

    async def nearest_m_of_start() -> float:
        (found_m,) = {nearest_m((await who.get(path)).json(), START) for who, path in channels}
        return found_m

    alone_m = await nearest_m_of_start()
    assert (await client.get(ZONES)).json()["found"] == []
    await library.take_in(("next.fit", write_fit(run(NEXT_DAY, length_s=LENGTH_S))))
    hidden_m = await nearest_m_of_start()
    # Accounts and runs draw how much: the most for an end is more than the least for a place.
    assert 100.0 <= alone_m <= 600.0
    assert hidden_m >= 300.0
    assert hidden_m != alone_m
    start, end = sorted((await client.get(ZONES)).json()["found"], key=itemgetter("longitude"))
    assert start == {"latitude": 52.5, "longitude": 13.4, "radius_m": 200, "runs": 2}
    place = {**start, "name": "The park", "is_hidden": False}
    del place["runs"]
    shown = await client.post(ZONES, json=place)
    assert shown.status_code == 201
    assert (await client.get(ZONES)).json() == {"items": [shown.json()], "found": [end]}
    assert await nearest_m_of_start() == alone_m
    await client.delete(f"{ZONES}/{shown.json()['id']}")
    assert await nearest_m_of_start() == hidden_m


async def test_anothers_runs_hide_nothing_of_mine(
    library: Library, client: httpx2.AsyncClient, app: FastAPI
) -> None:
    await library.take_in(RUN, ("next.fit", write_fit(run(NEXT_DAY, length_s=LENGTH_S))))
    assert len((await client.get(ZONES)).json()["found"]) == 2
    async with await signed_in_client(app, await make_account(library.database)) as other:
        assert (await other.get(ZONES)).json() == {"items": [], "found": []}


async def test_anothers_zone_hides_nothing_of_mine(
    library: Library, client: httpx2.AsyncClient, app: FastAPI
) -> None:
    activity_id = await take_in(library)
    async with await signed_in_client(app, await make_account(library.database)) as other:
        await other.post(ZONES, json=ZONE)
    shown = (await client.get(f"/v1/activities/{activity_id}/shared-view")).json()
    assert nearest_m(shown, MIDDLE) < 3.0


async def test_a_run_within_a_zone_is_not_there_for_others(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    activity_id = await take_in(library)
    await make(client, activity_id, "public")
    # At its start, half way and where it ends: each reaches the next.
    for longitude in (13.4, MIDDLE[1], 2 * MIDDLE[1] - 13.4):
        zone = {**ZONE, "longitude": longitude, "radius_m": 2000}
        await client.post(ZONES, json=zone)
    assert await status_of(visitor, activity_id) == 404
    seen = await client.get(f"/v1/activities/{activity_id}/shared-view")
    assert seen.json()["type"] == "/problems/nothing-to-show"
