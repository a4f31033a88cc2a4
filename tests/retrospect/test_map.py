"""The map of all runs over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert, select

from beatrunner.activities.figures import RunMeasurer
from beatrunner.db.engine import Database
from beatrunner.db.tables import activities, run_figures, spans, tracks
from beatrunner.jobs.registry import JobRegistry
from beatrunner.jobs.runner import JobRunner
from beatrunner.jobs.store import count_unfinished
from beatrunner.kit.ids import new_id
from beatrunner.retrospect import api as retrospect_api
from beatrunner.retrospect.run_map import RunMap
from tests.codecs.test_run_map import unpacked
from tests.conftest import HeldClock, make_account
from tests.sample_files import MORNING, run
from tests.shelf import Shelf
from tests.web.client import make_app, signed_in_client


class Runner(Shelf):
    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        super().__init__(database, clock, account_id)
        self.client: httpx2.AsyncClient
        registry = JobRegistry.of([RunMeasurer(database)])
        self.worker = JobRunner(database, registry, clock, "tester")

    async def ran(self, day: int, **changes: Any) -> None:
        recording = run(MORNING + timedelta(days=day), length_s=600)
        await self.add(replace(recording, **changes))
        await self.worker.run_until_idle()

    async def heard(self, title: str, until_s: int) -> UUID:
        """A song from the start of the latest run, and silence after it."""
        track_id = new_id()
        newest = select(activities.c.id).order_by(activities.c.started_at.desc()).limit(1)
        async with self.database.write() as tx:
            activity_id = await tx.scalar(newest)
            await tx.execute(
                insert(tracks).values(
                    id=track_id,
                    account_id=self.account_id,
                    match_key=title,
                    kind="music",
                    title=title,
                    artist="Someone",
                    created_at=MORNING,
                )
            )
            for ordinal, (start_s, end_s, whose) in enumerate(
                [(0, until_s, track_id), (until_s, 601, None)]
            ):
                await tx.execute(
                    insert(spans).values(
                        activity_id=activity_id,
                        account_id=self.account_id,
                        ordinal=ordinal,
                        track_id=whose,
                        start_s=start_s,
                        end_s=end_s,
                        start_uncertainty_s=1.0,
                        moving_s=1.0,
                    )
                )
        return track_id

    async def map(self, **words: Any) -> tuple[dict[str, Any], list[bytes], list[Any]]:
        answer = await self.client.get("/v1/retrospect/map", params=words)
        assert answer.status_code == 200
        return unpacked(answer.content)


@pytest.fixture
async def runner(database: Database, clock: HeldClock, account_id: UUID) -> AsyncIterator[Runner]:
    runner = Runner(database, clock, account_id)
    async with await signed_in_client(app_of(database, clock), account_id) as runner.client:
        yield runner


def app_of(database: Database, clock: HeldClock) -> FastAPI:
    provided = [RunMap(database, clock)]
    return make_app(database, clock, routers=[retrospect_api.router], provided=provided)


async def test_runs_with_a_path_are_told_the_latest_first(runner: Runner) -> None:
    await runner.ran(0, name="First")
    await runner.ran(1, name="Inside", is_indoor=True, columns={})
    await runner.ran(2, name="Ride", sport="ride")
    await runner.ran(3, name="Last")
    track_id = await runner.heard("Song", until_s=240)
    head, paths, songs = await runner.map()
    assert [told[1] for told in head["runs"]] == ["Last", "First"]
    assert (head["total"], head["unmeasured"], head["next_cursor"]) == (2, 0, None)
    assert head["tracks"] == [[str(track_id), "Song", "Someone"]]
    assert songs == [[(240, 1), (601, 0)], []]
    assert all(paths)


async def test_pages_go_on_where_the_last_one_ended(runner: Runner) -> None:
    for day in range(5):
        await runner.ran(day, name=str(day))
    seen: list[str] = []
    words: dict[str, Any] = {"limit": 2}
    while True:
        head, _, _ = await runner.map(**words)
        seen += [told[1] for told in head["runs"]]
        if head["next_cursor"] is None:
            break
        words["cursor"] = head["next_cursor"]
    assert seen == ["4", "3", "2", "1", "0"]


async def test_the_runs_of_a_time_can_be_had_alone(runner: Runner) -> None:
    for day in range(3):
        await runner.ran(day, name=str(day))
    second = (MORNING + timedelta(days=1)).isoformat()
    third = (MORNING + timedelta(days=2)).isoformat()
    head, _, _ = await runner.map(after=second, before=third)
    assert [told[1] for told in head["runs"]] == ["1"]


async def test_what_has_not_changed_is_not_sent_again(runner: Runner) -> None:
    await runner.ran(0)
    first = await runner.client.get("/v1/retrospect/map")
    kept = {"If-None-Match": first.headers["ETag"]}
    again = await runner.client.get("/v1/retrospect/map", headers=kept)
    assert (again.status_code, again.content) == (304, b"")
    await runner.ran(1)
    assert (await runner.client.get("/v1/retrospect/map", headers=kept)).status_code == 200


async def test_what_was_measured_since_is_sent(runner: Runner) -> None:
    await runner.ran(0, is_indoor=True, columns={})
    async with runner.database.write() as tx:
        await tx.execute(delete(run_figures))
    first = await runner.client.get("/v1/retrospect/map")
    assert unpacked(first.content)[0]["unmeasured"] == 1
    await runner.worker.run_until_idle()
    kept = {"If-None-Match": first.headers["ETag"]}
    again = await runner.client.get("/v1/retrospect/map", headers=kept)
    # Though the map is as empty as before: it would be asked for again without end.
    assert (again.status_code, unpacked(again.content)[0]["unmeasured"]) == (200, 0)


async def test_the_map_of_another_is_another(
    runner: Runner, database: Database, clock: HeldClock
) -> None:
    await runner.ran(0)
    mine = await runner.client.get("/v1/retrospect/map")
    other_id = await make_account(database)
    async with await signed_in_client(app_of(database, clock), other_id) as client:
        theirs = await client.get(
            "/v1/retrospect/map", headers={"If-None-Match": mine.headers["ETag"]}
        )
    assert unpacked(theirs.content)[0]["runs"] == []


async def test_runs_that_were_there_before_are_drawn_when_asked_for(runner: Runner) -> None:
    await runner.ran(0)
    async with runner.database.write() as tx:
        await tx.execute(delete(run_figures))
    head, _, _ = await runner.map()
    assert (head["total"], head["unmeasured"]) == (0, 1)
    async with runner.database.read() as tx:
        assert await count_unfinished(tx, runner.account_id, ["runs.measure"]) == 1
    await runner.worker.run_until_idle()
    head, paths, _ = await runner.map()
    assert (len(paths), head["unmeasured"]) == (1, 0)
