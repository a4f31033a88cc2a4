from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx2
import numpy as np
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.span_figures import HEART_RATE_LAG_S
from beatrunner.db.tables import activities, spans, tracks
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from tests.conftest import HeldClock, make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import signed_in_client

RUN = ("run.fit", write_fit(run(length_s=300)))
MUSIC = ("music.zip", spotify_zip(plays(MORNING - timedelta(seconds=30), 4)))


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


async def address(library: Library) -> str:
    ((activity_id,),) = await library.rows(select(activities.c.id))
    return f"/v1/soundtracks/{activity_id}"


async def put_offset(client: httpx2.AsyncClient, where: str, value: object) -> httpx2.Response:
    return await client.put(f"{where}/clock-offset", json={"clock_offset_s": value})


async def test_a_soundtrack_in_full(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(RUN, MUSIC)
    where = await address(library)
    shown = (await client.get(where)).json()
    assert where.endswith(shown["activity_id"])
    assert shown["clock_offset_s"] == 0
    assert shown["confidence"] in {"good", "fair"}
    titles = {track["id"]: track["title"] for track in shown["tracks"]}
    titles[None] = "silence"
    assert [
        (titles[span["track_id"]], span["start_s"], span["end_s"], span["elapsed_s"])
        for span in shown["spans"]
    ] == [
        ("Song 0", 0, 30, 30),
        ("Song 1", 30, 90, 60),
        ("Song 2", 90, 150, 60),
        ("Song 3", 150, 210, 60),
        ("silence", 210, 300, 90),
    ]
    assert {span["heart_rate_lag_s"] for span in shown["spans"]} == {HEART_RATE_LAG_S}
    assert [listen["started_s"] for listen in shown["listens"]] == [-30, 30, 90, 150]


async def test_tempo_comes_from_the_track(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(RUN, MUSIC)
    async with library.database.write() as tx:
        await tx.execute(tracks.update().values(tempo_bpm=172.0))
    where = await address(library)
    shown = (await put_offset(client, where, 0)).json()
    assert [span["tempo_bpm"] for span in shown["spans"]] == [172.0] * 4 + [None]
    assert shown["spans"][1]["in_step_pct"] == pytest.approx(100.0)
    assert shown["spans"][-1]["in_step_pct"] is None


async def test_a_run_not_computed_yet(library: Library, client: httpx2.AsyncClient) -> None:
    await library.hand_in(RUN)
    # A worker of imports alone; the event that they announce still waits.
    registry = JobRegistry.of([library.imports])
    await JobRunner(library.database, registry, library.clock, "importer").run_until_idle()
    shown = (await client.get(await address(library))).json()
    assert (shown["computed_at"], shown["spans"], shown["confidence"]) == (None, [], "none")


async def test_the_offset_moves_the_music(
    library: Library, client: httpx2.AsyncClient, clock: HeldClock
) -> None:
    await library.take_in(RUN, MUSIC)
    where = await address(library)
    before = (await client.get(where)).json()
    clock.advance(10)
    moved = (await put_offset(client, where, 20.5)).json()
    assert moved["clock_offset_s"] == 20.5
    assert moved["spans"][1]["start_s"] in {50, 51}
    # For dragging live: the plays themselves stay where their source put them.
    assert moved["listens"] == before["listens"]
    assert (await put_offset(client, where, 20.5)).json() == moved
    away = (await put_offset(client, where, -50_400)).json()
    assert [span["track_id"] for span in away["spans"]] == [None]
    clock.advance(-10)
    assert (await put_offset(client, where, 0)).json() == before


async def test_a_zone_that_the_watch_set_wrong_is_mended_by_hours(
    library: Library, client: httpx2.AsyncClient
) -> None:
    """Some watches write the time on the wall as if it were UTC."""
    on_the_wall = write_tcx(run(MORNING + timedelta(hours=11), length_s=300))
    await library.take_in(("run.tcx", on_the_wall), MUSIC)
    where = await address(library)
    shown = (await client.get(where)).json()
    assert (shown["confidence"], len(shown["listens"])) == ("none", 4)
    moved = (await put_offset(client, where, 11 * 3600)).json()
    assert [span["track_id"] is not None for span in moved["spans"]] == [True] * 4 + [False]


async def test_impossible_offsets_are_refused(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(RUN)
    before = await library.rows(select(spans))
    for value in (50_401, -50_400.5, None, "now", float("nan"), float("inf")):
        answer = await client.put(
            f"{await address(library)}/clock-offset",
            content=json.dumps({"clock_offset_s": value}),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 422, value
    assert await library.rows(select(spans)) == before


async def test_another_accounts_soundtrack_is_not_there(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(RUN)
    stranger_id = await make_account(library.database)
    foreign = await address(library)
    async with await signed_in_client(library.app(), stranger_id) as stranger:
        for where in (foreign, f"/v1/soundtracks/{uuid4()}"):
            assert (await stranger.get(where)).status_code == 404
            assert (await put_offset(stranger, where, 1)).status_code == 404
    ((offset_s,),) = await library.rows(select(activities.c.clock_offset_s))
    assert offset_s == 0


async def test_an_empty_home(client: httpx2.AsyncClient) -> None:
    home = (await client.get("/v1/home")).json()
    nothing = {"activities": 0, "distance_m": 0, "moving_s": 0, "ascent_m": 0}
    assert set(home["totals"]) == {"all_time", "this_year", "last_28_days", "previous_28_days"}
    assert all(total == nothing for total in home["totals"].values())
    assert len(home["weeks"]) == 26
    assert home["weeks"][-1]["week_start"] == "2026-02-23"
    assert (home["days"], home["recent"], home["top_tracks"]) == ([], [], [])
    assert (home["listens"], home["activities"], home["activities_with_music"]) == (0, 0, 0)


async def test_unknown_zones_are_refused(client: httpx2.AsyncClient) -> None:
    for zone in ("Mars/Olympus", "../../etc/passwd", "America", "", "\0", "a" * 64):
        answer = await client.get("/v1/home", params={"time_zone": zone})
        assert answer.status_code == 422, zone
        assert answer.headers["content-type"] == "application/problem+json"


async def test_steps_suggest_the_offset(library: Library, client: httpx2.AsyncClient) -> None:
    """The runner keeps the beat of every song, and the music's clock is 25 s early."""
    tempi = [150.0 + (37 * number) % 40 for number in range(20)]
    early = plays(MORNING - timedelta(seconds=25), 20)
    recording = run(length_s=1_200)
    recording.columns["cadence_spm"][:] = np.repeat(tempi, 60)
    await library.take_in(("run.fit", write_fit(recording)), ("music.zip", spotify_zip(early)))
    suggestion = f"{await address(library)}/clock-offset/suggestion"
    assert (await client.get(suggestion)).json()["silence"] == "few_tempi"
    async with library.database.write() as tx:
        for number, tempo in enumerate(tempi):
            named = tracks.update().where(tracks.c.title == f"Song {number}")
            await tx.execute(named.values(tempo_bpm=tempo))
    found = (await client.get(suggestion)).json()
    assert found["silence"] is None
    assert found["low_s"] <= 25 <= found["high_s"]
    assert found["sure_pct"] >= 95.0


async def test_without_steps_no_offset_is_suggested(
    library: Library, client: httpx2.AsyncClient
) -> None:
    recording = run(length_s=300)
    columns = {name: column for name, column in recording.columns.items() if "cadence" not in name}
    recording = replace(recording, columns=columns)
    await library.take_in(("run.fit", write_fit(recording)), MUSIC)
    found = (await client.get(f"{await address(library)}/clock-offset/suggestion")).json()
    assert (found["silence"], found["clock_offset_s"]) == ("no_steps", None)
