"""Locks that end with the transaction. SQLite has one writer anyway and leaves the clause out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.privacy_tables import erased_accounts
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import NotFoundError


async def lock_imports(tx: AsyncConnection, account_id: UUID) -> None:
    """Nobody else adds runs, tracks or listens to this account: what is looked up stays true.

    Raises NotFoundError when the account is being erased: who is still at work on it must not add
    what has been gone through already.
    """
    # "Key share" lets rows that belong to the account be written all the same.
    await tx.execute(
        select(accounts.c.id).where(accounts.c.id == account_id).with_for_update(key_share=True)
    )
    # In a statement of its own, which sees what was committed while it waited for the lock.
    is_erased = erased_accounts.c.account_id == account_id
    if await tx.scalar(select(erased_accounts.c.account_id).where(is_erased)) is not None:
        raise NotFoundError("This account is gone.")


async def lock_ways_in(tx: AsyncConnection, account_id: UUID) -> None:
    """Nobody else changes how this account signs in: a rule on all ways together stays kept."""
    await lock_imports(tx, account_id)


async def lock_content(tx: AsyncConnection, sha256: str) -> None:
    """Nobody else keeps, or lets go of, the original file with this content."""
    if tx.dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(sha256)[:8], signed=True)
        await tx.execute(select(func.pg_advisory_xact_lock(number)))
