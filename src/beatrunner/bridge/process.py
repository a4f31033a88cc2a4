"""The bridge as it runs: the tick, and around it the radio, the server and the page.

The tick is the last thing to end: when another part breaks, it goes on and the belt falls; when
the process is to end, the belt is stopped before anything else is.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from beatrunner.bridge import STOP_PATIENCE_S
from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.api import PageServer
from beatrunner.bridge.controls import Controls
from beatrunner.bridge.conversation import Conversation
from beatrunner.bridge.desk import Desk
from beatrunner.bridge.devices_in_reach import devices_of
from beatrunner.bridge.driver import TICK_S, Driver, Ports
from beatrunner.bridge.gym import Gym, open_gym
from beatrunner.bridge.memory import Memory
from beatrunner.bridge.page_messages import Surroundings, view_of
from beatrunner.bridge.pairing import Membership, MembershipFile
from beatrunner.bridge.picture import Picture
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.sample_file import SampleFile
from beatrunner.bridge.sockets import FinalError
from beatrunner.bridge.standing_link import StandingLink, hello
from beatrunner.bridge.workout_link import Riding, WorkoutLink
from beatrunner.core.governor import Shown, Start, Stop
from beatrunner.kit.clock import system_clock
from beatrunner.kit.log import logger
from beatrunner.kit.parent import when_parent_is_gone

#: A belt that does not come to a stand is left after so long, with one more Stop.
LEAVING_S = 60.0
#: A virtual treadmill that nobody uses for so long is put away.
UNUSED_S = 15 * 60.0

NO_SERVER = "Not joined to a server. Start is accepted once it is: `beatrunner bridge --code`."
RECORDER_FULL = (
    "The server has been away for so long that no more of this workout can be kept for it."
)
LEFT_ALONE = "BeatRunner was ended on this computer. The belt comes down, then the bridge ends."
NO_WORKOUT = "Begin a workout in BeatRunner, then hold Start here."

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class BridgePlan:
    """What one bridge process is to do. `membership` None: it works for itself alone."""

    membership: Membership | None
    is_virtual: bool
    file: MembershipFile | None = None
    """Forgets the membership when the server has withdrawn it."""
    samples: SampleFile | None = None
    """Keeps what the server does not have yet, for the process after this one."""
    ends_unused: bool = False
    is_supervised: bool = False
    """It ends, too, when the process that started it is gone."""
    memory: Path | None = None
    """Where it keeps what it knows of devices."""


class Bridge:
    """One process's bridge, from opening the gym to the belt's last stop."""

    def __init__(self, plan: BridgePlan, gym: Gym, listening: socket.socket) -> None:
        self._plan = plan
        self._gym = gym
        clock = time.monotonic
        self._controls = Controls(clock)
        self._conversation = Conversation(clock)
        self._recorder = Recorder(system_clock, clock, plan.samples.read() if plan.samples else {})
        ports = Ports(
            *(gym.belt, gym.heart, gym.pod, self._conversation, self._controls, gym.calibrator)
        )
        self._driver = Driver(ports, clock)
        self._desk = Desk(gym, self._controls)
        membership = plan.membership
        self._server = ServerAddress.parse(membership.server) if membership else None
        origin = self._server.origin if self._server else None
        self._page = PageServer(listening, self._controls, gym.switches, origin, self._desk)
        self._server_words = "" if membership else NO_SERVER
        self._server_trouble: str | None = None if membership else NO_SERVER
        self._workout_words: str | None = None
        self._logged: dict[str, object] = {}
        self._workout: WorkoutLink | None = None
        self._workout_id: UUID | None = None
        self._workout_task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._leaving_s: float | None = None
        self._used_s = clock()

    async def run(self) -> None:
        """Until `end` is called and the belt stands, or was waited for long enough."""
        self._server_task = asyncio.create_task(self._guarded(self._stay_joined, "server"))
        others = [
            asyncio.create_task(self._guarded(part, name))
            for name, part in (
                ("radio", self._gym.run),
                ("page", self._page.run),
                ("samples", self._keep_samples),
            )
        ]
        try:
            await self._tick_to_the_end()
        finally:
            tasks = [*others, self._server_task, *filter(None, [self._workout_task])]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def end(self) -> None:
        """Stop the belt if we drive it, then end."""
        self._driver.stop()
        self._ending.set()

    def leave(self) -> None:
        """Let the belt come down as it does without a server, then end."""
        log.warning("bridge.left_alone")
        self._leaving_s = time.monotonic()
        self._server_words = self._server_trouble = LEFT_ALONE
        for each in (self._server_task, self._workout_task):
            if each is not None:
                each.cancel()

    def _may_leave(self) -> bool:
        left_s = self._leaving_s
        if left_s is None or self._ending.is_set():
            return False
        return not self._driver.is_driving or time.monotonic() - left_s > LEAVING_S

    async def _tick_to_the_end(self) -> None:
        clock = time.monotonic
        next_s = clock()
        end_s: float | None = None
        while True:
            self._tick()
            if self._may_leave():
                self.end()
            if self._ending.is_set():
                end_s = end_s or clock() + STOP_PATIENCE_S
                if not self._driver.is_driving or clock() > end_s:
                    return
            next_s = max(next_s + TICK_S, clock())
            await asyncio.sleep(next_s - clock())

    def _tick(self) -> None:
        try:
            picture = self._driver.tick()
            self._log(picture)
            if not picture.is_calibrating:
                self._recorder.see(picture)
            self._desk.see(picture)
            self._gym.hear_beat(self._conversation.beat_spm)
            if self._workout is not None:
                self._workout.show(picture, self._gym.trouble)
            around = Surroundings(
                RECORDER_FULL if self._recorder.is_full else self._server_words,
                self._workout_words or self._server_trouble or NO_WORKOUT,
                self._gym.trouble,
                None if self._gym.switches is None else sorted(self._gym.switches.off),
                devices_of(self._gym.links, self._gym.memory),
                self._gym.remembered,
            )
            self._page.show(view_of(picture, self._controls, self._recorder, around))
            self._see_use(picture)
        except Exception:
            log.exception("bridge.tick_failed")
            self._driver.fail()

    def _log(self, picture: Picture) -> None:
        """What the belt was told that matters, and what changed for the runner, and why."""
        if isinstance(picture.command, Start | Stop):
            log.info("bridge.commanded", command=type(picture.command).__name__)
        changed: dict[str, object] = {
            "shown": picture.shown,
            "alarm": picture.alarm,
            "lock": picture.lock,
            "reasons": ", ".join(picture.reasons),
            "trouble": self._gym.trouble,
        }
        if changed != self._logged:
            self._logged = changed
            log.info(
                "bridge.shows", **{key: value and str(value) for key, value in changed.items()}
            )

    def _see_use(self, picture: Picture) -> None:
        is_used = picture.calibration is not None or self._conversation.is_up
        if is_used or picture.shown is not Shown.STOPPED:
            self._used_s = picture.now_s
        elif self._plan.ends_unused and picture.now_s - self._used_s > UNUSED_S:
            log.info("bridge.unused")
            self.end()

    async def _guarded(self, part: Callable[[], Awaitable[None]], name: str) -> None:
        """A part that breaks is a fault of the whole: the belt falls (I20)."""
        try:
            await part()
        except asyncio.CancelledError:
            raise
        except BaseException:
            log.exception("bridge.part_failed", part=name)
            self._driver.fail()

    async def _keep_samples(self) -> None:
        if self._plan.samples is not None:
            await self._plan.samples.follow(self._recorder)

    async def _stay_joined(self) -> None:
        membership = self._plan.membership
        if membership is None or self._server is None:
            return
        link = StandingLink(
            self._server,
            hello(membership.token, is_virtual=self._plan.is_virtual, page_url=self._page.url),
            self._gym.report,
            self._assign,
            self._say_of_server,
            time.monotonic,
            take=self._gym.memory.take,
        )
        try:
            await link.run()
        except FinalError as error:
            self._assign(None)
            self._server_words = self._server_trouble = str(error)
            log.error("bridge.withdrawn", words=str(error))
            if self._plan.file is not None:
                self._plan.file.forget()

    def _say_of_server(self, words: str, *, is_well: bool) -> None:
        if words != self._server_words:
            log.info("bridge.link", words=words)
        self._server_words = words
        self._server_trouble = None if is_well else words

    def _assign(self, workout_id: UUID | None) -> None:
        """Which workout wants this bridge now."""
        if workout_id == self._workout_id and not (
            self._workout_task is not None and self._workout_task.done()
        ):
            return
        if self._workout_task is not None:
            self._workout_task.cancel()
        self._workout_id, self._workout, self._workout_task = workout_id, None, None
        self._workout_words = None
        membership = self._plan.membership
        if workout_id is None or membership is None or self._server is None:
            return
        link = WorkoutLink(
            self._server,
            membership.token,
            workout_id,
            Riding(self._driver, self._conversation, self._recorder),
            self._page.url,
            self._say_of_workout,
            time.monotonic,
        )
        self._workout = link
        self._workout_task = asyncio.create_task(self._guarded(link.run, "workout"))

    def _say_of_workout(self, words: str, *, is_well: bool) -> None:
        if words != self._workout_words:
            log.info("bridge.workout", words=words, is_well=is_well)
        self._workout_words = words


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # it has ended by itself
        loop.call_soon_threadsafe(call)


async def run_bridge(plan: BridgePlan, listening: socket.socket) -> None:
    """Until the process is asked to end."""
    memory = Memory(plan.memory, system_clock)
    async with open_gym(time.monotonic, memory, is_virtual=plan.is_virtual) as gym:
        bridge = Bridge(plan, gym, listening)
        loop = asyncio.get_running_loop()
        numbers = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as `nohup` has it
            numbers.append(signal.SIGHUP)
        for number in numbers:
            loop.add_signal_handler(number, bridge.end)
        if plan.is_supervised:
            when_parent_is_gone(lambda: _soon(loop, bridge.leave))
        log.info("bridge.started", virtual=plan.is_virtual)
        await bridge.run()
        log.info("bridge.ended")
