"""A socket to the server that comes back by itself, and what to say when it does not.

A connection that has died without a word is noticed by its silence: the server pulses every two
seconds. What a server says that no server of this version would say is no fault of the bridge: the
connection is given up in words, and the belt falls as it does without a server.
"""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Generic, Protocol, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.ports import Monotonic
from beatrunner.codecs.live import (
    MAX_MESSAGE_BYTES,
    LiveMessageError,
    Message,
    Problem,
    Reader,
    encode,
)
from beatrunner.kit.log import logger

OPEN_S = 5.0
#: With no message for so long a connection is given up for a new one.
SILENT_S = 5.0
_PING_S = 1.0
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 10.0
#: What held for so long did not fail soon: a server may die twice within seconds.
_STEADY_S = 2.0
#: Where trying again soon would only do harm.
_LATER_S = 30.0

MALFORMED = 4400
NOT_SIGNED_IN = 4401
FORBIDDEN = 4403
NOT_FOUND = 4404
REPLACED = 4409
OVER = 4410
#: With these this side closes, because of what came: no protocol, no UTF-8, too much.
_UNREADABLE = (1002, 1007, 1009)

T = TypeVar("T")
W = TypeVar("W")

log = logger(__name__)


class FinalError(Exception):
    """Trying again is of no use; the text says why."""


class LaterError(Exception):
    """Something that may pass, though not soon; the text says what."""


class Words(Protocol):
    """Where the state of a link is told, in words."""

    def __call__(self, words: str, *, is_well: bool) -> None: ...


class Line(Generic[T]):
    """One connection, and the reader of what the server may say on it."""

    def __init__(
        self,
        socket: ClientConnection,
        server: ServerAddress,
        reader: Reader[T],
        silent_s: float,
    ) -> None:
        self._socket = socket
        self._server = server
        self._reader = reader
        self._silent_s = silent_s

    @property
    def round_trip_s(self) -> float:
        """The latest that was measured; 0 before the first."""
        return self._socket.latency

    async def say(self, message: Message) -> None:
        await self._socket.send(encode(message))

    async def hear(self) -> T:
        """The next message.

        Raises TimeoutError for a silent server, ConnectionClosed, or LaterError for nonsense.
        """
        async with asyncio.timeout(self._silent_s):
            text = await self._socket.recv()
        try:
            return self._reader.read(text)
        except LiveMessageError:
            raise nonsense(self._server) from None

    async def hear_first(self, kind: type[W]) -> W:
        """The answer to the first message.

        Raises FinalError or LaterError when the server refuses: it says why, then closes.
        """
        message = await self.hear()
        if isinstance(message, kind):
            return message
        if not isinstance(message, Problem):
            raise nonsense(self._server)
        try:
            while True:
                await self.hear()
        except ConnectionClosed as error:
            verdict = judge(error, self._server)
        if isinstance(verdict, ConnectionClosed):
            verdict = LaterError(f"{self._server.origin} refused: {message.detail}")
        raise verdict

    async def wait_closed(self, patience_s: float) -> None:
        """Let the server close, for an abort with unread bytes could destroy a farewell."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._socket.wait_closed()


@asynccontextmanager
async def open_line(
    server: ServerAddress, path: str, reader: Reader[T], silent_s: float = SILENT_S
) -> AsyncIterator[Line[T]]:
    """Raises LaterError for an answer that a second try will not change soon, or OSError."""
    socket = await _connect(server, path)
    try:
        yield Line(socket, server, reader, silent_s)
    finally:
        # Neither the belt nor the next try waits for a farewell.
        socket.transport.abort()


class _Connect(connect):
    """A token goes to the server that the user named, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


async def _connect(server: ServerAddress, path: str) -> ClientConnection:
    try:
        return await _Connect(
            server.socket(path),
            open_timeout=OPEN_S,
            close_timeout=1.0,
            ping_interval=_PING_S,
            ping_timeout=SILENT_S,
            compression=None,
            max_size=MAX_MESSAGE_BYTES,
            proxy=None if server.is_near else True,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        if status >= 500:  # a proxy, while the server behind it starts
            raise ConnectionError(f"HTTP {status}") from None
        raise LaterError(
            f"{server.origin} answers, but it is no BeatRunner that bridges can join ({status})."
        ) from None
    except ssl.SSLCertVerificationError as error:
        raise LaterError(
            f"{server.origin} cannot prove who it is: {error.verify_message}."
        ) from None
    except InvalidHandshake:
        raise LaterError(f"{server.origin} does not speak as BeatRunner does.") from None


def nonsense(server: ServerAddress) -> LaterError:
    return LaterError(f"{server.origin} says what this version of BeatRunner does not understand.")


def judge(error: ConnectionClosed, server: ServerAddress) -> Exception:
    """What the closing means for the next try; the error itself when nothing more than that."""
    if error.sent and error.sent.code in _UNREADABLE and not error.rcvd_then_sent:
        return nonsense(server)
    code = error.rcvd.code if error.rcvd else None
    if code in (NOT_SIGNED_IN, FORBIDDEN):
        return FinalError(
            f"{server.origin} does not know this bridge any more. Pair it again with a new code."
        )
    if code == MALFORMED:
        return LaterError(
            f"{server.origin} runs another version of BeatRunner. Bring both to the same one."
        )
    if code == REPLACED:
        return LaterError("Another copy of this bridge has taken its place.")
    if code in (NOT_FOUND, OVER):
        return FinalError("This workout is over.")
    return error


async def both(telling: Coroutine[Any, Any, None], hearing: Coroutine[Any, Any, None]) -> None:
    """Until one of them returns or raises."""
    tasks = [asyncio.create_task(telling), asyncio.create_task(hearing)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for each in done:
            each.result()
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def stay_connected(
    once: Callable[[], Awaitable[None]],
    server: ServerAddress,
    words: Words,
    clock: Monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Run `once` again and again, waiting longer each time that it fails soon.

    Returns when `once` does; raises FinalError. Anything that is not of the network goes up.
    """
    wait_s = _FIRST_WAIT_S
    while True:
        began_s = clock()
        try:
            await once()
            return
        except ConnectionClosed as error:
            verdict = judge(error, server)
            if isinstance(verdict, FinalError):
                raise verdict from None
            later = isinstance(verdict, LaterError)
            words(
                str(verdict) if later else f"{server.origin} has closed the connection.",
                is_well=False,
            )
        except LaterError as error:
            later = True
            words(str(error), is_well=False)
        except (OSError, TimeoutError) as error:
            later = False
            words(f"{server.origin} does not answer.", is_well=False)
            log.info("bridge.unreachable", error=type(error).__name__)
        if clock() - began_s > _STEADY_S:
            wait_s = _FIRST_WAIT_S
        await sleep(_LATER_S if later else wait_s * random.uniform(0.5, 1.0))
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
