"""Statements on accounts that no route tells of."""

from __future__ import annotations

from beatrunner.accounts.store import find_account_id, insert_account
from beatrunner.db.engine import Database
from tests.conftest import HeldClock


async def test_whose_files_a_watched_folder_holds(database: Database, clock: HeldClock) -> None:
    async with database.write() as tx:
        assert await find_account_id(tx, None) is None
        await insert_account(tx, kind="owner", display_name="Owner", now=clock())
        await insert_account(
            tx, kind="member", display_name="Member", now=clock(), email="me@example.org"
        )
        owner = await find_account_id(tx, None)
        member = await find_account_id(tx, "me@example.org")
        assert await find_account_id(tx, "nobody@example.org") is None
    assert owner is not None
    assert member not in (None, owner)
