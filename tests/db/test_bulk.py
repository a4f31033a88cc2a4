from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.db.bulk import insert_columns, update_columns
from beatrunner.db.engine import Database
from beatrunner.db.tables import track_source_ids, tracks
from beatrunner.kit.ids import new_id

NOON = datetime(2024, 5, 4, 12, 0, 0, 250_000, tzinfo=UTC)


async def insert_tracks(database: Database, account_id: UUID, count: int) -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    columns: dict[str, Sequence[object]] = {
        "id": ids,
        "match_key": [f"key {number}" for number in range(count)],
        "title": [f"Title {number}" for number in range(count)],
        "tempo_bpm": [None if number % 2 else 170.5 for number in range(count)],
        "created_at": [NOON + timedelta(seconds=number) for number in range(count)],
    }
    async with database.write() as tx:
        await insert_columns(
            tx, tracks, columns, {"account_id": account_id, "kind": "music", "artist": "Å"}
        )
    return ids


async def test_values_come_back_as_they_were(database: Database, account_id: UUID) -> None:
    ids = await insert_tracks(database, account_id, 10_001)
    async with database.read() as tx:
        rows = (await tx.execute(select(tracks).order_by(tracks.c.created_at))).all()
    assert [row.id for row in rows] == ids
    last = rows[-1]._asdict()
    assert last == {
        "id": ids[-1],
        "account_id": account_id,
        "match_key": "key 10000",
        "kind": "music",
        "title": "Title 10000",
        "artist": "Å",
        "album": None,
        "tempo_bpm": 170.5,
        "tempo_source": None,
        "tempo_verdict": None,
        "merged_into": None,
        "is_apart": False,
        "created_at": NOON + timedelta(seconds=10_000),
    }
    assert rows[1].tempo_bpm is None


async def test_it_is_part_of_the_transaction(database: Database, account_id: UUID) -> None:
    (track_id,) = await insert_tracks(database, account_id, 1)
    columns: dict[str, Sequence[object]] = {
        "source_id": ["a", "b"],
        "track_id": [track_id, track_id],
    }
    async with database.write() as tx:
        await insert_columns(tx, track_source_ids, columns, {"account_id": account_id})
        await tx.rollback()
    async with database.read() as tx:
        assert (await tx.execute(select(track_source_ids))).all() == []


async def test_a_row_that_is_already_there_raises(database: Database, account_id: UUID) -> None:
    (track_id,) = await insert_tracks(database, account_id, 1)
    columns: dict[str, Sequence[object]] = {
        "source_id": ["a", "a"],
        "track_id": [track_id, track_id],
    }
    async with database.write() as tx:
        with pytest.raises(Exception, match=r"(?i)unique"):
            await insert_columns(tx, track_source_ids, columns, {"account_id": account_id})
        await tx.rollback()


async def test_columns_have_one_length(database: Database, account_id: UUID) -> None:
    async with database.write() as tx:
        with pytest.raises(ValueError, match="one length"):
            await insert_columns(tx, tracks, {"id": [new_id()], "title": []})


async def test_rows_are_changed_by_their_keys(database: Database, account_id: UUID) -> None:
    ids = await insert_tracks(database, account_id, 3)
    columns: dict[str, Sequence[object]] = {"tempo_bpm": [None, 90.0], "title": ["Å", "B"]}
    async with database.write() as tx:
        await update_columns(tx, tracks, {"id": [ids[2], ids[0]]}, columns)
    async with database.read() as tx:
        rows = (await tx.execute(select(tracks).order_by(tracks.c.created_at))).all()
    assert [(row.title, row.tempo_bpm) for row in rows] == [
        ("B", 90.0),
        ("Title 1", None),
        ("Å", None),
    ]
