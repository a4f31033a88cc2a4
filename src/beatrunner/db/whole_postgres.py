"""All tables of a PostgreSQL database as COPY writes and reads them.

`pg_dump` may be absent, or older than the server. COPY's text form means the same in every
version, and the server itself reads and writes it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.bulk import copying_driver
from beatrunner.db.catalogue import all_tables


async def copy_out(
    tx: AsyncConnection, table: str, columns: Sequence[str], take: Callable[[bytes], None]
) -> int:
    """The table's rows as `tx` sees them; gives how many."""

    async def sink(content: bytes) -> None:
        take(content)

    driver = await copying_driver(tx)
    status: str = await driver.copy_from_table(table, columns=columns, output=sink)
    return int(status.split()[-1])


async def copy_in(
    tx: AsyncConnection, table: str, columns: Sequence[str], content: AsyncIterator[bytes]
) -> int:
    """Gives how many rows there were."""
    driver = await copying_driver(tx)
    status: str = await driver.copy_to_table(table, columns=columns, source=content)
    return int(status.split()[-1])


async def drop_all(tx: AsyncConnection) -> None:
    """Every table of this database that is ours, in the caller's transaction."""

    def drop(connection: Any) -> None:
        there = MetaData()
        ours = {table.name for table in all_tables()} | {"alembic_version"}
        there.reflect(connection, only=lambda name, _: name in ours)
        there.drop_all(connection)

    await tx.run_sync(drop)


async def count_others(tx: AsyncConnection) -> int:
    """How many other connections to this database there are."""
    found = await tx.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    )
    return int(found or 0)
