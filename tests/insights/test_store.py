from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.tables import tracks
from beatrunner.insights import store
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id
from beatrunner.music.naming import merge_same
from tests.conftest import make_account
from tests.music.told import NOON, Told, tell


async def test_an_experiment_follows_songs_that_turned_out_to_be_one(
    database: Database, account_id: UUID
) -> None:
    titles = ("One", "Two", "Three", "Four")
    plays = [Told("lastfm", place * 300.0, title) for place, title in enumerate(titles)]
    await tell(database, account_id, *plays)
    async with database.read() as tx:
        found = await tx.execute(select(tracks.c.title, tracks.c.id))
        songs: dict[str, UUID] = {row.title: row.id for row in found}
    older, younger = sorted((songs["One"], songs["Two"]))
    experiment_id = new_id()
    order = [str(each) for each in (songs["Three"], younger, songs["Four"])]
    async with database.write() as tx:
        await store.insert_experiment(tx, account_id, experiment_id, order, NOON)
        await store.insert_experiment(tx, account_id, new_id(), [*order, str(older)], NOON)
        await merge_same(tx, account_id, [(younger, older)], NOON)
    expected = (order[0], str(older), order[2])
    async with database.read() as tx:
        listed = await store.list_experiments(tx, account_id)
        assert [each.track_ids for each in listed] == [expected, expected]
        assert (await store.get_experiment(tx, account_id, experiment_id)).track_ids == expected
        with pytest.raises(NotFoundError):
            await store.get_experiment(tx, await make_account(database), experiment_id)
