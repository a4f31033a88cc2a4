"""Which tables belong to accounts, and which of their rows to one account.

A row belongs to an account by its own `account_id`, or by a foreign key to a row that does. Read
from the catalogue of tables, so that no table can be forgotten.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, String, Table, collate, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.catalogue import all_tables
from beatrunner.db.schema import metadata


def owned_tables() -> list[Table]:
    """All tables whose rows belong to an account, parents before children."""
    return [table for table in all_tables() if _owner(table) is not None]


def key_order(tx: AsyncConnection, table: Table) -> list[ColumnElement[Any]]:
    """By the primary key, texts by their bytes: the same order on both databases."""
    is_postgres = tx.dialect.name == "postgresql"
    return [
        collate(column, "C") if is_postgres and isinstance(column.type, String) else column
        for column in table.primary_key.columns
    ]


def is_owned(table: Table, account_id: UUID) -> ColumnElement[bool]:
    """Of a row: the account's. Raises ValueError when rows of this table are nobody's."""
    if table is _accounts():
        return table.c.id == account_id
    column = _owner(table)
    if column is None:
        raise ValueError(f"{table.name} belongs to no account")
    (key,) = column.foreign_keys
    if key.column.table is _accounts():
        return column == account_id
    parent = key.column.table
    return column.in_(select(key.column).where(is_owned(parent, account_id)))


def _accounts() -> Table:
    return metadata.tables["accounts"]


def _owner(table: Table) -> Column[object] | None:
    """The column by which a row is somebody's; of several, the one that leads there at once."""
    if table is _accounts():
        return table.c.id
    parents = {
        key.column.table: column
        for column in table.columns
        for key in column.foreign_keys
        if not column.nullable
    }
    if _accounts() in parents:
        return parents[_accounts()]
    owned = (column for parent, column in parents.items() if _owner(parent) is not None)
    return next(owned, None)
