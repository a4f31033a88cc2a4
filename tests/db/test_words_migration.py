"""Plays and tracks that were stored before sources kept their words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from beatrunner.core.listening import ListenKind
from beatrunner.core.track_identity import match_key_of, name_key_of
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import music_events, track_names, tracks
from beatrunner.kit.ids import new_id
from tests.conftest import PostgresServer

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)
#: With the keys that they had.
SONGS = (
    ("Go", "lamps\x1fgo"),
    ("Go (Remastered)", "lamps\x1fgo remastered"),
    ("Los", "lamps\x1flos"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    name = f"old_{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name};")
    return postgres.address_of(name)


@pytest.fixture
async def old(empty_address: str) -> AsyncIterator[Database]:
    """A database as it was before."""
    database = Database(empty_address)
    await upgrade(database, "0010")
    yield database
    await database.close()


async def store(database: Database) -> None:
    is_sqlite = database.is_sqlite
    ids = [new_id() for _ in range(1 + len(SONGS))]
    account_id, *track_ids = [found.hex if is_sqlite else found for found in ids]
    noon = int(NOON.timestamp() * 1e6) if is_sqlite else NOON
    async with database.write() as tx:
        await tx.execute(
            text(
                "INSERT INTO accounts (id, kind, display_name, created_at) "
                "VALUES (:id, 'member', 'Runner', :noon)"
            ),
            {"id": account_id, "noon": noon},
        )
        for track_id, (title, key) in zip(track_ids, SONGS, strict=True):
            values = {"id": track_id, "me": account_id, "key": key, "title": title, "noon": noon}
            await tx.execute(
                text(
                    "INSERT INTO tracks (id, account_id, match_key, kind, title, artist, "
                    "created_at) VALUES (:id, :me, :key, 'music', :title, 'Lamps', :noon)"
                ),
                values,
            )
            await tx.execute(
                text(
                    "INSERT INTO music_events (account_id, started_at, track_id, provenance, "
                    "ended_at, uncertainty_s, is_offline) "
                    "VALUES (:me, :noon, :id, 'spotify_export', :noon, 1.0, false)"
                ),
                values,
            )
        await tx.execute(
            text(
                "INSERT INTO track_source_ids (account_id, source_id, track_id) "
                "VALUES (:me, 'spotify:track:1', :id)"
            ),
            {"me": account_id, "id": track_ids[0]},
        )


async def test_they_keep_their_plays_under_their_names(old: Database) -> None:
    await store(old)
    await upgrade(old)
    async with old.read() as tx:
        told = (await tx.execute(select(tracks).order_by(tracks.c.id))).all()
        names = (await tx.execute(select(track_names).order_by(track_names.c.id))).all()
        plays = (await tx.execute(select(music_events).order_by(music_events.c.name_id))).all()
    go, remastered, los = told
    key = match_key_of(ListenKind.MUSIC, "Go", "Lamps")
    assert (go.match_key, go.merged_into, los.merged_into) == (key, None, None)
    assert remastered.merged_into == go.id
    assert [name.track_id for name in names] == [row.id for row in told]
    # An import that writes it so again finds it.
    assert names[0].name_key == name_key_of(key, "Go", "Lamps", "spotify:track:1")
    assert [(play.track_id, play.is_best, play.listen_id) for play in plays] == [
        (go.id, True, None),
        (go.id, True, None),
        (los.id, True, None),
    ]
    assert [play.name_id for play in plays] == [name.id for name in names]
