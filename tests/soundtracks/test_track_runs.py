from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.db.tables import tracks
from tests.conftest import make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import signed_in_client


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    """Three runs to the same songs, each a little faster, and a ride."""
    for day, sport in enumerate(["run", "run", "run", "cycling"]):
        started_at = MORNING + timedelta(days=day)
        recording = run(started_at, length_s=300, speed_mps=3.0 + 0.1 * day, sport=sport)
        await library.take_in(
            (f"{day}.fit", write_fit(recording)), (f"{day}.zip", spotify_zip(plays(started_at, 4)))
        )
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def find_song(library: Library, title: str) -> UUID:
    ((track_id,),) = await library.rows(select(tracks.c.id).where(tracks.c.title == title))
    assert isinstance(track_id, UUID)
    return track_id


async def page(client: httpx2.AsyncClient, track_id: UUID, **query: Any) -> dict[str, Any]:
    answer = await client.get(f"/v1/music/tracks/{track_id}/runs", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_runs_of_a_song(library: Library, client: httpx2.AsyncClient) -> None:
    song = await find_song(library, "Song 2")
    found = await page(client, song)
    assert (found["total"], found["plays"], found["next_cursor"]) == (3, 3, None)
    assert [item["started_at"][:10] for item in found["items"]] == [
        "2026-02-04",
        "2026-02-03",
        "2026-02-02",
    ]
    latest = found["items"][0]
    assert (latest["start_s"], latest["plays"]) == (120, 1)
    assert latest["moving_s"] == pytest.approx(60, abs=1)
    assert latest["speed_mps"] == pytest.approx(3.2, abs=0.02)
    assert latest["run_speed_mps"] == pytest.approx(3.2, abs=0.02)
    assert latest["cadence_spm"] == pytest.approx(172)
    assert latest["heart_rate_bpm"] == pytest.approx(140, abs=20)
    assert found["mean_speed_mps"] == pytest.approx(3.1, abs=0.02)
    assert found["mean_cadence_spm"] == pytest.approx(172)
    assert found["distance_m"] == pytest.approx(3 * 60 * 3.1, rel=0.02)


async def test_pages_go_on_where_they_ended(library: Library, client: httpx2.AsyncClient) -> None:
    song = await find_song(library, "Song 0")
    whole = [item["activity_id"] for item in (await page(client, song))["items"]]
    first = await page(client, song, limit=2)
    second = await page(client, song, limit=2, cursor=first["next_cursor"])
    assert [x["activity_id"] for x in (*first["items"], *second["items"])] == whole
    assert (second["next_cursor"], second["total"]) == (None, 3)


async def test_a_song_that_was_never_run_to(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("more.zip", spotify_zip(plays(MORNING + timedelta(days=9), 5))))
    found = await page(client, await find_song(library, "Song 4"))
    assert (found["items"], found["total"], found["mean_speed_mps"]) == ([], 0, None)


async def test_a_strangers_song_is_not_there(library: Library, client: httpx2.AsyncClient) -> None:
    song = await find_song(library, "Song 0")
    stranger_id = await make_account(library.database)
    async with await signed_in_client(library.app(), stranger_id) as stranger:
        assert (await stranger.get(f"/v1/music/tracks/{song}/runs")).status_code == 404
