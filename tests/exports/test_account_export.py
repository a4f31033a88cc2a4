"""The road of a whole account: asked for, written, downloaded, dropped at the door, gone."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.accounts.sign_ins import FRESH
from beatrunner.codecs.account_export import MANIFEST
from beatrunner.codecs.fit import read_fit, write_fit
from beatrunner.codecs.listenbrainz_export import read_listenbrainz
from beatrunner.db.export_tables import account_exports
from beatrunner.db.tables import activities, music_events, spans
from beatrunner.exports.account_export import KEPT_FOR
from tests.accounts.access.test_api import kinds
from tests.conftest import HeldClock, make_account
from tests.exports.desk import Desk, asked, downloaded, library_of, listed
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip

RUN = ("run.fit", write_fit(run(length_s=300)))
MUSIC = ("music.zip", spotify_zip(plays(MORNING - timedelta(seconds=30), 4)))


@pytest.fixture
async def desk(library: Library, clock: HeldClock, tmp_path: Path) -> Desk:
    own = library_of(library, library.account_id, tmp_path)
    return Desk(own, clock, tmp_path)


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx2.AsyncClient]:
    async with await desk.client(desk.library.account_id) as client:
        yield client


async def songs_by_second(library: Library) -> list[tuple[int, int, bool]]:
    rows = await library.rows(
        select(spans).where(spans.c.account_id == library.account_id).order_by(spans.c.start_s)
    )
    return [(row.start_s, row.end_s, row.track_id is not None) for row in rows]


async def test_an_account_leaves_and_comes_back_in_another(
    desk: Desk, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await desk.take_in(RUN, MUSIC)
    waiting = await asked(client)
    assert waiting["state"] == "queued"
    await desk.worker.run_until_idle()
    (done,) = await listed(client)
    assert (done["state"], done["items_done"]) == ("done", done["items_total"])
    archive = await downloaded(client, done)
    assert done["size_bytes"] == len(archive)

    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        names = opened.namelist()
        (fit,) = [name for name in names if name.startswith("runs/")]
        assert len(read_fit(opened.read(fit))[0].sample_s) == 300
        assert len(read_listenbrainz(opened.read("listens.jsonl")).listens) == 4
        assert opened.read("songs.csv").decode().count("Song") == 4
        (original,) = [name for name in names if name.startswith("originals/")]
        assert opened.read(original) == RUN[1]
        assert {"README.txt", MANIFEST} <= set(names)
        assert b'"kind":"heart_rate"' in opened.read("held/consents.jsonl")
        assert b'"path":"run.fit"' in opened.read("held/import_files.jsonl")

    other_id = await make_account(desk.library.database)
    other = Desk(library_of(desk.library, other_id, tmp_path / "other"), desk.clock, tmp_path)
    batch_id = await other.take_in(("beatrunner.zip", archive))
    batch = await other.library.batch(batch_id)
    assert (batch.activities_added, batch.listens_added, batch.refused) == (1, 4, 0)
    assert await songs_by_second(other.library) == await songs_by_second(desk.library)
    sha256 = Path(original).stem
    assert other.library.originals.get(sha256) == RUN[1]
    # What came can be told, and undone, as one import.
    rows = await other.library.rows(
        select(music_events.c.batch_id).where(music_events.c.account_id == other_id).distinct()
    )
    assert [row.batch_id for row in rows] == [batch_id]

    again = await other.library.batch(await other.take_in(("beatrunner.zip", archive)))
    assert (again.activities_added, again.listens_added, again.refused) == (0, 0, 0)


async def test_a_run_that_was_imported_before_is_found_by_its_file(
    desk: Desk, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    await desk.take_in(RUN, MUSIC)
    export = await asked(client)
    await desk.worker.run_until_idle()
    archive = await downloaded(client, export)
    other_id = await make_account(desk.library.database)
    other = Desk(library_of(desk.library, other_id, tmp_path / "other"), desk.clock, tmp_path)
    await other.take_in(RUN, MUSIC)
    batch = await other.library.batch(await other.take_in(("beatrunner.zip", archive)))
    assert (batch.activities_added, batch.listens_added, batch.refused) == (0, 0, 0)
    runs = select(activities.c.id).where(activities.c.account_id == other_id)
    assert len(await other.library.rows(runs)) == 1


async def test_who_asks_twice_gets_one(desk: Desk, client: httpx2.AsyncClient) -> None:
    first = await asked(client)
    assert (await asked(client))["id"] == first["id"]
    await desk.worker.run_until_idle()
    second = await asked(client)
    assert second["id"] != first["id"]
    assert not desk.exporter.path_of(UUID(first["id"])).exists()
    assert [export["id"] for export in await listed(client)] == [second["id"]]


async def test_an_export_is_for_who_has_just_shown_that_it_is_they(
    desk: Desk, client: httpx2.AsyncClient
) -> None:
    desk.clock.advance(FRESH.total_seconds() + 1)
    refused = await client.post("/v1/account/exports", json={})
    assert refused.status_code == 403
    assert refused.json()["type"] == "/problems/confirm-first"
    assert await listed(client) == []
    assert await kinds(client) == ["signed_in"]


async def test_the_log_tells_that_all_was_asked_for(client: httpx2.AsyncClient) -> None:
    await asked(client)
    await asked(client)  # the one that is under way
    assert await kinds(client) == ["export_asked", "signed_in"]


async def test_an_export_expires(desk: Desk, client: httpx2.AsyncClient) -> None:
    export = await asked(client)
    await desk.worker.run_until_idle()
    path = desk.exporter.path_of(UUID(export["id"]))
    assert path.exists()
    assert path.stat().st_mode & 0o077 == 0
    desk.clock.advance(KEPT_FOR.total_seconds() + 1)
    await desk.worker.run_until_idle()
    assert not path.exists()
    assert await desk.library.rows(select(account_exports)) == []


async def test_an_export_that_is_taken_back_is_not_written(
    desk: Desk, client: httpx2.AsyncClient
) -> None:
    export = await asked(client)
    assert (await client.delete(f"/v1/account/exports/{export['id']}")).status_code == 204
    await desk.worker.run_until_idle()
    assert list((desk.exporter.path_of(uuid4()).parent).glob("*")) == []
    assert await listed(client) == []


async def test_files_that_no_row_knows_of_are_swept(desk: Desk, client: httpx2.AsyncClient) -> None:
    await desk.exporter.sweep()  # no folder yet
    export = await asked(client)
    await desk.worker.run_until_idle()
    known, orphan, young = (
        desk.exporter.path_of(export_id) for export_id in (UUID(export["id"]), uuid4(), uuid4())
    )
    part = known.with_suffix(".part")  # is being written, for long
    left = orphan.with_suffix(".part")
    for path in (known, orphan, young, part, left):
        path.touch()
        age_s = 3_500 if path is young else 3_700
        os.utime(path, times=(desk.clock().timestamp() - age_s,) * 2)
    await desk.exporter.sweep()
    assert set(known.parent.iterdir()) == {known, young, part}


async def test_an_export_that_fails_says_so(
    desk: Desk, client: httpx2.AsyncClient, tmp_path: Path
) -> None:
    (tmp_path / "exports").write_text("no folder")
    await asked(client)
    for _ in range(6):
        await desk.worker.run_until_idle()
        desk.clock.advance(3600)
    assert [row.state for row in await desk.library.rows(select(account_exports))] == ["failed"]


async def test_progress_is_told_as_it_goes(desk: Desk, client: httpx2.AsyncClient) -> None:
    export = await asked(client)
    await desk.worker.run_until_idle()
    events = await client.get(f"/v1/account/exports/{export['id']}/events")
    assert events.text.count("event: progress") == 1
    assert "event: done" in events.text
