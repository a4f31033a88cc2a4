from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import insert, select

from beatrunner.db.engine import Database
from beatrunner.db.live_tables import tempo_sources
from beatrunner.db.ownership import is_owned, key_order, owned_tables
from beatrunner.db.playlist_tables import playlist_songs, playlists
from beatrunner.db.schema import metadata
from beatrunner.db.tables import accounts, tracks
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock, make_account

#: Tables whose rows are nobody's.
SHARED = {
    "sign_in_attempts",
    "workers",
    "tempo_evidence",
    "registrations",
    "invitations",
    "passkey_challenges",
    "request_counters",
    "request_counts",
    "erased_accounts",
}


def test_every_table_is_somebodys_unless_said() -> None:
    """A new table belongs to accounts by a foreign key that is always there, or is named here."""
    owned = {table.name for table in owned_tables()}
    assert {table.name for table in metadata.sorted_tables} - owned == SHARED
    assert owned_tables()[0] is accounts


def test_rows_of_nobody_are_refused() -> None:
    with pytest.raises(ValueError, match="workers"):
        is_owned(metadata.tables["workers"], UUID(int=0))


async def test_only_the_accounts_rows_are_given(database: Database, clock: HeldClock) -> None:
    mine, other = await make_account(database), await make_account(database)
    async with database.write() as tx:
        for owner in (mine, other):
            track_id, playlist_id = new_id(), new_id()
            await tx.execute(
                insert(tracks).values(
                    id=track_id,
                    account_id=owner,
                    match_key="k",
                    kind="music",
                    title="T",
                    artist="A",
                    created_at=clock(),
                )
            )
            await tx.execute(
                insert(playlists).values(
                    id=playlist_id,
                    account_id=owner,
                    name="N",
                    target={},
                    made={},
                    created_at=clock(),
                )
            )
            await tx.execute(
                insert(playlist_songs).values(playlist_id=playlist_id, place=0, track_id=track_id)
            )
    async with database.read() as tx:
        for table in (accounts, tracks, playlists, playlist_songs):
            rows = await tx.execute(select(table).where(is_owned(table, mine)))
            assert len(rows.all()) == 1, table.name


async def test_texts_are_in_one_order_on_both_databases(
    database: Database, account_id: UUID
) -> None:
    sources = ["a", "B", "é", "Z", "_", "\U0001f3b5"]
    now = HeldClock()()
    async with database.write() as tx:
        for source in sources:
            await tx.execute(
                insert(tempo_sources).values(
                    account_id=account_id, source=source, is_on=True, changed_at=now
                )
            )
        order = select(tempo_sources.c.source).order_by(*key_order(tx, tempo_sources))
        assert list(await tx.scalars(order)) == sorted(sources)
