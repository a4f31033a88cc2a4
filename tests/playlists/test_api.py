from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert, update

from beatrunner.core.gait import population_gait
from beatrunner.core.heart import Runner, population_heart
from beatrunner.db.engine import Database
from beatrunner.db.insight_tables import experiments, insight_effects
from beatrunner.db.tables import music_events, track_source_ids, tracks
from beatrunner.kit.ids import new_id
from beatrunner.playlists import api as playlists_api
from beatrunner.playlists.aims import Pacing
from beatrunner.playlists.playlists import Playlists
from beatrunner.playlists.shapes import ZoneTarget
from tests.conftest import HeldClock, make_account
from tests.sample_files import MORNING, run
from tests.shelf import Shelf as RunShelf
from tests.web.client import make_app, signed_in_client

ROUTE = "/v1/playlists"
CADENCE = {"kind": "cadence", "cadence_spm": 170}


class Shelf:
    """One account's songs."""

    def __init__(self, database: Database, clock: HeldClock, account_id: UUID) -> None:
        self._database = database
        self._clock = clock
        self.account_id = account_id

    async def add(
        self,
        title: str,
        tempo_bpm: float | None,
        *,
        artist: str | None = None,
        length_s: float | None = None,
        heard_days_ago: float = 100.0,
        is_skipped: bool = False,
        verdict: str = "single",
        spotify: str | None = None,
    ) -> UUID:
        track_id = new_id()
        owned = {"account_id": self.account_id}
        async with self._database.write() as tx:
            await tx.execute(
                insert(tracks).values(
                    id=track_id,
                    match_key=title,
                    kind="music",
                    title=title,
                    artist=artist or f"{title} Band",
                    tempo_bpm=tempo_bpm,
                    tempo_source=tempo_bpm and "manual",
                    tempo_verdict=tempo_bpm and verdict,
                    created_at=self._clock(),
                    **owned,
                )
            )
            if spotify is not None:
                await tx.execute(
                    insert(track_source_ids).values(track_id=track_id, source_id=spotify, **owned)
                )
            if length_s is not None:
                started_at = self._clock() - timedelta(days=heard_days_ago)
                await tx.execute(
                    insert(music_events).values(
                        track_id=track_id,
                        started_at=started_at,
                        ended_at=started_at + timedelta(seconds=length_s),
                        provenance="spotify_export",
                        uncertainty_s=1.0,
                        is_skipped=is_skipped,
                        is_offline=False,
                        **owned,
                    )
                )
        return track_id

    async def add_effects(self, **verdicts: str) -> None:
        """`verdicts` by response; each with one track: `speed={track_id}:raises`."""
        async with self._database.write() as tx:
            for response, told in verdicts.items():
                track_id, verdict = told.split(":")
                await tx.execute(
                    insert(insight_effects).values(
                        account_id=self.account_id,
                        response=response,
                        is_causal=False,
                        effects={"tracks": [{"track_id": track_id, "verdict": verdict}]},
                    )
                )


@pytest.fixture
def shelf(database: Database, clock: HeldClock, account_id: UUID) -> Shelf:
    return Shelf(database, clock, account_id)


@pytest.fixture
async def client(
    database: Database, clock: HeldClock, account_id: UUID
) -> AsyncIterator[httpx2.AsyncClient]:
    async with await client_of(database, clock, account_id) as client:
        yield client


async def client_of(database: Database, clock: HeldClock, account_id: UUID) -> httpx2.AsyncClient:
    app = make_app(
        database,
        clock,
        routers=[playlists_api.router, playlists_api.experiments_router],
        provided=[database, Playlists(database, clock)],
    )
    return await signed_in_client(app, account_id)


async def make(
    client: httpx2.AsyncClient, target: Any = CADENCE, minutes: float | None = 12
) -> dict[str, Any]:
    body = {"name": "Steady", "target": target, "minutes": minutes}
    answer = await client.post(ROUTE, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(playlist: dict[str, Any]) -> list[str]:
    return [song["title"] for song in playlist["songs"]]


def notes(playlist: dict[str, Any]) -> dict[str, int]:
    return {note["code"]: note["count"] for note in playlist["notes"]}


async def change(client: httpx2.AsyncClient, playlist: dict[str, Any], **body: Any) -> Any:
    answer = await client.patch(f"{ROUTE}/{playlist['id']}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_songs_on_the_beat_make_a_playlist(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    await shelf.add("Every step", 171.0, length_s=240, spotify="spotify:track:" + "a" * 22)
    await shelf.add("Every other", 86.0, length_s=200, artist="Half")
    await shelf.add("Broken off", 170.0, length_s=12)
    await shelf.add("Skipped", 169.5, length_s=500, is_skipped=True)
    await shelf.add("Off", 150.0)
    await shelf.add("Unknown", None)
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


async def test_it_says_when_there_is_too_little(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    await shelf.add("One", 170.0, artist="Same", verdict="uncertain")
    await shelf.add("Two", 171.0, artist="Same")
    await shelf.add("Unknown", None)
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
    client: httpx2.AsyncClient, shelf: Shelf, tempi: Sequence[float | None], words: str
) -> None:
    for number, tempo_bpm in enumerate(tempi):
        await shelf.add(str(number), tempo_bpm)
    refused = await client.post(ROUTE, json={"name": "Steady", "target": CADENCE, "minutes": 30})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/no-song-fits"
    assert words in refused.json()["detail"]
    assert (await client.get(ROUTE)).json()["items"] == []


async def test_what_is_known_to_help_comes_first(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    for title in "abc":
        await shelf.add(title, 170.0)
    helping = await shelf.add("Helping", 171.0)
    hindering = await shelf.add("Hindering", 170.0)
    await shelf.add_effects(
        speed=f"{helping}:raises", heart_rate=f"{hindering}:raises", cadence=f"{hindering}:raises"
    )
    made = await make(client)
    assert titles(made)[0] == "Helping"
    assert made["songs"][0]["effect"] == "helps"
    assert {song["effect"] for song in made["songs"][1:]} == {None}


async def test_in_a_zone_a_song_that_costs_beats_hinders(
    client: httpx2.AsyncClient, shelf: Shelf
) -> None:
    zone = ZoneTarget(kind="zone", zone=3)
    (aim,) = Pacing(population_gait(), population_heart(Runner())).aims(zone, 10)
    costly = await shelf.add("Costly", aim.cadence_spm.value)
    await shelf.add("Plain", aim.cadence_spm.value)
    await shelf.add_effects(heart_rate=f"{costly}:raises", speed=f"{costly}:raises")
    made = await make(client, zone.model_dump())
    assert titles(made) == ["Plain", "Costly"]
    assert [song["effect"] for song in made["songs"]] == [None, "hinders"]


async def test_a_plan_has_songs_for_each_part(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    for number in range(4):
        await shelf.add(f"Slow {number}", 150.0 + number, length_s=180)
        await shelf.add(f"Fast {number}", 176.0 + number, length_s=180)
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
    client: httpx2.AsyncClient, shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    runs = RunShelf(database, clock, shelf.account_id)
    await runs.add(run(length_s=1200))  # with 172 steps a minute at 3 m/s
    for tempo_bpm in range(100, 200, 3):
        await shelf.add(str(tempo_bpm), float(tempo_bpm))
    assert notes(await make(client, {"kind": "pace", "speed_kmh": 10.8})) == {}
    assert notes(await make(client, {"kind": "zone", "zone": 2})) == {"heart_guessed": 1}


async def test_one_more_playlist_has_other_songs(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    for title in "abcdef":
        await shelf.add(title, 170.0, length_s=200)
    first = await make(client, minutes=8)
    second = await make(client, minutes=8)
    assert not {*titles(first)} & {*titles(second)}
    await client.delete(f"{ROUTE}/{first['id']}")
    assert titles(await make(client, minutes=8)) == titles(first)


async def test_a_zone_goes_by_the_heart_of_the_runner(
    client: httpx2.AsyncClient, shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    for tempo_bpm in range(100, 200, 3):
        await shelf.add(str(tempo_bpm), float(tempo_bpm))
    runs = RunShelf(database, clock, shelf.account_id)
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
    client: httpx2.AsyncClient, shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    nothing = {"cadence_spm": None, "speed_mps": None, "zone": None}
    assert (await client.get(f"{ROUTE}/suggestion")).json() == nothing
    runs = RunShelf(database, clock, shelf.account_id)
    for day in range(1, 4):
        await runs.add(run(clock() - timedelta(days=day), length_s=600))
    suggested = (await client.get(f"{ROUTE}/suggestion")).json()
    assert suggested["cadence_spm"] == 172.0
    assert suggested["speed_mps"] == pytest.approx(3.0, rel=0.02)
    assert suggested["zone"] in range(1, 6)


async def test_songs_are_moved_taken_out_and_put_back(
    client: httpx2.AsyncClient, shelf: Shelf, database: Database
) -> None:
    for tempo_bpm in (168.0, 170.0, 172.0):
        await shelf.add(str(tempo_bpm), tempo_bpm)
    made = await make(client, minutes=10)
    ids = [song["track_id"] for song in made["songs"]]
    moved = await change(client, made, track_ids=ids[::-1], name=" Easy ")
    assert (moved["name"], titles(moved)) == ("Easy", titles(made)[::-1])
    fewer = await change(client, made, track_ids=ids[1:])
    assert (titles(fewer), notes(fewer)) == (titles(made)[1:], {"too_short": 3})
    assert titles(await change(client, made, track_ids=ids)) == titles(made)

    stranger = Shelf(database, HeldClock(), await make_account(database))
    other = await stranger.add("Not yours", 170.0)
    for wrong in ([*ids, str(other)], [*ids, str(new_id())], [ids[0], ids[0]]):
        refused = await client.patch(f"{ROUTE}/{made['id']}", json={"track_ids": wrong})
        assert refused.status_code == 422
    assert titles((await client.get(f"{ROUTE}/{made['id']}")).json()) == titles(made)


async def test_a_song_whose_tempo_is_another_now_falls_out_of_step(
    client: httpx2.AsyncClient, shelf: Shelf, database: Database
) -> None:
    await shelf.add("One", 170.0)
    made = await make(client, minutes=3)
    async with database.write() as tx:
        await tx.execute(update(tracks).values(tempo_bpm=130.0))
    now = (await client.get(f"{ROUTE}/{made['id']}")).json()
    assert now["songs"][0]["cadence_spm"] is None
    assert notes(now) == {"out_of_step": 1}


async def test_lists_go_on_where_they_ended(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    await shelf.add("One", 170.0)
    made = [(await make(client, minutes=3))["id"] for _ in range(3)]
    first = (await client.get(ROUTE, params={"limit": 2})).json()
    rest = (await client.get(ROUTE, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next_cursor"] is None
    assert first["items"][0]["songs"] == 1


async def test_a_deleted_one_can_be_restored_for_a_day(
    client: httpx2.AsyncClient, shelf: Shelf, database: Database, clock: HeldClock
) -> None:
    await shelf.add("One", 170.0)
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
    async with await client_of(database, clock, shelf.account_id) as later:
        await make(later, minutes=3)
        assert (await later.post(f"{address}/restore", json={})).status_code == 404
        assert (await later.get(f"{ROUTE}/{other['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("form", "begins", "suffix"),
    [("m3u", "#EXTM3U\n#PLAYLIST:Steady\n", "m3u8"), ("csv", "\ufeffplace,", "csv")],
)
async def test_it_is_exported(
    client: httpx2.AsyncClient, shelf: Shelf, form: str, begins: str, suffix: str
) -> None:
    await shelf.add("One", 170.0)
    made = await make(client, minutes=3)
    answer = await client.get(f"{ROUTE}/{made['id']}/export", params={"format": form})
    assert answer.content.decode().startswith(begins)
    assert answer.headers["Content-Disposition"].endswith(f"Steady.{suffix}")


async def test_spotify_gets_the_songs_that_it_knows(
    client: httpx2.AsyncClient, shelf: Shelf
) -> None:
    uri = "spotify:track:" + "Z" * 22
    await shelf.add("One", 170.0, spotify=uri)
    await shelf.add("Two", 170.0, spotify="isrc:QZES71982312")
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
    client: httpx2.AsyncClient, database: Database, shelf: Shelf, form: str, wanted: str
) -> None:
    one = await shelf.add("One", 170.0, spotify="spotify:track:" + "Z" * 22)
    two = await shelf.add("Two", 150.0, length_s=200.0)
    gone = new_id()
    experiment_id = new_id()
    async with database.write() as tx:
        await tx.execute(
            insert(experiments).values(
                id=experiment_id,
                account_id=shelf.account_id,
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
