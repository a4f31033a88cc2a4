from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.tcx import write_tcx
from beatrunner.db.locks import lock_imports
from beatrunner.db.tables import activities, recordings
from beatrunner.db.types import AnyRow
from tests.library import Library
from tests.outings import MORNING, outing, recorded
from tests.web.client import signed_in_client

LIST = "/v1/activities"
TRUTH = outing(5, length_s=600)
WATCH = write_fit(recorded(TRUTH, 1, without=("heart_rate_bpm",), device_name="Watch 7"))
PHONE = write_gpx(replace(recorded(TRUTH, 2, without=("cadence_spm",)), name="Round the lake"))
CUT = write_tcx(recorded(TRUTH, 3, end=400))
LATER = write_fit(recorded(outing(6, length_s=600, started_at=MORNING + timedelta(hours=12))))


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def runs(library: Library) -> list[AnyRow]:
    return await library.rows(select(activities).order_by(activities.c.started_at))


async def shown(library: Library) -> list[dict[str, Any]]:
    """Runs and their files but for identifiers and times of this import."""
    made = {"id", "activity_id", "batch_id", "created_at"}
    rows = await runs(library)
    rows += await library.rows(
        select(recordings).order_by(recordings.c.content_sha256, recordings.c.session_index)
    )
    return [{n: v for n, v in row._asdict().items() if n not in made} for row in rows]


async def recording_of(library: Library, file_name: str) -> AnyRow:
    (row,) = await library.rows(select(recordings).where(recordings.c.file_name == file_name))
    return row


async def test_several_files_are_one_run(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("a.fit", WATCH), ("later.fit", LATER))
    batch_id = await library.take_in(("b.gpx", PHONE), ("c.tcx", CUT))
    run, _ = await runs(library)
    outcomes = {(row.path, row.outcome) for row in await library.files(batch_id)}
    assert outcomes == {("b.gpx", "joined"), ("c.tcx", "joined")}
    assert (await library.batch(batch_id)).activities_added == 0
    found = (await client.get(f"{LIST}/{run.id}")).json()
    assert (found["name"], found["length_s"]) == ("Round the lake", 600)
    assert found["mean_heart_rate_bpm"] == pytest.approx(140, abs=6)
    gives = {each["file_name"]: each["gives"] for each in found["recordings"]}
    assert gives["b.gpx"] == ["heart_rate_bpm"]
    assert gives["c.tcx"] == []
    assert {"latitude", "speed_mps", "cadence_spm"} <= set(gives["a.fit"])
    streams = (await client.get(f"{LIST}/{run.id}/streams")).json()
    assert {"heart_rate_bpm", "cadence_spm", "latitude"} <= set(streams["columns"])


async def test_the_order_of_the_files_does_not_matter(library: Library) -> None:
    files = [("a.fit", WATCH), ("b.gpx", PHONE), ("c.tcx", CUT)]
    for file in files:
        await library.take_in(file)
    first = await shown(library)
    async with library.database.write() as tx:
        await tx.execute(activities.delete())
    for file in reversed(files):
        await library.take_in(file)
    assert await shown(library) == first


async def test_what_is_added_and_removed_leaves_all_as_it_was(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(("a.fit", WATCH), ("later.fit", LATER))
    before = await shown(library)
    for name, content in (("b.gpx", PHONE), ("c.tcx", CUT)):
        await library.take_in((name, content))
        assert await shown(library) != before
        added = await recording_of(library, name)
        address = f"{LIST}/{added.activity_id}/recordings/{added.id}"
        assert (await client.delete(address)).status_code == 204
        assert await shown(library) == before
        with pytest.raises(FileNotFoundError):
            library.originals.get(added.content_sha256)
        assert (await client.delete(address)).status_code == 404


async def test_what_the_runner_wrote_stays(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("a.fit", WATCH))
    (run,) = await runs(library)
    await client.patch(f"{LIST}/{run.id}", json={"name": "Mine", "sport": "trail_run"})
    await library.take_in(("b.gpx", PHONE))
    (run,) = await runs(library)
    assert (run.name, run.sport) == ("Mine", "trail_run")


async def test_with_its_last_file_a_run_goes(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("a.fit", WATCH))
    watch = await recording_of(library, "a.fit")
    await client.delete(f"{LIST}/{watch.activity_id}/recordings/{watch.id}")
    assert await runs(library) == []


async def test_a_file_is_not_taken_out_while_another_comes(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(("a.fit", WATCH))
    watch = await recording_of(library, "a.fit")
    async with library.database.write() as tx:
        await lock_imports(tx, library.account_id)
        removing = asyncio.create_task(
            client.delete(f"{LIST}/{watch.activity_id}/recordings/{watch.id}")
        )
        await asyncio.sleep(0.3)
        assert not removing.done()
    assert (await removing).status_code == 204


async def test_split_off_and_joined_by_hand(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("a.fit", WATCH), ("b.gpx", PHONE))
    together = await shown(library)
    phone = await recording_of(library, "b.gpx")
    await client.patch(f"{LIST}/{phone.activity_id}", json={"visibility": "public"})
    answer = await client.post(f"{LIST}/{phone.activity_id}/recordings/{phone.id}/split")
    assert answer.status_code == 201, answer.text
    apart = answer.json()
    assert apart["visibility"] == "private"
    assert [other["id"] for other in apart["overlapping"]] == [str(phone.activity_id)]
    assert len(await runs(library)) == 2
    # It stays apart, whatever comes.
    await library.take_in(("b.gpx", PHONE), ("c.tcx", CUT))
    assert len(await runs(library)) == 2
    assert (await recording_of(library, "c.tcx")).activity_id == phone.activity_id
    cut = await recording_of(library, "c.tcx")
    await client.delete(f"{LIST}/{cut.activity_id}/recordings/{cut.id}")
    alone = await client.post(f"{LIST}/{apart['id']}/recordings/{phone.id}/split")
    assert alone.status_code == 422
    joined = await client.post(
        f"{LIST}/{phone.activity_id}/join", json={"activity_id": apart["id"]}
    )
    assert joined.status_code == 200, joined.text
    # One of the two was private.
    assert joined.json()["visibility"] == "private"
    assert await shown(library) == together


async def test_runs_of_other_times_are_not_joined(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(("a.fit", WATCH), ("later.fit", LATER))
    first, second = await runs(library)
    for one, other in ((first.id, second.id), (first.id, first.id)):
        answer = await client.post(f"{LIST}/{one}/join", json={"activity_id": str(other)})
        assert answer.status_code == 422
    unknown = UUID(int=7)
    answer = await client.post(f"{LIST}/{first.id}/join", json={"activity_id": str(unknown)})
    assert answer.status_code == 404
    assert len(await runs(library)) == 2


async def test_a_run_at_the_same_time_is_pointed_at(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(("a.fit", WATCH), ("ride.fit", write_fit(recorded(TRUTH, sport="ride"))))
    one, other = await runs(library)
    found = (await client.get(f"{LIST}/{one.id}")).json()["overlapping"]
    assert found == [{"id": str(other.id), "name": other.name}]
