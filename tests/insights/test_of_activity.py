from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.db.tables import activities, tracks
from tests.insights.conftest import ORDERS, SONG_S, Runner
from tests.sample_files import MORNING, plays, run, spotify_zip


async def first_run(client: httpx2.AsyncClient, runner: Runner) -> dict[str, Any]:
    ids = await runner.rows(select(activities.c.id).order_by(activities.c.started_at))
    answer = await client.get(f"/v1/insights/activities/{ids[0].id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_run_against_what_is_known_of_its_songs(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    for day, order in enumerate(ORDERS):
        await runner.run_to(day, order)
    await runner.settle()
    found = await first_run(client, runner)
    assert (found["is_measured"], found["left_out"], found["notes"]) == (True, None, [])
    assert [track["title"] for track in found["tracks"]] == [f"Song {n}" for n in ORDERS[0]]
    slowest, fastest = found["tracks"][0], found["tracks"][-1]
    assert slowest["here_pct"] < -0.5 < 0.5 < fastest["here_pct"]
    assert slowest["effect"]["value"] < 0.0 < fastest["effect"]["value"]
    assert [track["fits"] for track in found["tracks"]].count(True) >= 3
    assert fastest["plays"] == 4


async def test_a_run_that_is_unlike_the_others_does_not_fit(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    for day, order in enumerate(ORDERS):
        # On the first day the songs are told in the wrong order.
        await runner.run_to(day, order, told=order[::-1] if day == 0 else order)
    for day, order in enumerate(ORDERS, start=4):
        await runner.run_to(day, order)
    await runner.settle()
    found = await first_run(client, runner)
    assert False in [track["fits"] for track in found["tracks"]]


async def test_before_it_is_measured(client: httpx2.AsyncClient, runner: Runner) -> None:
    await runner.run_to(0, ORDERS[0])
    found = await first_run(client, runner)
    assert (found["is_measured"], found["tracks"]) == (False, [])


async def test_music_by_another_clock_is_noticed(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    file = write_fit(run(length_s=1200))
    music = spotify_zip(plays(MORNING + timedelta(hours=2), 12, length_s=SONG_S))
    await runner.take_in(("run.fit", file), ("music.zip", music))
    await runner.settle()
    found = await first_run(client, runner)
    assert found["left_out"] == "no_music"
    assert found["notes"] == [{"code": "clock_offset", "track_id": None, "hours": -2}]


async def test_a_song_that_may_be_an_octave_off_is_named(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, ORDERS[0])
    async with runner.database.write() as tx:
        await tx.execute(tracks.update().where(tracks.c.title == "Song 3").values(tempo_bpm=60.0))
    await runner.settle()
    (note,) = (await first_run(client, runner))["notes"]
    (song,) = await runner.rows(select(tracks.c.id).where(tracks.c.title == "Song 3"))
    assert note == {"code": "tempo_octave", "track_id": str(song.id), "hours": None}


async def test_steps_are_not_taken_for_heart_beats(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, ORDERS[0], heart_rate="steps")
    await runner.settle()
    (note,) = (await first_run(client, runner))["notes"]
    assert note["code"] == "cadence_lock"
    answers = (await client.get("/v1/insights")).json()["answers"]
    heart_rate = next(answer for answer in answers if answer["response"] == "heart_rate")
    assert heart_rate["causal"] is None
