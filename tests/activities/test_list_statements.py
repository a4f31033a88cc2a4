"""A page of the list costs three statements at most, however many runs there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from beatrunner.activities import api, store
from beatrunner.db.engine import Database
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock
from tests.web.client import make_app, signed_in_client


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def insert_runs(database: Database, account_id: UUID, count: int, clock: HeldClock) -> None:
    async with database.write() as tx:
        for number in range(count):
            await store.insert_activity(
                tx,
                {
                    "id": new_id(),
                    "account_id": account_id,
                    "name": f"Run {number}",
                    "sport": "run",
                    "is_indoor": False,
                    "started_at": clock() - timedelta(days=number),
                    "length_s": 3600,
                    "elapsed_s": 3600.0,
                    "moving_s": 3600.0,
                    "distance_m": 10_000.0,
                    "has_path": False,
                    "laps": [],
                    "pauses": [],
                    "repairs": [],
                    "created_at": clock(),
                },
            )


@pytest.mark.parametrize("query", ["", "&q=run", "&sort=distance_m&order=asc&music=without"])
async def test_a_page_takes_three_statements_with_a_sign_in_to_look_up_and_two_without(
    database: Database, account_id: UUID, clock: HeldClock, query: str
) -> None:
    await insert_runs(database, account_id, 60, clock)
    client = await signed_in_client(make_app(database, clock, routers=[api.router]), account_id)
    numbers = []
    for _sign_in in ("looked up", "remembered"):
        with counted_statements() as sent:
            answer = await client.get(f"/v1/activities?limit=50{query}")
        numbers.append(len(sent))
        assert len(answer.json()["items"]) == 50
        assert answer.json()["total"] == 60
    assert numbers == [3, 2]


async def test_the_next_page_takes_no_more(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    await insert_runs(database, account_id, 60, clock)
    client = await signed_in_client(make_app(database, clock, routers=[api.router]), account_id)
    first = (await client.get("/v1/activities?limit=50")).json()
    with counted_statements() as sent:
        answer = await client.get(f"/v1/activities?limit=50&cursor={first['next_cursor']}")
    assert len(sent) == 2
    assert len(answer.json()["items"]) == 10
