from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from beatrunner.codecs.fit import write_fit
from beatrunner.db.insight_tables import measured_runs
from tests.insights.conftest import ORDERS, Runner
from tests.sample_files import MORNING, plays, run, spotify_zip


async def insights(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/insights")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_it_is_said_what_is_missing(client: httpx2.AsyncClient, runner: Runner) -> None:
    nothing = {"runs": 0, "runs_with_music": 0, "measured": 0, "plays": 0, "usual_speed_mps": None}
    assert (await insights(client))["library"] == nothing
    await runner.take_in(("run.fit", write_fit(run(length_s=600))))
    only_runs = (await insights(client))["library"]
    assert only_runs.pop("usual_speed_mps") == pytest.approx(3.0, rel=0.02)
    assert only_runs == {"runs": 1, "runs_with_music": 0, "measured": 0, "plays": 0}
    apart = spotify_zip(plays(MORNING - timedelta(days=3), 4))
    await runner.take_in(("music.zip", apart))
    found = await insights(client)
    assert (found["library"]["runs_with_music"], found["library"]["plays"]) == (0, 4)
    assert (found["state"], found["is_stale"]) == ("too_little", False)


async def test_it_is_said_how_far_measuring_is(client: httpx2.AsyncClient, runner: Runner) -> None:
    for day, order in enumerate(ORDERS):
        await runner.run_to(day, order)
    before = await insights(client)
    assert (before["state"], before["library"]["measured"]) == ("computing", 0)
    assert before["library"]["runs_with_music"] == len(ORDERS)
    await runner.settle()
    after = await insights(client)
    assert (after["state"], after["is_stale"]) == ("ready", False)
    assert after["library"]["measured"] == len(ORDERS)


async def test_runs_measured_in_an_older_way_are_measured_again(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, ORDERS[0])
    await runner.settle()
    async with runner.database.write() as tx:
        await tx.execute(measured_runs.update().values(method=1))
    found = await insights(client)
    assert (found["is_stale"], found["library"]["measured"]) == (True, 0)
    await runner.settle()
    found = await insights(client)
    assert (found["is_stale"], found["library"]["measured"]) == (False, 1)
