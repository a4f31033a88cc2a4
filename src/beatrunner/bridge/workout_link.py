"""The socket of one workout: samples and status up; wishes, nudges and stops down.

What waits to be acknowledged is sent again after each welcome, from where the server's disk ends.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.conversation import Conversation, Setup
from beatrunner.bridge.driver import Driver
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.ports import Monotonic
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.sockets import (
    SILENT_S,
    FinalError,
    LaterError,
    Line,
    Words,
    both,
    nonsense,
    open_line,
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
    Problem,
    Pulse,
    PulseBack,
    Samples,
    Status,
    StopBelt,
    ToBridge,
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
        silent_s: float = SILENT_S,
    ) -> None:
        self._server = server
        self._token = token
        self._workout_id = workout_id
        self._riding = riding
        self._page_url = page_url
        self._words = words
        self._clock = clock
        self._silent_s = silent_s
        self._news = asyncio.Event()
        self._picture: Picture | None = None
        self._trouble: str | None = None
        self._sent = 0
        self._ended = False

    def show(self, picture: Picture, trouble: str | None = None) -> None:
        """A tick has passed; `trouble` says why there is no treadmill."""
        self._picture = picture
        self._trouble = trouble
        self._news.set()

    async def run(self) -> None:
        """Until the workout is over. Raises what is not of the network."""
        try:
            await stay_connected(self._once, self._server, self._words, self._clock)
        except FinalError as error:
            self._riding.recorder.forget()
            self._words(str(error), is_well=False)
        finally:
            self._riding.conversation.close()

    async def _once(self) -> None:
        path = f"/ws/workout/{self._workout_id}"
        try:
            async with open_line(self._server, path, TO_BRIDGE, self._silent_s) as line:
                await line.say(Hello(PROTOCOL, "bridge", self._token))
                self._join(await line.hear_first(Welcome))
                await both(self._tell(line), self._hear(line))
                await line.wait_closed(_FAREWELL_S)
        finally:
            self._riding.conversation.close()

    def _join(self, welcome: Welcome) -> None:
        if welcome.protocol != PROTOCOL:
            raise LaterError(
                f"{self._server.origin} runs another version of BeatRunner."
                " Bring both to the same one."
            )
        workout_id = str(welcome.workout_id)
        riding = self._riding
        riding.recorder.begin(workout_id, welcome.acknowledged)
        riding.conversation.open(workout_id, welcome.server_ms)
        riding.conversation.hear_lease(welcome.lease_id, welcome.generation)
        self._sent = welcome.acknowledged
        log.info("bridge.joined", workout=workout_id, from_number=self._sent)
        self._words("In the workout.", is_well=True)

    async def _tell(self, line: Line[ToBridge]) -> None:
        """Samples at once, status each second and on change; once the belt stands, `bye`."""
        recorder = self._riding.recorder
        last: Status | None = None
        last_s = -STATUS_EVERY_S
        while True:
            await self._news.wait()
            self._news.clear()
            await self._send_samples(line)
            if self._ended and recorder.is_done and not recorder.waiting:
                await line.say(Bye())
                return
            if self._picture is None:
                continue
            elapsed_s = recorder.elapsed_s(self._picture.now_s)
            status = status_of(
                self._picture, self._page_url, elapsed_s, recorder.distance_m, self._trouble
            )
            is_due = self._clock() - last_s >= STATUS_EVERY_S
            if last is None or is_due or _words_of(status) != _words_of(last):
                last, last_s = status, self._clock()
                await line.say(status)

    async def _send_samples(self, line: Line[ToBridge]) -> None:
        fresh = [each for each in self._riding.recorder.waiting if each.number > self._sent]
        for first in range(0, len(fresh), MAX_SAMPLES):
            some = fresh[first : first + MAX_SAMPLES]
            await line.say(Samples(some))
            self._sent = some[-1].number

    async def _hear(self, line: Line[ToBridge]) -> None:
        conversation = self._riding.conversation
        while True:
            message = await line.hear()
            conversation.server_clock.see_round_trip(line.round_trip_s)
            try:
                self._follow(message)
            except (ValueError, OverflowError):  # bounds that are none, times beyond all times
                raise nonsense(self._server) from None
            if isinstance(message, Pulse):
                await line.say(PulseBack(message.sent_ms))

    def _follow(self, message: ToBridge) -> None:
        conversation = self._riding.conversation
        conversation.hear(message.sent_ms if isinstance(message, Pulse) else None)
        match message:
            case Pulse():
                conversation.hear_controller(message.controller_age_s)
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


def _bounds(bounds: Bounds) -> governor.Bounds:
    """Raises ValueError when they are no bounds."""
    return governor.Bounds(bounds.max_speed_kmh, bounds.min_incline_pct, bounds.max_incline_pct)


def _words_of(status: Status) -> tuple[object, ...]:
    """What is told at once when it changes; figures wait for the second."""
    return (
        status.shown,
        status.trouble,
        status.alarm,
        status.lock,
        status.reasons,
        status.control,
        status.treadmill,
        status.heart,
        status.pod,
        status.heart_fit,
    )
