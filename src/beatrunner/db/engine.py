"""Connections and transactions on SQLite or PostgreSQL.

A caller asks for `database.read()` or `database.write()` and gets one transaction, committed
when the block ends and rolled back when it raises. A database that is locked, full or away raises
UnavailableError, whichever it is. On SQLite there is a single connection for
writing, which takes the write lock at once (`BEGIN IMMEDIATE`), so that a transaction never
fails half way for a lock; readers see the last commit (WAL). On both, readers cannot write.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import event, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from beatrunner.db.failures import unavailable
from beatrunner.db.inline_sqlite import InlineConnection
from beatrunner.db.timing import time_statements

_WRITER_PATIENCE_S = 30.0
#: Readers wait for nobody, except while a database is being recovered after a crash.
_READER_PATIENCE_S = 1.0


class Database:
    """Both sides of one database. Close it when done."""

    def __init__(
        self, address: str, *, readers: int = 4, patience_s: float = _WRITER_PATIENCE_S
    ) -> None:
        """`patience_s`: how long a writer waits for another one on SQLite."""
        url = _driver_url(address)
        self.is_sqlite = url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            if url.database:
                Path(url.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writer = _sqlite_engine(url, is_writer=True, pool_size=1, patience_s=patience_s)
            self._reader = _sqlite_engine(url, is_writer=False, pool_size=readers, is_inline=True)
            self._long_reader = _sqlite_engine(url, is_writer=False, pool_size=readers)
            time_statements(self._reader.sync_engine)
            time_statements(self._long_reader.sync_engine)
        else:
            self._writer = create_async_engine(
                url,
                pool_size=readers,
                max_overflow=readers,
                pool_timeout=5,
                pool_pre_ping=True,
                json_deserializer=msgspec.json.decode,
                # Errors are logged, and values are not for logs.
                hide_parameters=True,
            )
            # The same connections, told to refuse writing.
            self._reader = self._writer.execution_options(postgresql_readonly=True)
            self._long_reader = self._reader
        time_statements(self._writer.sync_engine)

    @asynccontextmanager
    async def read(self, *, is_long: bool = False) -> AsyncIterator[AsyncConnection]:
        """`is_long`: its statements may take more than some milliseconds with years of runs, and
        would keep everybody waiting who shares this thread."""
        async with _in_words((self._long_reader if is_long else self._reader).connect()) as tx:
            yield tx

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Everything as it was at the first statement, whatever is written meanwhile."""
        async with _in_words(self._long_reader.connect()) as tx:
            if not self.is_sqlite:
                await tx.execution_options(isolation_level="REPEATABLE READ")
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with _in_words(self._writer.begin()) as tx:
            yield tx

    async def compact(self) -> None:
        """What was deleted is on no page of the file any more, nor in the write-ahead log.

        SQLite leaves deleted rows where they were until something else needs the room. PostgreSQL
        sees to that by itself, and shows them to nobody.
        """
        if not self.is_sqlite:
            return
        async with _in_words(self._writer.connect()) as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None  # noqa: S101 - it is connected
            # `connect` has begun a transaction only in SQLAlchemy's eyes.
            await driver.execute("VACUUM")
            await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def ping(self) -> None:
        """Raises when the database does not answer."""
        async with self.read() as tx:
            await tx.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._reader.dispose()
        await self._long_reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def _in_words(
    opening: AbstractAsyncContextManager[AsyncConnection],
) -> AsyncIterator[AsyncConnection]:
    """No room, no time or no answer become an UnavailableError."""
    is_open = False
    try:
        async with opening as tx:
            is_open = True
            yield tx
    except Exception as error:
        held_up = unavailable(error, is_open=is_open)
        if held_up is None:
            raise
        raise held_up from error


def sqlite_path(address: str) -> Path | None:
    """The file of an SQLite database; None on PostgreSQL."""
    url = _driver_url(address)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _driver_url(address: str) -> URL:
    """`sqlite:` and `postgresql:` addresses, with the asynchronous driver put in."""
    url = make_url(address)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    backend = url.get_backend_name()
    if backend not in drivers:
        raise ValueError(f"BeatRunner works on SQLite and PostgreSQL, not on {backend}")
    return url.set(drivername=drivers[backend])


def _sqlite_engine(
    url: URL,
    *,
    is_writer: bool,
    pool_size: int,
    is_inline: bool = False,
    patience_s: float = _READER_PATIENCE_S,
) -> AsyncEngine:
    async def open_inline() -> InlineConnection:
        return InlineConnection(str(url.database))

    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,
        # What was fitted to years of runs is megabytes, and read at every look.
        json_deserializer=msgspec.json.decode,
        # The driver must not open transactions by itself; `_begin` does.
        **(
            {"async_creator": open_inline}
            if is_inline
            else {"connect_args": {"isolation_level": None, "factory": _EndingConnection}}
        ),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={round(patience_s * 1000)}",
            "cache_size=-16000",
            f"query_only={'OFF' if is_writer else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own knows ASCII alone, and whoever runs in Łódź could not find it.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")

    return engine


class _EndingConnection(sqlite3.Connection):
    """Ends its transaction when it is closed.

    SQLite keeps a closed connection, with the locks of its transaction, until the last of its
    statements is gone, and one that was being read when its task was cancelled stays as long as
    something remembers the exception.
    """

    def close(self) -> None:
        try:
            self.rollback()
        finally:
            super().close()


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
