"""What an account's library says, whatever its rows are called.

Two instances that were given the same files hold the same rows under other identifiers, stored at
other times. Here each row is hashed without its own identifier and without the times at which
something was stored or computed, and with other rows' identifiers replaced by the hashes of those
rows. A table's digest is that of its rows' hashes, sorted, so a row that is there twice counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select

from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database

#: How it came about, who may see it, and what is computed anew from the rest.
_UNSAID = {
    *("accounts", "identities", "consents", "sign_ins", "sign_in_attempts", "security_events"),
    *("request_counters", "request_counts", "jobs", "workers"),
    *("import_batches", "import_files", "measured_runs", "insights", "insight_effects"),
}
_TOLD_BY_THE_CLOCK = {"created_at", "computed_at", "batch_id"}


async def digest_library(database: Database) -> dict[str, str]:
    """By table."""
    known: dict[UUID, str] = {}
    digests = {}
    async with database.snapshot() as tx:
        for table in all_tables():
            if table.name not in _UNSAID:
                rows = (await tx.execute(select(table))).mappings().all()
                digests[table.name] = _digest(table, rows, known)
    return digests


def _digest(table: Table, rows: Any, known: dict[UUID, str]) -> str:
    hashes = []
    for row in rows:
        found = _hash_row(row, known)
        hashes.append(found)
        if "id" in table.c:
            known[row["id"]] = found
    return f"{len(hashes)} {hashlib.sha256(''.join(sorted(hashes)).encode()).hexdigest()[:16]}"


def _hash_row(row: Mapping[str, Any], known: Mapping[UUID, str]) -> str:
    said = [
        (name, _said(value, known))
        for name, value in sorted(row.items())
        if name != "id" and name not in _TOLD_BY_THE_CLOCK
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _said(value: Any, known: Mapping[UUID, str]) -> Any:
    if isinstance(value, UUID):
        return known.get(value, "another")
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return sorted((name, _said(one, known)) for name, one in value.items())
    if isinstance(value, list):
        return [_said(one, known) for one in value]
    return value
