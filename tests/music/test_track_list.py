from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.codecs.fit import write_fit
from beatrunner.core.listening import ListenKind
from beatrunner.db.engine import Database
from beatrunner.kit.parser_pool import ParserPool
from beatrunner.music import api as music_api
from beatrunner.music.tempo import TrackTempi
from beatrunner.music.tempo_sources import TempoSources
from beatrunner.music.track_list import TrackList
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.music.test_listens import add, at
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import make_app, signed_in_client

#: Title, plays, tempo.
SONGS = [
    ("Anchor", 3, 86.0),
    ("bay", 1, 172.0),
    ("Cliff", 5, 128.0),
    ("Dune", 1, None),
    ("Ebb 100%", 2, 58.0),
]


async def walks(_tx: AsyncConnection, _account_id: UUID) -> float | None:
    return None


async def steps(_tx: AsyncConnection, _account_id: UUID) -> float | None:
    return 170.0


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    minute = 0
    for owner in (account_id, await make_account(database)):
        for title, count, _ in SONGS:
            for _ in range(count):
                minute += 5
                listen = at(minute, title=title, source_id=f"spotify:track:{title}")
                await add(database, owner, listen)
    await add(database, account_id, at(1, kind=ListenKind.PODCAST, title="Talk", source_id="t"))
    tempi = TrackTempi(clock, [])
    provided: list[object] = [tempi, TempoSources([], clock), TrackList(steps)]
    app = make_app(database, clock, routers=[music_api.router], provided=provided)
    async with await signed_in_client(app, account_id) as client:
        for title, _, tempo_bpm in SONGS:
            if tempo_bpm is not None:
                body = {"title": title, "artist": "Artist", "tempo_bpm": tempo_bpm}
                source = "manual" if title == "bay" else "tag"
                answer = await client.post(
                    "/v1/music/tracks", json={**body, "tempo_source": source}
                )
                assert answer.status_code == 200, answer.text
        yield client


async def page(client: httpx2.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/v1/music/tracks", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def titles(client: httpx2.AsyncClient, **query: Any) -> list[str]:
    return [item["title"] for item in (await page(client, **query))["items"]]


async def test_the_most_played_come_first(client: httpx2.AsyncClient) -> None:
    found = await page(client)
    assert [(x["title"], x["plays"]) for x in found["items"]][:3] == [
        ("Cliff", 5),
        ("Anchor", 3),
        ("Ebb 100%", 2),
    ]
    assert found["total"] == 5
    assert found["usual_cadence_spm"] == 170.0
    assert found["items"][0]["last_played_at"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"min_tempo_bpm": 100}, {"bay", "Cliff"}),
        ({"max_tempo_bpm": 100}, {"Anchor", "Ebb 100%"}),
        ({"in_step": True}, {"Anchor", "bay"}),
        ({"cadence_spm": 116}, {"Ebb 100%"}),
        ({"cadence_spm": 258}, {"Cliff"}),
        ({"cadence_spm": 43}, {"Anchor"}),
        ({"cadence_spm": 384}, set()),  # three steps to a beat are none
        ({"verdict": "unknown"}, {"Dune"}),
        ({"verdict": "own"}, {"bay"}),
        ({"verdict": "single"}, {"Anchor", "Cliff", "Ebb 100%"}),
        ({"min_plays": 3}, {"Anchor", "Cliff"}),
        ({"q": "BAY"}, {"bay"}),
        ({"q": "100%"}, {"Ebb 100%"}),
        ({"q": "artist cli"}, {"Cliff"}),
        ({"q": "Talk"}, set()),
    ],
)
async def test_songs_can_be_picked(
    client: httpx2.AsyncClient, query: dict[str, Any], expected: set[str]
) -> None:
    found = await page(client, **query)
    assert {item["title"] for item in found["items"]} == expected
    assert found["total"] == len(expected)


@pytest.mark.parametrize("sort", ["plays", "run_plays", "tempo_bpm", "title"])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_go_on_where_they_ended(
    client: httpx2.AsyncClient, sort: str, order: str
) -> None:
    whole = await titles(client, sort=sort, order=order)
    assert len(whole) == 5
    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        found = await page(client, sort=sort, order=order, limit=2, **cursor)
        seen += [item["title"] for item in found["items"]]
        if found["next_cursor"] is None:
            break
        cursor = {"cursor": found["next_cursor"]}
    assert seen == whole
    if sort == "title":
        expected = [title for title, _, _ in SONGS]
        assert whole == (expected if order == "asc" else expected[::-1])


async def test_a_cursor_of_another_order_is_refused(client: httpx2.AsyncClient) -> None:
    cursor = (await page(client, limit=1))["next_cursor"]
    answer = await client.get("/v1/music/tracks", params={"cursor": cursor, "sort": "title"})
    assert answer.json()["type"] == "/problems/bad-cursor"


async def test_who_never_stepped_has_no_cadence(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    app = make_app(database, clock, routers=[music_api.router], provided=[TrackList(walks)])
    async with await signed_in_client(app, account_id) as client:
        refused = await client.get("/v1/music/tracks", params={"in_step": True})
        assert refused.status_code == 409
        assert refused.json()["type"] == "/problems/no-cadence"
        assert (await page(client))["usual_cadence_spm"] is None


async def test_songs_by_how_much_was_run_to_them(
    database: Database, clock: HeldClock, account_id: UUID, parser_pool: ParserPool, tmp_path: Path
) -> None:
    library = Library(database, clock, account_id, parser_pool, tmp_path)
    first, second = plays(MORNING, 2, length_s=120)
    music = spotify_zip([first, second, *plays(MORNING.replace(hour=20), 1)])
    await library.take_in(("run.fit", write_fit(run(length_s=240))), ("music.zip", music))
    app = make_app(database, clock, routers=[music_api.router], provided=[TrackList(steps)])
    async with await signed_in_client(app, account_id) as client:
        found = (await page(client, sort="run_plays"))["items"]
    told = {x["title"]: (x["plays"], x["run_plays"]) for x in found}
    assert told == {"Song 0": (2, 1), "Song 1": (1, 1)}
    for song in found:
        assert song["run_distance_m"] == pytest.approx(360, rel=0.02)
        assert song["mean_speed_mps"] == pytest.approx(3.0, rel=0.02)
