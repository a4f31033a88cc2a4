"""A real server, and clients that do not mean it well, over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from beatrunner.web.deadlines import DeadlineProtocol

PATIENCE_S = 30.0
REQUEST = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n"


class Hasty(DeadlineProtocol):
    head_s = body_s = read_s = 0.6
    body_bytes = 10


class Patient(Hasty):
    """For those that are to be served, or turned away for something else, on a busy machine."""

    head_s = body_s = read_s = 3.0


class Unsignalled(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads a request first, but for `/early`; answers `/much` with much, and `/slow` slowly."""
    message = {"more_body": scope["path"] != "/early"}
    while message.get("more_body"):
        message = dict(await receive())
        if message["type"] == "http.disconnect":
            return
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    size = 50_000_000 if scope["path"] == "/much" else 2
    headers = [(b"content-length", str(size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, size, 100_000):
        part = b"x" * min(100_000, size - start)
        is_more = start + len(part) < size
        await send({"type": "http.response.body", "body": part, "more_body": is_more})


@asynccontextmanager
async def serving(protocol: type[DeadlineProtocol]) -> AsyncIterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            answer, http=protocol, lifespan="off", log_config=None, timeout_keep_alive=2
        )
        server = Unsignalled(config)
        running = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110 - it has no event for that
            await asyncio.sleep(0.01)
        yield listening.getsockname()[1]
        server.should_exit = True
        await running


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async with serving(Hasty) as port:
        yield port


@pytest.fixture
async def patient_port() -> AsyncIterator[int]:
    async with serving(Patient) as port:
        yield port


async def told(port: int, *parts: bytes, pause_s: float = 0.1) -> bytes:
    """All that is answered until the server closes, which it must."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = asyncio.create_task(reader.read())
    try:
        async with asyncio.timeout(PATIENCE_S):
            for part in parts:
                if found.done():
                    break
                writer.write(part)
                await asyncio.sleep(pause_s)
            return await found
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"GET / HTTP/1.1\r\nHost: he"],
        [b"GET / HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 100],
        [b"\r\n"] * 100,
        [REQUEST % 1000, *[b"x"] * 100],
        [REQUEST.replace(b"/ ", b"/early ", 1) % 1000, *[b"x"] * 100],
        [b"GET / HTTP/1.1\r\nHost: here\r\n\r\n", b"GET", *[b" "] * 100],
    ],
    ids=["mute", "half", "slow head", "empty lines", "slow body", "body after all", "second head"],
)
async def test_who_keeps_it_waiting_is_closed(port: int, parts: list[bytes]) -> None:
    await told(port, *parts)


async def test_it_says_why(port: int) -> None:
    assert (await told(port, b"GET / HT")).startswith(b"HTTP/1.1 408 ")
    assert (await told(port, REQUEST % 9, b"x")).startswith(b"HTTP/1.1 408 ")


async def test_a_head_has_its_size(patient_port: int) -> None:
    large = b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 9000
    assert (await told(patient_port, large)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize("trailer", [b"X-A: b\r\n" * 9000, b"X-A: " + b"x" * 70_000])
async def test_what_comes_after_a_body_is_not_kept_for_ever(
    patient_port: int, trailer: bytes
) -> None:
    chunked = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    assert (await told(patient_port, chunked, trailer)).startswith(b"HTTP/1.1 431 ")
    short = chunked + b"X-A: b\r\n" * 6000 + b"\r\n"
    assert (await told(patient_port, short)).startswith(b"HTTP/1.1 200 ")


async def test_many_requests_on_a_connection_count_each_for_itself(patient_port: int) -> None:
    large = b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n"
    found = await told(patient_port, large, large, REQUEST % 2, b"{}")
    assert found.count(b"HTTP/1.1 200 ") == 3


async def test_who_is_slow_but_brings_something_is_served(patient_port: int) -> None:
    parts = [b"x" * 10] * 8
    found = await told(patient_port, REQUEST % 80, *parts, pause_s=0.5)
    assert found.startswith(b"HTTP/1.1 200 ")


async def test_work_and_pauses_have_no_deadline_here(port: int) -> None:
    slow = REQUEST.replace(b"/ ", b"/slow ", 1) % 0
    found = await told(port, slow, b"GET", pause_s=0.8)
    assert found.startswith(b"HTTP/1.1 200 ")
    twice = await told(port, REQUEST % 0, REQUEST % 0, pause_s=0.8)
    assert twice.count(b"HTTP/1.1 200 ") == 2


async def test_who_does_not_read_is_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.write(REQUEST.replace(b"/ ", b"/much ", 1) % 0)
    await asyncio.sleep(1.5)
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        async with asyncio.timeout(PATIENCE_S):
            await reader.readexactly(50_000_000)
    writer.close()
