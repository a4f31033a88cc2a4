"""The socket of one workout: samples and status up; wishes, nudges and stops down.

What waits to be acknowledged is sent again after each welcome, from where the server's disk ends.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from websockets.asyncio.client import ClientConnection

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.conversation import Conversation, Setup
from beatrunner.bridge.driver import Driver
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import Monotonic
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.sockets import (
    FinalError,
    LaterError,
    Words,
    listen,
    open_socket,
    say,
    stay_connected,
)
from beatrunner.bridge.status import status_of
from beatrunner.codecs.live import (
    MAX_SAMPLES,
    PROTOCOL,
    TO_BRIDGE,
    Ack,
    Beat,
    Bounds,
    BridgeNudge,
    Bye,
    End,
    Hello,
    LiveMessageError,
    Problem,
    Pulse,
    PulseBack,
    Samples,
    Status,
    StopBelt,
    Welcome,
    Wish,
)
from beatrunner.codecs.live import Setup as SetupMessage
from beatrunner.core import governor
from beatrunner.kit.log import logger

STATUS_EVERY_S = 1.0
_FAREWELL_S = 2.0

log = logger(__name__)


@dataclass(slots=True)
class Riding:
    """What a workout's link fills and empties."""

    driver: Driver
    conversation: Conversation
    recorder: Recorder


class WorkoutLink:
    """Lives as long as the bridge is assigned to this workout."""

    def __init__(
        self,
        server: ServerAddress,
        token: str,
        workout_id: UUID,
        riding: Riding,
        page_url: str,
        words: Words,
        clock: Monotonic,
    ) -> None:
        self._server = server
        self._token = token
        self._workout_id = workout_id
        self._riding = riding
        self._page_url = page_url
        self._words = words
        self._clock = clock
        self._news = asyncio.Event()
        self._picture: Picture | None = None
        self._sent = 0
        self._ended = False

    def show(self, picture: Picture) -> None:
        """A tick has passed."""
        self._picture = picture
        self._news.set()

    async def run(self) -> None:
        """Until the workout is over. Raises what is not of the network."""
        try:
            await stay_connected(self._once, self._server, self._words, self._clock)
        except FinalError as error:
            self._words(str(error), is_well=False)
        finally:
            self._riding.conversation.close()

    async def _once(self) -> None:
        socket = await open_socket(self._server, f"/ws/workout/{self._workout_id}")
        try:
            await say(socket, Hello(PROTOCOL, "bridge", self._token))
            await self._welcome(await listen(socket))
            await self._talk(socket)
            # An abort with unread bytes could destroy the farewell on its way.
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAREWELL_S):
                    await socket.wait_closed()
        finally:
            self._riding.conversation.close()
            # The belt does not wait for a farewell.
            socket.transport.abort()

    async def _welcome(self, text: str) -> None:
        message = self._read(text)
        if not isinstance(message, Welcome):
            detail = message.detail if isinstance(message, Problem) else "no welcome"
            raise LaterError(f"{self._server.origin} refused: {detail}")
        if message.protocol != PROTOCOL:
            raise LaterError(
                f"{self._server.origin} runs another version of BeatRunner."
                " Bring both to the same one."
            )
        riding = self._riding
        riding.recorder.begin(str(message.workout_id), message.acknowledged)
        riding.conversation.open(str(message.workout_id), message.server_ms)
        riding.conversation.hear_lease(message.lease_id, message.generation)
        self._sent = message.acknowledged
        log.info("bridge.joined", workout=str(message.workout_id), from_number=self._sent)
        self._words("In the workout.", is_well=True)

    async def _talk(self, socket: ClientConnection) -> None:
        """Both ways until the server ends the workout, or the connection breaks."""
        telling = asyncio.create_task(self._tell(socket))
        hearing = asyncio.create_task(self._hear(socket))
        try:
            done, _ = await asyncio.wait((telling, hearing), return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in (telling, hearing):
                each.cancel()
            await asyncio.gather(telling, hearing, return_exceptions=True)

    async def _tell(self, socket: ClientConnection) -> None:
        """Samples at once, status each second and on change; at the end, `bye`."""
        last: Status | None = None
        last_s = -STATUS_EVERY_S
        while True:
            await self._news.wait()
            self._news.clear()
            await self._send_samples(socket)
            if self._ended and not self._riding.recorder.waiting:
                await say(socket, Bye())
                return
            if self._picture is None:
                continue
            status = status_of(self._picture, self._riding.recorder, self._page_url)
            is_due = self._clock() - last_s >= STATUS_EVERY_S
            if last is None or is_due or _words_of(status) != _words_of(last):
                last, last_s = status, self._clock()
                await say(socket, status)

    async def _send_samples(self, socket: ClientConnection) -> None:
        fresh = [each for each in self._riding.recorder.waiting if each.number > self._sent]
        for first in range(0, len(fresh), MAX_SAMPLES):
            some = fresh[first : first + MAX_SAMPLES]
            await say(socket, Samples(some))
            self._sent = some[-1].number

    async def _hear(self, socket: ClientConnection) -> None:
        while True:
            text = await listen(socket)
            conversation = self._riding.conversation
            conversation.server_clock.see_round_trip(socket.latency)
            message = self._read(text)
            if isinstance(message, Pulse):
                conversation.hear(message.sent_ms)
                conversation.hear_controller(message.controller_age_s)
                await say(socket, PulseBack(message.sent_ms))
            else:
                conversation.hear()
                self._follow(message)

    def _follow(self, message: object) -> None:
        conversation = self._riding.conversation
        match message:
            case SetupMessage(profile, workout, ceiling_bpm):
                conversation.setup = Setup(
                    _bounds(profile),
                    _bounds(workout),
                    None if ceiling_bpm is None else int(ceiling_bpm),
                )
            case Wish():
                conversation.hear_wish(
                    message.lease_id,
                    message.generation,
                    message.sequence,
                    message.sent_ms,
                    message.speed_kmh,
                    message.incline_pct,
                )
            case BridgeNudge(speed_kmh, incline_pct, sent_ms):
                conversation.hear_nudge(sent_ms, speed_kmh, incline_pct)
            case StopBelt():
                conversation.hear_stop()
            case Ack(number):
                self._riding.recorder.acknowledge(number)
                self._news.set()
            case Beat(beat_spm):
                conversation.beat_spm = beat_spm
            case End():
                self._ended = True
                self._riding.driver.stop()
                self._riding.recorder.end()
                self._news.set()
            case Problem(code, detail):
                log.warning("bridge.refused", code=code, detail=detail)

    def _read(self, text: str) -> object:
        try:
            return TO_BRIDGE.read(text)
        except LiveMessageError:
            raise LaterError(
                f"{self._server.origin} says what this version of BeatRunner does not understand."
            ) from None


def _bounds(bounds: Bounds) -> governor.Bounds:
    """Raises ValueError when they are no bounds; that is a fault, and the belt falls."""
    return governor.Bounds(bounds.max_speed_kmh, bounds.min_incline_pct, bounds.max_incline_pct)


def _words_of(status: Status) -> tuple[object, ...]:
    """What is told at once when it changes; figures wait for the second."""
    return (
        status.shown,
        status.alarm,
        status.lock,
        status.reasons,
        status.control,
        status.treadmill,
        status.heart,
        status.pod,
        status.heart_fit,
    )
