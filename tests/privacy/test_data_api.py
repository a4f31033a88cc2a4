"""Consents, retention, the table of policies and erasure, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from beatrunner.codecs.fit import write_fit
from beatrunner.core.provenance import POLICIES
from beatrunner.db.tables import accounts, jobs
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.post import Outbox, Post
from beatrunner.privacy import data_api
from beatrunner.privacy.consents import Consents
from beatrunner.privacy.erasing import AccountEraser, Places
from beatrunner.privacy.retention import Retentions
from tests.conftest import HeldClock
from tests.library import Library
from tests.sample_files import MORNING, run
from tests.web.client import make_app, signed_in_client

GRACE = timedelta(days=14)
LAST_YEAR = MORNING.replace(year=2025)


@pytest.fixture
def outbox(clock: HeldClock) -> Outbox:
    return Outbox(clock, is_used=True)


@pytest.fixture
async def afterwards(library: Library) -> AsyncIterator[Afterwards]:
    found = Afterwards()
    yield found
    await found.close()


@pytest.fixture
def eraser(
    library: Library, outbox: Outbox, afterwards: Afterwards, tmp_path: Path
) -> AccountEraser:
    places = Places(tmp_path, library.spool, tmp_path / "exports")
    parts = library.database, library.originals, places, library.clock
    return AccountEraser(*parts, GRACE, Post(outbox, afterwards))


@pytest.fixture
def app(library: Library, eraser: AccountEraser) -> FastAPI:
    return make_app(
        library.database,
        library.clock,
        routers=[data_api.router],
        provided=[Consents(library.clock), Retentions(library.clock), eraser],
    )


@pytest.fixture
async def client(app: FastAPI, library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(app, library.account_id) as client:
        yield client


async def test_every_source_is_told_of(client: httpx2.AsyncClient, library: Library) -> None:
    await library.take_in(("run.fit", write_fit(run(LAST_YEAR))))
    sources = {x["source"]: x for x in (await client.get("/v1/privacy/policy")).json()["sources"]}
    assert sources.keys() == {source.value for source in POLICIES}
    assert sources["file"]["recordings"] == 1
    assert sources["file"]["kept_days"] is None
    strava = sources["strava_api"]
    assert (strava["kept_days"], strava["ai_may_see"], strava["combines"]) == (7, False, False)
    assert (strava["seen_by"], strava["recordings"], strava["plays"]) == ("runner", 0, 0)


async def test_consent_is_given_and_withdrawn_alike(
    client: httpx2.AsyncClient, library: Library
) -> None:
    async def given_at() -> str | None:
        (item,) = (await client.get("/v1/privacy/consents")).json()["items"]
        found: str | None = item["given_at"]
        return found

    path = "/v1/privacy/consents/heart_rate"
    assert await given_at() is not None
    for _ in range(2):
        assert (await client.delete(path)).status_code == 204
        assert await given_at() is None
    for _ in range(2):
        assert (await client.put(path, json={})).status_code == 204
    assert await given_at() is not None
    assert (await client.put("/v1/privacy/consents/shoe_size", json={})).status_code == 422
    kinds = [row.kind for row in await library.rows(select(jobs.c.kind))]
    assert kinds == ["consent.withdrawn"] * 2


async def test_retention_has_bounds_and_says_what_goes(
    client: httpx2.AsyncClient, library: Library, clock: HeldClock
) -> None:
    await library.take_in(("run.fit", write_fit(run(LAST_YEAR))))
    path = "/v1/privacy/retention"
    there = (await client.get(path)).json()
    assert (there["live_samples_days"], there["streams_days"]) == (90, None)
    assert there["streams"] == {"kept": 1, "due": 0, "next_at": None}
    for wrong in (
        {"live_samples_days": 6, "streams_days": None},
        {"live_samples_days": 366, "streams_days": None},
        {"live_samples_days": 90, "streams_days": 29},
        {"live_samples_days": 90},
        {"live_samples_days": 90, "streams_days": None, "more": 1},
    ):
        assert (await client.put(path, json=wrong)).status_code == 422, wrong
    preview = (await client.get(path, params={"streams_days": 30})).json()
    assert preview["streams"]["due"] == 1
    assert preview["streams"]["next_at"] < clock().isoformat()
    wanted = {"live_samples_days": 7, "streams_days": 36_500}
    assert (await client.put(path, json=wanted)).status_code == 204
    there = (await client.get(path)).json()
    assert (there["live_samples_days"], there["streams_days"]) == (7, 36_500)
    assert there["streams"]["due"] == 0


async def test_erasure_waits_and_can_be_taken_back(
    app: FastAPI,
    client: httpx2.AsyncClient,
    library: Library,
    eraser: AccountEraser,
    clock: HeldClock,
) -> None:
    worker = JobRunner(library.database, JobRegistry.of([eraser]), clock, "tester")
    path = "/v1/account/erasure"
    assert (await client.delete(path)).json()["type"] == "/problems/not-erasing"
    asked = await client.post(path, json={})
    assert asked.status_code == 202
    async with await signed_in_client(app, library.account_id) as back:
        again = await back.post(path, json={})
    assert again.json() == asked.json()

    clock.advance(60)
    async with await signed_in_client(app, library.account_id) as back:
        assert (await back.get(path)).json() == asked.json()
        profile = (await back.get("/v1/profile")).json()
        assert profile["erase_at"] == asked.json()["erase_at"]
        assert (await back.delete(path)).status_code == 204
    clock.advance(GRACE.total_seconds())
    await worker.run_until_idle()
    assert await library.rows(select(accounts.c.id))

    await eraser.ask(library.account_id)
    await worker.run_until_idle()
    assert await library.rows(select(accounts.c.id))
    clock.advance(GRACE.total_seconds())
    async with library.database.write() as tx:
        with pytest.raises(Exception, match="not about to be erased"):
            await eraser.take_back(tx, library.account_id)
    await worker.run_until_idle()
    assert not await library.rows(select(accounts.c.id))


async def test_asking_ends_all_sign_ins(
    app: FastAPI, client: httpx2.AsyncClient, library: Library
) -> None:
    async with await signed_in_client(app, library.account_id) as other:
        await client.post("/v1/account/erasure", json={})
        assert (await other.get("/v1/account/erasure")).status_code == 401


async def test_the_runner_is_written_to(
    library: Library,
    eraser: AccountEraser,
    outbox: Outbox,
    afterwards: Afterwards,
    clock: HeldClock,
) -> None:
    """When it is asked for, once, and when nothing is left."""
    worker = JobRunner(library.database, JobRegistry.of([eraser]), clock, "tester")
    async with library.database.write() as tx:
        await tx.execute(update(accounts).values(email="ada@example.org"))
    for _ in range(2):
        erase_at = await eraser.ask(library.account_id)
    await afterwards.settle(5)
    (asked,) = outbox.mails
    assert asked.mail.to == "ada@example.org"
    assert f"{erase_at:%Y-%m-%d at %H:%M} UTC" in asked.mail.text
    clock.advance(GRACE.total_seconds())
    await worker.run_until_idle()
    await afterwards.settle(5)
    assert [kept.mail.subject for kept in outbox.mails] == [
        "Your BeatRunner account is erased",
        "Your BeatRunner account will be erased",
    ]
