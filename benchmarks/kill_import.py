"""What is lost or doubled when everything is killed in the middle of an import: nothing.

Real processes: a server takes the demo runner's two exports (FIT, GPX and TCX in a ZIP, a Spotify
history in another) over HTTP, a worker imports them. Both are killed with SIGKILL at random
moments and started again at once, as a supervisor would, until the import and what follows from
it is over; then the next instance begins, until there were so many kills. An upload whose answer
was lost is sent again, as a runner would. Afterwards every table that says something about runs
and music must be as after an import that nobody disturbed (`library_digest`), no import may have
failed, no file have been refused, and nothing may be left in the spool.

The negative control is a worker that says "imported" before it stores.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx2
from sqlalchemy import func, select

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.db.tables import import_batches, import_files, jobs, workers
from beatrunner.demo.files import write_demo_files
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.library_digest import digest_library
from benchmarks.live_server import LiveServer
from benchmarks.postgres import postgres

KILLS, CONTROL_KILLS = 100, 10
_DAY = date(2026, 10, 1)
#: From a worker's first sign of life to its kill.
_LIVES_S = (0.0, 3.0)
_GIVE_UP_S = 300.0
_FOLLOW_UPS = ("import.run", "activity.imported", "music.imported", "track.tempo_changed")


@dataclass(slots=True)
class Findings:
    kills: int = 0
    instances: int = 0
    #: Tables that are not as after an undisturbed import, one instance after the other.
    different: list[str] = field(default_factory=list)
    failed: int = 0
    refused: int = 0
    left_in_spool: int = 0

    @property
    def faults(self) -> int:
        return len(self.different) + self.failed + self.refused + self.left_in_spool


class Instance:
    """A server and a worker on a data folder and a database of their own."""

    def __init__(self, folder: Path, database: str, module: str) -> None:
        folder.mkdir(parents=True)
        self.folder, self.database = folder, database
        self._module = module
        self.server = LiveServer(folder, database, "beatrunner")
        self._worker: subprocess.Popen[bytes] | None = None
        self.worker_started_at = system_clock()

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.server.running():
            self.start_worker()
            try:
                yield
            finally:
                self.kill_worker()

    def start_worker(self) -> None:
        environment = {
            **os.environ,
            "BEATRUNNER_DATA_DIR": str(self.folder),
            "BEATRUNNER_DATABASE_URL": self.database,
            "BEATRUNNER_LOG_LEVEL": "ERROR",
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "compiled"),
        }
        self.worker_started_at = system_clock()
        with (self.folder / "worker.log").open("ab") as log:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", self._module, "worker"],
                env=environment,
                stdout=log,
                stderr=log,
                # Its children, too, end with it.
                start_new_session=True,
            )

    def kill_worker(self) -> None:
        if self._worker is not None:
            os.killpg(self._worker.pid, signal.SIGKILL)
            self._worker.wait()

    def kill_all(self) -> None:
        self.kill_worker()
        self.server.kill()
        self.server.start()
        self.start_worker()


def main() -> Report:
    configure_logs(LogFormat.CONSOLE, "ERROR")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        files = write_exports(Path(name) / "exports")
        for kind in ("SQLite", "PostgreSQL"):
            folder = Path(name) / kind

            def address(number: int, kind: str = kind, folder: Path = folder) -> str:
                if kind == "PostgreSQL":
                    return make(f"killed_{number}")
                return f"sqlite:///{folder}/{number}.db"

            found, control = asyncio.run(_measure_both(folder, address, files))
            figures += _figures(kind, found, control)
    return {"bench": "kill-import", "figures": figures}


async def _measure_both(
    folder: Path, address: Callable[[int], str], files: Sequence[Path]
) -> tuple[Findings, Findings]:
    return (
        await measure(folder / "killed", address, files, KILLS),
        await measure(
            folder / "control",
            lambda number: address(1000 + number),
            files,
            CONTROL_KILLS,
            module="benchmarks.forgetful_worker",
        ),
    )


def _figures(kind: str, found: Findings, control: Findings) -> list[Figure]:
    return [
        plain(f"{kind}: kill -9 of server and worker", found.kills, "kills"),
        plain("  imports that were killed", found.instances, "imports"),
        at_most("  tables unlike those of an undisturbed import", len(found.different), "", 0),
        at_most("  imports that failed", found.failed, "", 0),
        at_most("  files refused", found.refused, "", 0),
        at_most("  files left in the spool", found.left_in_spool, "", 0),
        at_least(
            f"  control that says it before it stores, {control.kills} kills: tables unlike",
            len(control.different),
            "",
            1,
        ),
    ]


def write_exports(folder: Path) -> list[Path]:
    manifest = write_demo_files(folder, _DAY)
    return [manifest.strava_export, manifest.spotify_export]


async def measure(
    folder: Path,
    address: Callable[[int], str],
    files: Sequence[Path],
    kills: int,
    *,
    module: str = "benchmarks.quick_worker",
    seed: int = 1,
) -> Findings:
    chance = random.Random(seed)
    found = Findings()
    expected = await _import(folder / "0", address(0), "benchmarks.quick_worker", files, found)
    while found.kills < kills:
        found.instances += 1
        place = folder / str(found.instances)
        lives = [chance.uniform(*_LIVES_S) for _ in range(kills - found.kills)]
        got = await _import(place, address(found.instances), module, files, found, lives)
        found.different += [name for name in expected if got.get(name) != expected[name]]
        shutil.rmtree(place)
    return found


async def _import(
    folder: Path,
    database: str,
    module: str,
    files: Sequence[Path],
    found: Findings,
    lives_s: Sequence[float] = (),
) -> dict[str, str]:
    """Give the files in and see them through; gives what the library says in the end."""
    opened = Database(database, readers=1)
    instance = Instance(folder, database, module)
    await upgrade(opened)
    with instance.running():
        sent = asyncio.create_task(upload(instance.server.address, files))
        over = asyncio.create_task(until_over(opened, sent))
        for life_s in lives_s:
            await until_alive(opened, instance)
            await asyncio.wait({over}, timeout=life_s)
            if over.done():
                break
            await asyncio.to_thread(instance.kill_all)
            found.kills += 1
        async with asyncio.timeout(_GIVE_UP_S):
            await over
    await judge(opened, folder, found)
    digests = await digest_library(opened)
    await opened.close()
    return digests


async def sign_in(client: httpx2.AsyncClient) -> dict[str, str]:
    """The header of whoever sits at this computer."""
    answer = await client.post("/v1/auth/this-computer", json={})
    token = answer.raise_for_status().json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


async def upload(address: str, files: Sequence[Path], answers: Counter[int] | None = None) -> None:
    """Each file by itself, again until it was taken; `answers` counts by status."""
    answers = Counter() if answers is None else answers
    for path in files:
        while True:
            try:
                async with httpx2.AsyncClient(base_url=address, timeout=60.0) as client:
                    headers = await sign_in(client)
                    with path.open("rb") as file:
                        sent = {"files": (path.name, file)}
                        answer = await client.post(
                            "/v1/activities/imports", files=sent, headers=headers
                        )
                    answers[answer.status_code] += 1
                    answer.raise_for_status()
                    break
            except (httpx2.HTTPError, OSError):
                await asyncio.sleep(0.1)


async def until_over(database: Database, sent: asyncio.Task[None]) -> None:
    await sent
    unfinished = (
        select(func.count())
        .select_from(jobs)
        .where(jobs.c.state.in_(("waiting", "running")), jobs.c.kind.in_(_FOLLOW_UPS))
    )
    while True:
        async with database.read() as tx:
            if await tx.scalar(unfinished) == 0:
                return
        await asyncio.sleep(0.1)


async def until_alive(database: Database, instance: Instance) -> None:
    """Until the worker says that it works, which on a busy machine takes a while."""
    while True:
        async with database.read() as tx:
            seen_at = await tx.scalar(select(func.max(workers.c.seen_at)))
        if seen_at is not None and seen_at > instance.worker_started_at:
            return
        await asyncio.sleep(0.05)


async def judge(database: Database, folder: Path, found: Findings) -> None:
    async with database.read() as tx:
        states = (await tx.execute(select(import_batches.c.state))).scalars().all()
        outcomes = (await tx.execute(select(import_files.c.outcome))).scalars().all()
    found.failed += sum(state != "done" for state in states)
    found.refused += sum(outcome in {"refused", "waiting"} for outcome in outcomes)
    found.left_in_spool += len(list((folder / "spool").glob("*")))
