from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.fit import write_fit
from beatrunner.core.estimate import Estimate
from beatrunner.db.tables import activities
from beatrunner.insights.feelings import share_pct
from beatrunner.kit.ids import new_id
from tests.insights.conftest import Runner
from tests.sample_files import MORNING, run


async def runs(runner: Runner, *modes: str | None) -> list[UUID]:
    """A run a day, driven as a workout of this mode, or without one."""
    for day, _ in enumerate(modes, start=2):
        started_at = MORNING.replace(day=day)
        await runner.take_in((f"{day}.fit", write_fit(run(started_at))))
    rows = await runner.rows(select(activities.c.id).order_by(activities.c.started_at))
    for row, mode in zip(rows, modes, strict=True):
        if mode is not None:
            await runner.drive(row.id, mode)
    runner.held.now = MORNING.replace(day=len(modes) + 2)
    return [row.id for row in rows]


async def tell(client: httpx2.AsyncClient, activity_id: UUID, felt: str | None) -> None:
    answer = await client.post(f"/v1/activities/{activity_id}/felt", json={"felt": felt})
    assert answer.status_code == 204, answer.text


async def felt(client: httpx2.AsyncClient, activity_id: UUID) -> dict[str, Any]:
    answer = await client.get(f"/v1/activities/{activity_id}/felt")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def satisfaction(client: httpx2.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/v1/insights/satisfaction")).json()
    return found


async def test_nothing_told_is_no_opinion(client: httpx2.AsyncClient) -> None:
    nothing = {"too_easy": 0, "right": 0, "too_hard": 0, "right_pct": None}
    assert await satisfaction(client) == {
        "driven": nothing,
        "free": nothing,
        "ask_about": None,
    }


async def test_driven_runs_are_counted_apart(client: httpx2.AsyncClient, runner: Runner) -> None:
    first, second, third, fourth = await runs(runner, "beat", "heart", "manual", None)
    for activity_id, how in ((first, "right"), (second, "too_hard"), (third, "right")):
        await tell(client, activity_id, how)
    await tell(client, fourth, "too_easy")
    found = await satisfaction(client)
    driven, free = found["driven"], found["free"]
    assert (driven["too_easy"], driven["right"], driven["too_hard"]) == (0, 1, 1)
    assert (free["too_easy"], free["right"], free["too_hard"]) == (1, 1, 0)
    # Wilson's interval of one in two.
    assert driven["right_pct"] == {"value": 50.0, "low": 9.5, "high": 90.5}


async def test_the_last_word_counts(client: httpx2.AsyncClient, runner: Runner) -> None:
    (only,) = await runs(runner, "beat")
    await tell(client, only, "too_hard")
    await tell(client, only, "right")
    driven = (await satisfaction(client))["driven"]
    assert (driven["right"], driven["too_hard"]) == (1, 0)


async def test_what_was_told_is_there_and_can_be_taken_back(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    driven, free = await runs(runner, "beat", None)
    assert await felt(client, driven) == {"felt": None, "is_driven": True}
    assert await felt(client, free) == {"felt": None, "is_driven": False}
    await tell(client, driven, "too_easy")
    assert (await felt(client, driven))["felt"] == "too_easy"
    assert (await satisfaction(client))["ask_about"] is None
    await tell(client, driven, None)
    assert (await felt(client, driven))["felt"] is None
    assert (await satisfaction(client))["driven"]["right_pct"] is None
    assert (await client.get(f"/v1/activities/{new_id()}/felt")).status_code == 404


async def test_the_latest_driven_run_is_asked_about_for_some_days(
    client: httpx2.AsyncClient, runner: Runner
) -> None:
    first, second, _ = await runs(runner, "beat", "beat", "manual")
    asked = (await satisfaction(client))["ask_about"]
    assert asked["activity_id"] == str(second)
    assert asked["name"]
    assert asked["started_at"].startswith(f"{MORNING:%Y-%m-}03")
    await tell(client, second, "right")
    assert (await satisfaction(client))["ask_about"]["activity_id"] == str(first)
    runner.held.advance(3 * 86_400)
    assert (await satisfaction(client))["ask_about"] is None


async def test_an_unheard_of_feeling_is_refused(client: httpx2.AsyncClient, runner: Runner) -> None:
    (only,) = await runs(runner, None)
    answer = await client.post(f"/v1/activities/{only}/felt", json={"felt": "purple"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    # Brown, Cai & DasGupta 2001 have 0 of 10 and 10 of 10; 81 of 263 is Newcombe's (1998).
    [(0, 10, 0.0, 27.8), (10, 10, 72.2, 100.0), (81, 263, 25.5, 36.6)],
)
def test_the_interval_of_a_share(some: int, of: int, low: float, high: float) -> None:
    found = share_pct(some, of)
    wanted = Estimate(100 * some / of, low, high)
    assert (found.value, found.low, found.high) == pytest.approx(
        (wanted.value, wanted.low, wanted.high), abs=0.06
    )
