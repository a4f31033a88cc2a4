"""What others see of a run by a link, for how long, and what they never see."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import numpy as np
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from beatrunner.codecs.fit import write_fit
from beatrunner.core.path import haversine_m
from beatrunner.db.share_tables import share_links
from beatrunner.db.tables import accounts, activities, recordings, tracks
from beatrunner.kit.settings import LogFormat
from beatrunner.sharing import api as sharing_api
from beatrunner.sharing.showing import MOST_LINKS, Sharing
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import make_app, make_client, signed_in_client
from tests.web.test_envelope import logging_to

LENGTH_S = 900
RUN = ("run.fit", write_fit(run(length_s=LENGTH_S)))
#: A song lasts for 90 m: the first and the last lie in what is hidden of any run.
MUSIC = ("music.zip", spotify_zip(plays(MORNING, 30, length_s=30)))
START, END = (52.5, 13.4), (52.5, 13.4 + (LENGTH_S - 1) * 3.0 / 67_700)


@pytest.fixture
def app(library: Library) -> FastAPI:
    sharing = Sharing(library.database, library.clock, b"the server's key")
    return make_app(
        library.database, library.clock, routers=[sharing_api.router], provided=[sharing]
    )


@pytest.fixture
async def client(library: Library, app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(app, library.account_id) as client:
        yield client


@pytest.fixture
async def visitor(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody without an account."""
    async with make_client(app, peer="203.0.113.9") as visitor:
        yield visitor


async def only_run(library: Library) -> UUID:
    ((activity_id,),) = await library.rows(select(activities.c.id))
    return UUID(str(activity_id))


async def share(client: httpx2.AsyncClient, activity_id: UUID, **words: Any) -> dict[str, Any]:
    made = await client.post("/v1/share-links", json={"activity_id": str(activity_id), **words})
    assert made.status_code == 201, made.text
    answer: dict[str, Any] = made.json()
    return answer


def address(made: dict[str, Any]) -> str:
    assert made["path"].startswith("/s/")
    token = made["path"].removeprefix("/s/")
    assert len(token) >= 32
    return f"/v1/shared/{token}"


def column(shown: dict[str, Any], name: str) -> list[float]:
    """Without the gaps."""
    encoded = shown["streams"]["columns"][name]
    deltas = [delta for delta in encoded["deltas"] if delta is not None]
    return [encoded["scale"] * value for value in np.cumsum(deltas)]


async def test_a_link_shows_the_run_without_its_ends(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN, MUSIC)
    made = await share(client, await only_run(library))
    answer = await visitor.get(address(made))
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    shown = answer.json()
    latitude, longitude = (np.array(column(shown, name)) for name in ("latitude", "longitude"))
    for end in (START, END):
        point = np.array([end[0]]), np.array([end[1]])
        assert haversine_m(latitude, longitude, *point).min() >= 100.0
    assert shown["is_clipped"]
    assert shown["elapsed_s"] == len(latitude) < LENGTH_S - 2 * 33
    assert shown["distance_m"] == pytest.approx(3.0 * (len(latitude) - 1), abs=1.0)
    assert shown["day"] == MORNING.date().isoformat()
    assert shown["started_at"] is None
    titles = {song["id"]: song["title"] for song in shown["songs"]}
    assert "Song 15" in titles.values()
    assert not {"Song 0", "Song 29"} & set(titles.values())
    assert shown["spans"][0]["start_s"] == 0
    assert shown["spans"][-1]["end_s"] == shown["streams"]["length_s"]


async def test_nothing_says_whose_it_is_or_when_it_was(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN, MUSIC)
    activity_id = await only_run(library)
    text = (await visitor.get(address(await share(client, activity_id)))).text
    ids = [activity_id, library.account_id]
    ids += [row.id for row in await library.rows(select(tracks.c.id))]
    ids += [row.id for row in await library.rows(select(recordings.c.id))]
    for secret in (*ids, "run.fit", MORNING.isoformat()[:16], 'heart_rate_bpm":{', '"laps"'):
        assert str(secret) not in text, secret
    assert json.loads(text)["mean_heart_rate_bpm"] is None
    assert all(span["heart_rate_bpm"] is None for span in json.loads(text)["spans"])


async def test_time_and_heart_are_shown_when_chosen(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    chosen = {"shows_time": True, "shows_heart_rate": True}
    activity_id = await only_run(library)
    shown = (await visitor.get(address(await share(client, activity_id, **chosen)))).json()
    # What is cut off before it is not told by its time either.
    hidden_s = round((column(shown, "longitude")[0] - 13.4) * 67_700 / 3.0)
    began = (MORNING + timedelta(seconds=hidden_s)).replace(second=0)
    assert hidden_s > 33
    assert shown["started_at"] == began.isoformat().replace("+00:00", "Z")
    assert 120 <= shown["mean_heart_rate_bpm"] <= 160
    assert len(column(shown, "heart_rate_bpm")) == shown["elapsed_s"]
    seen = await client.get(f"/v1/activities/{activity_id}/shared-view", params=chosen)
    assert seen.json() == shown


async def test_withdrawn_is_withdrawn_at_once(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient, clock: HeldClock
) -> None:
    await library.take_in(RUN)
    activity_id = await only_run(library)
    first, second = await share(client, activity_id), await share(client, activity_id)
    clock.advance(60)
    await visitor.get(address(first))
    await visitor.get(address(first))
    listed = (await client.get("/v1/share-links", params={"activity_id": str(activity_id)})).json()
    assert [link["opened_count"] for link in listed["items"]] == [0, 2]
    assert listed["items"][1]["last_opened_at"] == "2026-03-01T06:31:00Z"
    assert address(first) not in json.dumps(listed)
    gone = await client.delete(f"/v1/share-links/{first['link']['id']}")
    assert gone.status_code == 204
    refused = await visitor.get(address(first))
    assert refused.status_code == 404
    assert refused.json()["type"] == "/problems/link-gone"
    assert (await visitor.get(address(second))).status_code == 200


async def test_a_link_runs_out(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient, clock: HeldClock
) -> None:
    await library.take_in(RUN)
    activity_id = await only_run(library)
    week = await share(client, activity_id, expires_in_days=7)
    forever = await share(client, activity_id)
    clock.advance(timedelta(days=7).total_seconds() - 1)
    assert (await visitor.get(address(week))).status_code == 200
    clock.advance(1)
    assert (await visitor.get(address(week))).status_code == 404
    assert (await visitor.get(address(forever))).status_code == 200
    async with await signed_in_client(client._transport.app, library.account_id) as later:  # type: ignore[attr-defined]
        (only,) = (await later.get("/v1/share-links")).json()["items"]
    assert only["id"] == forever["link"]["id"]


@pytest.mark.parametrize("source", ["strava_api", "spotify_api"])
async def test_what_only_the_runner_may_see_is_not_shared(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient, source: str
) -> None:
    await library.take_in(RUN)
    activity_id = await only_run(library)
    before = await share(client, activity_id)
    async with library.database.write() as tx:
        await tx.execute(update(recordings).values(provenance=source))
    refused = await client.post("/v1/share-links", json={"activity_id": str(activity_id)})
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/only-for-you"
    seen = await client.get(f"/v1/activities/{activity_id}/shared-view")
    assert seen.json()["type"] == "/problems/only-for-you"
    # Nor by a link from before, when it may have been another run.
    assert (await visitor.get(address(before))).status_code == 404


async def test_a_run_about_the_house_has_nothing_to_show(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(("short.fit", write_fit(run(length_s=150))))
    refused = await client.post(
        "/v1/share-links", json={"activity_id": str(await only_run(library))}
    )
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/nothing-to-show"


async def test_strangers_share_and_withdraw_nothing(
    library: Library, client: httpx2.AsyncClient, app: FastAPI
) -> None:
    await library.take_in(RUN)
    activity_id = await only_run(library)
    made = await share(client, activity_id)
    stranger_id = await make_account(library.database)
    async with await signed_in_client(app, stranger_id) as stranger:
        body = {"activity_id": str(activity_id)}
        assert (await stranger.post("/v1/share-links", json=body)).status_code == 404
        withdrawn = await stranger.delete(f"/v1/share-links/{made['link']['id']}")
        assert withdrawn.status_code == 404
        assert (await stranger.get("/v1/share-links")).json() == {"items": []}


async def test_a_deleted_run_takes_its_links_along(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    made = await share(client, await only_run(library))
    async with library.database.write() as tx:
        await tx.execute(activities.delete())
    assert (await visitor.get(address(made))).status_code == 404
    assert await library.rows(select(share_links)) == []


@pytest.mark.parametrize("ending", ["disabled_at", "erase_at"])
async def test_nothing_is_shown_of_who_is_closed_out_or_about_to_leave(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient, ending: str
) -> None:
    await library.take_in(RUN)
    run_id = await only_run(library)
    link = address(await share(client, run_id))
    public = f"/v1/public/activities/{run_id}"
    async with library.database.write() as tx:
        await tx.execute(update(activities).values(visibility="public"))

    async def shown() -> list[int]:
        return [(await visitor.get(path)).status_code for path in (link, public)]

    for at, seen in ((library.clock(), [404, 404]), (None, [200, 200])):
        async with library.database.write() as tx:
            await tx.execute(update(accounts).values({ending: at}))
        assert await shown() == seen


async def test_links_have_an_end(
    library: Library, client: httpx2.AsyncClient, clock: HeldClock
) -> None:
    await library.take_in(RUN)
    activity_id = await only_run(library)
    made = await share(client, activity_id)
    (row,) = await library.rows(select(share_links))
    async with library.database.write() as tx:
        for number in range(MOST_LINKS - 1):
            copy = {**row._mapping, "id": UUID(int=number), "token_hash": f"{number:064}"}
            await tx.execute(share_links.insert().values(**copy))
    refused = await client.post("/v1/share-links", json={"activity_id": str(activity_id)})
    assert refused.json()["type"] == "/problems/too-many-links"
    await client.delete(f"/v1/share-links/{made['link']['id']}")
    await share(client, activity_id)


@pytest.mark.parametrize("token", ["x", "a" * 32, "%00", "ü", "..%2F..", "a" * 100])
async def test_guesses_open_nothing(visitor: httpx2.AsyncClient, token: str) -> None:
    assert (await visitor.get(f"/v1/shared/{token}")).status_code == 404


async def test_a_token_is_neither_stored_nor_logged(
    library: Library, client: httpx2.AsyncClient, visitor: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    logged = io.StringIO()
    with logging_to(logged, LogFormat.JSON):
        made = await share(client, await only_run(library))
        await visitor.get(address(made))
        await visitor.get(made["path"])
    token = made["path"].removeprefix("/s/")
    assert '"/v1/shared/' in logged.getvalue()
    assert token not in logged.getvalue()
    (row,) = await library.rows(select(share_links))
    assert token not in repr(row)
