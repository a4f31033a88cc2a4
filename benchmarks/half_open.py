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
from benchmarks.serving import await_answer, free_port

_HALF = b"GET /v1/auth/state HTTP/1.1\r\nX-Half: "
#: With its port, or it is refused before its body is waited for.
_SLOW = (
    b"POST /v1/auth/refresh HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Attack:
    half: int
    slow: int
    mute: int
    deadline_s: float = DeadlineProtocol.head_s
    #: Beyond the deadline, for so many.
    grace_s: float = 5.0

    @property
    def sockets(self) -> int:
        return self.half + self.slow + self.mute

    @property
    def patience_s(self) -> float:
        return self.deadline_s + self.grace_s


def main() -> Report:
    attack = Attack(500, 200, 200)
    return {"bench": "half-open", "figures": [*figures(attack), *control(attack)]}


def figures(attack: Attack) -> list[Figure]:
    with serving(attack.deadline_s) as port:
        calm = honest_p99_s(port, attack.patience_s)
        disturbed, left = asyncio.run(_attacked(port, attack))
    return [
        plain("p99 of honest requests, undisturbed", 1000 * calm, "ms"),
        at_most("p99 of honest requests, times undisturbed", disturbed / calm, "x", 2.0),
        at_most(
            f"of {attack.sockets} strangers connected after {attack.patience_s:g} s", left, "", 0
        ),
    ]


def control(attack: Attack) -> list[Figure]:
    with serving(3600) as port:
        _, left = asyncio.run(_attacked(port, attack))
    return [at_least("control: without deadlines", left, "", attack.sockets)]


@contextmanager
def serving(deadline_s: float) -> Iterator[int]:
    """The port of a server that lives as long as the block."""
    port = free_port()
    words = [sys.executable, "-m", "benchmarks.half_open_server"]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        process = subprocess.Popen(
            [*words, folder, str(port), str(deadline_s)], stdout=log, stderr=log
        )
        try:
            await_answer(f"http://127.0.0.1:{port}/health")
            yield port
        finally:
            process.terminate()
            process.wait(30)


async def _attacked(port: int, attack: Attack) -> tuple[float, int]:
    """p99 of honest requests meanwhile, and how many strangers were not turned away."""
    strangers = [
        *(_stranger(port, _HALF, attack.patience_s) for _ in range(attack.half)),
        *(_stranger(port, _SLOW % port, attack.patience_s) for _ in range(attack.slow)),
        *(_stranger(port, b"", attack.patience_s) for _ in range(attack.mute)),
    ]
    with ProcessPoolExecutor(1) as pool:
        loop = asyncio.get_running_loop()
        honest = loop.run_in_executor(pool, honest_p99_s, port, attack.patience_s)
        lasting = await asyncio.gather(*strangers)
        return await honest, sum(lasting)


async def _stranger(port: int, opening: bytes, patience_s: float) -> bool:
    """Send a byte each second; whether the connection lasts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    closed = asyncio.create_task(reader.read())
    writer.write(opening)
    until_s = time.monotonic() + patience_s
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


def honest_p99_s(port: int, seconds: float) -> float:
    return asyncio.run(_honest(port, seconds))


async def _honest(port: int, seconds: float) -> float:
    """p99 of one after the other, each on a connection of its own."""
    until_s, found = time.monotonic() + seconds, []
    while time.monotonic() < until_s:
        began_s = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /v1/auth/state HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % port
        )
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 200 ")
        found.append(time.perf_counter() - began_s)
        writer.close()
        await asyncio.sleep(0.01)
    return sorted(found)[int(0.99 * len(found))]
