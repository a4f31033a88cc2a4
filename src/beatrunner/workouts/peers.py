"""One socket of a workout, as the rest of the slice sees it: something to post messages to.

Nothing is kept for a reader that does not read. What is posted waits in a short queue while the
transport's own buffer is full; when the queue is full too, the reader is dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from enum import IntEnum
from typing import Protocol
from uuid import UUID

from prometheus_client import Gauge

from beatrunner.codecs.live import Message, Problem, Role, encode

PULSE_S = 2.0
SILENT_S = 15.0
MOST_WAITING = 64
#: Messages that a client may send at once, and each second from then on: a bridge that was away
#: for two hours sends what it kept in 72.
_MOST_AT_ONCE = 200.0
_MOST_PER_S = 50.0
#: How long a reader may take to read the last words to it.
_CLOSE_PATIENCE_S = 1.0
#: A close frame has room for 123 bytes.
_MOST_REASON = 100

SOCKETS = Gauge("beatrunner_live_sockets", "Open sockets of bridges and workouts", ["role"])


class CloseCode(IntEnum):
    """Why the server closes a socket."""

    SERVER_RESTARTS = 1012
    TOO_SLOW = 1013
    MALFORMED = 4400
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    SILENT = 4408
    REPLACED = 4409
    OVER = 4410
    TOO_MANY = 4429
    ELSEWHERE = 4421


class MalformedError(Exception):
    """The client sent something that is no text."""


class GoneError(Exception):
    """The client is not there any more."""


class Wire(Protocol):
    """What a peer needs of its socket. `send` waits while the transport's buffer is full."""

    async def receive(self) -> str:
        """Raises GoneError and MalformedError."""

    async def send(self, text: str) -> None: ...
    async def close(self, code: int, reason: str) -> None: ...


class Peer:
    """`heard_s` is when the client last said anything, by the monotonic clock. `sign_in_id` is
    whose socket it is; a bridge has none.
    """

    def __init__(self, wire: Wire, role: Role, sign_in_id: UUID | None = None) -> None:
        self.role = role
        self.sign_in_id = sign_in_id
        self.heard_s = time.monotonic()
        self._wire = wire
        self._waiting: deque[str] = deque()
        self._wake = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._budget = _MOST_AT_ONCE

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    def post(self, message: Message) -> None:
        self.post_text(encode(message))

    def post_text(self, text: str) -> None:
        """`text` is an encoded message; one for many is encoded once."""
        if self._closing is not None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self._closing = (CloseCode.TOO_SLOW, "this reader is too slow")
        else:
            self._waiting.append(text)
        self._wake.set()

    def close(self, code: int, detail: str, kind: str | None = None) -> None:
        """End the socket after what was posted; `kind` is told as a `problem` first."""
        if kind is not None:
            self.post(Problem(kind, detail))
        if not self.is_closing:
            self._closing = (code, detail)
            self._wake.set()

    async def attend(self, hear: Callable[[str], None]) -> None:
        """Hand every message to `hear` and send what is posted, until either side ends."""
        writing = asyncio.create_task(self._write())
        reading = asyncio.create_task(self._read(hear))
        try:
            await asyncio.wait({writing, reading}, return_when=asyncio.FIRST_COMPLETED)
            if reading.done() and not writing.done() and self._closing is not None:
                await asyncio.wait({writing}, timeout=_CLOSE_PATIENCE_S)
        finally:
            for task in (writing, reading):
                task.cancel()
            await asyncio.gather(writing, reading, return_exceptions=True)
        if reading.done() and not reading.cancelled() and (error := reading.exception()):
            raise error

    async def _read(self, hear: Callable[[str], None]) -> None:
        while self._closing is None:
            try:
                text = await self._wire.receive()
            except MalformedError as error:
                self.close(CloseCode.MALFORMED, str(error), "malformed")
                return
            except GoneError:
                return
            if not self._has_budget():
                self.close(CloseCode.TOO_MANY, "these are too many messages", "too_many")
                return
            hear(text)

    def _has_budget(self) -> bool:
        now_s = time.monotonic()
        earned = (now_s - self.heard_s) * _MOST_PER_S
        self._budget = min(self._budget + earned, _MOST_AT_ONCE) - 1.0
        self.heard_s = now_s
        return self._budget >= 0.0

    async def _write(self) -> None:
        while True:
            while self._waiting:
                await self._wire.send(self._waiting.popleft())
            if self._closing is not None:
                code, reason = self._closing
                await self._wire.close(code, reason[:_MOST_REASON])
                return
            self._wake.clear()
            await self._wake.wait()
