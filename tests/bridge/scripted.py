"""A server on a real socket that says what the test wants, and what a test hears of a link."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from beatrunner.bridge.address import ServerAddress
from beatrunner.codecs import live
from beatrunner.kit.clock import system_clock

PATIENCE_S = 10.0


class GoneError(Exception):
    """The other side has closed, or broken off."""


class Caller:
    """The server's end of one connection. It is read always, so that it notices its end."""

    def __init__(self, socket: ServerConnection) -> None:
        self._socket = socket
        self._came: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.request = socket.request

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            async for text in self._socket:
                self._came.put_nowait(msgspec.json.decode(text))
        self._came.put_nowait(None)

    async def hear(self) -> dict[str, Any]:
        """The next message. Raises GoneError."""
        async with asyncio.timeout(PATIENCE_S):
            message = await self._came.get()
        if message is None:
            raise GoneError
        return message

    async def hear_kind(self, kind: str) -> dict[str, Any]:
        """The next message of this kind; others are passed over."""
        while (message := await self.hear())["type"] != kind:
            pass
        return message

    async def say(self, *messages: live.Message) -> None:
        for message in messages:
            await self._socket.send(live.encode(message))

    async def say_text(self, text: str | bytes) -> None:
        await self._socket.send(text)

    async def close(self, code: int = 1000) -> None:
        await self._socket.close(code)

    async def cut(self) -> None:
        """Gone without a word."""
        self._socket.transport.abort()

    async def stay(self) -> None:
        """Say nothing more, until the other side goes."""
        await self._socket.wait_closed()


Script = Callable[[Caller], Awaitable[None]]


@asynccontextmanager
async def scripted(*scripts: Script) -> AsyncIterator[ServerAddress]:
    """A server: the first connection gets the first script, those after the last one the last."""
    came = 0

    async def handle(socket: ServerConnection) -> None:
        nonlocal came
        script = scripts[min(came, len(scripts) - 1)]
        came += 1
        caller = Caller(socket)
        async with running(caller.listen()):
            with suppress(ConnectionClosed, GoneError):
                await script(caller)

    async with serve(handle, "127.0.0.1", 0, max_size=2**22) as server:
        port = server.sockets[0].getsockname()[1]
        yield ServerAddress(f"http://127.0.0.1:{port}")


@dataclass
class Words:
    """What a link says of itself."""

    said: list[str] = field(default_factory=list)
    is_well: bool = False

    def __call__(self, words: str, *, is_well: bool) -> None:
        self.said.append(words)
        self.is_well = is_well


async def until(found: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not found():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(0.001)


@asynccontextmanager
async def running(part: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Beside the test; what it raises is the test's to look at."""
    task = asyncio.create_task(part)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def own_certificate(folder: Path) -> ssl.SSLContext:
    """For a server that vouches for itself alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = system_clock()
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@asynccontextmanager
async def answering(
    answer: bytes, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[ServerAddress, list[bytes]]]:
    """Something on a port that answers every caller with these bytes, and what it was asked."""
    asked: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield ServerAddress(f"{'https' if context else 'http'}://127.0.0.1:{port}"), asked


def http(status: str, headers: str = "", body: bytes = b"") -> bytes:
    """An answer of HTTP."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    return f"{head}{headers}\r\n".encode() + body
