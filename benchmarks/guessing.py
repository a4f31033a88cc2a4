"""What it costs a stranger, the server and honest runners when somebody guesses at passwords.

The server is the real one. Strangers from many addresses of the loopback network guess at accounts
that there are and at others that there are not; meanwhile runners sign in, each from home. The
server tells how often a password was really checked.

How long an answer takes is measured before, by nobody else's leave: the same wrong password at a
known and at an unknown address, in pairs, now this and now that one first.

Negative control: the same guesses where an account may be tried without end.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import httpx2

from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.store import insert_account
from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from beatrunner.identity.store import upsert_password
from beatrunner.kit.settings import Settings
from benchmarks.figures import Figure, Report, at_least, at_most
from benchmarks.guessing_server import HOST
from benchmarks.serving import await_answer, free_port

#: Strangers who guess at once, and where from.
_AT_ONCE, _NETWORKS = 50, 100
_PASSWORD = "seven foxes run home at dawn"
_UNENDING = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    guesses: int = 10_000
    attacked: int = 10
    honest: int = 20
    pairs: int = 300


@dataclass(slots=True)
class Found:
    #: Of each attacked account.
    checks: list[int] = field(default_factory=list)
    memory_bytes: int = 0
    honest_s: list[float] = field(default_factory=list)
    known_s: list[float] = field(default_factory=list)
    unknown_s: list[float] = field(default_factory=list)

    @property
    def apart(self) -> float:
        known_s, unknown_s = median(self.known_s), median(self.unknown_s)
        return abs(known_s - unknown_s) / min(known_s, unknown_s)


def main() -> Report:
    found = asyncio.run(measure(Plan(), Settings().sign_in_attempts_per_hour))
    control = asyncio.run(measure(Plan(500, 1, 0, 1), _UNENDING))
    return {"bench": "guessing", "figures": figures(found, control)}


def figures(found: Found, control: Found) -> list[Figure]:
    honest_s = sorted(found.honest_s)
    return [
        at_most("most guesses at an account that reach the hash", max(found.checks), "", 100),
        at_most("more memory than before", found.memory_bytes / 2**20, "MiB", 256),
        at_most("known and unknown address, apart", 100 * found.apart, "%", 5),
        at_most("honest sign-in, p99", honest_s[int(0.99 * len(honest_s))], "s", 2),
        at_least("control: without a budget", max(control.checks), "", 101),
    ]


async def measure(plan: Plan, tries_an_hour: int) -> Found:
    """Raises if an honest runner is not let in."""
    with tempfile.TemporaryDirectory(prefix="beatrunner-guessing-") as name:
        folder, found = Path(name), Found()
        paired = plan.pairs // 20 + 1
        hashes = await _make_accounts(
            folder,
            [f"known-{n}" for n in range(plan.attacked)]
            + [f"paired-{n}" for n in range(paired)]
            + [f"honest-{n}" for n in range(plan.honest)],
        )
        with _serving(folder, tries_an_hour) as address:
            for n in range(plan.pairs):
                await _pair(address, n, n % paired, found)
            before = await _cost(address)
            await asyncio.gather(_guess(address, plan), _be_honest(address, plan, found))
            after = await _cost(address)
    found.checks = [after["checks"].get(hashes[f"known-{n}"], 0) for n in range(plan.attacked)]
    found.memory_bytes = after["peak_bytes"] - before["peak_bytes"]
    return found


async def _make_accounts(folder: Path, names: list[str]) -> dict[str, str]:
    """The password hash of each."""
    database, hasher = Database(Settings(data_dir=folder).database), PasswordHasher(2)
    now = datetime.now(UTC)
    hashes = {name: await hasher.hash(_PASSWORD) for name in names}
    await upgrade(database)
    async with database.write() as tx:
        for name, password_hash in hashes.items():
            account_id = await insert_account(
                tx, kind="member", display_name="Rae", now=now, email=_email(name)
            )
            assert account_id is not None
            await upsert_password(tx, account_id, password_hash, now, is_long=True)
    await database.close()
    return hashes


@contextmanager
def _serving(folder: Path, tries_an_hour: int) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    words = [sys.executable, "-m", "benchmarks.guessing_server", str(folder), str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*words, str(tries_an_hour)], stdout=log, stderr=log)
        try:
            await_answer(f"{address}/health")
            yield address
        finally:
            process.terminate()
            process.wait(30)


@asynccontextmanager
async def _client(address: str, peer: int) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.AsyncHTTPTransport(
        local_address=f"127.1.{peer // 250}.{peer % 250 + 1}", verify=False
    )
    async with httpx2.AsyncClient(
        transport=transport,
        base_url=address,
        headers={"Host": HOST},
        timeout=60,
    ) as client:
        yield client


def _email(name: str) -> str:
    return f"{name}@example.com"


async def _try(client: httpx2.AsyncClient, name: str, password: str) -> tuple[int, float]:
    """The status, and the seconds until it came."""
    began_s = time.perf_counter()
    body = {"email": _email(name), "password": password}
    answer = await client.post("/v1/auth/sign-in", json=body)
    return answer.status_code, time.perf_counter() - began_s


async def _pair(address: str, number: int, who: int, found: Found) -> None:
    sides = [(f"paired-{who}", found.known_s), (f"nobody-{who}", found.unknown_s)]
    for name, times in sides if number % 2 else reversed(sides):
        async with _client(address, 1000 + number) as client:
            await client.get("/v1/auth/state")
            status, seconds = await _try(client, name, f"guess {number}")
        assert status == 401
        times.append(seconds)


async def _guess(address: str, plan: Plan) -> None:
    names = [f"{kind}-{n}" for n in range(plan.attacked) for kind in ("known", "unknown")]
    wanted = iter(zip(range(plan.guesses), cycle(names), strict=False))

    async def keep_guessing(stranger: int) -> None:
        peers = range(stranger, _NETWORKS, _AT_ONCE)
        for number, name in wanted:
            async with _client(address, peers[number % len(peers)]) as client:
                status, _ = await _try(client, name, f"guess {number}")
            assert status in (401, 429)

    await asyncio.gather(*(keep_guessing(stranger) for stranger in range(_AT_ONCE)))


async def _be_honest(address: str, plan: Plan, found: Found) -> None:
    for n in range(plan.honest):
        async with _client(address, 500 + n) as client:
            status, seconds = await _try(client, f"honest-{n}", _PASSWORD)
        assert status == 200, status
        found.honest_s.append(seconds)
        await asyncio.sleep(0.2)


async def _cost(address: str) -> dict[str, Any]:
    async with _client(address, 900) as client:
        answer = await client.get("/v1/cost")
    cost: dict[str, Any] = answer.json()
    return cost
