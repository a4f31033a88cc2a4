"""What a file cannot say for the runner: what is shown, how long data is kept, who they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.codecs.account_export import write_part
from beatrunner.core.refusals import Refusal, sentence
from beatrunner.db.live_tables import runner_profiles
from beatrunner.db.privacy_tables import privacy_zones, retentions
from beatrunner.db.tables import accounts
from beatrunner.privacy.zones import MOST_ZONES
from tests.accounts.test_personal_tokens import bearer, make_token
from tests.conftest import HeldClock
from tests.exports.desk import Desk, library_of
from tests.library import Library
from tests.web.client import make_client, signed_in_client

TIME = "2026-03-01T06:30:00.000000Z"
SETTINGS = {"display_name": "Somebody", "units": "mi", "theme": "dark"}
RETENTION = {"live_samples_days": 7, "streams_days": 30}
RUNNER = {"heart_rate_ceiling_bpm": 220, "updated_at": TIME}


@pytest.fixture
async def desk(library: Library, clock: HeldClock, tmp_path: Path) -> Desk:
    return Desk(library_of(library, library.account_id, tmp_path), clock, tmp_path)


def zone(number: int, **changes: Any) -> dict[str, Any]:
    found = {"latitude": 52.5, "longitude": 13.4, "radius_m": 200, "created_at": TIME}
    return {"id": str(UUID(int=1 << 100 | number)), "name": f"Zone {number}", **found, **changes}


def part(table: str, *rows: dict[str, Any]) -> tuple[str, bytes]:
    return f"001-{table}.jsonl", write_part(table, rows)


PARTS = [
    part("accounts", SETTINGS),
    part("retentions", RETENTION),
    part("runner_profiles", RUNNER),
    part("privacy_zones", zone(1)),
]


async def zone_names(desk: Desk) -> list[str]:
    query = select(privacy_zones.c.name).order_by(privacy_zones.c.id)
    return [row.name for row in await desk.library.rows(query)]


async def handed_in(desk: Desk, client: httpx2.AsyncClient, headers: dict[str, str]) -> list[Any]:
    answer = await client.post(
        "/v1/activities/imports", files=[("files", each) for each in PARTS], headers=headers
    )
    assert answer.status_code == 202, answer.text
    await desk.worker.run_until_idle()
    path = f"/v1/imports/{answer.json()['id']}/files"
    items: list[Any] = (await client.get(path, headers=headers)).json()["items"]
    return items


async def test_a_place_that_is_to_be_shown_stays_hidden(desk: Desk) -> None:
    zones = [zone(1, is_hidden=False), zone(2), zone(3, is_hidden=True)]
    batch_id = await desk.take_in(part("privacy_zones", *zones))
    assert [x[1:] for x in await desk.library.outcomes(batch_id)] == [
        ("imported", Refusal.ZONES_LEFT_OUT)
    ]
    assert await zone_names(desk) == ["Zone 2", "Zone 3"]


async def test_no_more_zones_come_in_than_can_be_drawn(desk: Desk) -> None:
    first = [zone(number) for number in range(MOST_ZONES - 1)]
    await desk.take_in(part("privacy_zones", *first))
    # One that is there already takes no place.
    both = part("privacy_zones", first[0], *(zone(MOST_ZONES + n) for n in range(2)))
    batch_id = await desk.take_in(both)
    assert [x[1:] for x in await desk.library.outcomes(batch_id)] == [
        ("imported", Refusal.ZONES_LEFT_OUT)
    ]
    assert len(await zone_names(desk)) == MOST_ZONES
    again = await desk.take_in(part("privacy_zones", *first))
    assert [x[1:] for x in await desk.library.outcomes(again)] == [("already_there", None)]


async def test_a_script_does_not_say_how_the_account_is_treated(desk: Desk) -> None:
    account_id, app = desk.library.account_id, desk.library.app()
    async with await signed_in_client(app, account_id) as owner, make_client(app) as script:
        token = (await make_token(owner, ["imports"]))["token"]
        for file in await handed_in(desk, script, bearer(token)):
            assert file["outcome"] == "refused"
            assert file["message"] == sentence(Refusal.NOT_BY_SCRIPT)
        for table in (privacy_zones, retentions, runner_profiles):
            assert await desk.library.rows(select(table)) == []
        names = select(accounts.c.display_name)
        assert [row.display_name for row in await desk.library.rows(names)] == ["A runner"]
        # The runner themself may.
        own = await handed_in(desk, owner, {})
        assert [file["outcome"] for file in own] == ["imported"] * len(PARTS)
