"""A whole account out, into an empty one, and out again: is everything there?

From SQLite to PostgreSQL and back to SQLite, by the export and the importer that runners use, but
for the processes between them; soundtracks, which are not carried, are computed anew. Compared are
the rows of every table as the exports have them, and what is beside them. In the negative control
one column each of two tables is emptied on the way.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from beatrunner.accounts.store import insert_account
from beatrunner.codecs.account_export import (
    MANIFEST,
    AccountRows,
    imported_members,
    read_manifest,
    read_part,
)
from beatrunner.codecs.archive import ArchiveLimits, list_members, read_member
from beatrunner.codecs.sniff import sniff
from beatrunner.core.provenance import Provenance
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import accounts
from beatrunner.exports.account_export import AccountExporter
from beatrunner.exports.store import list_activity_ids
from beatrunner.exports.taking_in import AccountImporter
from beatrunner.imports.outcomes import SourceFile
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import system_clock
from beatrunner.kit.settings import Settings
from beatrunner.soundtracks.compute import SoundtrackComputer
from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.populated import populate
from benchmarks.postgres import postgres

RUNS = 100
_LIMITS = ArchiveLimits()
_EMPTIED = ("recordings", "device_name"), ("tracks", "artist")


class Found(NamedTuple):
    rows: int
    size_bytes: int
    different: int
    control: int
    export_s: float
    import_s: float


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        found = asyncio.run(measure(Path(name), make("middle"), RUNS))
    figures = [
        plain(f"rows of {RUNS} runs with their music", found.rows, "rows"),
        plain("size of the ZIP", found.size_bytes / 1e6, "MB"),
        at_most("tables and files that differ on the way", found.different, "of them", 0),
        at_least(
            "control, two columns emptied: tables and files that differ",
            found.control,
            "of them",
            2,
        ),
        plain("written", found.rows / found.export_s, "rows/s"),
        plain("taken in, with soundtracks", found.rows / found.import_s, "rows/s"),
    ]
    return {"bench": "round-trip", "figures": figures}


async def measure(folder: Path, middle_address: str, runs: int) -> Found:
    settings = Settings(data_dir=folder / "data")
    await populate(settings, runs=runs)
    first = Database(settings.database)
    async with first.read() as tx:
        account_id: UUID = (await tx.scalars(select(accounts.c.id).limit(1))).one()
    started = time.perf_counter()
    exports = [await _exported(first, account_id, folder / "1.zip")]
    exported = time.perf_counter()
    imported = exported
    addresses = (middle_address, f"sqlite:///{folder / 'last.db'}", f"sqlite:///{folder / 'x.db'}")
    for number, address in enumerate(addresses, start=2):
        database = Database(address)
        await upgrade(database)
        is_control = number == len(addresses) + 1
        taker_id = await _take_in(database, exports[0 if is_control else -1], is_control)
        if number == 2:
            imported = time.perf_counter()
        exports.append(await _exported(database, taker_id, folder / f"{number}.zip"))
        await database.close()
    await first.close()
    before, *others, control = (_contents(path) for path in exports)
    return Found(
        rows=sum(len(rows) for rows in before.values()),
        size_bytes=exports[0].stat().st_size,
        different=sum(_differing(before, other) for other in others),
        control=_differing(before, control),
        export_s=exported - started,
        import_s=imported - exported,
    )


async def _exported(database: Database, account_id: UUID, path: Path) -> Path:
    originals = FolderBlobStore(path.parent / "data" / "originals")
    await AccountExporter(database, originals, system_clock, path.parent).write_to(path, account_id)
    return path


async def _take_in(database: Database, archive: Path, is_control: bool) -> UUID:
    """Into a new account, up to its soundtracks; with two columns empty in the control."""
    async with database.write() as tx:
        await insert_account(tx, kind="member", display_name="", now=system_clock())
        account_id: UUID = (await tx.scalars(select(accounts.c.id))).one()
    importer = AccountImporter(FolderBlobStore(archive.parent / "data" / "originals"), system_clock)
    with archive.open("rb") as file:
        for member in imported_members(file, list_members(file, _LIMITS), _LIMITS):
            data = read_member(file, member, _LIMITS)
            kind = sniff(data, member.path)
            content: Any = importer.readers[kind](data)
            if is_control and isinstance(content, AccountRows):
                content = _emptied(content)
            source = SourceFile(account_id, None, member.path, kind, "", provenance=Provenance.FILE)
            async with database.write() as tx:
                await importer.store(tx, source, content)
    computer = SoundtrackComputer(database, system_clock)
    async with database.write() as tx:
        for activity_id in await list_activity_ids(tx, account_id):
            await computer.compute(tx, account_id, activity_id)
    return account_id


def _emptied(part: AccountRows) -> AccountRows:
    """The control's, with nothing in it."""
    rows = [dict(row) for row in part.rows]
    for table, column in _EMPTIED:
        if part.table == table:
            for row in rows:
                row[column] = ""
    return AccountRows(part.table, rows, part.broken)


def _contents(archive: Path) -> Mapping[str, list[Any]]:
    """Rows by table, and every other file by its checksum; the manifest tells its time."""
    found: dict[str, list[Any]] = {}
    with zipfile.ZipFile(archive) as opened:
        parts = read_manifest(opened.read(MANIFEST)).parts
        for entry in opened.infolist():
            if entry.filename in parts:
                part = read_part(opened.read(entry))
                found.setdefault(part.table, []).extend(part.rows)
            elif entry.filename != MANIFEST:
                found[entry.filename] = [entry.CRC]
    return found


def _differing(one: Mapping[str, list[Any]], other: Mapping[str, list[Any]]) -> int:
    return sum(one.get(name) != other.get(name) for name in one.keys() | other.keys())
