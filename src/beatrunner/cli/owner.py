"""The owner of this computer, for commands that act for them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import Account, find_single_account, insert_account
from beatrunner.kit.clock import system_clock


async def get_owner(tx: AsyncConnection) -> Account:
    """Made if nobody is there yet."""
    account = await find_single_account(tx, "owner")
    if account is None:
        await insert_account(tx, kind="owner", display_name="Runner", now=system_clock())
        account = await find_single_account(tx, "owner")
    assert account is not None  # noqa: S101 - it has just been made
    return account
