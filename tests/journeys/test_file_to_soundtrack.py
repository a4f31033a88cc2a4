"""From dropped files to a coloured run: the real application, a real worker, both databases."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.tcx import write_tcx
from beatrunner.jobs.runner import RunnerPolicy
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import build_server, build_worker
from tests.identity.mails import code_in
from tests.sample_files import MORNING, plays, run, spotify_zip, strava_table, zipped
from tests.web.client import make_client

TREADMILL = run(MORNING + timedelta(days=2), sport="treadmill_run", is_indoor=True, length_s=240)
STRAVA = zipped(
    {
        "activities.csv": strava_table(
            {"activities/1.fit.gz": "Round the lake", "activities/2.tcx": "Hills"}
        ),
        "activities/1.fit.gz": gzip.compress(write_fit(run(length_s=300))),
        "activities/2.tcx": write_tcx(run(MORNING + timedelta(days=1))),
        "activities/3.gpx": write_gpx(run(MORNING + timedelta(days=9))),
        "activities/4.fit": write_fit(TREADMILL),
        "media/lake.jpg": b"\xff\xd8\xff" + bytes(100),
    }
)
SPOTIFY = spotify_zip(
    plays(MORNING - timedelta(seconds=30), 4) + plays(TREADMILL.started_at, 2, length_s=100)
)
FILES = [("files", ("export_1.zip", STRAVA)), ("files", ("my_spotify_data.zip", SPOTIFY))]


@pytest.fixture
async def nobody(database_address: str, tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor of the whole product, with a worker at work."""
    settings = Settings(data_dir=tmp_path, database_url=database_address, parser_processes=1)
    server = build_server(settings)
    worker = build_worker(settings, policy=RunnerPolicy(idle_s=0.02))
    stop = asyncio.Event()
    working = asyncio.create_task(worker.runner.run_until(stop))
    async with make_client(create_app(server.routers, server.provided, settings)) as client:
        yield client
    stop.set()
    await working
    worker.pool.close()
    await worker.database.close()
    await server.database.close()


async def get(client: httpx2.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def hand_in_and_follow(client: httpx2.AsyncClient) -> dict[str, Any]:
    """The last event of the import of both archives at once."""
    answer = await client.post("/v1/activities/imports", files=FILES)
    assert answer.status_code == 202
    async with asyncio.timeout(60):
        events = await client.get(f"/v1/imports/{answer.json()['id']}/events")
    name, data = events.text.strip().split("\n\n")[-1].split("\n")
    assert name == "event: done"
    done: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return done


async def everything(client: httpx2.AsyncClient) -> list[Any]:
    runs = (await get(client, "/v1/activities", kind="all"))["items"]
    paths = ["activities/{}", "activities/{}/streams", "soundtracks/{}"]
    addresses = [f"/v1/{path.format(shown['id'])}" for shown in runs for path in paths]
    return [runs, *[await get(client, address) for address in ("/v1/home", *addresses)]]


async def this_computer(client: httpx2.AsyncClient) -> str:
    answer = await client.post("/v1/auth/this-computer", json={})
    return str(answer.json()["access_token"])


async def by_password(client: httpx2.AsyncClient) -> str:
    own = {"email": "mia@example.org", "password": "a good long password"}
    asked = await client.post("/v1/auth/register", json={**own, "display_name": "Mia"})
    # It leaves after the answer.
    async with asyncio.timeout(10):
        while not (mails := (await get(client, "/v1/outbox"))["mails"]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    told = {**asked.json(), "code": code_in(mails[0]["text"])}
    del told["expires_at"]
    assert (await client.post("/v1/auth/register/verify", json=told)).status_code == 200
    answer = await client.post("/v1/auth/sign-in", json=own)
    return str(answer.json()["access_token"])


@pytest.mark.parametrize("sign_in", [this_computer, by_password])
async def test_from_files_to_a_coloured_run(nobody: httpx2.AsyncClient, sign_in: Any) -> None:
    client = nobody
    client.headers["Authorization"] = f"Bearer {await sign_in(client)}"
    done = await hand_in_and_follow(client)
    assert (done["state"], done["files_total"], done["files_done"]) == ("done", 7, 7)
    assert (done["imported"], done["skipped"], done["refused"]) == (5, 2, 0)
    assert (done["activities_added"], done["listens_added"]) == (4, 6)

    listed = await get(client, "/v1/activities", sort="started_at", order="asc")
    assert [(shown["name"], shown["track_count"]) for shown in listed["items"]] == [
        ("Round the lake", 4),
        ("Hills", 0),
        ("Morning treadmill run", 2),
        ("Morning run", 0),
    ]
    lake = listed["items"][0]
    assert lake["thumbnail"]
    opened = await get(client, f"/v1/activities/{lake['id']}")
    assert (opened["gear_name"], opened["recordings"][0]["provenance"]) == (
        "Old shoes",
        "strava_export",
    )
    soundtrack = await get(client, f"/v1/soundtracks/{lake['id']}")
    spans = [(span["start_s"], span["end_s"]) for span in soundtrack["spans"]]
    assert spans == [(0, 30), (30, 90), (90, 150), (150, 210), (210, 300)]
    home = await get(client, "/v1/home", time_zone="Europe/Berlin")
    assert (home["activities"], home["activities_with_music"], home["listens"]) == (4, 2, 6)
    assert home["top_tracks"][0]["runs"] == 2

    before = await everything(client)
    again = await hand_in_and_follow(client)
    assert (again["imported"], again["already_there"]) == (0, 5)
    assert await everything(client) == before


# On SQLite `tests/cli` imports the same files.
@pytest.mark.parametrize("database_address", ["postgresql"], indirect=True)
async def test_the_demo_runner_has_a_history(nobody: httpx2.AsyncClient) -> None:
    session = (await nobody.post("/v1/auth/demo", json={})).json()
    nobody.headers["Authorization"] = f"Bearer {session['access_token']}"
    async with asyncio.timeout(120):
        await nobody.get(f"/v1/imports/{session['import_id']}/events")
    home = await get(nobody, "/v1/home")
    assert home["activities"] > 40
    assert home["activities_with_music"] > 30
    assert len(home["top_tracks"]) == 10
    assert (await nobody.post("/v1/auth/demo", json={})).json()["import_id"] is None
