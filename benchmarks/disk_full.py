"""What an import on a full disk comes to: it waits, says so, and goes on by itself.

Real processes on a real disk (`small_disk`): database, spool, originals, temporary files and logs
of a server and a worker lie on a tmpfs of some megabytes (PostgreSQL's tables in a tablespace on
it; its write-ahead log elsewhere, or PostgreSQL would stop itself). While the demo runner's exports
are uploaded and imported, the disk is filled to the last byte at random moments and kept full for
some seconds. Meanwhile pages are read. Nothing is started anew. In the end every import must be
done, no file refused, nothing left in the spool, and each table as after an undisturbed import: so
nothing was called imported that is not there.

The negative control is a worker that says "imported" before it stores.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from sqlalchemy import make_url

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.kill_import import (
    Findings,
    Instance,
    judge,
    sign_in,
    until_over,
    upload,
    write_exports,
)
from benchmarks.library_digest import digest_library
from benchmarks.postgres import postgres
from benchmarks.small_disk import Ballast, mount_small_disk, words_to_enter

FILLS, CONTROL_FILLS = 50, 4
DISK_BYTES = 256 * 1024**2
#: Between being emptied and being filled, and how long it stays full.
_EMPTY_S, _FULL_S = (0.2, 2.0), (1.0, 3.0)
_GIVE_UP_S = 240.0
_SLOW_READ_S = 2.0
#: "Free some space", "try again": in words, and the upload is sent again.
_CALM = {202, 503, 507}


@dataclass(slots=True)
class Found(Findings):
    fills: int = 0
    reads: int = 0
    reads_failed: int = 0
    #: Times that the page of imports named the full disk.
    said_so: int = 0
    #: Answers to uploads, by status.
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def held_up(self) -> int:
        return self.answers[503] + self.answers[507]

    @property
    def rude(self) -> int:
        return sum(count for status, count in self.answers.items() if status not in _CALM)


_TOLD = (
    *("fills", "instances", "different", "failed", "refused", "left_in_spool"),
    *("reads", "reads_failed", "said_so", "held_up", "rude"),
)


def main() -> Report:
    figures: list[Figure] = []
    for kind in ("SQLite", "PostgreSQL"):
        found = run_inside(kind, FILLS, "benchmarks.quick_worker")
        control = run_inside(kind, CONTROL_FILLS, "benchmarks.forgetful_worker")
        figures += _figures(kind, found, control)
    return {"bench": "disk-full", "figures": figures}


def _figures(kind: str, found: dict[str, Any], control: dict[str, Any]) -> list[Figure]:
    return [
        plain(f"{kind}: filled to the last byte", found["fills"], "times"),
        plain("  imports that met it", found["instances"], "imports"),
        at_most("  tables unlike those of an undisturbed import", len(found["different"]), "", 0),
        at_most("  imports that failed", found["failed"], "", 0),
        at_most("  files refused", found["refused"], "", 0),
        at_most("  files left in the spool", found["left_in_spool"], "", 0),
        plain("  pages read meanwhile", found["reads"], "pages"),
        at_most(
            f"  of these failed, or took over {_SLOW_READ_S:g} s", found["reads_failed"], "", 0
        ),
        plain("  times that these named the full disk", found["said_so"], "times"),
        plain("  uploads answered 507 or 503", found["held_up"], "answers"),
        at_most("  uploads answered otherwise", found["rude"], "answers", 0),
        at_least(
            f"  control that says it before it stores, {control['fills']} times: tables unlike",
            len(control["different"]),
            "",
            1,
        ),
    ]


def run_inside(kind: str, fills: int, module: str, exports: Path | None = None) -> dict[str, Any]:
    """The findings of a process with a small disk of its own. Raises OSError without one."""
    words = [*words_to_enter(), sys.executable, "-m", "benchmarks.disk_full"]
    words += [kind, str(fills), module, *([] if exports is None else [str(exports)])]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"no small disk could be had: {done.stdout}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _inside(kind: str, fills: int, module: str, exports: str | None = None) -> None:
    with tempfile.TemporaryDirectory(prefix="beatrunner-disk-") as name, postgres() as make:
        disk = Path(name) / "disk"
        disk.mkdir()
        Path(name).chmod(0o755)
        mount_small_disk(disk, DISK_BYTES)
        if exports is None:
            files = write_exports(Path(name) / "exports")
        else:
            files = sorted(path for path in Path(exports).iterdir() if path.suffix == ".zip")
        # Where the server puts what it receives, before it is spooled.
        os.environ["TMPDIR"] = str(disk)
        try:
            found = asyncio.run(_measure(disk, kind, make, files, fills, module))
        finally:
            subprocess.run(["umount", "--lazy", str(disk)], check=False)
    print(json.dumps({name: getattr(found, name) for name in _TOLD}))


async def _measure(
    disk: Path,
    kind: str,
    make: Callable[[str], str],
    files: Sequence[Path],
    fills: int,
    module: str,
) -> Found:
    spare = make("spare") if kind == "PostgreSQL" else None
    if spare is not None:
        folder = _owned_by_server(disk / "tables", spare)
        await _execute(spare, f"CREATE TABLESPACE small LOCATION '{folder}'")

    async def import_into(number: int, module: str, chance: random.Random | None) -> dict[str, str]:
        address = f"sqlite:///{disk}/{number}.db"
        if spare is not None:
            address = make(f"full_{number}")
            await _execute(spare, f"ALTER DATABASE full_{number} SET TABLESPACE small")
        folder = disk / str(number)
        digests = await _import(Instance(folder, address, module), files, found, fills, chance)
        shutil.rmtree(folder)
        return digests

    found, chance = Found(), random.Random(1)
    expected = await import_into(0, "benchmarks.quick_worker", None)
    while found.fills < fills:
        found.instances += 1
        try:
            got = await import_into(found.instances, module, chance)
        except TimeoutError:
            # It never went on.
            found.failed += 1
            continue
        found.different += [name for name in expected if got.get(name) != expected[name]]
    return found


def _owned_by_server(folder: Path, address: str) -> Path:
    folder.mkdir()
    server = Path(str(make_url(address).query["host"])).stat()
    os.chown(folder, server.st_uid, server.st_gid)
    return folder


async def _execute(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


async def _import(
    instance: Instance,
    files: Sequence[Path],
    found: Found,
    fills: int,
    chance: random.Random | None,
) -> dict[str, str]:
    """Give the files in and see them through; gives what the library says in the end."""
    database = Database(instance.database, readers=1)
    await upgrade(database)
    with instance.running():
        address = instance.server.address
        sent = asyncio.create_task(upload(address, files, found.answers))
        over = asyncio.create_task(until_over(database, sent))
        if chance is not None:
            async with httpx2.AsyncClient(base_url=address, timeout=30.0) as client:
                await _fill_and_empty(instance.folder.parent, client, over, found, fills, chance)
        async with asyncio.timeout(_GIVE_UP_S):
            await over
    await judge(database, instance.folder, found)
    digests = await digest_library(database)
    await database.close()
    return digests


async def _fill_and_empty(
    disk: Path,
    client: httpx2.AsyncClient,
    over: asyncio.Task[None],
    found: Found,
    fills: int,
    chance: random.Random,
) -> None:
    headers, ballast = await sign_in(client), Ballast(disk)
    while found.fills < fills:
        await asyncio.wait({over}, timeout=chance.uniform(*_EMPTY_S))
        if over.done():
            return
        found.fills += 1
        full_until_s = time.monotonic() + chance.uniform(*_FULL_S)
        while time.monotonic() < full_until_s:
            ballast.fill()
            await _read(client, headers, found)
            await asyncio.sleep(0.05)
        ballast.drop()


async def _read(client: httpx2.AsyncClient, headers: dict[str, str], found: Found) -> None:
    for path in ("/v1/activities", "/v1/imports", "/v1/home"):
        started_s = time.monotonic()
        answer = await client.get(path, headers=headers)
        found.reads += 1
        is_slow = time.monotonic() - started_s > _SLOW_READ_S
        found.reads_failed += answer.status_code != 200 or is_slow
        if path == "/v1/imports" and answer.status_code == 200:
            found.said_so += any(one["held_up"] == "disk-full" for one in answer.json()["items"])


if __name__ == "__main__":
    _inside(sys.argv[1], int(sys.argv[2]), sys.argv[3], *sys.argv[4:])
