"""All rows of one database into another, and proof that they arrived.

Rows are read as the database keeps them, a few hundred in memory at any time, and written by one
COPY per table. For the proof each row, in its portable form, is hashed, and a table's digest is
the sum of its rows' hashes: so it does not depend on the order in which a database gives them.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import JSON

from beatrunner.db.bulk import copying_driver
from beatrunner.db.portable import Portable, stream_rows

_MODULUS = 1 << 128
_TOLD_EVERY_ROWS = 500


class RowRefusedError(Exception):
    """A value is in the source that the target has no room for; said in words."""


@dataclass(slots=True)
class Digest:
    """What a table holds."""

    rows: int = 0
    total: int = 0

    def add(self, content: bytes) -> None:
        self.rows += 1
        found = hashlib.blake2b(content, digest_size=16).digest()
        self.total = (self.total + int.from_bytes(found, "big")) % _MODULUS


async def digest_table(tx: AsyncConnection, table: Table) -> Digest:
    digest, portable = Digest(), Portable(table)
    async for row in stream_rows(tx, select(table)):
        digest.add(_canonical(portable.write(row._mapping)))
    return digest


async def move_table(
    source: AsyncConnection, target: AsyncConnection, table: Table, show: Callable[[int], None]
) -> Digest:
    """From either database into PostgreSQL; gives what was read. `show` is told of more rows."""
    digest, portable = Digest(), Portable(table)
    changes: list[Callable[[Any], Any]] = [
        _json_text if isinstance(column.type, JSON) else _itself for column in table.columns
    ]

    async def records() -> AsyncIterator[tuple[Any, ...]]:
        async for row in stream_rows(source, select(table)):
            digest.add(_canonical(portable.write(row._mapping)))
            if digest.rows % _TOLD_EVERY_ROWS == 0:
                show(_TOLD_EVERY_ROWS)
            yield tuple(change(value) for change, value in zip(changes, row, strict=True))
        show(digest.rows % _TOLD_EVERY_ROWS)

    driver = await copying_driver(target)
    try:
        await driver.copy_records_to_table(
            table.name, columns=[column.name for column in table.columns], records=records()
        )
    except asyncpg.PostgresError as error:
        raise RowRefusedError(f"PostgreSQL refuses a row of {table.name}: {error}") from error
    return digest


def _canonical(values: Any) -> bytes:
    return msgspec.json.encode(_plain_numbers(values), order="sorted")


def _plain_numbers(value: Any) -> Any:
    """PostgreSQL keeps numbers in JSON as decimals: 1e22 comes back whole, -0.0 without sign."""
    match value:
        case bool():
            return value
        case int() | float():
            return float(value) + 0.0
        case list():
            return [_plain_numbers(one) for one in value]
        case dict():
            return {name: _plain_numbers(one) for name, one in value.items()}
        case _:
            return value


def _itself(value: Any) -> Any:
    return value


def _json_text(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
