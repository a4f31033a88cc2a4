"""The socket of a paired bridge: which workout wants it, and what is within its radio's reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.metadata import version
from uuid import UUID

from websockets.asyncio.client import ClientConnection

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.ports import Monotonic
from beatrunner.bridge.sockets import (
    FinalError,
    LaterError,
    Words,
    listen,
    open_socket,
    say,
    stay_connected,
)
from beatrunner.codecs.live import (
    PROTOCOL,
    TO_STANDING,
    Assignment,
    BridgeHello,
    BridgeWelcome,
    LiveMessageError,
    Problem,
    Pulse,
    PulseBack,
    Report,
    ToStanding,
    Withdrawn,
)
from beatrunner.kit.log import logger

REPORT_EVERY_S = 10.0
_LOOK_S = 0.5

log = logger(__name__)


class StandingLink:
    """Lives as long as the bridge belongs to the server.

    `report` gives what is in reach now; `assign` is told each workout, None for none.
    """

    def __init__(
        self,
        server: ServerAddress,
        hello: BridgeHello,
        report: Callable[[], Report],
        assign: Callable[[UUID | None], None],
        words: Words,
        clock: Monotonic,
    ) -> None:
        self._server = server
        self._hello = hello
        self._report = report
        self._assign = assign
        self._words = words
        self._clock = clock
        self.heard_s: float | None = None

    async def run(self) -> None:
        """Until it is withdrawn, which raises FinalError."""
        await stay_connected(self._once, self._server, self._words, self._clock)

    async def _once(self) -> None:
        socket = await open_socket(self._server, "/ws/bridge")
        try:
            await say(socket, self._hello)
            message = self._read(await listen(socket))
            if not isinstance(message, BridgeWelcome):
                detail = message.detail if isinstance(message, Problem) else "no welcome"
                if isinstance(message, Withdrawn):
                    raise _withdrawn(self._server)
                raise LaterError(f"{self._server.origin} refused: {detail}")
            log.info("bridge.paired", name=message.name)
            self._words(f"Connected to {self._server.origin} as {message.name}", is_well=True)
            await self._talk(socket)
        finally:
            socket.transport.abort()

    async def _talk(self, socket: ClientConnection) -> None:
        telling = asyncio.create_task(self._tell(socket))
        try:
            while True:
                message = self._read(await listen(socket))
                self.heard_s = self._clock()
                if isinstance(message, Pulse):
                    await say(socket, PulseBack(message.sent_ms))
                elif isinstance(message, Assignment):
                    self._assign(message.workout_id)
                elif isinstance(message, Withdrawn):
                    raise _withdrawn(self._server)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, socket: ClientConnection) -> None:
        """What is in reach: on change, and every ten seconds."""
        last: Report | None = None
        last_s = 0.0
        while True:
            report = self._report()
            if report != last or self._clock() - last_s >= REPORT_EVERY_S:
                last, last_s = report, self._clock()
                await say(socket, report)
            await asyncio.sleep(_LOOK_S)

    def _read(self, text: str) -> ToStanding:
        try:
            return TO_STANDING.read(text)
        except LiveMessageError:
            raise LaterError(
                f"{self._server.origin} says what this version of BeatRunner does not understand."
            ) from None


def hello(token: str, *, is_virtual: bool, page_url: str) -> BridgeHello:
    return BridgeHello(
        protocol=PROTOCOL,
        token=token,
        version=version("beatrunner"),
        is_virtual=is_virtual,
        page_url=page_url,
    )


def _withdrawn(server: ServerAddress) -> FinalError:
    return FinalError(f"{server.origin} has removed this bridge. Pair it again with a new code.")
