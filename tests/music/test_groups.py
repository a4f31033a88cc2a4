"""Artists and albums, added up from songs, plays and runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.core.listening import ListenKind
from tests.conftest import make_account
from tests.library import Library
from tests.music.test_listens import add, at
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import signed_in_client


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    """Three songs of The Samples were run to; others were listened to at home."""
    on_the_run = [
        replace(listen, album="First" if number < 2 else "Second")
        for number, listen in enumerate(plays(MORNING, 3))
    ]
    await library.take_in(
        ("run.fit", write_fit(run(length_s=180))), ("music.zip", spotify_zip(on_the_run))
    )
    at_home = [("One", "Öre", "First"), ("Two", "abba", None), ("Three", "abba", "Gold")]
    listens = [
        at(10 * number, title=title, artist=artist, album=album, source_id=f"x:{title}")
        for number, (title, artist, album) in enumerate(at_home)
    ]
    again = [replace(listens[1], started_at=listens[1].started_at + timedelta(days=1))]
    again[0] = replace(again[0], ended_at=again[0].started_at + timedelta(seconds=100))
    talk = at(99, kind=ListenKind.PODCAST, title="Talk", artist="Host", source_id="t")
    await add(library.database, library.account_id, *listens, *again, talk)
    await add(library.database, await make_account(library.database), *listens)
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def groups(client: httpx2.AsyncClient, kind: str, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/music/{kind}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def names(client: httpx2.AsyncClient, kind: str, **query: Any) -> list[Any]:
    items = (await groups(client, kind, **query))["items"]
    return [(x["artist"], x["album"]) if kind == "albums" else x["artist"] for x in items]


async def test_artists_with_what_was_run_to_them(client: httpx2.AsyncClient) -> None:
    found = await groups(client, "artists")
    assert found["total"] == 3
    first, *others = found["items"]
    assert first["artist"] == "The Samples"
    assert (first["songs"], first["plays"], first["run_plays"]) == (3, 3, 3)
    assert first["moving_s"] == pytest.approx(180, abs=5)
    assert first["distance_m"] == pytest.approx(540, abs=15)
    assert first["mean_speed_mps"] == pytest.approx(3.0, abs=0.05)
    assert [(x["artist"], x["songs"], x["plays"]) for x in others] == [
        ("abba", 2, 3),
        ("Öre", 1, 1),
    ]
    assert others[0]["mean_speed_mps"] is None


async def test_albums_are_known_by_their_artist_too(client: httpx2.AsyncClient) -> None:
    found = await names(client, "albums")
    assert found[:2] == [("The Samples", "First"), ("The Samples", "Second")]
    assert set(found[2:]) == {("Öre", "First"), ("abba", "Gold")}
    assert await names(client, "albums", artist="The Samples", album="Second") == [
        ("The Samples", "Second")
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "ABB"}, ["abba"]),
        ({"q": "%"}, []),
        ({"artist": "Öre"}, ["Öre"]),
        ({"artist": "abb"}, []),
        ({"sort": "plays"}, None),
        ({"sort": "name", "order": "asc"}, None),
    ],
)
async def test_artists_can_be_picked(
    client: httpx2.AsyncClient, query: dict[str, Any], expected: list[str] | None
) -> None:
    found = await names(client, "artists", **query)
    if expected is not None:
        assert found == expected
    elif query["sort"] == "name":
        assert found[0] == "abba"
    else:
        assert set(found[:2]) == {"abba", "The Samples"}


async def test_pages_of_artists_follow_each_other(client: httpx2.AsyncClient) -> None:
    whole = await names(client, "artists")
    first = await groups(client, "artists", limit=2)
    second = await groups(client, "artists", limit=2, cursor=first["next_cursor"])
    assert [x["artist"] for x in first["items"] + second["items"]] == whole
    assert second["next_cursor"] is None
    assert (await client.get("/v1/music/artists", params={"cursor": "-1"})).status_code == 422
    assert (await client.get("/v1/music/artists", params={"artist": "\0"})).status_code == 422


async def test_songs_of_an_artist_and_of_an_album(client: httpx2.AsyncClient) -> None:
    async def titles(**query: str) -> set[str]:
        answer = await client.get("/v1/music/tracks", params=query)
        return {item["title"] for item in answer.json()["items"]}

    assert await titles(artist="abba") == {"Two", "Three"}
    assert await titles(artist="abba", album="Gold") == {"Three"}
    assert await titles(album="First") == {"One", "Song 0", "Song 1"}
