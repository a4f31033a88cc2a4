"""How long 50,000 Spotify plays take to become stored, matched listens, and in how much memory.

The real road: the export's ZIP is received as an upload, one job unpacks and reads its files in
parser children and stores the listens, the follow-up jobs run. Beside it, in the same process and
in turns, a bare `executemany` of the same rows through the same driver, in one transaction. The
best of several turns counts, for both. Every road starts with a worker that has already imported
something, as a running worker has.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy import func, insert, make_url, select

from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import accounts, music_events
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.kit.clock import system_clock
from beatrunner.kit.folders import spool_folder
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from beatrunner.wiring import WorkerParts, build_worker
from benchmarks.postgres import postgres

PLAYS = 50_000
FEWER_PLAYS = 10_000
#: Spotify cuts files at about 12 MB.
PLAYS_A_FILE = 14_000
TRACKS = 4_000
REPETITIONS = 5
MOST_RATIO = 6
#: A history five times as long, of which four files are open at once instead of one.
MOST_GROWTH_MB = 32
P = ParamSpec("P")
T = TypeVar("T")
#: Tables a history ends up in, in the order their foreign keys ask for.
TABLES = ("tracks", "track_names", "track_source_ids", "music_events")


def main() -> dict[str, Any]:
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        folder = Path(name)
        folder.chmod(0o755)
        for plays in (100, FEWER_PLAYS, PLAYS):
            # Not here: a child's peak memory counts from its parent's.
            _in_fresh_process(_write_export, folder / f"{plays}.zip", plays)
        for kind in ("SQLite", "PostgreSQL"):
            places = [
                f"sqlite:///{folder / purpose}.db" if kind == "SQLite" else make(purpose)
                for purpose in ("few", "many", "bare")
            ]
            few = _in_fresh_process(_measure, Job(folder, FEWER_PLAYS, places[0], None))
            many = _in_fresh_process(_measure, Job(folder, PLAYS, places[1], places[2]))
            figures += _figures(kind, few, many)
    return {"bench": "plays", "figures": figures}


@dataclass(frozen=True, slots=True)
class Job:
    """One measurement; `bare` is a second database for the comparison, None to do without."""

    folder: Path
    plays: int
    road: str
    bare: str | None


@dataclass(frozen=True, slots=True)
class Measured:
    road_s: float
    bare_s: float
    worker_bytes: int
    parser_bytes: int


def _figures(kind: str, few: Measured, many: Measured) -> list[dict[str, Any]]:
    ratio = many.road_s / many.bare_s
    figures = [
        {
            "what": f"{kind}: upload to matched listens against a bare executemany of the rows",
            "value": round(ratio, 2),
            "unit": "x",
            "goal": f"<= {MOST_RATIO}",
            "ok": ratio <= MOST_RATIO,
        },
        {
            "what": f"{kind}: {PLAYS:,} plays, upload to matched listens",
            "value": round(many.road_s, 2),
            "unit": "s",
            "goal": "",
            "ok": True,
        },
    ]
    for what, before, after in (
        ("worker", few.worker_bytes, many.worker_bytes),
        ("largest parser child", few.parser_bytes, many.parser_bytes),
    ):
        growth_mb = (after - before) / 1e6
        figures.append(
            {
                "what": f"{kind}: {what}, peak memory above that for {FEWER_PLAYS:,} plays "
                f"({before / 1e6:.0f} MB)",
                "value": round(growth_mb, 1),
                "unit": "MB",
                "goal": f"<= {MOST_GROWTH_MB}",
                "ok": growth_mb <= MOST_GROWTH_MB,
            }
        )
    return figures


def _in_fresh_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Peak memory is a process's own, and never falls."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **kwargs).result()


def _measure(task: Job) -> Measured:
    return asyncio.run(_measure_async(task))


async def _measure_async(task: Job) -> Measured:
    settings = Settings(data_dir=task.folder / f"data-{new_id()}", database_url=task.road)
    worker = build_worker(settings)
    road_s: list[float] = []
    bare_s: list[float] = []
    worker_bytes = 0
    try:
        await upgrade(worker.database)
        # Every parser child has started once none of them is free.
        await asyncio.gather(
            *(worker.pool.run(time.sleep, 0.5) for _ in range(settings.parser_processes))
        )
        await _import(worker, settings, task.folder / "100.zip")
        for _repetition in range(REPETITIONS if task.bare else 1):
            started = time.perf_counter()
            account_id = await _import(worker, settings, task.folder / f"{task.plays}.zip")
            road_s.append(time.perf_counter() - started)
            worker_bytes = worker_bytes or _peak_bytes(resource.RUSAGE_SELF)
            await _check(worker.database, account_id, task.plays)
            if task.bare:
                bare_s.append(await _bare(task.road, task.bare, account_id))
    finally:
        worker.pool.close()
        await worker.database.close()
    return Measured(
        road_s=min(road_s),
        bare_s=min(bare_s, default=0.0),
        worker_bytes=worker_bytes,
        parser_bytes=_peak_bytes(resource.RUSAGE_CHILDREN),
    )


async def _import(worker: WorkerParts, settings: Settings, export: Path) -> UUID:
    """Send the file through the whole road for a new account."""
    account_id = new_id()
    async with worker.database.write() as tx:
        await tx.execute(insert(accounts).values(_account(account_id)))
    receiver = UploadReceiver(worker.database, system_clock, spool_folder(settings))
    with export.open("rb") as file:
        await receiver.receive(account_id, [Upload("my_spotify_data.zip", file)])
    await worker.runner.run_until_idle()
    return account_id


def _account(account_id: UUID) -> dict[str, Any]:
    return {
        "id": account_id,
        "kind": "member",
        "display_name": "A runner",
        "created_at": system_clock(),
    }


async def _check(database: Database, account_id: UUID, plays: int) -> None:
    async with database.read() as tx:
        stored = await tx.scalar(
            select(func.count())
            .select_from(music_events)
            .where(music_events.c.account_id == account_id)
        )
    if stored != plays:
        raise ValueError(f"{stored} of {plays} plays were stored")


async def _bare(road: str, bare: str, account_id: UUID) -> float:
    """Seconds to insert the account's rows into empty tables of another database."""
    database = Database(bare, readers=1)
    await upgrade(database)
    async with database.write() as tx:
        await tx.execute(accounts.delete())
        await tx.execute(insert(accounts).values(_account(account_id)))
    await database.close()
    if make_url(bare).get_backend_name() == "sqlite":
        return _bare_sqlite(road, bare, account_id)
    return await _bare_postgres(road, bare, account_id)


def _bare_sqlite(road: str, bare: str, account_id: UUID) -> float:
    source = sqlite3.connect(str(make_url(road).database), isolation_level=None)
    tables = {
        table: source.execute(
            f"SELECT * FROM {table} WHERE account_id = ? ORDER BY rowid",  # noqa: S608
            (account_id.hex,),
        ).fetchall()
        for table in TABLES
    }
    source.close()
    target = sqlite3.connect(str(make_url(bare).database), isolation_level=None)
    target.execute("PRAGMA synchronous=FULL")
    target.execute("PRAGMA foreign_keys=ON")
    started = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    for table, rows in tables.items():
        marks = ", ".join("?" * len(rows[0]))
        target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    target.execute("COMMIT")
    took_s = time.perf_counter() - started
    target.close()
    return took_s


async def _bare_postgres(road: str, bare: str, account_id: UUID) -> float:
    source = await asyncpg.connect(road)
    tables = {
        table: [
            tuple(row)
            for row in await source.fetch(
                f"SELECT * FROM {table} WHERE account_id = $1 ORDER BY ctid",  # noqa: S608
                account_id,
            )
        ]
        for table in TABLES
    }
    await source.close()
    target = await asyncpg.connect(bare)
    started = time.perf_counter()
    async with target.transaction():
        for table, rows in tables.items():
            marks = ", ".join(f"${place + 1}" for place in range(len(rows[0])))
            await target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
    took_s = time.perf_counter() - started
    await target.close()
    return took_s


def _peak_bytes(whose: int) -> int:
    peak = resource.getrusage(whose).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _write_export(path: Path, plays: int) -> None:
    listens = _listens(plays)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, start in enumerate(range(0, plays, PLAYS_A_FILE)):
            archive.writestr(
                "Spotify Extended Streaming History/"
                f"Streaming_History_Audio_2019-2023_{number}.json",
                write_extended_history(listens[start : start + PLAYS_A_FILE]),
            )


def _listens(count: int) -> list[RawListen]:
    """Invented listening: some thousand tracks, few of them much loved, in sittings."""
    chance = random.Random(7)
    time_of_day = datetime(2019, 1, 1, tzinfo=UTC)
    listens = []
    for _ in range(count):
        track = int(chance.paretovariate(0.6)) % TRACKS
        ended_at = time_of_day + timedelta(seconds=150 + track % 120)
        listens.append(
            RawListen(
                kind=ListenKind.MUSIC,
                title=f"The Song of the Long Road, Part {track}",
                artist=f"The Invented Players {track // 9}",
                album=f"Songs for Walking {track // 12}",
                started_at=time_of_day,
                ended_at=ended_at,
                uncertainty_s=1.0,
                source_id=f"spotify:track:{track:022d}",
                is_skipped=False,
                is_shuffled=chance.random() < 0.5,
                is_offline=False,
            )
        )
        time_of_day = ended_at + timedelta(seconds=chance.choice((0, 0, 0, 1, 3600)))
    return listens
