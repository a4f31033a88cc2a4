"""One request, one transaction: dependencies for routes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.kit.http import provided

ProvidedDatabase = Annotated[Database, Depends(provided(Database))]


async def _read(database: ProvidedDatabase) -> AsyncIterator[AsyncConnection]:
    async with database.read() as tx:
        yield tx


async def _read_long(database: ProvidedDatabase) -> AsyncIterator[AsyncConnection]:
    async with database.read(is_long=True) as tx:
        yield tx


async def _write(database: ProvidedDatabase) -> AsyncIterator[AsyncConnection]:
    async with database.write() as tx:
        yield tx


# "function": the transaction is over, and its commit certain, before the answer leaves.
ReadTx = Annotated[AsyncConnection, Depends(_read, scope="function")]
LongReadTx = Annotated[AsyncConnection, Depends(_read_long, scope="function")]
WriteTx = Annotated[AsyncConnection, Depends(_write, scope="function")]
