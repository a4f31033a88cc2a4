"""What the drivers raise when a database has no room, no time, or is away, in the product's words.

Nothing of that is wrong with the statement: it may go through later as it is. Everything else that
a driver raises is a mistake of ours, and is left as it is.
"""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, TimeoutError  # noqa: A004

from beatrunner.kit.errors import DiskFullError, UnavailableError

#: All that a driver raises; `orig` says it without the statement.
DriverError = DBAPIError

_BUSY = "The database is busy with something else. Try again in a moment."
_AWAY = "The database does not answer. Try again in a moment."

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
#: An error of input or output may well be a full disk, too: SQLite does not always say which.
_SQLITE_AWAY = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL}
_POSTGRES_DISK_FULL = "53100"
#: Connections; resources; an operator, or a server that starts or ends; its disk.
_POSTGRES_AWAY = ("08", "53", "57P", "58")


def unavailable(error: Exception, *, is_open: bool) -> UnavailableError | None:
    """None when it is another kind of failure. `is_open`: there was a connection."""
    if isinstance(error, TimeoutError):
        return UnavailableError(_BUSY, kind="database-busy")
    if isinstance(error, ConnectionError) or (isinstance(error, OSError) and not is_open):
        return UnavailableError(_AWAY, kind="database-away")
    is_cut = isinstance(error, DBAPIError) and error.connection_invalidated
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        return _of_sqlite(origin)
    state = getattr(origin, "sqlstate", None) or ""
    if state == _POSTGRES_DISK_FULL:
        return DiskFullError()
    # COPY passes SQLAlchemy by, and so do its errors.
    if is_cut or state.startswith(_POSTGRES_AWAY) or "connection is closed" in str(origin):
        return UnavailableError(_AWAY, kind="database-away")
    return None


def _of_sqlite(error: sqlite3.Error) -> UnavailableError | None:
    # The upper bits say more than is of use here.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFullError()
    if code in _SQLITE_BUSY:
        return UnavailableError(_BUSY, kind="database-busy")
    if code in _SQLITE_AWAY:
        return UnavailableError(_AWAY, kind="database-away")
    return None
