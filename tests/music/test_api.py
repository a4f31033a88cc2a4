from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.tables import jobs, music_events, tracks
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.kit.ids import new_id
from beatrunner.music import api as music_api
from beatrunner.music.tempo import TrackTempi
from beatrunner.music.tempo_resolving import TempoResolver
from beatrunner.music.tempo_sources import TempoSources
from beatrunner.providers.deezer import Deezer
from tests.conftest import HeldClock
from tests.music.test_listens import LISTEN, add
from tests.web.client import make_app, signed_in_client

TRACK = {"title": "Harbour Lights", "artist": "The Tide"}


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    provided = [TrackTempi(clock, []), TempoSources([Deezer("http://x", clock)], clock)]
    app = make_app(database, clock, routers=[music_api.router], provided=provided)
    async with await signed_in_client(app, account_id) as client:
        yield client


async def say(
    client: httpx2.AsyncClient, track_id: str, tempo_bpm: float, source: str
) -> tuple[float, str]:
    answer = await client.put(
        f"/v1/music/tracks/{track_id}/tempo", json={"tempo_bpm": tempo_bpm, "source": source}
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["tempo_bpm"], answer.json()["tempo_source"]


async def events(database: Database) -> list[tuple[str, dict[str, Any]]]:
    async with database.read() as tx:
        rows = await tx.execute(select(jobs.c.kind, jobs.c.payload))
        return [(row.kind, row.payload) for row in rows]


async def test_a_track_is_made_once(client: httpx2.AsyncClient) -> None:
    first = await client.post("/v1/music/tracks", json={**TRACK, "album": "Quay"})
    assert first.status_code == 200, first.text
    made = first.json()
    assert made == {
        "id": made["id"],
        **TRACK,
        "album": "Quay",
        "tempo_bpm": None,
        "tempo_source": None,
        "tempo_verdict": None,
    }
    again = await client.post(
        "/v1/music/tracks", json={"title": "harbour lights ", "artist": "The Tide"}
    )
    assert again.json() == made


async def test_a_track_that_was_listened_to_is_found(
    client: httpx2.AsyncClient, database: Database, account_id: UUID
) -> None:
    await add(database, account_id, replace(LISTEN, title="Harbour Lights", artist="The Tide"))
    found = (await client.post("/v1/music/tracks", json=TRACK)).json()
    async with database.read() as tx:
        assert str(await tx.scalar(select(music_events.c.track_id))) == found["id"]


async def test_the_source_nearest_to_the_ear_wins(client: httpx2.AsyncClient) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    assert await say(client, track_id, 120, "generated") == (120, "generated")
    assert await say(client, track_id, 86, "tag") == (86, "tag")
    assert await say(client, track_id, 172, "manual") == (172, "manual")
    assert await say(client, track_id, 171, "tap") == (172, "manual")
    assert await say(client, track_id, 170, "manual") == (170, "manual")
    forgotten = (await client.delete(f"/v1/music/tracks/{track_id}/tempo")).json()
    assert (forgotten["tempo_bpm"], forgotten["tempo_source"]) == (86, "tag")
    assert forgotten["tempo_verdict"] == "uncertain"
    words = [(word["source"], word["tempo_bpm"], word["agrees"]) for word in forgotten["words"]]
    assert words == [("tag", 86, True), ("generated", 120, False)]


async def test_a_track_may_come_with_its_tempo(client: httpx2.AsyncClient) -> None:
    named = {**TRACK, "tempo_bpm": 128, "tempo_source": "tag"}
    made = (await client.post("/v1/music/tracks", json=named)).json()
    assert (made["tempo_bpm"], made["tempo_source"]) == (128, "tag")
    await say(client, made["id"], 64, "tap")
    again = (await client.post("/v1/music/tracks", json=named)).json()
    assert (again["tempo_bpm"], again["tempo_source"]) == (64, "tap")


async def test_only_another_tempo_is_told_of(
    client: httpx2.AsyncClient, database: Database
) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    assert await events(database) == []
    await say(client, track_id, 128, "tap")
    await say(client, track_id, 128, "manual")
    await say(client, track_id, 64, "tag")
    assert await events(database) == [("track.tempo_changed", {"track_ids": [track_id]})]


@pytest.mark.parametrize("tempo", ["NaN", "Infinity", "-1", "0", "19.9", "400.1", "null", '"fast"'])
async def test_what_is_no_tempo_is_refused(
    client: httpx2.AsyncClient, database: Database, tempo: str
) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    refused = await client.put(
        f"/v1/music/tracks/{track_id}/tempo",
        content=f'{{"tempo_bpm": {tempo}, "source": "manual"}}',
        headers={"Content-Type": "application/json"},
    )
    assert refused.status_code == 422, refused.text
    async with database.read() as tx:
        assert await tx.scalar(select(tracks.c.tempo_bpm)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": " "},
        {"title": "\0"},
        {"title": "x" * 501},
        {"tempo_bpm": 120},
        {"tempo_source": "tap"},
        {"tempo_bpm": 120, "tempo_source": "rumour"},
        {"year": 1999},
    ],
)
async def test_what_is_no_track_is_refused(
    client: httpx2.AsyncClient, change: dict[str, object]
) -> None:
    refused = await client.post("/v1/music/tracks", json={**TRACK, **change})
    assert refused.status_code == 422, refused.text


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_track_that_is_not_there_has_no_tempo(
    client: httpx2.AsyncClient, method: str
) -> None:
    body: Any = {"json": {"tempo_bpm": 120, "source": "tap"}} if method == "PUT" else {}
    answer = await client.request(method, f"/v1/music/tracks/{new_id()}/tempo", **body)
    assert answer.status_code == 404


@pytest.mark.parametrize(("to", "folded"), [("half", 86), ("double", 344)])
async def test_a_tempo_is_folded(client: httpx2.AsyncClient, to: str, folded: float) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    await say(client, track_id, 172, "tag")
    answer = await client.post(f"/v1/music/tracks/{track_id}/tempo/fold", json={"to": to})
    found = answer.json()
    assert (found["tempo_bpm"], found["tempo_source"]) == (folded, "manual")
    assert found["tempo_verdict"] == "own"
    assert found == (await client.get(f"/v1/music/tracks/{track_id}")).json()


@pytest.mark.parametrize(("tempo_bpm", "kind"), [(None, "tempo-unknown"), (201, "no-tempo")])
async def test_what_cannot_be_folded_is_not(
    client: httpx2.AsyncClient, tempo_bpm: float | None, kind: str
) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    if tempo_bpm is not None:
        await say(client, track_id, tempo_bpm, "tag")
    answer = await client.post(f"/v1/music/tracks/{track_id}/tempo/fold", json={"to": "double"})
    assert answer.status_code == 409
    assert answer.json()["type"] == f"/problems/{kind}"


async def test_the_first_beat_is_kept(client: httpx2.AsyncClient) -> None:
    track_id = (await client.post("/v1/music/tracks", json=TRACK)).json()["id"]
    said = {"tempo_bpm": 150.02, "source": "analysis", "first_beat_s": 0.31}
    answer = await client.put(f"/v1/music/tracks/{track_id}/tempo", json=said)
    (word,) = answer.json()["words"]
    assert (word["source"], word["first_beat_s"], word["agrees"]) == ("analysis", 0.31, True)


async def test_a_new_song_may_come_with_its_first_beat(client: httpx2.AsyncClient) -> None:
    """As the player tells it of a file that it measured."""
    said = {"tempo_bpm": 150.02, "tempo_source": "analysis", "first_beat_s": 0.31}
    track_id = (await client.post("/v1/music/tracks", json={**TRACK, **said})).json()["id"]
    (word,) = (await client.get(f"/v1/music/tracks/{track_id}")).json()["words"]
    assert (word["source"], word["tempo_bpm"], word["first_beat_s"]) == ("analysis", 150.02, 0.31)


async def test_sources_are_off_until_they_are_turned_on(client: httpx2.AsyncClient) -> None:
    await client.post("/v1/music/tracks", json=TRACK)
    overview = (await client.get("/v1/music/tempo")).json()
    assert (overview["songs"], overview["unknown"], overview["is_resolving"]) == (1, 1, False)
    (source,) = overview["sources"]
    assert (source["name"], source["is_on"], source["to_ask"]) == ("deezer", False, 0)
    assert "ISRC" in source["sends"]
    turned = await client.put("/v1/music/tempo/sources/deezer", json={"is_on": True})
    assert turned.json()["sources"][0]["is_on"] is True
    assert turned.json()["is_resolving"] is True
    refused = await client.put("/v1/music/tempo/sources/rumour", json={"is_on": True})
    assert refused.status_code == 404


async def test_looking_for_tempi_is_told_as_it_goes_on(
    client: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    await client.put("/v1/music/tempo/sources/deezer", json={"is_on": True})

    async def work() -> None:
        registry = JobRegistry.of([TempoResolver(database, [Deezer("http://x", clock)], clock)])
        await JobRunner(database, registry, clock, "tester").run_until_idle()

    told, _ = await asyncio.gather(client.get("/v1/music/tempo/events"), work())
    names = [line for line in told.text.splitlines() if line.startswith("event: ")]
    assert names[0] == "event: progress"
    assert names[-1] == "event: done"
    assert '"is_resolving":false' in told.text
