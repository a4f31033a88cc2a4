"""A socket to the server that comes back by itself, and what to say when it does not.

A connection that has died without a word is noticed by its silence: the server pulses every two
seconds.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.ports import Monotonic
from beatrunner.codecs.live import Message, encode
from beatrunner.kit.log import logger

OPEN_S = 5.0
#: With no message for so long a connection is given up for a new one.
SILENT_S = 5.0
_PING_S = 1.0
_MAX_BYTES = 1024 * 1024
_FIRST_WAIT_S = 0.25
_LONGEST_WAIT_S = 10.0
_STEADY_S = 10.0
#: Where trying again soon would only do harm.
_LATER_S = 30.0

MALFORMED = 4400
NOT_SIGNED_IN = 4401
FORBIDDEN = 4403
NOT_FOUND = 4404
REPLACED = 4409
OVER = 4410

log = logger(__name__)


class FinalError(Exception):
    """Trying again is of no use; the text says why."""


class LaterError(Exception):
    """Something that may pass, though not soon; the text says what."""


class Words(Protocol):
    """Where the state of a link is told, in words."""

    def __call__(self, words: str, *, is_well: bool) -> None: ...


async def open_socket(server: ServerAddress, path: str) -> ClientConnection:
    """Raises LaterError for an answer that a second try will not change soon, or OSError."""
    try:
        return await connect(
            server.socket(path),
            open_timeout=OPEN_S,
            close_timeout=1.0,
            ping_interval=_PING_S,
            ping_timeout=SILENT_S,
            compression=None,
            max_size=_MAX_BYTES,
            proxy=None if server.is_loopback else True,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        if status >= 500:  # a proxy, while the server behind it starts
            raise ConnectionError(f"HTTP {status}") from None
        raise LaterError(
            f"{server.origin} answers, but it is no BeatRunner that bridges can join ({status})."
        ) from None
    except InvalidHandshake:
        raise LaterError(f"{server.origin} does not speak as BeatRunner does.") from None


async def say(socket: ClientConnection, message: Message) -> None:
    await socket.send(encode(message))


async def listen(socket: ClientConnection, silent_s: float = SILENT_S) -> str:
    """The next message. Raises TimeoutError when there is none, ConnectionClosed at the end."""
    async with asyncio.timeout(silent_s):
        text = await socket.recv()
    return text if isinstance(text, str) else text.decode()


def judge(error: ConnectionClosed, server: ServerAddress) -> Exception:
    """What the server's closing means for the next try."""
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


async def stay_connected(
    once: Callable[[], Awaitable[None]], server: ServerAddress, words: Words, clock: Monotonic
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
        pause_s = _LATER_S if later else wait_s * random.uniform(0.5, 1.0)
        await asyncio.sleep(pause_s)
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
