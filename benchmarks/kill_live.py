"""What is lost when the server is killed in the middle of live workouts: nothing it promised.

A fleet of bridges (the product's own link) sends a sample a second each; a server process is
killed with SIGKILL at random moments and started again at once, as the supervisor does it, which
holds the listening socket. Afterwards every sample that was ever acknowledged must be in the
database, once, as it was sent; and each workout must be conducted again soon: measured from the
kill to the acknowledgement of a sample that was recorded after it.

The negative control is a server that acknowledges before it commits.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.live_tables import workout_metrics
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.fleet import Rider, book
from benchmarks.live_server import LiveServer
from benchmarks.postgres import postgres

WORKOUTS = 200
KILLS = 50
CONTROL_KILLS = 5
RESUMED_S = 5.0
LEAST_RESUMED = 0.99
_GIVE_UP_S = 20.0
SETTINGS: dict[str, object] = {"mode": "heart", "target_low_bpm": 130, "target_high_bpm": 145}


@dataclass(slots=True)
class Findings:
    promised: int = 0
    lost: int = 0
    doubled: int = 0
    changed: int = 0
    resumed_s: list[float] = field(default_factory=list)

    @property
    def share_in_time(self) -> float:
        in_time = sum(each <= RESUMED_S for each in self.resumed_s)
        return in_time / len(self.resumed_s)


def main() -> Report:
    # Ten thousand farewells and welcomes are no news.
    configure_logs(LogFormat.CONSOLE, "ERROR")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="beatrunner-bench-") as name, postgres() as make:
        for kind in ("SQLite", "PostgreSQL"):
            for module in ("beatrunner", "benchmarks.hasty_server"):
                is_control = module != "beatrunner"
                folder = Path(name) / f"{kind}-{is_control}"
                folder.mkdir()
                address = f"sqlite:///{folder}/beatrunner.db"
                if kind == "PostgreSQL":
                    address = make(f"control_{is_control}".lower())
                kills = CONTROL_KILLS if is_control else KILLS
                found = asyncio.run(measure(folder, address, WORKOUTS, kills, module=module))
                figures += _control(kind, found) if is_control else _figures(kind, found)
    return {"bench": "kill-live", "figures": figures}


def _figures(kind: str, found: Findings) -> list[Figure]:
    ordered = sorted(found.resumed_s)
    return [
        plain(f"{kind}: acknowledged, {KILLS} kills", found.promised, "samples"),
        at_most("  of these lost", found.lost, "samples", 0),
        at_most("  of these there twice", found.doubled, "samples", 0),
        at_most("  of these changed", found.changed, "samples", 0),
        at_least(f"  resumed within {RESUMED_S:g} s", found.share_in_time, "x", LEAST_RESUMED),
        plain("  resumed: median", ordered[len(ordered) // 2], "s"),
        plain("  resumed: slowest", ordered[-1], "s"),
    ]


def _control(kind: str, found: Findings) -> list[Figure]:
    what = f"{kind}, control that acknowledges before it commits: lost"
    return [at_least(what, found.lost, "samples", 1)]


async def measure(
    folder: Path,
    database: str,
    workouts: int,
    kills: int,
    *,
    module: str = "beatrunner",
    seed: int = 1,
) -> Findings:
    chance = random.Random(seed)
    booked = await book(database, workouts, SETTINGS)
    found = Findings()
    with LiveServer(folder, database, module).running() as server:
        riders = [Rider(server.address, each) for each in booked]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(rider.run()) for rider in riders]
            await _promised(riders, dict.fromkeys(range(workouts), 1), 60.0)
            for _ in range(kills):
                await asyncio.sleep(chance.uniform(0.5, 2.5))
                found.resumed_s += await _kill(server, riders)
            for rider in riders:
                rider.rests = True
            await asyncio.sleep(2.0)
            for task in tasks:
                task.cancel()
    await _compare(database, riders, found)
    return found


async def _kill(server: LiveServer, riders: Sequence[Rider]) -> list[float]:
    """Seconds until each workout was recorded again."""
    wanted = {index: len(rider.recorder.made) + 1 for index, rider in enumerate(riders)}
    killed_s = time.monotonic()
    server.kill()
    server.start()
    return [at_s - killed_s for at_s in await _promised(riders, wanted, _GIVE_UP_S)]


async def _promised(
    riders: Sequence[Rider], wanted: dict[int, int], patience_s: float
) -> list[float]:
    """When each rider was first promised sample `wanted` or a later one."""
    deadline_s = time.monotonic() + patience_s
    at_s: dict[int, float] = {}
    while len(at_s) < len(riders):
        for index, rider in enumerate(riders):
            if index not in at_s and rider.recorder.promised >= wanted[index]:
                at_s[index] = min(
                    since_s
                    for number, since_s in rider.recorder.promised_at_s.items()
                    if number >= wanted[index]
                )
        if time.monotonic() > deadline_s:
            at_s |= {index: deadline_s for index in range(len(riders)) if index not in at_s}
        await asyncio.sleep(0.02)
    return [at_s[index] for index in range(len(riders))]


async def _compare(address: str, riders: Sequence[Rider], found: Findings) -> None:
    """What is in the database, with what was promised to be."""
    database = Database(address)
    for rider in riders:
        recorder = rider.recorder
        async with database.read() as tx:
            rows = (
                await tx.execute(
                    select(workout_metrics).where(workout_metrics.c.workout_id == rider.workout_id)
                )
            ).all()
        numbers = [row.number for row in rows]
        found.promised += recorder.promised
        found.lost += len(set(range(1, recorder.promised + 1)) - set(numbers))
        found.doubled += len(numbers) - len(set(numbers))
        found.changed += sum(
            (row.recorded_at, row.elapsed_s)
            != (recorder.made[row.number].at, recorder.made[row.number].elapsed_s)
            for row in rows
        )
    await database.close()
