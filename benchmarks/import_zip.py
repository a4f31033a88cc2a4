"""What it costs to import 200 one-hour FIT files, from the upload to soundtracks that are ready.

The real road: a listening history is there already; one ZIP is received as an upload, the job
unpacks and reads its files in parser children, the follow-up jobs match the songs. What counts is
processor time, of the worker and its children together (the database server is not in it),
against what fitdecode needs to decode the same bytes and do nothing with them. Every road starts
with a worker that has already imported something, as a running worker has.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import psutil
from sqlalchemy import func, select

from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.spotify_export import write_extended_history
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import activities
from beatrunner.imports.receiving import Upload, UploadReceiver
from beatrunner.kit.clock import system_clock
from beatrunner.kit.folders import spool_folder
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Settings
from beatrunner.wiring import WorkerParts, build_worker
from benchmarks.figures import Figure, Report, at_most, plain
from benchmarks.fit import read_by_fitdecode
from benchmarks.populated import make_account
from benchmarks.postgres import postgres
from benchmarks.processes import in_fresh_process
from benchmarks.runner import listening, one_hour_run

FILES = 200
MOST_RATIO = 0.25
#: Decoded by fitdecode; the rest would take as long, in proportion.
SAMPLE = 20
RUNS_ZIP, HISTORY, WARM_UP = "runs.zip", "Streaming_History_Audio_2026.json", "warm-up.zip"


def main() -> Report:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        folder = Path(name)
        write_files(folder, FILES)
        their_cpu_s = in_fresh_process(_decode_with_fitdecode, folder)
        for kind in ("SQLite", "PostgreSQL"):
            address = f"sqlite:///{folder / 'road.db'}" if kind == "SQLite" else make("road")
            road = in_fresh_process(measure, folder, address)
            figures += [
                at_most(
                    f"{kind}: processor time of the whole road, as a share of fitdecode's",
                    road.cpu_s / their_cpu_s,
                    "x",
                    MOST_RATIO,
                ),
                plain(f"{kind}: processor time of a file", 1000 * road.cpu_s / FILES, "ms"),
                plain(f"{kind}: of that in the worker", 1000 * road.worker_cpu_s / FILES, "ms"),
                plain(f"{kind}: upload to soundtracks", FILES / road.wall_s, "files/s"),
            ]
        figures.append(plain("fitdecode: a file", 1000 * their_cpu_s / FILES, "ms"))
    return {"bench": "import-zip", "figures": figures}


@dataclass(frozen=True, slots=True)
class Road:
    wall_s: float
    cpu_s: float
    worker_cpu_s: float


def write_files(folder: Path, count: int) -> None:
    """The ZIP of runs, a listening history around them, and one other run to warm up with."""
    runs = [one_hour_run(number) for number in range(count)]
    for name, chosen in ((RUNS_ZIP, runs), (WARM_UP, [one_hour_run(count)])):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for run in chosen:
                archive.writestr(f"{run.started_at:%Y-%m-%d}.fit", write_fit(run))
    history = write_extended_history(listening([run.started_at for run in runs]))
    (folder / HISTORY).write_bytes(history)


def _decode_with_fitdecode(folder: Path) -> float:
    """Processor seconds for all files, by a sample of them."""
    with zipfile.ZipFile(folder / RUNS_ZIP) as archive:
        files = [archive.read(name) for name in archive.namelist()[:SAMPLE]]
    read_by_fitdecode(files[0])
    started = time.process_time()
    for data in files:
        read_by_fitdecode(data)
    return (time.process_time() - started) * FILES / len(files)


def measure(folder: Path, address: str) -> Road:
    return asyncio.run(_measure(folder, address))


async def _measure(folder: Path, address: str) -> Road:
    settings = Settings(data_dir=folder / f"data-{new_id()}", database_url=address)
    worker = build_worker(settings)
    try:
        await upgrade(worker.database)
        # Every parser child has started once none of them is free.
        await asyncio.gather(
            *(worker.pool.run(time.sleep, 0.5) for _ in range(settings.parser_processes))
        )
        account_id = await make_account(worker.database)
        for name in (WARM_UP, HISTORY):
            await _import(worker, settings, account_id, folder / name)
        wall, cpu, own = time.perf_counter(), _cpu_s(), time.process_time()
        await _import(worker, settings, account_id, folder / RUNS_ZIP)
        road = Road(
            wall_s=time.perf_counter() - wall,
            cpu_s=_cpu_s() - cpu,
            worker_cpu_s=time.process_time() - own,
        )
        await _check(worker, account_id)
    finally:
        worker.pool.close()
        await worker.database.close()
    return road


async def _import(worker: WorkerParts, settings: Settings, account_id: UUID, path: Path) -> None:
    receiver = UploadReceiver(worker.database, system_clock, spool_folder(settings))
    with path.open("rb") as file:
        await receiver.receive(account_id, [Upload(path.name, file)])
    await worker.runner.run_until_idle()


async def _check(worker: WorkerParts, account_id: UUID) -> None:
    async with worker.database.read() as tx:
        ready = await tx.scalar(
            select(func.count())
            .select_from(activities)
            .where(activities.c.account_id == account_id, activities.c.track_count > 10)
        )
    if ready != FILES:
        raise ValueError(f"{ready} of {FILES} runs have a soundtrack")


def _cpu_s() -> float:
    """Of this process and of its living children; none ends while it is measured."""
    this = psutil.Process()
    times = [process.cpu_times() for process in (this, *this.children(recursive=True))]
    return float(sum(found.user + found.system for found in times))


if __name__ == "__main__":
    print(json.dumps(main()))
