"""The socket of a paired bridge: which workout wants it, and what is within its radio's reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from importlib.metadata import version
from uuid import UUID

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.ports import Monotonic
from beatrunner.bridge.sockets import (
    SILENT_S,
    FinalError,
    Line,
    Words,
    both,
    open_line,
    stay_connected,
)
from beatrunner.codecs.live import (
    PROTOCOL,
    TO_STANDING,
    Assignment,
    BridgeHello,
    BridgeWelcome,
    Calibrations,
    KeptCalibration,
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

    `report` gives what is in reach now; `assign` is told each workout, None for none; `take` the
    calibrations that the server has.
    """

    def __init__(
        self,
        server: ServerAddress,
        hello: BridgeHello,
        report: Callable[[], Report],
        assign: Callable[[UUID | None], None],
        words: Words,
        clock: Monotonic,
        silent_s: float = SILENT_S,
        take: Callable[[Sequence[KeptCalibration]], None] = lambda _told: None,
    ) -> None:
        self._server = server
        self._hello = hello
        self._report = report
        self._assign = assign
        self._words = words
        self._clock = clock
        self._silent_s = silent_s
        self._take = take

    async def run(self) -> None:
        """Until it is withdrawn, which raises FinalError."""
        await stay_connected(self._once, self._server, self._words, self._clock)

    async def _once(self) -> None:
        async with open_line(self._server, "/ws/bridge", TO_STANDING, self._silent_s) as line:
            await line.say(self._hello)
            welcome = await line.hear_first(BridgeWelcome)
            log.info("bridge.paired", name=welcome.name)
            self._words(f"Connected to {self._server.origin} as {welcome.name}", is_well=True)
            await both(self._tell(line), self._hear(line))

    async def _hear(self, line: Line[ToStanding]) -> None:
        while True:
            match await line.hear():
                case Pulse(sent_ms):
                    await line.say(PulseBack(sent_ms))
                case Calibrations(items):
                    self._take(items)
                case Assignment(workout_id):
                    self._assign(workout_id)
                case Withdrawn():
                    raise FinalError(
                        f"{self._server.origin} has removed this bridge."
                        " Pair it again with a new code."
                    )

    async def _tell(self, line: Line[ToStanding]) -> None:
        """What is in reach: on change, and every ten seconds."""
        last: Report | None = None
        last_s = 0.0
        while True:
            report = self._report()
            if report != last or self._clock() - last_s >= REPORT_EVERY_S:
                last, last_s = report, self._clock()
                await line.say(report)
            await asyncio.sleep(_LOOK_S)


def hello(token: str, *, is_virtual: bool, page_url: str) -> BridgeHello:
    return BridgeHello(
        protocol=PROTOCOL,
        token=token,
        version=version("beatrunner"),
        is_virtual=is_virtual,
        page_url=page_url,
    )
