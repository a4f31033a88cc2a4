"""`beatrunner migrate-to` with years of runs: is everything there, and how long does it take?

The move reads, converts, hashes, copies, reads again and hashes again. It stands beside COPY
alone: the same rows, in memory already, into the same tables. What arrived is compared here once
more, table by table, by the digests of both sides; in the negative control one play is a
microsecond later on one side.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import JSON, func, select, text

from beatrunner.cli.moving import move_to_postgres
from beatrunner.db.bulk import copying_driver, insert_columns
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.moving import Digest, digest_table
from beatrunner.db.tables import music_events
from beatrunner.kit.clock import system_clock
from beatrunner.kit.settings import Settings
from benchmarks.figures import Report, at_least, at_most, plain
from benchmarks.memory import peak_bytes
from benchmarks.populated import populate
from benchmarks.postgres import postgres
from benchmarks.processes import in_fresh_process

RUNS, PLAYS = 1000, 50_000
_BETWEEN = timedelta(minutes=4)
_A_MICROSECOND_LATER = """
UPDATE music_events SET ended_at = ended_at + interval '1 microsecond'
WHERE started_at = (SELECT min(started_at) FROM music_events)
"""


class Moved(NamedTuple):
    elapsed_s: float
    peak_bytes: float


class Found(NamedTuple):
    rows: int
    different: list[str]
    moved: Moved
    copy_s: float
    control: list[str]


def main() -> Report:
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        found = measure(Path(name), make("moved"), make("copied"), RUNS, PLAYS)
    figures = [
        plain(f"rows of {RUNS} runs and {PLAYS} plays", found.rows, "rows"),
        at_most("tables whose hashes differ afterwards", len(found.different), "tables", 0),
        plain("moved and compared", found.rows / found.moved.elapsed_s, "rows/s"),
        plain("COPY alone, from memory", found.rows / found.copy_s, "rows/s"),
        plain("the whole move, as a multiple", found.moved.elapsed_s / found.copy_s, "x"),
        plain("peak memory of the move", found.moved.peak_bytes / 1e6, "MB"),
        at_least(
            "control, one play a microsecond later: tables that differ",
            len(found.control),
            "tables",
            1,
        ),
    ]
    return {"bench": "move", "figures": figures}


def measure(folder: Path, target: str, bare: str, runs: int, plays: int) -> Found:
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{folder}/beatrunner.db")
    asyncio.run(_fill(settings, runs, plays))
    moved = in_fresh_process(_move, settings, target)
    return asyncio.run(_compare(settings.database, target, bare, moved))


async def _fill(settings: Settings, runs: int, plays: int) -> None:
    account_id, *_ = await populate(settings, runs=runs)
    async with _opened(settings.database) as database, database.write() as tx:
        there = await tx.scalar(select(func.count()).select_from(music_events)) or 0
        await _add_plays(tx, account_id, plays - there)


async def _add_plays(tx: Any, account_id: UUID, count: int) -> None:
    """Of songs that are there, before all runs."""
    (row,) = (await tx.execute(select(music_events).limit(1))).mappings()
    first = system_clock() - timedelta(days=10_000)
    starts = [first + number * _BETWEEN for number in range(max(count, 0))]
    if starts:
        own = {"started_at": starts, "ended_at": [start + _BETWEEN for start in starts]}
        others = {name: value for name, value in row.items() if name not in own}
        await insert_columns(tx, music_events, own, others | {"account_id": account_id})


def _move(settings: Settings, target: str) -> Moved:
    started = time.perf_counter()
    asyncio.run(move_to_postgres(settings, target))
    elapsed_s = time.perf_counter() - started
    return Moved(elapsed_s, peak_bytes())


async def _compare(source: str, target: str, bare: str, moved: Moved) -> Found:
    async with _opened(source) as here, _opened(target) as there, _opened(bare) as empty:
        digests = await _digests(here)
        different = _different(digests, await _digests(there))
        await upgrade(empty)
        copy_s = await _copy_alone(here, empty)
        async with there.write() as tx:
            await tx.execute(text(_A_MICROSECOND_LATER))
        control = _different(digests, await _digests(there))
    rows = sum(digest.rows for digest in digests.values())
    return Found(rows, different, moved, copy_s, control)


@asynccontextmanager
async def _opened(address: str) -> AsyncIterator[Database]:
    database = Database(address, readers=1)
    try:
        yield database
    finally:
        await database.close()


async def _digests(database: Database) -> dict[str, Digest]:
    async with database.snapshot() as tx:
        return {table.name: await digest_table(tx, table) for table in all_tables()}


def _different(one: dict[str, Digest], other: dict[str, Digest]) -> list[str]:
    return [name for name in one if one[name] != other[name]]


async def _copy_alone(source: Database, target: Database) -> float:
    elapsed_s = 0.0
    async with source.snapshot() as reading, target.write() as writing:
        driver = await copying_driver(writing)
        for table in all_tables():
            json = [isinstance(column.type, JSON) for column in table.columns]
            rows = [
                tuple(
                    msgspec.json.encode(value).decode() if is_json and value is not None else value
                    for is_json, value in zip(json, row, strict=True)
                )
                for row in await reading.execute(select(table))
            ]
            started = time.perf_counter()
            names = [column.name for column in table.columns]
            await driver.copy_records_to_table(table.name, columns=names, records=rows)
            elapsed_s += time.perf_counter() - started
    return elapsed_s
