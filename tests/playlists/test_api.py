from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from sqlalchemy import insert, update

from beatrunner.db.engine import Database
from beatrunner.db.insight_tables import experiments
from beatrunner.db.tables import tracks
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock, make_account
from tests.playlists.conftest import CADENCE, ROUTE, Songs, change, client_of, make, notes, titles
from tests.sample_files import MORNING


async def test_songs_are_moved_taken_out_and_put_back(
    client: httpx2.AsyncClient, songs: Songs, database: Database
) -> None:
    for tempo_bpm in (168.0, 170.0, 172.0):
        await songs.add(str(tempo_bpm), tempo_bpm)
    made = await make(client, minutes=10)
    ids = [song["track_id"] for song in made["songs"]]
    moved = await change(client, made, track_ids=ids[::-1], name=" Easy ")
    assert (moved["name"], titles(moved)) == ("Easy", titles(made)[::-1])
    fewer = await change(client, made, track_ids=ids[1:])
    assert (titles(fewer), notes(fewer)) == (titles(made)[1:], {"too_short": 3})
    assert titles(await change(client, made, track_ids=ids)) == titles(made)

    stranger = Songs(database, HeldClock(), await make_account(database))
    other = await stranger.add("Not yours", 170.0)
    for wrong in ([*ids, str(other)], [*ids, str(new_id())], [ids[0], ids[0]]):
        refused = await client.patch(f"{ROUTE}/{made['id']}", json={"track_ids": wrong})
        assert refused.status_code == 422
    assert titles((await client.get(f"{ROUTE}/{made['id']}")).json()) == titles(made)


async def test_two_orders_told_at_once_leave_one_of_them(
    client: httpx2.AsyncClient, songs: Songs
) -> None:
    for tempo_bpm in (168.0, 170.0, 172.0):
        await songs.add(str(tempo_bpm), tempo_bpm)
    made = await make(client, minutes=10)
    ids = [song["track_id"] for song in made["songs"]]
    orders = [ids[::-1], ids] * 4
    answers = await asyncio.gather(
        *(client.patch(f"{ROUTE}/{made['id']}", json={"track_ids": order}) for order in orders)
    )
    assert {answer.status_code for answer in answers} == {200}
    now = (await client.get(f"{ROUTE}/{made['id']}")).json()
    assert [song["track_id"] for song in now["songs"]] in orders


async def test_a_song_whose_tempo_is_another_now_falls_out_of_step(
    client: httpx2.AsyncClient, songs: Songs, database: Database
) -> None:
    await songs.add("One", 170.0)
    made = await make(client, minutes=3)
    async with database.write() as tx:
        await tx.execute(update(tracks).values(tempo_bpm=130.0))
    now = (await client.get(f"{ROUTE}/{made['id']}")).json()
    assert now["songs"][0]["cadence_spm"] is None
    assert notes(now) == {"out_of_step": 1}


async def test_lists_go_on_where_they_ended(client: httpx2.AsyncClient, songs: Songs) -> None:
    await songs.add("One", 170.0)
    made = [(await make(client, minutes=3))["id"] for _ in range(3)]
    first = (await client.get(ROUTE, params={"limit": 2})).json()
    rest = (await client.get(ROUTE, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next_cursor"] is None
    assert first["items"][0]["songs"] == 1


async def test_a_deleted_one_can_be_restored_for_a_day(
    client: httpx2.AsyncClient, songs: Songs, database: Database, clock: HeldClock
) -> None:
    await songs.add("One", 170.0)
    made = await make(client, minutes=3)
    address = f"{ROUTE}/{made['id']}"
    assert (await client.delete(address)).status_code == 204
    assert (await client.get(address)).status_code == 404
    assert (await client.get(ROUTE)).json()["items"] == []
    clock.advance(600)
    other = await make(client, minutes=3)
    assert (await client.post(f"{address}/restore", json={})).json() == made
    await client.delete(address)
    clock.advance(90_000)
    async with await client_of(database, clock, songs.account_id) as later:
        await make(later, minutes=3)
        assert (await later.post(f"{address}/restore", json={})).status_code == 404
        assert (await later.get(f"{ROUTE}/{other['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("form", "begins", "suffix"),
    [("m3u", "#EXTM3U\n#PLAYLIST:Steady\n", "m3u8"), ("csv", "\ufeffplace,", "csv")],
)
async def test_it_is_exported(
    client: httpx2.AsyncClient, songs: Songs, form: str, begins: str, suffix: str
) -> None:
    await songs.add("One", 170.0)
    made = await make(client, minutes=3)
    answer = await client.get(f"{ROUTE}/{made['id']}/export", params={"format": form})
    assert answer.content.decode().startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f"Steady.{suffix}")


async def test_spotify_gets_the_songs_that_it_knows(
    client: httpx2.AsyncClient, songs: Songs
) -> None:
    uri = "spotify:track:" + "Z" * 22
    await songs.add("One", 170.0, spotify=uri)
    await songs.add("Two", 170.0, spotify="isrc:QZES71982312")
    made = await make(client, minutes=6)
    answer = await client.get(f"{ROUTE}/{made['id']}/export", params={"format": "spotify"})
    assert answer.text == f"{uri}\n"
    assert len(made["songs"]) == 2


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("spotify", "spotify:track:" + "Z" * 22 + "\n"),
        ("m3u", "#EXTINF:200,Two Band - Two\n./Two Band - Two.mp3\n#EXTINF:"),
        ("csv", "1,Two,Two Band,150.0,,200.0,"),
    ],
)
async def test_an_experiment_is_exported_in_its_order(
    client: httpx2.AsyncClient, database: Database, songs: Songs, form: str, wanted: str
) -> None:
    one = await songs.add("One", 170.0, spotify="spotify:track:" + "Z" * 22)
    two = await songs.add("Two", 150.0, length_s=200.0)
    gone = new_id()
    experiment_id = new_id()
    async with database.write() as tx:
        await tx.execute(
            insert(experiments).values(
                id=experiment_id,
                account_id=songs.account_id,
                track_ids=[str(two), str(gone), str(one)],
                created_at=MORNING,
            )
        )
    path = f"/v1/insights/experiments/{experiment_id}/export"
    answer = await client.get(path, params={"format": form})
    assert wanted in answer.text
    assert "Experiment%202026-" in answer.headers["Content-Disposition"]
    other = await client.get(path.replace(str(experiment_id), str(gone)), params={"format": form})
    assert other.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"target": CADENCE},
        {"target": {"kind": "cadence"}, "minutes": 5},
        {"target": {"kind": "zone", "zone": 6}, "minutes": 5},
        {"target": {"kind": "plan", "blocks": [{"kind": "work", "duration_s": 60}]}, "minutes": 5},
        {"target": {"kind": "plan", "blocks": [{"kind": "work", "duration_s": 21600}] * 2}},
        {
            "target": {
                "kind": "plan",
                "blocks": [{"kind": "work", "duration_s": 60, "target_low_bpm": 100}],
            }
        },
    ],
)
async def test_nonsense_is_refused(client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post(ROUTE, json={"name": "x", **body})).status_code == 422
