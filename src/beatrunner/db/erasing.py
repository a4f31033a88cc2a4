"""Everything of an account out of every table, some rows at a time, so that others get their turn.

Which tables those are is read from the catalogue (`db.ownership`): none can be forgotten.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.ownership import is_owned, owned_tables
from beatrunner.db.tables import accounts, jobs

_ROWS_AT_ONCE = 2_000


def tables_to_empty() -> list[Table]:
    """Children before parents. The account itself comes last, and takes with it the job that
    erases it."""
    return [table for table in reversed(owned_tables()) if table not in (accounts, jobs)]


async def delete_some_rows(tx: AsyncConnection, table: Table, account_id: UUID) -> bool:
    """False when nothing of the account was left in the table."""
    key = list(table.primary_key.columns)
    some = select(*key).where(is_owned(table, account_id)).limit(_ROWS_AT_ONCE)
    done = await tx.execute(delete(table).where(tuple_(*key).in_(some)))
    return done.rowcount > 0
