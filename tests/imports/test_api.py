from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.db.tables import import_files
from beatrunner.imports.watch_store import (
    SeenFile,
    upsert_watched_files,
    upsert_watched_folder,
)
from beatrunner.kit.settings import Settings
from tests.conftest import make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip, zipped
from tests.web.client import make_client, signed_in_client

FIT = write_fit(run())


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def hand_in(client: httpx2.AsyncClient, *files: tuple[str, bytes]) -> dict[str, Any]:
    answer = await client.post(
        "/v1/activities/imports", files=[("files", (name, data)) for name, data in files]
    )
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_files_are_handed_in_and_followed(
    library: Library, client: httpx2.AsyncClient
) -> None:
    handed_in = await hand_in(
        client, ("runs/a.fit", FIT), ("music.zip", spotify_zip(plays(MORNING, 3)))
    )
    assert handed_in["state"] == "queued"
    assert (handed_in["files_total"], handed_in["files_done"]) == (2, 0)
    await library.worker.run_until_idle()
    done = (await client.get(f"/v1/imports/{handed_in['id']}")).json()
    assert done == {
        **handed_in,
        "state": "done",
        "finished_at": "2026-03-01T06:30:00Z",
        "files_done": 2,
        "imported": 2,
        "activities_added": 1,
        "listens_added": 3,
    }
    listed = (await client.get("/v1/imports")).json()
    assert listed == {"items": [done], "next_cursor": None}


async def test_the_other_door_takes_the_same(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/v1/music/imports", files=[("files", ("a.fit", FIT))])
    assert answer.status_code == 202


async def test_events_tell_the_progress_until_it_is_done(
    library: Library, client: httpx2.AsyncClient
) -> None:
    handed_in = await hand_in(client, ("a.fit", FIT), ("bad.fit", b"no"))

    async def work() -> None:
        await asyncio.sleep(0.1)
        await library.worker.run_until_idle()

    working = asyncio.create_task(work())
    answer = await client.get(f"/v1/imports/{handed_in['id']}/events")
    await working
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    events = [event.split("\ndata: ") for event in answer.text.strip().split("\n\n")]
    assert [name for name, _ in events][-1] == "event: done"
    assert {name for name, _ in events[:-1]} == {"event: progress"}
    assert json.loads(events[0][1]) == handed_in
    last = json.loads(events[-1][1])
    assert last == (await client.get(f"/v1/imports/{handed_in['id']}")).json()
    assert (last["state"], last["imported"], last["refused"]) == ("done", 1, 1)


async def test_files_are_listed_by_page_and_outcome(
    library: Library, client: httpx2.AsyncClient
) -> None:
    files = {f"{day:02}.fit": write_fit(run(MORNING.replace(day=day))) for day in range(1, 6)}
    files["notes.xyz"] = b"?"
    handed_in = await hand_in(client, ("a.zip", zipped(files)))
    await library.worker.run_until_idle()
    address = f"/v1/imports/{handed_in['id']}/files"
    paths: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({} if cursor is None else {"cursor": cursor})
        page = (await client.get(address, params=params)).json()
        paths += [file["path"] for file in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert paths == [f"a.zip/{name}" for name in files]
    (refused,) = (await client.get(address, params={"outcome": "refused"})).json()["items"]
    assert (refused["kind"], refused["reason"]) == ("unknown", "unknown_kind")
    assert refused["message"] == "Not a run or a listening history that BeatRunner can read."
    (first, *_) = (await client.get(address, params={"outcome": "imported"})).json()["items"]
    activity = await client.get(f"/v1/activities/{first['activity_ids'][0]}")
    assert activity.json()["recordings"][0]["file_name"] == "01.fit"


async def test_imports_are_listed_newest_first_by_page(client: httpx2.AsyncClient) -> None:
    ids = [(await hand_in(client, ("a.fit", FIT)))["id"] for _ in range(3)]
    first = (await client.get("/v1/imports", params={"limit": 2})).json()
    second = (
        await client.get("/v1/imports", params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_an_upload_says_how_long_it_is(client: httpx2.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"--x\r\n"

    answer = await client.post("/v1/activities/imports", content=endless())
    assert answer.json()["type"] == "/problems/length-required"


async def test_an_upload_has_bounds(library: Library) -> None:
    settings = Settings(max_upload_bytes=1000, max_files_per_upload=2)
    client = await signed_in_client(library.app(settings), library.account_id)
    too_large = await client.post(
        "/v1/activities/imports", files=[("files", ("a.fit", bytes(1000)))]
    )
    assert (too_large.status_code, too_large.json()["type"]) == (413, "/problems/too-large")
    too_many = await client.post(
        "/v1/activities/imports", files=[("files", ("a", b"1")) for _ in range(3)]
    )
    assert too_many.status_code == 400
    assert await library.rows(select(import_files)) == []


async def test_what_holds_no_file_is_refused(library: Library, client: httpx2.AsyncClient) -> None:
    for content_type, body in [
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n"),
        ("multipart/form-data", b"abc"),
        ("application/json", b"{}"),
    ]:
        answer = await client.post(
            "/v1/activities/imports", content=body, headers={"Content-Type": content_type}
        )
        assert answer.status_code in {400, 422}, (content_type, body)
        assert answer.headers["content-type"] == "application/problem+json"
    assert await library.rows(select(import_files)) == []


async def test_another_accounts_import_is_not_there(
    library: Library, client: httpx2.AsyncClient
) -> None:
    handed_in = await hand_in(client, ("a.fit", FIT))
    stranger_id = await make_account(library.database)
    async with await signed_in_client(library.app(), stranger_id) as stranger:
        for ending in ("", "/files", "/events"):
            for import_id in (handed_in["id"], uuid4()):
                answer = await stranger.get(f"/v1/imports/{import_id}{ending}")
                assert answer.status_code == 404
        assert (await stranger.get("/v1/imports")).json()["items"] == []


async def test_nobody_hands_anything_in(library: Library) -> None:
    async with make_client(library.app()) as nobody:
        answer = await nobody.post("/v1/activities/imports", files=[("files", ("a", b"1"))])
        assert answer.status_code == 401


async def test_nothing_is_watched_unless_a_folder_is_set(
    library: Library, client: httpx2.AsyncClient
) -> None:
    assert (await client.get("/v1/imports/watched")).json() is None


async def test_the_page_is_told_what_is_watched_and_what_came_last(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "watched"
    now = library.clock()
    owner, other = library.account_id, await make_account(library.database)
    async with library.database.write() as tx:
        await upsert_watched_folder(tx, owner, str(folder), is_there=True, now=now)
        await upsert_watched_files(tx, owner, [SeenFile("2026/a.fit", 1, 1)], now)
    settings = Settings(watched_folder=folder)
    async with await signed_in_client(library.app(settings), owner) as client:
        assert (await client.get("/v1/imports/watched")).json() == {
            "folder": str(folder),
            "is_there": True,
            "looked_at": "2026-03-01T06:30:00Z",
            "files_total": 1,
            "last_path": "2026/a.fit",
            "last_handed_in_at": "2026-03-01T06:30:00Z",
        }
    async with await signed_in_client(library.app(settings), other) as client:
        assert (await client.get("/v1/imports/watched")).json() is None
    async with await signed_in_client(library.app(Settings()), owner) as client:
        assert (await client.get("/v1/imports/watched")).json() is None
