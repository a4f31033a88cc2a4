"""What an export's identifiers are called in the account that takes it in.

An identifier is kept wherever nobody else has it. It becomes another one for two reasons: the same
thing is here already under its own (the same file was imported, the same song was heard), or the
identifier belongs to somebody else here. Both are remembered (`carried_ids`), so that later parts,
a resumed import and the next import of the same export find the same things again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.account_contents import named_table, unique_columns
from beatrunner.db.portable import Portable, PortableRow
from beatrunner.exports import carried_store


async def translate(
    tx: AsyncConnection, account_id: UUID, portable: Portable, rows: Sequence[PortableRow]
) -> None:
    """Give every identifier in the rows its name here, in place."""
    table = portable.table
    named = _named(portable)
    known = await carried_store.list_carried(tx, account_id, _identifiers(rows, named))
    texts = portable.json_columns
    if texts:
        known |= await carried_store.list_carried(tx, account_id, _identifiers_in(rows, texts))
    for row in rows:
        for name in named:
            if name in row:
                row[name] = known.get(row[name], row[name])
        for name in texts:
            if name in row:
                row[name] = _replaced(row[name], known)
    if "id" not in portable.columns:
        return
    new = dict[UUID, UUID]()
    for names in unique_columns(table):
        new |= await _twins(tx, account_id, portable, names, _not_in(rows, new))
    taken = await carried_store.list_taken(
        tx, account_id, table, [x["id"] for x in _not_in(rows, new)]
    )
    new |= {foreign: own_id(account_id, foreign) for foreign in taken}
    await carried_store.upsert_carried(tx, account_id, new)
    for row in rows:
        row["id"] = new.get(row["id"], row["id"])


def own_id(account_id: UUID, foreign: UUID) -> UUID:
    """Another identifier of the same time, as those sort by time; the same one whenever asked."""
    rest = bytearray(hashlib.sha256(account_id.bytes + foreign.bytes).digest()[:8])
    rest[0] = foreign.bytes[8] & 0xC0 | rest[0] & 0x3F  # two bits say what kind of UUID it is
    return UUID(bytes=foreign.bytes[:8] + bytes(rest))


async def _twins(
    tx: AsyncConnection,
    account_id: UUID,
    portable: Portable,
    names: Sequence[str],
    rows: Sequence[PortableRow],
) -> Mapping[UUID, UUID]:
    """Of rows that are here under another identifier, that one."""
    by_key = {
        key: row["id"] for row in rows if None not in (key := tuple(row.get(x) for x in names))
    }
    found = await carried_store.list_known(tx, account_id, portable.table, names, by_key.keys())
    return {by_key[key]: own for key, own in found.items() if own != by_key[key]}


def _not_in(rows: Iterable[PortableRow], new: Mapping[UUID, UUID]) -> list[PortableRow]:
    return [row for row in rows if row["id"] not in new]


def _named(portable: Portable) -> list[str]:
    """Columns that hold identifiers."""
    return [
        name
        for name, column in portable.columns.items()
        if name == "id" or named_table(column) is not None
    ]


def _identifiers(rows: Iterable[PortableRow], names: Sequence[str]) -> set[UUID]:
    return {row[name] for row in rows for name in names if row.get(name) is not None}


def _identifiers_in(rows: Iterable[PortableRow], names: Sequence[str]) -> set[UUID]:
    found: set[UUID] = set()
    for row in rows:
        for name in names:
            _collect(row.get(name), found)
    return found


def _collect(value: object, found: set[UUID]) -> None:
    if isinstance(value, list):
        for one in value:
            _collect(one, found)
    elif isinstance(value, dict):
        for name, one in value.items():
            _collect(name, found)
            _collect(one, found)
    elif (identifier := _identifier(value)) is not None:
        found.add(identifier)


def _replaced(value: Any, known: Mapping[UUID, UUID]) -> Any:
    if not known:
        return value
    if isinstance(value, list):
        return [_replaced(one, known) for one in value]
    if isinstance(value, dict):
        return {_replaced(name, known): _replaced(one, known) for name, one in value.items()}
    identifier = _identifier(value)
    return value if identifier is None or identifier not in known else str(known[identifier])


def _identifier(value: object) -> UUID | None:
    if isinstance(value, str) and len(value) == 36:
        try:
            return UUID(value)
        except ValueError:
            return None
    return None
