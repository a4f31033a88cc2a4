from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest

from beatrunner.db.engine import Database
from beatrunner.evidence import api as evidence_api
from beatrunner.evidence.plays import Plays
from beatrunner.evidence.spellings import Spellings
from tests.conftest import HeldClock
from tests.evidence.test_spellings import track_of
from tests.music.told import Told, groups, tell
from tests.web.client import make_app, signed_in_client

SPOTIFY, LASTFM = "spotify_export", "lastfm"


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    provided = [Plays(clock), Spellings(clock)]
    app = make_app(database, clock, routers=[evidence_api.router], provided=provided)
    async with await signed_in_client(app, account_id) as client:
        yield client


async def shown(client: httpx2.AsyncClient, path: str) -> dict[str, Any]:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_play_shows_who_told_it(
    client: httpx2.AsyncClient, database: Database, account_id: UUID
) -> None:
    told = [Told(SPOTIFY, 0.0), Told(LASTFM, 2.0, "GO"), Told(SPOTIFY, 5_000.0)]
    await tell(database, account_id, *told)
    path = f"/v1/music/tracks/{await track_of(database, 'Go')}/plays"
    first = await shown(client, f"{path}?limit=1")
    assert [word["started_at"] for word in first["items"][0]["words"]] == ["2024-05-04T13:23:20Z"]
    rest = await shown(client, f"{path}?limit=1&cursor={first['next_cursor']}")
    words = rest["items"][0]["words"]
    assert [(word["provenance"], word["title"]) for word in words] == [
        (SPOTIFY, "Go"),
        (LASTFM, "GO"),
    ]
    assert rest["next_cursor"] is None


async def test_two_plays_that_were_taken_for_one(
    client: httpx2.AsyncClient, database: Database, account_id: UUID
) -> None:
    told = [Told(SPOTIFY, 0.0), Told(LASTFM, 2.0)]
    await tell(database, account_id, *told)
    path = f"/v1/music/tracks/{await track_of(database, 'Go')}/plays"
    (play,) = (await shown(client, path))["items"]
    word = {name: play["words"][1][name] for name in ("provenance", "name_id", "started_at")}
    for is_apart in (True, False):
        body = {**word, "is_apart": is_apart}
        answer = await client.put("/v1/music/words/apart", json=body)
        assert answer.status_code == 204, answer.text
        plays = (await shown(client, path))["items"]
        said = {each["provenance"]: each["is_apart"] for play in plays for each in play["words"]}
        assert said[LASTFM] is is_apart
        assert not said[SPOTIFY]
        await tell(database, account_id, Told("listenbrainz", 1_000.0 + is_apart))
        found = await groups(database, account_id)
        assert (frozenset({(LASTFM, 2.0)}) in found) is is_apart
    unknown = {**word, "provenance": "manual", "is_apart": True}
    assert (await client.put("/v1/music/words/apart", json=unknown)).status_code == 404


async def test_songs_are_split_merged_and_taken_out(
    client: httpx2.AsyncClient, database: Database, account_id: UUID
) -> None:
    told = [Told(SPOTIFY, 0.0), Told(LASTFM, 9_000.0, "GO"), Told(LASTFM, 20_000.0, "Los")]
    await tell(database, account_id, *told)
    one, other = await track_of(database, "Go"), await track_of(database, "Los")
    path = f"/v1/music/tracks/{one}"
    found = await shown(client, f"{path}/spellings")
    assert {each["title"] for each in found["items"]} == {"Go", "GO"}
    names = found["items"][0]["name_ids"]
    split = await client.post(f"{path}/split", json={"name_ids": names})
    own_id = split.json()["track_id"]
    assert own_id not in (str(one), str(other))
    merged = await client.put(f"/v1/music/tracks/{own_id}/same-as", json={"track_id": str(other)})
    assert merged.json() == {"track_id": str(other)}
    out = await client.delete(f"/v1/music/tracks/{own_id}/same-as")
    assert out.json() == {"track_id": own_id}
    again = await client.delete(f"/v1/music/tracks/{own_id}/same-as")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/not-merged")
