"""For whom a command acts: the owner of this computer, or whoever has an address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import Account, find_account_id, upsert_single_account
from beatrunner.db.engine import Database
from beatrunner.kit.clock import system_clock


async def get_owner(tx: AsyncConnection) -> Account:
    """Made if nobody is there yet."""
    return await upsert_single_account(tx, "owner", "Runner", system_clock())


async def find_account(database: Database, email: str | None) -> UUID | None:
    """The account with the address; without one, the owner's, made if nobody is there yet."""
    async with database.write() as tx:
        return (await get_owner(tx)).id if email is None else await find_account_id(tx, email)
