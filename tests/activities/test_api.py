from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import numpy as np
import pytest
from sqlalchemy import func, insert, select

from beatrunner.accounts.runner_profile import RunnerFields, RunnerProfiles
from beatrunner.activities.listing import SortKey
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.db.engine import Database
from beatrunner.db.schema import metadata
from beatrunner.db.tables import activities, recordings
from beatrunner.kit.ids import new_id
from tests.conftest import make_account
from tests.library import Library
from tests.sample_files import MORNING, plays, run, spotify_zip
from tests.web.client import signed_in_client

LIST = "/v1/activities"


@pytest.fixture
async def client(library: Library) -> AsyncIterator[httpx2.AsyncClient]:
    async with await signed_in_client(library.app(), library.account_id) as client:
        yield client


def row(account_id: UUID, number: int = 0, **values: Any) -> dict[str, Any]:
    started_at = MORNING + timedelta(days=number)
    return {
        "id": new_id(),
        "account_id": account_id,
        "name": f"Run {number}",
        "description": None,
        "gear_name": None,
        "sport": "run",
        "is_indoor": False,
        "started_at": started_at,
        "ended_at": started_at + timedelta(seconds=60),
        "length_s": 60,
        "elapsed_s": 60.0,
        "moving_s": 60.0,
        "distance_m": None,
        "mean_speed_mps": None,
        "mean_heart_rate_bpm": None,
        "has_path": False,
        "laps": [],
        "pauses": [],
        "repairs": [],
        "track_count": 0,
        "created_at": started_at,
        **values,
    }


async def add(database: Database, *rows: dict[str, Any]) -> None:
    async with database.write() as tx:
        await tx.execute(insert(activities), list(rows))


async def listed(client: httpx2.AsyncClient, **params: Any) -> list[str]:
    answer = await client.get(LIST, params=params)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    return [item["name"] for item in page["items"]]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("sort", SortKey)
async def test_pages_visit_every_run_once_in_order(
    library: Library, client: httpx2.AsyncClient, sort: SortKey, order: str
) -> None:
    """With ties and with figures that were not measured."""
    chance = random.Random(f"{sort}{order}")
    rows = [
        row(
            library.account_id,
            chance.randrange(8),
            name=str(number),
            moving_s=chance.choice([10.0, 20.0, 30.0]),
            distance_m=chance.choice([None, 0.0, 1000.1, 2000.2]),
            mean_speed_mps=chance.choice([None, 2.5, 1 / 3]),
            mean_heart_rate_bpm=chance.choice([None, 140.0]),
        )
        for number in range(30)
    ]
    await add(library.database, *rows)
    column = {"speed_mps": "mean_speed_mps", "heart_rate_bpm": "mean_heart_rate_bpm"}.get(
        sort, sort
    )

    def key(found: dict[str, Any]) -> tuple[Any, UUID]:
        value = found[column]
        return (-1.0 if value is None else value), found["id"]

    wanted = [found["name"] for found in sorted(rows, key=key, reverse=order == "desc")]
    seen: list[str] = []
    params: dict[str, Any] = {"sort": sort, "order": order, "limit": 4}
    while True:
        page = (await client.get(LIST, params=params)).json()
        assert page["total"] == 30
        assert 0 < len(page["items"]) <= 4
        seen += [item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert seen == wanted


async def test_filters(library: Library, client: httpx2.AsyncClient) -> None:
    mine = library.account_id
    await add(
        library.database,
        row(mine, 0, name="park", distance_m=5000.0, track_count=4),
        row(mine, 1, name="belt", sport="treadmill_run", is_indoor=True, distance_m=8000.0),
        row(mine, 2, name="hill", sport="trail_run", distance_m=12_000.0, track_count=1),
        row(mine, 3, name="bike", sport="ride", distance_m=40_000.0),
        row(mine, 4, name="lost"),
        row(await make_account(library.database), 0, name="somebody else's"),
    )
    assert await listed(client, order="asc") == ["park", "belt", "hill", "lost"]
    assert await listed(client, kind="other") == ["bike"]
    assert len(await listed(client, kind="all")) == 5
    assert await listed(client, surface="indoor") == ["belt"]
    assert await listed(client, surface="outdoor", order="asc") == ["park", "hill", "lost"]
    assert await listed(client, surface="trail") == ["hill"]
    assert await listed(client, music="with", order="asc") == ["park", "hill"]
    assert await listed(client, music="without", order="asc") == ["belt", "lost"]
    assert await listed(client, min_distance_m=8000, max_distance_m=12_000) == ["hill", "belt"]
    # Whole days, both included.
    assert await listed(client, after="2026-02-03", before="2026-02-04") == ["hill", "belt"]
    assert await listed(client, before="9999-12-31", after="0001-01-01", q="park") == ["park"]
    assert await listed(client, after="2026-02-05", before="2026-02-04") == []


async def test_search(library: Library, client: httpx2.AsyncClient) -> None:
    mine = library.account_id
    await add(
        library.database,
        row(mine, 0, name="Łódź bei Nacht", description="ÄRGER mit Öl"),
        row(mine, 1, name="100% effort", gear_name="Pegasus_40"),
        row(mine, 2, name="100 percent effort", gear_name="Pegasus 40"),
    )
    assert await listed(client, q="łódź") == ["Łódź bei Nacht"]
    assert await listed(client, q="ŁÓDŹ NACHT") == ["Łódź bei Nacht"]
    assert await listed(client, q="ärger") == ["Łódź bei Nacht"]
    assert await listed(client, q="Ö") == ["Łódź bei Nacht"]
    assert await listed(client, q="100%") == ["100% effort"]
    assert await listed(client, q="pegasus_") == ["100% effort"]
    assert len(await listed(client, q="EFFORT pegasus")) == 2
    assert await listed(client, q="effort nacht") == []
    assert len(await listed(client, q="  ")) == 3
    assert await listed(client, q="/'\\\"") == []


async def test_what_cannot_be_listed_is_refused(client: httpx2.AsyncClient) -> None:
    impossible: list[dict[str, str]] = [
        {"cursor": "AAAA"},
        {"limit": "201"},
        {"limit": "0"},
        {"sort": "name"},
        {"min_distance_m": "nan"},
        {"min_distance_m": "-1"},
        {"after": "yesterday"},
        {"q": "x" * 201},
        {"q": "a\0b"},
    ]
    for params in impossible:
        answer = await client.get(LIST, params=params)
        assert answer.status_code == 422, params
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_cursor_of_another_order_is_refused(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await add(library.database, *(row(library.account_id, number) for number in range(2)))
    page = (await client.get(LIST, params={"limit": 1})).json()
    answer = await client.get(LIST, params={"cursor": page["next_cursor"], "sort": "moving_s"})
    assert answer.json()["type"] == "/problems/bad-cursor"


async def only_activity(library: Library) -> Any:
    (found,) = await library.rows(select(activities))
    return found


async def test_one_run_in_full(library: Library, client: httpx2.AsyncClient) -> None:
    await library.take_in(("run.gpx", write_gpx(run(name="Lake"))))
    found = await only_activity(library)
    shown = (await client.get(f"{LIST}/{found.id}")).json()
    (summary,) = (await client.get(LIST)).json()["items"]
    assert {name: shown[name] for name in summary} == summary
    assert summary["started_at"] == "2026-02-02T06:30:00Z"
    (recording,) = shown["recordings"]
    assert (recording["provenance"], recording["file_name"], recording["format"]) == (
        "file",
        "run.gpx",
        "gpx",
    )
    assert shown["length_s"] == 180
    assert shown["has_path"] is True


async def test_streams_come_as_differences(library: Library, client: httpx2.AsyncClient) -> None:
    recording = run(length_s=120)
    recording.columns["heart_rate_bpm"][30:60] = np.nan
    await library.take_in(("run.fit", write_fit(recording)))
    found = await only_activity(library)
    answer = (await client.get(f"{LIST}/{found.id}/streams")).json()
    assert answer["length_s"] == 120
    decoded: dict[str, list[float | None]] = {}
    for name, column in answer["columns"].items():
        total, values = 0, []
        for delta in column["deltas"]:
            total += delta or 0
            values.append(None if delta is None else column["scale"] * total)
        assert len(values) == 120
        decoded[name] = values
    heart = decoded["heart_rate_bpm"]
    assert heart[35:55] == [None] * 20
    for second in (0, 29, 60, 119):
        assert heart[second] == pytest.approx(120 + second % 40, abs=0.5)
    for name, precision in [("latitude", 2e-6), ("longitude", 2e-6), ("distance_m", 0.6)]:
        np.testing.assert_allclose(
            np.array(decoded[name], dtype=float), recording.columns[name], atol=precision
        )


async def test_words_can_be_changed(library: Library, client: httpx2.AsyncClient) -> None:
    await add(library.database, row(library.account_id, name="Old"))
    address = f"{LIST}/{(await only_activity(library)).id}"
    before = (await client.get(address)).json()
    changes = {"name": "  Früh  ", "description": "wet", "sport": "trail_run"}
    answer = await client.patch(address, json=changes)
    assert answer.json() == {**before, **changes, "name": "Früh"}
    emptied = await client.patch(address, json={"description": None})
    assert emptied.json()["description"] is None
    assert (await client.patch(address, json={})).json() == emptied.json()


async def test_changes_that_make_no_sense_are_refused(
    library: Library, client: httpx2.AsyncClient
) -> None:
    senseless: list[object] = [
        {"name": None},
        {"name": ""},
        {"name": " \n"},
        {"name": "a\0b"},
        {"name": "x" * 201},
        {"name": 5},
        {"description": "x" * 10_001},
        {"sport": "chess"},
        {"sport": None},
        {"distance_m": 1},
        [],
    ]
    await add(library.database, row(library.account_id))
    before = await only_activity(library)
    for changes in senseless:
        answer = await client.patch(f"{LIST}/{before.id}", json=changes)
        assert answer.status_code == 422, changes
        assert await only_activity(library) == before


async def test_deleting_takes_everything_with_it(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await library.take_in(
        ("run.fit", write_fit(run())), ("music.zip", spotify_zip(plays(MORNING, 2)))
    )
    found = await only_activity(library)
    ((sha256,),) = await library.rows(select(recordings.c.content_sha256))
    assert (await client.delete(f"{LIST}/{found.id}")).status_code == 204
    left = {
        table.name
        for table in metadata.sorted_tables
        if (await library.rows(select(func.count()).select_from(table)))[0][0]
    }
    music = {"tracks", "track_names", "track_source_ids", "music_events"}
    account = {"accounts", "sign_ins", "security_events", "consents"}
    assert left - music - account == {"jobs", "import_batches", "import_files"}
    with pytest.raises(FileNotFoundError):
        library.originals.get(sha256)
    assert (await client.delete(f"{LIST}/{found.id}")).status_code == 404


async def test_a_file_stays_while_somebody_needs_it(
    library: Library, client: httpx2.AsyncClient
) -> None:
    content = write_fit(run())
    await library.take_in(("run.fit", content))
    mine = await only_activity(library)
    library.account_id = await make_account(library.database)
    await library.take_in(("same.fit", content))
    (row_of_both, _) = await library.rows(select(recordings.c.content_sha256))
    assert (await client.delete(f"{LIST}/{mine.id}")).status_code == 204
    assert library.originals.get(row_of_both.content_sha256) == content


async def test_another_accounts_run_is_not_there(
    library: Library, client: httpx2.AsyncClient
) -> None:
    await add(library.database, row(await make_account(library.database)))
    foreign = await only_activity(library)
    for activity_id in (foreign.id, uuid4()):
        for method, ending in [("GET", ""), ("GET", "/streams"), ("DELETE", "")]:
            answer = await client.request(method, f"{LIST}/{activity_id}{ending}")
            assert answer.status_code == 404
    renamed = await client.patch(f"{LIST}/{foreign.id}", json={"name": "mine"})
    assert renamed.status_code == 404
    assert await only_activity(library) == foreign


async def test_energy_is_a_range_that_a_weight_narrows(
    client: httpx2.AsyncClient, library: Library
) -> None:
    ran = row(library.account_id, moving_s=3600.0, grade_adjusted_speed_mps=3.0)
    rode = row(library.account_id, 1, sport="ride", mean_speed_mps=8.0)
    unknown = row(library.account_id, 2, mean_heart_rate_bpm=150.0)
    async with library.database.write() as tx:
        for each in (ran, rode, unknown):
            await tx.execute(insert(activities).values(**each))

    async def energy(of: dict[str, Any]) -> dict[str, float] | None:
        answer = await client.get(f"{LIST}/{of['id']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, float] | None = answer.json()["energy_kcal"]
        return found

    guessed = await energy(ran)
    assert guessed is not None
    assert await energy(rode) is None
    assert await energy(unknown) is None
    told = RunnerFields(weight_kg=70.0, birth_year=1986, sex="female")
    async with library.database.write() as tx:
        await RunnerProfiles(library.clock).replace(tx, library.account_id, told)
    assert await energy(ran) == {"value": 830.0, "low": 664.0, "high": 995.0}
    assert guessed["high"] - guessed["low"] > 1.5 * (995.0 - 664.0)
    by_heart = await energy(unknown)
    assert by_heart is not None
    assert by_heart["low"] < by_heart["value"]
