"""For whom a command acts: the owner of this computer, or whoever has an address."""

from __future__ import annotations

from uuid import UUID

import click
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.event_store import has_left_computer
from beatrunner.accounts.store import Account, find_account_id, upsert_single_account
from beatrunner.db.engine import Database
from beatrunner.kit.clock import system_clock


async def find_owner(tx: AsyncConnection) -> Account | None:
    """Made if nobody is there yet; None where whoever it was has an account like any other."""
    if await has_left_computer(tx):
        return None
    return await upsert_single_account(tx, "owner", "Runner", system_clock())


async def find_account(database: Database, email: str | None) -> UUID | None:
    """The account with the address; without one, the owner's, made if nobody is there yet.

    Raises ClickException where this computer has no owner any more.
    """
    async with database.write() as tx:
        if email is not None:
            return await find_account_id(tx, email)
        owner = await find_owner(tx)
    if owner is None:
        raise click.ClickException(
            "Whose computer this is has an account like any other by now. Say --email."
        )
    return owner.id
