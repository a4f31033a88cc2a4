"""Rows of any table as plain JSON values, and back.

What leaves one database for another (or for a file) must mean the same in both. The columns' types
decide alone, so a new table or column needs nothing here: times are ISO 8601 in UTC with
microseconds, identifiers their usual text, bytes Base64; numbers, texts, truth values and JSON are
themselves. What is read back comes from a file that anybody may have written, so every value is
checked against its column: type, range, length, whether it may be missing. `NaN` is no number.
"""

from __future__ import annotations

import base64
import math
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    Uuid,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import JSON

from beatrunner.db.types import AnyRow, UtcDateTime

PortableRow = dict[str, Any]

_DEEPEST_JSON = 20
#: Rows in memory at once while a table is read.
_ROWS_AT_ONCE = 500


class Portable:
    """The way of one table's rows there and back."""

    def __init__(self, table: Table, columns: Sequence[Column[Any]] | None = None) -> None:
        """`columns`: those that travel; all, if not said."""
        self.table = table
        self.columns = {str(x.name): x for x in (table.columns if columns is None else columns)}
        self._writers = {name: _writer(column) for name, column in self.columns.items()}
        self._readers = {name: _reader(column) for name, column in self.columns.items()}

    @property
    def json_columns(self) -> list[str]:
        return [name for name, column in self.columns.items() if isinstance(column.type, JSON)]

    @property
    def has_blobs(self) -> bool:
        return any(isinstance(x.type, LargeBinary) for x in self.columns.values())

    def write(self, row: Mapping[Any, Any]) -> PortableRow:
        return {
            name: None if row[name] is None else write(row[name])
            for name, write in self._writers.items()
        }

    def read(self, values: Mapping[str, Any]) -> PortableRow:
        """What the database takes. A column that is missing is left to its default.

        Raises ValueError with the column that is unknown, missing or not of its type.
        """
        unknown = values.keys() - self._readers.keys()
        if unknown:
            raise ValueError(f"no such column: {', '.join(sorted(unknown))}")
        found = {}
        for name, column in self.columns.items():
            if values.get(name) is not None:
                found[name] = self._read_one(name, values[name])
            elif name in values and column.nullable:
                found[name] = None
            elif not column.nullable and (name in values or column.server_default is None):
                raise ValueError(f"{name} is missing")
        return found

    def _read_one(self, name: str, value: object) -> Any:
        try:
            return self._readers[name](value)
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{name}: {error}") from None


async def stream_rows(tx: AsyncConnection, statement: Select[Any]) -> AsyncIterator[AnyRow]:
    """The rows of a statement, a few hundred of them in memory at any time."""
    result = await tx.stream(statement.execution_options(yield_per=_ROWS_AT_ONCE))
    async for row in result:
        yield row


def _writer(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case UtcDateTime():
            return _time_text
        case Uuid():
            return str
        case LargeBinary():
            return _base64
        case _:
            return _itself


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    match column.type:
        case UtcDateTime():
            return _time
        case Uuid():
            return _uuid
        case LargeBinary():
            return _bytes
        case Boolean():
            return _bool
        case BigInteger():
            return _whole(63)
        case Integer():
            return _whole(31)
        case Float():
            return _number
        case JSON():
            return _json
        case String(length=length):
            return _text(length)
    raise TypeError(f"no portable form for {column}")


def _itself(value: Any) -> Any:
    return value


def _time_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _time(value: object) -> datetime:
    if isinstance(value, str):
        found = datetime.fromisoformat(value)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    raise ValueError("not a time with a zone")


def _uuid(value: object) -> UUID:
    if isinstance(value, str):
        return UUID(value)
    raise ValueError("not an identifier")


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return base64.b64decode(value, validate=True)
    raise ValueError("not bytes")


def _bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("not a truth value")


def _whole(bits: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits:
            return value
        raise ValueError("not a whole number of this column")

    return read


def _number(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    raise ValueError("not a number")


def _text(length: int | None) -> Callable[[object], str]:
    def read(value: object) -> str:
        # PostgreSQL stores neither a zero nor half a character.
        if isinstance(value, str) and "\0" not in value and _is_whole_text(value):
            if length is None or len(value) <= length:
                return value
            raise ValueError("too long")
        raise ValueError("not a text")

    return read


def _is_whole_text(value: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def _json(value: object, depth: int = 0) -> object:
    if depth > _DEEPEST_JSON:
        raise ValueError("nested too deep")
    if isinstance(value, str):
        return _text(None)(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number")
    if isinstance(value, list):
        return [_json(one, depth + 1) for one in value]
    if isinstance(value, dict):
        return {_text(None)(name): _json(one, depth + 1) for name, one in value.items()}
    return value
