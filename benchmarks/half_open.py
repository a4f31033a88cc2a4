"""Whether strangers who keep a server waiting keep others from it.

500 send half a request, 200 a body by the byte, 200 nothing; meanwhile somebody asks honestly, in a
process of their own, again and again. The server is the real one, without a proxy. The control is
the same with deadlines of an hour.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from beatrunner.web.deadlines import DeadlineProtocol
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.serving import get

PORT = 10_400
#: The deadline, and time for 900 of them.
PATIENCE_S = DeadlineProtocol.head_s + 5.0
_HALF = b"GET /v1/auth/state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Half: " % PORT
_SLOW = (
    b"POST /v1/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n" % PORT
)


@dataclass(frozen=True, slots=True)
class Attack:
    half: int
    slow: int
    mute: int

    @property
    def sockets(self) -> int:
        return self.half + self.slow + self.mute


def main() -> Report:
    attack = Attack(500, 200, 200)
    return {"bench": "half-open", "figures": [*figures(attack), *control(attack)]}


def figures(attack: Attack) -> list[Figure]:
    with _serving("deadlines"):
        calm = honest_p99_s(PATIENCE_S)
        disturbed, left = asyncio.run(_attacked(attack))
    return [
        plain("p99 of honest requests, undisturbed", 1000 * calm, "ms"),
        at_most("p99 of honest requests, times undisturbed", disturbed / calm, "x", 2.0),
        at_most(f"of {attack.sockets} strangers still connected after 15 s", left, "", 0),
    ]


def control(attack: Attack) -> list[Figure]:
    with _serving("none"):
        _, left = asyncio.run(_attacked(attack))
    return [at_least("control: without deadlines", left, "", attack.sockets)]


@contextmanager
def _serving(deadlines: str) -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.half_open_server", folder, str(PORT), deadlines],
            stdout=log,
            stderr=log,
        )
        try:
            _await(f"http://127.0.0.1:{PORT}/health")
            yield
        finally:
            process.terminate()
            process.wait(30)


def _await(address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            get(address)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


async def _attacked(attack: Attack) -> tuple[float, int]:
    """p99 of honest requests meanwhile, and how many strangers were not turned away."""
    strangers = [
        *(_stranger(_HALF) for _ in range(attack.half)),
        *(_stranger(_SLOW) for _ in range(attack.slow)),
        *(_stranger(b"") for _ in range(attack.mute)),
    ]
    with ProcessPoolExecutor(1) as pool:
        loop = asyncio.get_running_loop()
        honest = loop.run_in_executor(pool, honest_p99_s, PATIENCE_S)
        lasting = await asyncio.gather(*strangers)
        return await honest, sum(lasting)


async def _stranger(opening: bytes) -> bool:
    """Send a byte each second; whether the connection lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    closed = asyncio.create_task(reader.read())
    writer.write(opening)
    until_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < until_s and not closed.done():
        await asyncio.wait([closed], timeout=1)
        if opening and not closed.done():
            writer.write(b"x")
    lasts = not closed.done()
    closed.cancel()
    with suppress(ConnectionError, asyncio.CancelledError):
        await closed
    writer.close()
    return lasts


def honest_p99_s(seconds: float) -> float:
    return asyncio.run(_honest(seconds))


async def _honest(seconds: float) -> float:
    """p99 of one after the other, each on a connection of its own."""
    until_s, found = time.monotonic() + seconds, []
    while time.monotonic() < until_s:
        began_s = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(
            b"GET /v1/auth/state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % PORT
        )
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        found.append(time.perf_counter() - began_s)
        writer.close()
        await asyncio.sleep(0.01)
    return sorted(found)[int(0.99 * len(found))]
