"""SQLite without a thread, for reading.

The asynchronous driver does each step of a statement (open a cursor, execute, fetch, close) in a
thread and waits for it. A read of ours takes a fraction of a millisecond; the four hand-overs
take longer than that, and under load each waits for the interpreter's lock besides. So reading
connections run in the event loop's own thread: these two classes have the driver's asynchronous
methods and do the work at once. Writing keeps the thread, because a commit waits for the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any


class InlineCursor:
    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self.arraysize = cursor.arraysize

    async def __aenter__(self) -> InlineCursor:
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> InlineCursor:
        self._cursor.execute(statement, values)
        return self

    async def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> InlineCursor:
        self._cursor.executemany(statement, rows)
        return self

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()


class InlineConnection:
    """What SQLAlchemy's dialect for the asynchronous driver asks of a connection."""

    def __init__(self, path: str) -> None:
        # The pool may close it from another thread than the one that opened it.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    @property
    def isolation_level(self) -> str | None:
        return self._connection.isolation_level

    def cursor(self) -> InlineCursor:
        return InlineCursor(self._connection.cursor())

    async def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], *, deterministic: bool
    ) -> None:
        self._connection.create_function(name, arguments, function, deterministic=deterministic)

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()
