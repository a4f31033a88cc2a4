"""Statements on accounts that no route tells of."""

from __future__ import annotations

from beatrunner.accounts.store import find_account_id, find_dearest_bcrypt, insert_account
from beatrunner.db.engine import Database
from beatrunner.identity.store import upsert_password
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


async def test_the_dearest_old_hash_is_found(database: Database, clock: HeldClock) -> None:
    dear, cheap, new = "$2a$12$dear", "$2b$04$cheap", "$argon2id$new"
    async with database.write() as tx:
        assert await find_dearest_bcrypt(tx) is None
        for turn, kept in enumerate((new, cheap, dear)):
            account_id = await insert_account(
                tx, kind="member", display_name="Rae", now=clock(), email=f"{turn}@example.org"
            )
            assert account_id is not None
            await upsert_password(tx, account_id, kept, clock(), is_long=True)
        assert await find_dearest_bcrypt(tx) == dear
