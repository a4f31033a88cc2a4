from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, select

from beatrunner.codecs.fit import read_fit, write_fit
from beatrunner.codecs.gpx import read_gpx
from beatrunner.codecs.tcx import read_tcx, write_tcx
from beatrunner.db.tables import activities, recordings, tracks
from beatrunner.kit.ids import new_id
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip

RUN = ("Löffel/../run.fit", write_fit(run(length_s=300)))
MUSIC = ("music.zip", spotify_zip(plays(MORNING - timedelta(seconds=30), 4)))


async def run_id(library: Library) -> UUID:
    ((found,),) = await library.rows(select(activities.c.id))
    assert isinstance(found, UUID)
    return found


async def export(client: httpx2.AsyncClient, activity_id: UUID, form: str) -> httpx2.Response:
    return await client.get(f"/v1/activities/{activity_id}/export/{form}")


def saved_as(answer: httpx2.Response) -> str:
    _, name = answer.headers["Content-Disposition"].split("filename*=UTF-8''")
    return unquote(name)


async def test_a_run_in_every_form(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(RUN, MUSIC)
    activity_id = await run_id(library)
    answers = {
        form: await export(client, activity_id, form)
        for form in ("gpx", "tcx", "fit", "geojson", "csv", "songs")
    }
    assert {form: answer.status_code for form, answer in answers.items()} == dict.fromkeys(
        answers, 200
    )
    for read, form in ((read_gpx, "gpx"), (read_tcx, "tcx"), (read_fit, "fit")):
        (again,) = read(answers[form].content)
        assert again.started_at == MORNING
        assert len(again.sample_s) == 300
    features = json.loads(answers["geojson"].content)["features"]
    titles = ["Song 0", "Song 1", "Song 2", "Song 3"]
    assert [one["properties"]["title"] for one in features[1:]] == titles
    table = list(csv.DictReader(io.StringIO(answers["csv"].text.removeprefix("\ufeff"))))
    assert (len(table), table[0]["title"], table[299]["title"]) == (300, "Song 0", "")
    songs = list(csv.DictReader(io.StringIO(answers["songs"].text.removeprefix("\ufeff"))))
    assert [song["title"] for song in songs] == [*titles, ""]
    assert saved_as(answers["songs"]).endswith(".songs.csv")
    assert "/" not in saved_as(answers["gpx"])


async def test_the_original_is_what_was_imported(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    activity_id = await run_id(library)
    answer = await export(client, activity_id, "original")
    assert answer.content == RUN[1]
    # It is somebody's file, and no page of ours.
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert saved_as(answer) == "run.fit"


async def test_several_originals_come_as_one_archive(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    ((first,),) = [[row] for row in await library.rows(select(recordings))]
    library.originals.put("0" * 64, b"another")
    async with library.database.write() as tx:
        another = {**first._mapping, "id": new_id(), "content_sha256": "0" * 64}
        await tx.execute(insert(recordings).values(**another))
    answer = await export(client, await run_id(library), "original")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["1-run.fit", "2-run.fit"]
        assert archive.read("2-run.fit") == b"another"


async def test_a_file_that_is_not_kept_is_not_found(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    for row in await library.rows(select(recordings)):
        library.originals.delete(row.content_sha256)
    assert (await export(client, await run_id(library), "original")).status_code == 404


async def test_a_treadmill_run_is_no_gpx(library: Library, client: httpx2.AsyncClient) -> None:
    indoors = run(length_s=60, is_indoor=True)
    await library.take_in(("run.tcx", write_tcx(indoors)))
    answer = await export(client, await run_id(library), "gpx")
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/nothing-to-write"
    assert (await export(client, await run_id(library), "fit")).status_code == 200


@pytest.mark.parametrize("form", ["original", "gpx", "csv"])
async def test_what_is_not_there_is_not_found(client: httpx2.AsyncClient, form: str) -> None:
    assert (await export(client, uuid4(), form)).status_code == 404


async def test_no_other_form(client: httpx2.AsyncClient) -> None:
    assert (await export(client, uuid4(), "exe")).status_code == 422


async def test_listens_of_all_of_a_time_and_of_a_song(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(MUSIC)
    everything = await client.get("/v1/music/export")
    listens = [json.loads(line) for line in everything.text.splitlines()]
    assert [one["track_metadata"]["track_name"] for one in listens] == [
        f"Song {number}" for number in range(4)
    ]
    assert saved_as(everything) == "listens.jsonl"
    later = await client.get("/v1/music/export", params={"after": MORNING.isoformat()})
    assert later.text.splitlines() == everything.text.splitlines()[1:]
    (song,) = await library.rows(select(tracks.c.id).where(tracks.c.title == "Song 2"))
    of_song = await client.get("/v1/music/export", params={"track_id": str(song.id)})
    assert of_song.text.splitlines() == everything.text.splitlines()[2:3]
