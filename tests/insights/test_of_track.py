from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
from sqlalchemy import select

from beatrunner.db.tables import tracks
from tests.insights.conftest import ORDERS, Runner


async def of_song(client: httpx2.AsyncClient, runner: Runner, title: str) -> dict[str, Any]:
    ((track_id,),) = await runner.rows(select(tracks.c.id).where(tracks.c.title == title))
    answer = await client.get(f"/v1/insights/tracks/{track_id}")
    assert answer.status_code == 200, answer.text
    found = {each["response"]: each for each in answer.json()["responses"]}
    assert list(found) == ["speed", "heart_rate", "cadence", "in_step"]
    return found


async def test_what_all_runs_say_of_one_song(client: httpx2.AsyncClient, runner: Runner) -> None:
    for day, order in enumerate(ORDERS):
        await runner.run_to(day, order)
    await runner.settle()
    slowest = (await of_song(client, runner, "Song 0"))["speed"]["causal"]
    fastest = (await of_song(client, runner, "Song 4"))["speed"]["causal"]
    assert (slowest["title"], fastest["plays"]) == ("Song 0", 4)
    assert slowest["effect"]["value"] < 0.0 < fastest["effect"]["value"]


async def test_before_anything_is_known(client: httpx2.AsyncClient, runner: Runner) -> None:
    await runner.run_to(0, ORDERS[0])
    found = await of_song(client, runner, "Song 0")
    assert {(each["association"], each["causal"]) for each in found.values()} == {(None, None)}
    assert (await client.get(f"/v1/insights/tracks/{uuid4()}")).status_code == 404
