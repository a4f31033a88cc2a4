from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from beatrunner.core.gait import population_gait
from beatrunner.core.heart import Runner, population_heart
from beatrunner.db.engine import Database
from beatrunner.playlists.aims import Pacing
from beatrunner.playlists.shapes import ZoneTarget
from tests.conftest import HeldClock
from tests.playlists.conftest import CADENCE, ROUTE, Songs, make, notes, titles
from tests.sample_files import run
from tests.shelf import Shelf


async def test_songs_on_the_beat_make_a_playlist(client: httpx2.AsyncClient, songs: Songs) -> None:
    await songs.add("Every step", 171.0, length_s=240, spotify="spotify:track:" + "a" * 22)
    await songs.add("Every other", 86.0, length_s=200, artist="Half")
    await songs.add("Broken off", 170.0, length_s=12)
    await songs.add("Skipped", 169.5, length_s=500, is_skipped=True)
    await songs.add("Off", 150.0)
    await songs.add("Unknown", None)
    made = await make(client)
    assert titles(made) == ["Broken off", "Skipped", "Every step", "Every other"]
    assert [song["cadence_spm"] for song in made["songs"]] == [170.0, 169.5, 171.0, 172.0]
    assert [song["duration_s"] for song in made["songs"]] == [None, None, 240.0, 200.0]
    assert made["songs"][2]["spotify_uri"] == "spotify:track:" + "a" * 22
    assert made["length_s"] == 2 * 210 + 240 + 200
    assert (made["library_songs"], made["library_known"]) == (6, 5)
    assert made["stretches"] == [
        {
            "kind": None,
            "length_s": 720.0,
            "cadence_spm": dict.fromkeys(("value", "low", "high"), 170),
        }
    ]
    assert notes(made) == {}
    assert (await client.get(f"{ROUTE}/{made['id']}")).json() == made


async def test_it_says_when_there_is_too_little(client: httpx2.AsyncClient, songs: Songs) -> None:
    await songs.add("One", 170.0, artist="Same", verdict="uncertain")
    await songs.add("Two", 171.0, artist="Same")
    await songs.add("Unknown", None)
    made = await make(client, {"kind": "pace", "speed_kmh": 10.8}, minutes=60)
    assert notes(made) == {
        "too_few_songs": 53,
        "tempo_unknown": 1,
        "tempo_doubtful": 1,
        "artist_again": 1,
        "cadence_guessed": 0,
    }
    cadence = made["stretches"][0]["cadence_spm"]
    assert cadence["low"] < cadence["value"] - 10 < cadence["value"] + 10 < cadence["high"]


@pytest.mark.parametrize(
    ("tempi", "words"),
    [
        ([], "no songs yet"),
        ([None, None], "none of your 2 songs"),
        ([140.0, None], "None of the 1 songs"),
    ],
)
async def test_no_playlist_is_made_of_nothing(
    client: httpx2.AsyncClient, songs: Songs, tempi: Sequence[float | None], words: str
) -> None:
    for number, tempo_bpm in enumerate(tempi):
        await songs.add(str(number), tempo_bpm)
    refused = await client.post(ROUTE, json={"name": "Steady", "target": CADENCE, "minutes": 30})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/no-song-fits"
    assert words in refused.json()["detail"]
    assert (await client.get(ROUTE)).json()["items"] == []


async def test_what_is_known_to_help_comes_first(client: httpx2.AsyncClient, songs: Songs) -> None:
    for title in "abc":
        await songs.add(title, 170.0)
    helping = await songs.add("Helping", 171.0)
    hindering = await songs.add("Hindering", 170.0)
    await songs.add_effects(
        speed=f"{helping}:raises", heart_rate=f"{hindering}:raises", cadence=f"{hindering}:raises"
    )
    made = await make(client)
    assert titles(made)[0] == "Helping"
    assert made["songs"][0]["effect"] == "helps"
    assert {song["effect"] for song in made["songs"][1:]} == {None}


async def test_in_a_zone_a_song_that_costs_beats_hinders(
    client: httpx2.AsyncClient, songs: Songs
) -> None:
    zone = ZoneTarget(kind="zone", zone=3)
    (aim,) = Pacing(population_gait(), population_heart(Runner())).aims(zone, 10)
    costly = await songs.add("Costly", aim.cadence_spm.value)
    await songs.add("Plain", aim.cadence_spm.value)
    await songs.add_effects(heart_rate=f"{costly}:raises", speed=f"{costly}:raises")
    made = await make(client, zone.model_dump())
    assert titles(made) == ["Plain", "Costly"]
    assert [song["effect"] for song in made["songs"]] == [None, "hinders"]


async def test_a_plan_has_songs_for_each_part(client: httpx2.AsyncClient, songs: Songs) -> None:
    for number in range(4):
        await songs.add(f"Slow {number}", 150.0 + number, length_s=180)
        await songs.add(f"Fast {number}", 176.0 + number, length_s=180)
    blocks = [
        {"kind": "warm_up", "duration_s": 360, "cadence_spm": 151},
        {"kind": "work", "duration_s": 120, "cadence_spm": 177},
        {"kind": "recovery", "duration_s": 120, "cadence_spm": 151},
        {"kind": "work", "duration_s": 240, "cadence_spm": 177},
    ]
    made = await make(client, {"kind": "plan", "blocks": blocks}, minutes=None)
    assert made["minutes"] == 14
    assert [title.split()[0] for title in titles(made)] == ["Slow", "Slow", "Fast", "Fast", "Fast"]
    assert [song["stretch"] for song in made["songs"]] == [0, 0, 1, 3, 3]
    assert notes(made) == {"short_stretches": 2}


async def test_it_says_that_a_heart_rate_is_no_cadence(
    client: httpx2.AsyncClient, songs: Songs, database: Database, clock: HeldClock
) -> None:
    runs = Shelf(database, clock, songs.account_id)
    await runs.add(run(length_s=1200))  # with 172 steps a minute at 3 m/s
    for tempo_bpm in range(100, 200, 3):
        await songs.add(str(tempo_bpm), float(tempo_bpm))
    assert notes(await make(client, {"kind": "pace", "speed_kmh": 10.8})) == {}
    assert notes(await make(client, {"kind": "zone", "zone": 2})) == {"heart_guessed": 1}


async def test_one_more_playlist_has_other_songs(client: httpx2.AsyncClient, songs: Songs) -> None:
    for title in "abcdef":
        await songs.add(title, 170.0, length_s=200)
    first = await make(client, minutes=8)
    second = await make(client, minutes=8)
    assert not {*titles(first)} & {*titles(second)}
    await client.delete(f"{ROUTE}/{first['id']}")
    assert titles(await make(client, minutes=8)) == titles(first)


async def test_a_zone_goes_by_the_heart_of_the_runner(
    client: httpx2.AsyncClient, songs: Songs, database: Database, clock: HeldClock
) -> None:
    for tempo_bpm in range(100, 200, 3):
        await songs.add(str(tempo_bpm), float(tempo_bpm))
    runs = Shelf(database, clock, songs.account_id)
    steps = run(clock() - timedelta(days=9), length_s=1800)
    columns = {name: steps.columns[name] for name in ("distance_m", "cadence_spm")}
    await runs.add(replace(steps, columns=columns))
    zone = {"kind": "zone", "zone": 3}
    (guessed,) = (await make(client, zone))["stretches"]
    for day in range(1, 5):  # at 3 m/s, with a heart that is high for that
        recording = run(clock() - timedelta(days=day), length_s=1800)
        recording.columns["heart_rate_bpm"][:] = 175.0
        await runs.add(recording)
    (own,) = (await make(client, zone))["stretches"]
    assert own["cadence_spm"]["value"] < guessed["cadence_spm"]["value"] - 0.5


async def test_it_is_suggested_to_be_for_what_the_runner_usually_runs(
    client: httpx2.AsyncClient, songs: Songs, database: Database, clock: HeldClock
) -> None:
    nothing = {"cadence_spm": None, "speed_mps": None, "zone": None}
    assert (await client.get(f"{ROUTE}/suggestion")).json() == nothing
    runs = Shelf(database, clock, songs.account_id)
    for day in range(1, 4):
        await runs.add(run(clock() - timedelta(days=day), length_s=600))
    suggested = (await client.get(f"{ROUTE}/suggestion")).json()
    assert suggested["cadence_spm"] == 172.0
    assert suggested["speed_mps"] == pytest.approx(3.0, rel=0.02)
    assert suggested["zone"] in range(1, 6)
