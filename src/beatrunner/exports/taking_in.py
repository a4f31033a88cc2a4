"""An account's export comes back, part by part (see the package's docstring).

What is here already stays as it is: a row is added or it is not, and none is changed. Rows belong
to whoever imports them, whatever they say; a row that its table would not take, or that names what
is not the account's, is left out, and the part says so.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import ProfileChanges
from beatrunner.accounts.store import update_account, update_library_version
from beatrunner.activities.body_store import has_kept_original
from beatrunner.codecs.account_export import AccountRows, read_manifest, read_part
from beatrunner.codecs.sniff import FileKind
from beatrunner.core.refusals import Refusal
from beatrunner.db.account_contents import KNOWN_BY, carried_tables, named_table
from beatrunner.db.locks import lock_content, lock_imports
from beatrunner.db.portable import Portable, PortableRow
from beatrunner.exports import carried_store
from beatrunner.exports.hearts import without_heart_rates
from beatrunner.exports.identifiers import translate
from beatrunner.exports.row_checks import CHECKS
from beatrunner.imports.outcomes import Outcome, Reader, SourceFile, Stored
from beatrunner.jobs.store import enqueue
from beatrunner.kit.blob import BlobStore
from beatrunner.kit.clock import Clock
from beatrunner.privacy.consents import keeps_heart_rate
from beatrunner.privacy.zone_store import count_zones
from beatrunner.privacy.zones import MOST_ZONES

#: What decides how the account is treated, and what others see.
_OWN_WORD = frozenset({"accounts", "privacy_zones", "retentions", "runner_profiles"})


class _KnownRun(BaseModel):
    id: UUID
    known_by: list[tuple[str, int]]


def read_original(data: bytes) -> bytes:
    return data


class AccountImporter:
    """Takes in the parts, the originals and, at last, the manifest of an account's export."""

    readers: Mapping[FileKind, Reader] = {
        FileKind.ACCOUNT_ROWS: read_part,
        FileKind.ACCOUNT_ORIGINAL: read_original,
        FileKind.ACCOUNT_EXPORT: read_manifest,
    }
    #: Only those that a run refers to are, and those are kept here.
    keeps_original = False

    def __init__(self, originals: BlobStore, clock: Clock) -> None:
        self._originals = originals
        self._clock = clock

    async def store(self, tx: AsyncConnection, source: SourceFile, content: object) -> Stored:
        if isinstance(content, AccountRows):
            return await self._store_rows(tx, source, content)
        if isinstance(content, bytes):
            return await self._store_original(tx, source, content)
        if source.batch_id is not None:
            payload = {"batch_id": str(source.batch_id)}
            now = self._clock()
            await enqueue(tx, "account.imported", payload, account_id=source.account_id, now=now)
        return Stored(Outcome.IMPORTED)

    async def _store_rows(
        self, tx: AsyncConnection, source: SourceFile, part: AccountRows
    ) -> Stored:
        portable = carried_tables().get(part.table)
        if portable is None:
            return Stored(Outcome.REFUSED, reason=Refusal.UNKNOWN_KIND)
        if source.is_by_script and part.table in _OWN_WORD:
            return Stored(Outcome.REFUSED, reason=Refusal.NOT_BY_SCRIPT)
        await lock_imports(tx, source.account_id)
        if part.table == "accounts":
            return await self._store_settings(tx, source.account_id, portable, part)
        if part.table == "activities":
            await _remember_known_runs(tx, source.account_id, part.rows)
        rows = _checked(portable, part.rows)
        wanted = len(part.rows) + part.broken
        is_whole = await keeps_heart_rate(tx, source.account_id)
        if not is_whole:
            rows, is_whole = without_heart_rates(part.table, rows)
        await translate(tx, source.account_id, portable, rows)
        rows = await _with_parents(tx, source.account_id, portable, rows)
        if part.table == "privacy_zones":
            rows = await _as_many_as_may_be(tx, source.account_id, portable, rows)
        added = await carried_store.insert_rows(
            tx, portable.table, rows, source.account_id, source.batch_id
        )
        if added:
            await update_library_version(tx, source.account_id)
        if added < len(rows) and source.batch_id is not None:
            await carried_store.insert_repeats(
                tx, portable.table, rows, source.account_id, source.batch_id
            )
        reason = _why_not_all(part.table, is_whole=is_whole, lacks_rows=len(rows) < wanted)
        is_run, is_play = part.table == "activities", part.table == "music_events"
        return Stored(
            Outcome.IMPORTED if added else Outcome.ALREADY_THERE,
            listens_added=added if is_play else 0,
            activities_added=added if is_run else 0,
            reason=reason,
        )

    async def _store_settings(
        self, tx: AsyncConnection, account_id: UUID, portable: Portable, part: AccountRows
    ) -> Stored:
        """An account that has nothing yet takes over name, units and the like."""
        if await carried_store.has_anything(tx, account_id):
            return Stored(Outcome.ALREADY_THERE)
        try:
            (row,) = part.rows
            changes = ProfileChanges.model_validate(portable.read(row))
        except ValueError:
            return Stored(Outcome.REFUSED, reason=Refusal.ROWS_LEFT_OUT)
        await update_account(tx, account_id, changes.model_dump(mode="json", exclude_unset=True))
        return Stored(Outcome.IMPORTED)

    async def _store_original(
        self, tx: AsyncConnection, source: SourceFile, content: bytes
    ) -> Stored:
        sha256 = hashlib.sha256(content).hexdigest()
        await lock_content(tx, sha256)
        if not await has_kept_original(tx, source.account_id, sha256):
            return Stored(Outcome.SKIPPED)
        await asyncio.to_thread(self._originals.put, sha256, content)
        return Stored(Outcome.IMPORTED)


def _why_not_all(table: str, *, is_whole: bool, lacks_rows: bool) -> Refusal | None:
    if not is_whole:
        return Refusal.WITHOUT_HEART_RATE
    if not lacks_rows:
        return None
    return Refusal.ZONES_LEFT_OUT if table == "privacy_zones" else Refusal.ROWS_LEFT_OUT


async def _as_many_as_may_be(
    tx: AsyncConnection, account_id: UUID, portable: Portable, zones: Sequence[PortableRow]
) -> list[PortableRow]:
    """Those that are there already, and others until there are as many as can be drawn."""
    ids = {zone["id"] for zone in zones}
    there = await carried_store.list_own(tx, account_id, portable.table, ids)
    room = max(MOST_ZONES - await count_zones(tx, account_id), 0)
    others = [zone for zone in zones if zone["id"] not in there]
    return [zone for zone in zones if zone["id"] in there] + others[:room]


async def _remember_known_runs(
    tx: AsyncConnection, account_id: UUID, rows: Sequence[Mapping[str, object]]
) -> None:
    """A run of which a recording is here already is that recording's run."""
    known_by: dict[tuple[str, int], UUID] = {}
    for row in rows:
        with suppress(ValidationError):
            known = _KnownRun.model_validate(row)
            known_by |= dict.fromkeys(known.known_by, known.id)
    found = await carried_store.list_runs_known_by(tx, account_id, known_by.keys())
    carried = {known_by[key]: own for key, own in found.items() if known_by[key] != own}
    await carried_store.upsert_carried(tx, account_id, carried)


def _checked(portable: Portable, rows: Sequence[Mapping[str, object]]) -> list[PortableRow]:
    """Those that the table takes and the pages can show."""
    check = CHECKS.get(portable.table.name)
    found = []
    for row in rows:
        try:
            values = portable.read({x: row[x] for x in row if x != KNOWN_BY})
            if check is not None:
                check(values)
        except ValueError:
            continue
        found.append(values)
    return found


async def _with_parents(
    tx: AsyncConnection, account_id: UUID, portable: Portable, rows: Sequence[PortableRow]
) -> list[PortableRow]:
    """Those of which everything they name is the account's; a name that may be missing is taken
    away instead."""
    kept = list(rows)
    for name, column in portable.columns.items():
        parent = named_table(column)
        if parent is None:
            continue
        named = {row[name] for row in kept if row.get(name) is not None}
        there = await carried_store.list_own(tx, account_id, parent, named)
        if parent is portable.table:
            there |= {row["id"] for row in kept}
            kept.sort(key=lambda row: row.get(name) is not None)
        if column.nullable:
            for row in kept:
                if row.get(name) not in there:
                    row[name] = None
        else:
            kept = [row for row in kept if row[name] in there]
    return kept
