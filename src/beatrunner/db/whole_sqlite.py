"""A whole SQLite database as one file: copied while it is written to, checked, put in place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

#: Between two looks at how far it is; some 4 MB.
_PAGES_AT_ONCE = 1000
_COMPANIONS = ("", "-wal", "-shm")


class DamagedDatabaseError(Exception):
    """SQLite itself says so."""


def copy_database(source: Path, target: Path, show: Callable[[int], None]) -> None:
    """As it is at one moment, into a file of its own without companions.

    The transaction that is held open meanwhile fixes that moment; without it SQLite would begin
    again whenever somebody writes. Nobody waits for it. `show` is told the bytes since last time.
    """
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as reading,
        closing(sqlite3.connect(target, isolation_level=None)) as writing,
    ):
        reading.execute("PRAGMA query_only=ON")
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
        (page_bytes,) = reading.execute("PRAGMA page_size").fetchone()
        done = 0

        def on_pages(_status: int, left: int, total: int) -> None:
            nonlocal done
            show((total - left - done) * page_bytes)
            done = total - left

        reading.backup(writing, pages=_PAGES_AT_ONCE, progress=on_pages)
        reading.execute("ROLLBACK")
        writing.execute("PRAGMA journal_mode=DELETE")


def count_rows(path: Path) -> dict[str, int]:
    """Of each table, after SQLite looked through the file. Raises DamagedDatabaseError."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise DamagedDatabaseError(verdict)
            names = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
                for (name,) in names
            }
        except sqlite3.DatabaseError as error:
            raise DamagedDatabaseError(str(error)) from error


def is_open_elsewhere(path: Path) -> bool:
    """Whether any other connection to the database is there, of this process or another.

    Raises DamagedDatabaseError.
    """
    if not path.exists():
        return False
    with closing(sqlite3.connect(path, timeout=0.5)) as connection:
        try:
            # Whoever leaves the write-ahead log has to be alone; everybody comes back to it.
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            return True
        except sqlite3.DatabaseError as error:
            raise DamagedDatabaseError(str(error)) from error
        return False


def with_companions(path: Path) -> list[Path]:
    """The file of the database and those that SQLite keeps beside it, as far as they exist."""
    return [
        found for ending in _COMPANIONS if (found := path.with_name(path.name + ending)).exists()
    ]
