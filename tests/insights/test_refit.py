from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import delete, func, select

from beatrunner.db.insight_tables import insights as fitted
from beatrunner.db.insight_tables import measured_runs
from beatrunner.db.tables import activities, jobs, tracks
from beatrunner.insights.plays import LeftOut
from beatrunner.insights.refit import ask_to_refit
from beatrunner.kit.ids import new_id
from tests.insights.conftest import ORDERS, Runner


async def insights(client: httpx2.AsyncClient) -> dict[str, Any]:
    answer = await client.get("/v1/insights")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def refits(runner: Runner) -> int:
    counted = await runner.rows(
        select(func.count()).where(jobs.c.kind == "insights.refit", jobs.c.state == "waiting")
    )
    return int(counted[0][0])


async def four_runs(runner: Runner) -> None:
    for day, order in enumerate(ORDERS):
        await runner.run_to(day, order)
    await runner.settle()


async def test_who_has_no_runs_is_told_so(client: httpx2.AsyncClient, runner: Runner) -> None:
    found = await insights(client)
    assert found["state"] == "too_little"
    assert found["headline"]["code"] == "too_little"
    assert found["answers"] == []
    assert await refits(runner) == 0


async def test_shuffled_runs_tell_which_songs_are_faster(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await four_runs(runner)
    found = await insights(client)
    assert (found["state"], found["is_stale"]) == ("ready", False)
    assert (found["runs"], found["plays"]) == (4, 20)
    speed, heart_rate, cadence, in_step = found["answers"]
    assert speed["association"] is None  # Spotify says that all was shuffled
    assert [track["title"] for track in speed["causal"]["tracks"]] == [
        f"Song {number}" for number in (4, 3, 2, 1, 0)
    ]
    first, *_, last = speed["causal"]["tracks"]
    assert first["effect"]["value"] - last["effect"]["value"] == pytest.approx(3.9, abs=1.0)
    assert (first["verdict"], last["verdict"]) == ("raises", "lowers")
    headline = found["headline"]
    assert (headline["code"], headline["is_causal"]) == ("tracks_differ", True)
    assert headline["raising"] >= 1
    assert headline["per_sd"] is None
    assert cadence["causal"]["plays"] == heart_rate["causal"]["plays"] == 20
    assert in_step["causal"] is None  # without a tempo there is nothing to be in step with
    assert found["cadence_spm"] == 172.0


async def test_songs_that_the_runner_chose_are_kept_apart(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, ORDERS[0], is_shuffled=False)
    await runner.run_to(1, ORDERS[1])
    await runner.settle()
    (speed, *_) = (await insights(client))["answers"]
    assert speed["association"]["plays"] == speed["causal"]["plays"] == 5


async def test_a_tempo_is_folded_and_bends_the_curve(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, ORDERS[0])
    async with runner.database.write() as tx:
        for number in range(5):
            await tx.execute(
                tracks.update()
                .where(tracks.c.title == f"Song {number}")
                .values(tempo_bpm=(80.0 if number % 2 else 160.0) + number)
            )
    for day, order in enumerate(ORDERS[1:], start=1):
        await runner.run_to(day, order)
    await runner.settle()
    tempo = (await insights(client))["answers"][0]["causal"]["tempo"]
    assert 160.0 <= tempo["mean_tempo_bpm"] <= 170.0
    assert len(tempo["curve"]) == 25


async def test_one_refit_waits_however_much_changes(runner: Runner) -> None:
    for day in range(3):
        await runner.run_to(day, ORDERS[day])
    assert await refits(runner) == 1
    await runner.settle()
    assert await refits(runner) == 0


async def test_a_refit_waits_for_imports_to_end(runner: Runner) -> None:
    await runner.hand_in(("a.fit", b"whatever"))
    async with runner.database.write() as tx:
        await ask_to_refit(tx, runner.account_id, runner.clock())
        await tx.execute(jobs.update().where(jobs.c.kind == "import.run").values(state="running"))
    await runner.settle()
    assert await refits(runner) == 1


async def test_one_refit_runs_at_a_time(runner: Runner) -> None:
    await runner.run_to(0, ORDERS[0])
    later = runner.clock() + timedelta(hours=1)
    async with runner.database.write() as tx:
        claimed = {"state": "running", "claimed_until": later}
        await tx.execute(jobs.update().where(jobs.c.kind == "insights.refit").values(claimed))
        await ask_to_refit(tx, runner.account_id, runner.clock())
    await runner.settle()
    assert await refits(runner) == 1
    assert await runner.rows(select(measured_runs)) == []


async def test_of_an_account_that_is_gone_nothing_is_left_to_do(runner: Runner) -> None:
    await runner.refitter.refit(new_id())
    assert await runner.rows(select(fitted)) == []


async def test_a_new_run_costs_one_run(runner: Runner) -> None:
    await runner.run_to(0, ORDERS[0])
    await runner.settle()
    async with runner.database.write() as tx:
        # What is kept is used: nothing of it is read from the streams again.
        await tx.execute(measured_runs.update().values(moving_s=1.5))
    await runner.run_to(1, ORDERS[1])
    await runner.settle()
    moving = await runner.rows(select(measured_runs.c.moving_s))
    assert min(row.moving_s for row in moving) == 1.5
    assert len(moving) == 2


async def test_what_changed_since_is_computed_when_somebody_looks(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await four_runs(runner)
    async with runner.database.write() as tx:
        (first,) = (await tx.execute(select(activities.c.id).limit(1))).one()
        await runner.computer.compute(tx, runner.account_id, first)
    assert (await insights(client))["is_stale"] is True
    await insights(client)
    assert await refits(runner) == 1
    await runner.settle()
    assert (await insights(client))["is_stale"] is False


async def test_deleted_runs_and_other_sports_tell_nothing(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await four_runs(runner)
    async with runner.database.write() as tx:
        ids = (await tx.execute(select(activities.c.id))).scalars().all()
        await tx.execute(delete(activities).where(activities.c.id == ids[0]))
        await tx.execute(activities.update().where(activities.c.id == ids[1]).values(sport="ride"))
    await runner.refitter.refit(runner.account_id)
    assert (await insights(client))["runs"] == 2


async def test_runs_without_music_are_counted_as_left_out(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    await runner.run_to(0, [0, 1], kind="podcast")
    await runner.settle()
    found = await insights(client)
    assert found["left_out"] == [{"reason": LeftOut.NO_MUSIC, "runs": 1}]
    assert found["state"] == "too_little"
