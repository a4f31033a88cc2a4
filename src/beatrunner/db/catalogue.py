"""Every table there is."""

from __future__ import annotations

from sqlalchemy import Table, inspect, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db import (  # noqa: F401
    export_tables,
    identity_tables,
    import_tables,
    insight_tables,
    limit_tables,
    live_tables,
    playlist_tables,
    privacy_tables,
    share_tables,
    tables,
)
from beatrunner.db.schema import metadata


def all_tables() -> list[Table]:
    """Parents before children."""
    return metadata.sorted_tables


async def has_rows(tx: AsyncConnection) -> bool:
    """Whether anything of ours is in the database, which may have no tables yet."""
    there = set(await tx.run_sync(lambda connection: inspect(connection).get_table_names()))
    for table in all_tables():
        if table.name in there:
            found = await tx.execute(select(1).select_from(table).limit(1))
            if found.first() is not None:
                return True
    return False
