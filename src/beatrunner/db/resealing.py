"""Sealing anew, by the current secret, whatever was sealed by an older one.

Found from the catalogue: every table with a column `sealed`, whose rows are bound to their table,
primary key, account and provider as `kit.sealing.place` says. A sweep goes by the primary key, in
short transactions, and changes a row only while it is as it was read: whoever writes meanwhile
writes what is sealed by the current secret, and wins. Readers never wait and always find something
that opens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.db.ownership import key_order
from beatrunner.kit.crypto import KID_BYTES
from beatrunner.kit.sealing import HEAD_BYTES, CannotOpenError, Sealer, place

BATCH_ROWS = 500


@dataclass(slots=True)
class Resealed:
    rows: int = 0
    #: The places of rows that no secret opens; they are left as they are.
    unreadable: list[str] = field(default_factory=list)


def sealed_tables() -> list[Table]:
    return [table for table in all_tables() if "sealed" in table.c]


async def count_sealed(tx: AsyncConnection) -> Counter[bytes]:
    """Rows by the kid of the secret that they are sealed by."""
    found: Counter[bytes] = Counter()
    for table in sealed_tables():
        kid = _head(table)
        rows = await tx.execute(select(kid, func.count()).group_by(kid))
        for head, count in rows:
            found[bytes(head)[-KID_BYTES:]] += count
    return found


async def reseal(database: Database, sealer: Sealer, *, batch_rows: int = BATCH_ROWS) -> Resealed:
    done = Resealed()
    for table in sealed_tables():
        last: Sequence[Any] | None = None
        while True:
            async with database.read() as tx:
                rows = await _list_older(tx, table, sealer.head, last, batch_rows)
            if not rows:
                break
            last = _key_of(table, rows[-1])
            await _reseal_rows(database, sealer, table, rows, done)
    return done


async def _list_older(
    tx: AsyncConnection,
    table: Table,
    head: bytes,
    last: Sequence[Any] | None = None,
    rows: int = BATCH_ROWS,
) -> Sequence[Row[Any]]:
    """The next rows, by primary key, that are sealed by another secret than the current one."""
    key = key_order(tx, table)
    asked = select(table).where(_head(table) != head).order_by(*key).limit(rows)
    if last is not None:
        asked = asked.where(tuple_(*key) > tuple_(*last))
    return (await tx.execute(asked)).all()


async def _reseal_rows(
    database: Database, sealer: Sealer, table: Table, rows: Sequence[Row[Any]], done: Resealed
) -> None:
    changes = []
    for row in rows:
        where = _place_of(table, row)
        try:
            plain = sealer.open(row.sealed, bound_to=where)
        except CannotOpenError:
            done.unreadable.append(where)
            continue
        changes.append((row, sealer.seal(plain, bound_to=where)))
    async with database.write() as tx:
        for row, sealed in changes:
            same = [
                column == value
                for column, value in zip(
                    table.primary_key.columns, _key_of(table, row), strict=True
                )
            ]
            result = await tx.execute(
                update(table).where(*same, table.c.sealed == row.sealed).values(sealed=sealed)
            )
            done.rows += result.rowcount


def _head(table: Table) -> ColumnElement[bytes]:
    return func.substr(table.c.sealed, 1, HEAD_BYTES, type_=table.c.sealed.type)


def _key_of(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(row._mapping[column] for column in table.primary_key.columns)


def _place_of(table: Table, row: Row[Any]) -> str:
    found = row._mapping
    key = ",".join(map(str, _key_of(table, row)))
    account = found[table.c.account_id] if "account_id" in table.c else ""
    provider = found[table.c.provider] if "provider" in table.c else ""
    return place(table.name, key, account, provider)
