from __future__ import annotations

from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.db.tables import activities, track_source_ids, tracks
from tests.insights.conftest import Runner
from tests.sample_files import MORNING

PATH = "/v1/insights/experiments"
EIGHT = [5, 2, 7, 0, 3, 6, 1, 4]


async def made(client: httpx2.AsyncClient, count: int = 6) -> dict[str, Any]:
    answer = await client.post(PATH, json={"tracks": count})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def items(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await client.get(PATH)).json()["items"]
    return found


def numbers(experiment: dict[str, Any]) -> list[int]:
    return [int(track["title"].removeprefix("Song ")) for track in experiment["tracks"]]


@pytest.fixture
async def used(runner: Runner) -> Runner:
    """Somebody who has run to eight songs of their own choice."""
    for day in range(2):
        await runner.run_to(day, EIGHT[::-1] if day else EIGHT, is_shuffled=False)
    await runner.settle()
    # The experiment is made before the runs to come.
    runner.held.now = MORNING.replace(day=20)
    return runner


async def test_before_there_are_songs_there_is_no_experiment(client: httpx2.AsyncClient) -> None:
    answer = await client.post(PATH, json={"tracks": 6})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/too-little-music"
    assert (await client.get(f"{PATH}/proposal")).json() == {"proposal": None}
    assert await items(client) == []


async def test_songs_are_chosen_and_shuffled(client: httpx2.AsyncClient, used: Runner) -> None:
    first, second = await made(client), await made(client)
    assert len(set(numbers(first))) == 6
    assert first["runs"] == 0
    assert [each["id"] for each in await items(client)] == [second["id"], first["id"]]
    orders = {tuple(numbers(await made(client))) for _ in range(4)}
    assert len(orders) > 1


async def test_the_proposal_is_another_once_more_is_known(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    async def proposed() -> Any:
        return (await client.get(f"{PATH}/proposal", params={"tracks": 8})).json()["proposal"]

    before = await proposed()
    assert await proposed() == before
    await used.run_to(30, [*EIGHT, 8, 9, 10, 11])
    await used.settle()
    assert await proposed() != before


async def test_the_proposal_tells_what_it_would_teach(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    found = (await client.get(f"{PATH}/proposal", params={"tracks": 8})).json()["proposal"]
    assert len(found["tracks"]) == 8
    assert found["sd_after_pct"] < found["sd_pct"]
    assert found["tempo_sd_pct"] is None  # nobody knows any


async def test_plays_of_an_experiment_are_recognised_and_tell_causes(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    order = numbers(await made(client))
    await used.run_to(20, order, is_shuffled=False)
    await used.run_to(21, [*order[1:], 8], is_shuffled=False)
    await used.run_to(22, order[::-1], is_shuffled=False)
    await used.settle()
    (speed, *_) = (await client.get("/v1/insights")).json()["answers"]
    assert speed["causal"]["plays"] == 6 + 5
    assert speed["association"]["plays"] == 8 + 8 + 1 + 6
    assert [each["runs"] for each in await items(client)] == [2]


async def test_a_run_whose_belt_beatrunner_set_tells_nothing_of_music(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    await used.run_to(20, numbers(await made(client)), is_shuffled=False)
    newest = select(activities.c.id).order_by(activities.c.started_at.desc()).limit(1)
    ((activity_id,),) = await used.rows(newest)
    await used.drive(activity_id)
    await used.settle()
    found = (await client.get("/v1/insights")).json()
    assert found["left_out"] == [{"reason": "driven", "runs": 1}]
    assert found["answers"][0]["causal"] is None
    assert [each["runs"] for each in await items(client)] == [0]


async def test_a_skipped_song_has_its_place_all_the_same(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    order = numbers(await made(client))
    # The second is missing, so what was run to the third counts to it.
    await used.run_to(20, [order[0], *order[2:]], is_shuffled=False)
    await used.settle()
    (speed, *_) = (await client.get("/v1/insights")).json()["answers"]
    plays = {track["title"]: track["plays"] for track in speed["causal"]["tracks"]}
    assert plays == {f"Song {song}": 1 for song in order if song != order[2]}


async def test_a_run_before_the_experiment_is_not_of_it(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    order = numbers(await made(client))
    await used.run_to(5, order, is_shuffled=False)
    await used.settle()
    assert [each["runs"] for each in await items(client)] == [0]


async def test_a_forgotten_experiment_tells_no_more(
    client: httpx2.AsyncClient, used: Runner
) -> None:
    experiment = await made(client)
    await used.run_to(20, numbers(experiment), is_shuffled=False)
    await used.settle()
    assert (await client.delete(f"{PATH}/{experiment['id']}")).status_code == 204
    await used.settle()
    (speed, *_) = (await client.get("/v1/insights")).json()["answers"]
    assert speed["causal"] is None
    assert (await client.delete(f"{PATH}/{experiment['id']}")).status_code == 404


async def test_it_says_where_spotify_has_a_song(client: httpx2.AsyncClient, used: Runner) -> None:
    experiment = await made(client)
    wanted = select(track_source_ids.c.track_id, track_source_ids.c.source_id)
    uris = {str(row.track_id): row.source_id for row in await used.rows(wanted)}
    assert uris
    for track in (await items(client))[0]["tracks"]:
        assert track["spotify_uri"] == uris[track["track_id"]]
    assert experiment["tracks"] == (await items(client))[0]["tracks"]


async def test_songs_that_are_gone_are_left_out(client: httpx2.AsyncClient, used: Runner) -> None:
    experiment = await made(client)
    async with used.database.write() as tx:
        wanted = select(tracks.c.id).where(tracks.c.title == experiment["tracks"][0]["title"])
        await tx.execute(tracks.delete().where(tracks.c.id.in_(wanted)))
    (found,) = await items(client)
    assert numbers(found) == numbers(experiment)[1:]
