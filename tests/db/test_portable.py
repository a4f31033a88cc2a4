from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from beatrunner.db.engine import Database
from beatrunner.db.live_tables import devices
from beatrunner.db.portable import Portable, stream_rows
from beatrunner.db.schema import metadata
from beatrunner.db.tables import accounts, activities, music_events, sealed_streams
from tests.db.made_rows import values_of


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_row_of_every_table_is_read_as_it_was_written(table: Any, data: Any) -> None:
    portable = Portable(table)
    row = {column.name: data.draw(values_of(column)) for column in table.columns}
    written = json.loads(json.dumps(portable.write(row), allow_nan=False))
    assert portable.read(written) == row


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_databases_give_back_what_was_read(
    database: Database, account_id: UUID, data: Any
) -> None:
    row = {x.name: data.draw(values_of(x)) for x in activities.columns} | {"account_id": account_id}
    portable = Portable(activities)
    values = portable.read(portable.write(row))
    async with database.write() as tx:
        await tx.execute(insert(activities).values(**values))
    async with database.snapshot() as tx:
        found = [portable.write(x._mapping) async for x in stream_rows(tx, select(activities))]
    async with database.write() as tx:
        await tx.execute(delete(activities))
    assert found == [portable.write(row)]


async def test_a_snapshot_does_not_see_what_is_written_later(
    database: Database, account_id: UUID
) -> None:
    async with database.snapshot() as tx:
        before = (await tx.execute(select(accounts.c.display_name))).scalars().all()
        async with database.write() as writing:
            await writing.execute(delete(accounts).where(accounts.c.id == account_id))
        assert (await tx.execute(select(accounts.c.display_name))).scalars().all() == before


async def test_what_is_not_there_is_null_in_json_too(database: Database, account_id: UUID) -> None:
    values = Portable(devices).read(
        {
            "id": str(account_id),
            "account_id": str(account_id),
            "kind": "bridge",
            "name": "",
            "is_virtual": False,
            "limits": None,
            "created_at": "2026-01-01T00:00:00Z",
        }
    )
    async with database.write() as tx:
        await tx.execute(insert(devices).values(**values))
        assert await tx.scalar(select(devices.c.id).where(devices.c.limits.is_(None))) is not None


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (activities, "name", None),
        (activities, "name", 5),
        (activities, "name", "a\0b"),
        (activities, "name", "\ud800"),
        (activities, "sport", "s" * 17),
        (activities, "length_s", 2**31),
        (activities, "length_s", True),
        (activities, "length_s", 1.0),
        (activities, "distance_m", float("nan")),
        (activities, "distance_m", float("inf")),
        (activities, "distance_m", "12"),
        (activities, "is_indoor", 1),
        (activities, "started_at", "2026-01-01T00:00:00"),
        (activities, "started_at", "yesterday"),
        (activities, "started_at", 0),
        (activities, "id", "1"),
        (activities, "id", 1),
        (activities, "laps", [float("nan")]),
        (activities, "laps", {"a": "\0"}),
        (activities, "no_such", 1),
        (sealed_streams, "blob", "not base 64"),
        (sealed_streams, "blob", 12),
        (music_events, "uncertainty_s", None),
    ],
)
def test_what_does_not_fit_its_column_is_refused(table: Any, column: str, value: object) -> None:
    with pytest.raises(ValueError, match=column):
        Portable(table, [table.c[column]] if column in table.c else []).read({column: value})


def test_json_may_not_be_nested_without_end() -> None:
    nested: list[Any] = []
    for _ in range(30):
        nested = [nested]
    with pytest.raises(ValueError, match="laps"):
        Portable(activities, [activities.c.laps]).read({"laps": nested})
