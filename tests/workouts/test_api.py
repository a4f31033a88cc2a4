"""Workouts over HTTP, without anybody on a socket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from beatrunner.codecs import live
from beatrunner.kit.clock import system_clock
from beatrunner.workouts import shapes, store
from beatrunner.workouts.ending import FINISH_GRACE, SILENT_FOR, UNUSED_FOR, end_left_behind
from tests.workouts.gym import STARTED_AT, Gym, samples


async def test_a_bridge_has_one_open_workout(gym: Gym) -> None:
    workout_id = await gym.begin()
    body = {"bridge_id": str(gym.bridge_id), "settings": {"mode": "manual"}}
    refused = await gym.client.post("/v1/workouts", json=body)
    assert refused.status_code == 409
    assert str(workout_id) in refused.json()["detail"]
    finished = await gym.client.post(f"/v1/workouts/{workout_id}/finish")
    assert finished.json()["state"] == "dropped"
    assert (await gym.client.post("/v1/workouts", json=body)).status_code == 201


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "heart"},
        {"mode": "heart", "target_low_bpm": 150, "target_high_bpm": 140},
        {"mode": "beat", "target_low_bpm": 140},
        {"mode": "plan"},
        {"mode": "manual", "ceiling_bpm": 20},
        {"mode": "manual", "max_speed_kmh": 61},
        {"mode": "sideways"},
        {"mode": "manual", "surprise": 1},
    ],
)
async def test_what_nobody_could_conduct_is_refused(
    sqlite_gym: Gym, settings: dict[str, Any]
) -> None:
    body = {"bridge_id": str(sqlite_gym.bridge_id), "settings": settings}
    assert (await sqlite_gym.client.post("/v1/workouts", json=body)).status_code == 422


async def test_the_list_goes_on_where_a_page_ended(gym: Gym) -> None:
    made = []
    for _ in range(5):
        made.append(str(await gym.begin()))
        await gym.client.post(f"/v1/workouts/{made[-1]}/finish")
    listed: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await gym.client.get("/v1/workouts", params=params)).json()
        listed += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert listed == made[::-1]


async def test_what_no_bridge_comes_back_to_ends_by_itself(gym: Gym) -> None:
    database = gym.parts.database

    async def state_after(workout_id: Any, passed: timedelta) -> str:
        await end_left_behind(database, system_clock() + passed)
        state: str = (await gym.workout(workout_id))["state"]
        return state

    async def with_seconds(passed: timedelta) -> Any:
        workout_id = await gym.begin()
        async with gym.bridge(workout_id) as bridge:
            at = system_clock() + passed
            said = [
                msgspec.structs.replace(sample, at=at + (sample.at - STARTED_AT))
                for sample in samples(1, 30).samples
            ]
            await bridge.say(live.Samples(said))
            await bridge.hear_ack(30)
        return workout_id

    unused = await gym.begin()
    assert await state_after(unused, UNUSED_FOR - timedelta(minutes=1)) == "ready"
    assert await state_after(unused, UNUSED_FOR + timedelta(minutes=1)) == "dropped"

    silent = await with_seconds(timedelta(0))
    assert await state_after(silent, SILENT_FOR - timedelta(minutes=1)) == "live"
    assert await state_after(silent, SILENT_FOR + timedelta(minutes=1)) == "ended"

    # Not at the time of the other one: two recordings of one time are one run.
    finished = await with_seconds(timedelta(minutes=5))
    await gym.client.post(f"/v1/workouts/{finished}/finish")
    assert await state_after(finished, FINISH_GRACE / 2) == "live"
    assert await state_after(finished, FINISH_GRACE * 2) == "ended"
    await gym.work(SILENT_FOR * 2)
    for workout_id in (silent, finished):
        assert (await gym.workout(workout_id))["state"] == "sealed"
    assert (await gym.client.get("/v1/activities")).json()["total"] == 2


async def test_seconds_of_sealed_runs_are_forgotten(gym: Gym) -> None:
    kept, sealed = await gym.begin(), None
    async with gym.bridge(kept) as bridge:
        await bridge.say(samples(1, 30))
        await bridge.hear_ack(30)
    async with gym.parts.database.write() as tx:
        later = system_clock() + timedelta(days=1)
        assert not await store.delete_old_metrics(tx, gym.account_id, later, 10)
        sealed = {"state": "sealed", "ended_at": system_clock()}
        await store.update_workout(tx, kept, sealed)
        assert await store.delete_old_metrics(tx, uuid4(), later, 10) is False
        assert await store.delete_old_metrics(tx, gym.account_id, later, 10)
        assert not await store.has_metrics(tx, kept)


def test_both_ways_in_know_the_same_settings() -> None:
    for shape, struct in ((shapes.WorkoutSettings, live.Settings), (shapes.Block, live.Block)):
        assert list(shape.model_fields) == list(struct.__struct_fields__)
