from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.tables import activities, music_events, tracks
from beatrunner.imports.undoing import ImportUndoer
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner, RunnerPolicy
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip, zipped
from tests.web.client import signed_in_client

LONG = run(length_s=600)
FIT, GPX = write_fit(LONG), write_gpx(LONG)
EVENING = write_fit(run(MORNING + timedelta(hours=12)))
MUSIC = spotify_zip(plays(MORNING, 5))
MORE = spotify_zip(plays(MORNING + timedelta(minutes=3), 5))


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def preview(client: httpx2.AsyncClient, batch_id: UUID) -> dict[str, int]:
    answer = await client.get(f"/v1/imports/{batch_id}/undo")
    assert answer.status_code == 200, answer.text
    counts: dict[str, int] = answer.json()
    return {name: count for name, count in counts.items() if count}


async def undo(library: Library, client: httpx2.AsyncClient, batch_id: UUID) -> None:
    answer = await client.post(f"/v1/imports/{batch_id}/undo")
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "undoing"
    await library.worker.run_until_idle()
    assert (await library.batch(batch_id)).state == "undone"
    assert await preview(client, batch_id) == {}


async def contents(library: Library) -> dict[str, Any]:
    """What there is, but for the import that brought it and when soundtracks were computed."""
    made = {"batch_id", "computed_at"}
    found = await library.contents()
    return {
        table: [{n: v for n, v in row._asdict().items() if n not in made} for row in rows]
        for table, rows in found.items()
    }


async def test_as_if_it_had_never_come(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("a.fit", FIT), ("music.zip", MUSIC))
    before = await contents(library)
    batch_id = await library.take_in(("a.gpx", GPX), ("evening.fit", EVENING), ("more.zip", MORE))
    assert await preview(client, batch_id) == {
        "files": 2,
        "runs": 1,
        "runs_kept": 1,
        "listens": 5,
    }
    await undo(library, client, batch_id)
    assert await contents(library) == before
    again = await client.post(f"/v1/imports/{batch_id}/undo")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-over")
    await library.take_in(("evening.fit", EVENING), ("more.zip", MORE))
    assert len(await library.rows(select(activities))) == 2
    assert len(await library.rows(select(music_events))) == 10


async def test_nothing_is_left_of_the_only_import(
    library: Library, client: httpx2.AsyncClient
) -> None:
    batch_id = await library.take_in(("all.zip", zipped({"a.fit": FIT, "a.gpx": GPX})))
    second = await library.take_in(("music.zip", MUSIC))
    await undo(library, client, second)
    assert await library.rows(select(tracks)) == []
    await undo(library, client, batch_id)
    assert not any((await contents(library)).values())
    with pytest.raises(FileNotFoundError):
        library.originals.get(sha256(FIT).hexdigest())


async def test_what_another_import_brought_stays(
    library: Library, client: httpx2.AsyncClient
) -> None:
    first = await library.take_in(("a.fit", FIT), ("music.zip", MUSIC))
    second = await library.take_in(("same.fit", FIT), ("same.zip", MUSIC))
    before = await contents(library)
    assert await preview(client, first) == {"files_kept": 1, "listens_kept": 5}
    await undo(library, client, first)
    assert await contents(library) == before
    assert await preview(client, second) == {"files": 1, "runs": 1, "listens": 5}
    await undo(library, client, second)
    assert not any((await contents(library)).values())


async def test_others_imports_are_not_there(library: Library, client: httpx2.AsyncClient) -> None:
    library.account_id = await make_account(library.database)
    batch_id = await library.take_in(("a.fit", FIT))
    for unknown in (batch_id, uuid4()):
        for method in ("GET", "POST"):
            answer = await client.request(method, f"/v1/imports/{unknown}/undo")
            assert answer.status_code == 404
    assert (await library.batch(batch_id)).state == "done"


async def test_an_import_that_is_not_over_is_not_undone(
    library: Library, client: httpx2.AsyncClient
) -> None:
    batch_id = await library.hand_in(("a.fit", FIT))
    answer = await client.post(f"/v1/imports/{batch_id}/undo")
    assert answer.status_code == 409
    await library.worker.run_until_idle()
    assert (await library.batch(batch_id)).state == "done"


class FailingUndoer:
    async def count(self, *_: object) -> dict[str, int]:
        return {}

    async def undo(self, *_: object) -> None:
        raise RuntimeError("nothing comes away")


async def test_undoing_that_fails_for_good_can_be_asked_for_again(
    library: Library, clock: HeldClock
) -> None:
    batch_id = await library.take_in(("a.fit", FIT))
    failing = ImportUndoer(library.database, [FailingUndoer()], clock)
    worker = JobRunner(library.database, JobRegistry.of([failing]), clock, "tester")
    async with library.database.write() as tx:
        await failing.begin(tx, library.account_id, batch_id)
    for _ in range(RunnerPolicy().max_attempts):
        assert (await library.batch(batch_id)).state == "undoing"
        await worker.run_until_idle()
        clock.advance(3600)
    assert (await library.batch(batch_id)).state == "done"
    async with library.database.write() as tx:
        await library.undoer.begin(tx, library.account_id, batch_id)
    await library.worker.run_until_idle()
    assert not any((await contents(library)).values())


async def test_names_that_are_one_song_leave_nothing_behind(
    library: Library, client: httpx2.AsyncClient
) -> None:
    one, other = (
        replace(play, title=title, source_id="spotify:track:1")
        for play, title in zip(plays(MORNING, 2), ("Go", "Los"), strict=True)
    )
    batch_id = await library.take_in(("music.zip", spotify_zip([one, other])))
    assert len(await library.rows(select(tracks).where(tracks.c.merged_into.is_(None)))) == 1
    await undo(library, client, batch_id)
    assert await library.rows(select(tracks)) == []
