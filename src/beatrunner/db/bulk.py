"""Insert many rows of one table as fast as each database can.

SQLAlchemy spends several times longer on the parameters of each row than the databases spend on
storing them. Here values are converted column by column, and reach SQLite's driver as plain
tuples and PostgreSQL by COPY.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

#: Rows handed to the database at once, so that memory stays flat.
_AT_ONCE = 10_000
#: In one statement; databases limit them.
_VALUES_AT_ONCE = 2_000

Value = TypeVar("Value")


def in_portions(values: Collection[Value]) -> Iterator[list[Value]]:
    """As many as one statement takes."""
    ordered = list(values)
    for start in range(0, len(ordered), _VALUES_AT_ONCE):
        yield ordered[start : start + _VALUES_AT_ONCE]


async def insert_columns(
    tx: AsyncConnection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any] | None = None,
) -> None:
    """Insert `columns` side by side (all of one length), with `constants` in every row.

    No server default applies to a named column, and every conflict raises: the caller knows that
    the rows are new.
    """
    constants = constants or {}
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError("columns of one table have one length")
    for start in range(0, lengths.pop(), _AT_ONCE):
        part = {name: values[start : start + _AT_ONCE] for name, values in columns.items()}
        if tx.dialect.name == "sqlite":
            await _insert_tuples(tx, table, part, constants)
        else:
            await _copy(tx, table, part, constants)


async def update_columns(
    tx: AsyncConnection,
    table: Table,
    keys: Mapping[str, Sequence[Any]],
    columns: Mapping[str, Sequence[Any]],
) -> None:
    """Write `columns` into the rows of these `keys`, side by side and all of one length."""
    named = {f"new_{name}": (name, values) for name, values in columns.items()}
    named |= {f"of_{name}": (name, values) for name, values in keys.items()}
    statement = (
        update(table)
        .where(*(table.c[name] == bindparam(f"of_{name}") for name in keys))
        .values({name: bindparam(f"new_{name}") for name in columns})
        .compile(dialect=tx.dialect)
    )
    stored = []
    for parameter in statement.positiontup or []:
        name, values = named[parameter]
        convert = table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect)
        stored.append(list(map(convert, values)) if convert else values)
    rows = list(zip(*stored, strict=True))
    if tx.dialect.name == "sqlite":
        await tx.exec_driver_sql(str(statement), rows)
    else:
        await (await copying_driver(tx)).executemany(str(statement), rows)


async def _insert_tuples(
    tx: AsyncConnection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any],
) -> None:
    names = [*columns, *constants]
    statement = insert(table).values(dict.fromkeys(names)).compile(dialect=tx.dialect)
    ordered = statement.positiontup or []
    stored: dict[str, Any] = {}
    for name in names:
        convert = table.c[name].type.dialect_impl(tx.dialect).bind_processor(tx.dialect)
        if name in constants:
            value = constants[name]
            stored[name] = repeat(convert(value) if convert else value)
        else:
            stored[name] = list(map(convert, columns[name])) if convert else columns[name]
    rows = list(zip(*(stored[name] for name in ordered), strict=False))
    await tx.exec_driver_sql(str(statement), rows)


async def _copy(
    tx: AsyncConnection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any],
) -> None:
    driver = await copying_driver(tx)
    values = (*columns.values(), *(repeat(value) for value in constants.values()))
    await driver.copy_records_to_table(
        table.name,
        columns=[*columns, *constants],
        records=zip(*values, strict=False),
    )


async def copying_driver(tx: AsyncConnection) -> Any:
    """The driver's own connection, for what belongs to the transaction and passes SQLAlchemy by."""
    # The adapter opens its transaction with the first statement it sees, and COPY passes it by.
    await tx.exec_driver_sql("SELECT 1")
    return (await tx.get_raw_connection()).driver_connection
