"""The socket of a workout: what is sent, what is heard, and what a hostile server can reach."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.recorder import Recorder
from beatrunner.bridge.sockets import SILENT_S
from beatrunner.bridge.workout_link import Riding, WorkoutLink
from beatrunner.codecs import live
from beatrunner.core.governor import Stop
from beatrunner.db.live_tables import workout_metrics
from tests.bridge.belt import FakeClock
from tests.bridge.ride import Ride
from tests.bridge.scripted import Caller, Words, running, scripted, until
from tests.workouts.gym import Gym

PAGE = "http://127.0.0.1:8010"
WORKOUT = uuid4()
BOUNDS = live.Bounds(16.0, 0.0, 12.0)


def welcome(acknowledged: int = 0, **values: Any) -> live.Welcome:
    told: dict[str, Any] = {
        "protocol": live.PROTOCOL,
        "workout_id": WORKOUT,
        "role": "bridge",
        "state": "live",
        "settings": live.Settings(mode="manual"),
        "generation": 3,
        "lease_id": "lease",
        "acknowledged": acknowledged,
        "in_control": False,
        "server_ms": 1_000_000,
    }
    return live.Welcome(**(told | values))


def wish(speed_kmh: float, sequence: int, **values: Any) -> live.Wish:
    told: dict[str, Any] = {
        "lease_id": "lease",
        "generation": 3,
        "sent_ms": 1_000_000,
        "incline_pct": 0.0,
    }
    return live.Wish(speed_kmh=speed_kmh, sequence=sequence, **(told | values))


class Linked:
    """A ride on a belt in memory whose server is at the other end of a real socket."""

    def __init__(
        self,
        server: ServerAddress,
        token: str = "token",  # noqa: S107 - of no server
        workout_id: UUID = WORKOUT,
        silent_s: float = SILENT_S,
        ride: Ride | None = None,
    ) -> None:
        self.ride = ride or Ride()
        self.ride.silent = True  # what is heard comes over the socket
        self.ride.conversation.close()
        self.ride.conversation.setup = None
        self.recorder = Recorder(lambda: datetime(2026, 11, 21, tzinfo=UTC), self.ride.clock)
        self.words = Words()
        self.link = WorkoutLink(
            server,
            token,
            workout_id,
            Riding(self.ride.driver, self.ride.conversation, self.recorder),
            PAGE,
            self.words,
            self.ride.clock,
            silent_s,
        )

    def wait(self, seconds: float) -> None:
        """Time passes beside the belt, and none on the socket."""
        for _tick in range(round(seconds * 4)):
            picture = self.ride.tick()
            self.recorder.see(picture)
            self.link.show(picture)

    def move(self, speed_kmh: float) -> None:
        """The console sets the belt in motion."""
        self.ride.belt.speed_kmh = self.ride.belt.target_kmh = speed_kmh

    @property
    def is_up(self) -> bool:
        return self.ride.conversation.is_up


@asynccontextmanager
async def linked(*scripts: Any, silent_s: float = SILENT_S) -> AsyncIterator[Linked]:
    async with scripted(*scripts) as server:
        found = Linked(server, silent_s=silent_s)
        async with running(found.link.run()):
            yield found


async def greet(caller: Caller, acknowledged: int = 0, **values: Any) -> None:
    await caller.hear()
    await caller.say(welcome(acknowledged, **values), live.Setup(BOUNDS, BOUNDS, 180.0))


async def test_what_the_server_says_reaches_the_driver() -> None:
    heard = []

    async def serve(caller: Caller) -> None:
        heard.append(await caller.hear())
        await caller.say(
            welcome(),
            live.Setup(BOUNDS, live.Bounds(14.0, 0.0, 10.0), 180.0),
            live.Beat(164.0),
            live.Pulse(1_000_000, 1.5),
            wish(9.0, 1),
            live.BridgeNudge(0.5, 0.0, 1_000_000),
            live.StopBelt(),
        )
        heard.append(await caller.hear_kind("pulse_back"))
        await caller.stay()

    async with linked(serve) as it:
        conversation = it.ride.conversation
        await until(lambda: conversation._stop)
        assert it.is_up
        assert conversation.setup is not None
        assert conversation.setup.profile.max_speed_kmh == 16.0
        assert (conversation.setup.workout.max_speed_kmh, conversation.setup.ceiling_bpm) == (
            14.0,
            180,
        )
        assert conversation.beat_spm == 164.0
        assert conversation.page_heard_s == it.ride.clock() - 1.5
        assert conversation.lease is not None
        assert (conversation.lease.lease_id, conversation.lease.generation) == ("lease", 3)
        taken = conversation.take()
        assert taken.stop
        assert taken.wish is not None
        assert (taken.wish.speed_kmh, taken.wish.sequence, taken.wish.generation) == (9.0, 1, 3)
        assert taken.nudge is not None
        assert taken.nudge.speed_kmh == 0.5
        await until(lambda: len(heard) == 2)
        assert it.words.said == ["In the workout."]
    assert heard[0] == {"type": "hello", "protocol": 1, "role": "bridge", "token": "token"}
    assert not it.is_up


async def test_status_comes_each_second_and_on_every_change() -> None:
    heard: list[dict[str, Any]] = []

    async def serve(caller: Caller) -> None:
        await greet(caller)
        while True:
            heard.append(await caller.hear_kind("status"))

    async with linked(serve) as it:
        await until(lambda: it.is_up)
        it.wait(0.25)
        await until(lambda: heard)
        it.wait(0.25)
        await asyncio.sleep(0.02)
        assert len(heard) == 1
        it.wait(0.75)
        await until(lambda: len(heard) == 2)
        it.ride.belt.state = "lost"
        it.wait(0.25)
        await until(lambda: len(heard) == 3)
    assert [each["treadmill"] for each in heard] == ["connected", "connected", "lost"]
    assert heard[0]["page_url"] == PAGE


async def test_after_a_break_comes_what_the_disk_does_not_have() -> None:
    """Nothing is lost, and what was acknowledged is not sent again."""
    heard: list[list[int]] = [[], [], []]

    async def take(caller: Caller, to: int, at_least: int) -> None:
        while len(heard[to]) < at_least:
            message = await caller.hear_kind("samples")
            heard[to].extend(each["number"] for each in message["samples"])

    async def first(caller: Caller) -> None:
        await greet(caller)
        await take(caller, 0, 5)
        await caller.say(live.Ack(3))
        await caller.cut()

    async def second(caller: Caller) -> None:
        await greet(caller, acknowledged=4)  # one more had reached the disk
        await take(caller, 1, 250)
        await caller.close(1012)

    async def third(caller: Caller) -> None:
        await greet(caller, acknowledged=254)
        await take(caller, 2, 2)
        await caller.stay()

    async with linked(first, second, third) as it:
        conversation = it.ride.conversation
        await until(lambda: conversation.lease)
        it.move(9.0)
        it.wait(5)
        await until(lambda: conversation.lease is None)
        it.wait(249)
        await until(lambda: len(heard[1]) == 250)
        await until(lambda: conversation.lease is None)
        it.wait(2)
        await until(lambda: len(heard[2]) == 2)
    assert heard == [[1, 2, 3, 4, 5], [*range(5, 255)], [255, 256]]


async def test_at_the_end_the_belt_is_stopped_and_its_run_down_is_sent() -> None:
    speeds_kmh: list[float] = []
    said_bye = False

    async def serve(caller: Caller) -> None:
        nonlocal said_bye
        await greet(caller)
        while not speeds_kmh:
            speeds_kmh.extend(await samples(caller))
        await caller.say(live.End())
        while True:
            message = await caller.hear()
            if message["type"] == "samples":
                speeds_kmh.extend(each["speed_kmh"] for each in message["samples"])
                await caller.say(live.Ack(message["samples"][-1]["number"]))
            if message["type"] == "bye":
                said_bye = True
                await caller.close(4410)

    async def samples(caller: Caller) -> list[float]:
        message = await caller.hear_kind("samples")
        await caller.say(live.Ack(message["samples"][-1]["number"]))
        return [each["speed_kmh"] for each in message["samples"]]

    async with linked(serve) as it:
        await until(lambda: it.is_up)
        it.ride.silent = False
        it.ride.at(8.0)
        it.wait(1)
        await until(lambda: it.link._ended)
        assert not said_bye
        it.wait(20)
        await until(lambda: said_bye)
        assert any(isinstance(command, Stop) for _at_s, command in it.ride.belt.given)
    assert speeds_kmh[0] == 8.0
    assert speeds_kmh[-1] <= 0.1
    assert all(0 <= a - b <= 1.2 for a, b in pairwise(speeds_kmh))


async def test_a_workout_that_is_over_is_left_and_forgotten() -> None:
    async def first(caller: Caller) -> None:
        await greet(caller)
        await caller.hear_kind("samples")
        await caller.close(4410)

    async with linked(first) as it:
        await until(lambda: it.is_up)
        it.move(9.0)
        it.wait(2)
        await until(lambda: it.words.said[-1] == "This workout is over.")
        assert it.recorder.waiting == ()
        assert not it.is_up


async def test_a_silent_server_is_left_and_the_belt_is_without_it() -> None:
    async def silent(caller: Caller) -> None:
        await greet(caller)
        await caller.stay()

    async with linked(silent, Caller.stay, silent_s=0.05) as it:
        await until(lambda: len(it.words.said) == 2)
        assert it.words.said[1].endswith("does not answer.")
        assert not it.is_up


async def test_a_server_of_another_version_is_refused_in_words() -> None:
    async def newer(caller: Caller) -> None:
        await greet(caller, protocol=2)
        await caller.stay()

    async with linked(newer) as it:
        await until(lambda: it.words.said)
        assert "Bring both to the same one." in it.words.said[0]
        assert not it.is_up
        assert it.recorder.workout_id is None


BAD = live.Bounds(8.0, 5.0, 1.0)
NONSENSE = [
    live.encode(live.Setup(BAD, BOUNDS)),
    live.encode(live.Setup(live.Bounds(-1.0, 0.0, 0.0), BOUNDS)),
    '{"type": "setup", "profile": {"max_speed_kmh": 1e999}}',
    '{"type": "pulse", "sent_ms": ' + "9" * 400 + "}",
    '{"type": "pulse", "sent_ms": 1, "controller_age_s": NaN}',
    '{"type": "start"}',
    "x" * 100_000,
    b"\xff",
]


@pytest.mark.parametrize("text", NONSENSE)
async def test_nonsense_is_refused_in_words_and_is_no_fault(text: str | bytes) -> None:
    async def hostile(caller: Caller) -> None:
        await greet(caller)
        await caller.say_text(text)
        await caller.stay()

    async with linked(hostile) as it:
        await until(lambda: len(it.words.said) == 2)
        assert "does not understand" in it.words.said[1]
        assert not it.is_up
        it.wait(1)
        assert it.ride.picture.lock is None


class Pulsing:
    """A server that pulses on the time of the ride, and says what it is given in between."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.says: list[live.Message] = []

    @property
    def now_ms(self) -> int:
        return round(self.clock() * 1000)

    async def serve(self, caller: Caller) -> None:
        await caller.hear()
        await caller.say(welcome(server_ms=self.now_ms), live.Setup(BOUNDS, BOUNDS))
        while True:
            said, self.says = self.says, []
            await caller.say(live.Pulse(self.now_ms, 0.0), *said)
            await asyncio.sleep(0.001)

    @asynccontextmanager
    async def at_six(self) -> AsyncIterator[Linked]:
        """The belt was brought to 6 km/h and handed over."""
        async with scripted(self.serve) as server:
            it = Linked(server, ride=Ride(self.clock))
            async with running(it.link.run()):
                await until(lambda: it.is_up)
                it.move(6.0)
                await self.ride(it, 5)
                it.ride.controls.press(it)
                await self.ride(it, 3)
                it.ride.controls.release(it, 3.0)
                await self.ride(it, 3)
                assert it.ride.picture.shown == "automatic", it.ride.picture
                yield it

    async def ride(self, it: Linked, seconds: float) -> None:
        """Tick, and hear the server each time."""
        for _tick in range(round(seconds * 4)):
            it.ride.controls.hear()
            it.wait(0.25)
            await until(lambda: it.ride.conversation._heard_s == self.clock())


@pytest.mark.parametrize(
    ("age_s", "values"),
    [(0, {"generation": 2}), (0, {"lease_id": "another"}), (10, {})],
)
async def test_a_wish_of_another_time_moves_nothing(age_s: int, values: dict[str, Any]) -> None:
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        for sequence in range(1, 11):
            sent_ms = pulsing.now_ms - age_s * 1000
            pulsing.says.append(wish(12.0, sequence, sent_ms=sent_ms, **values))
            await pulsing.ride(it, 0.5)
        assert it.ride.speeds(began_s) == []


async def test_a_press_of_a_minute_ago_moves_nothing() -> None:
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        pulsing.says.append(live.BridgeNudge(1.0, 0.0, pulsing.now_ms - 60_000))
        await pulsing.ride(it, 2)
        assert it.ride.speeds(began_s) == []


@pytest.mark.parametrize("speed_kmh", [60.0, 1e300])
async def test_a_wish_beyond_all_limits_ends_at_the_limit(speed_kmh: float) -> None:
    """And gets there no faster than the governor lets any wish."""
    pulsing = Pulsing()
    async with pulsing.at_six() as it:
        began_s = pulsing.clock()
        for sequence in range(1, 60):
            pulsing.says.append(wish(speed_kmh, sequence, sent_ms=pulsing.now_ms))
            await pulsing.ride(it, 1)
        speeds_kmh = it.ride.speeds(began_s)
    assert speeds_kmh
    assert max(b - a for a, b in pairwise([6.0, *speeds_kmh])) <= 1.0
    assert it.ride.belt.speed_kmh <= 16.1


async def numbers(gym: Gym, workout_id: UUID) -> list[int]:
    async with gym.parts.database.read() as tx:
        rows = await tx.execute(
            select(workout_metrics.c.number)
            .where(workout_metrics.c.workout_id == workout_id)
            .order_by(workout_metrics.c.number)
        )
        return list(rows.scalars())


async def test_a_real_server_gets_every_second_once_over_two_connections(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin()
    server = ServerAddress.parse(sqlite_gym.address)
    it = Linked(server, sqlite_gym.bridge_token, workout_id)
    async with running(it.link.run()):
        await until(lambda: it.is_up)
        it.move(9.0)
        it.wait(30)
        await until(lambda: it.recorder.waiting == ())
        it.wait(10)
    it.wait(10)  # without the server
    async with running(it.link.run()) as task:
        await until(lambda: it.recorder.waiting == ())
        it.wait(5)
        await sqlite_gym.client.post(f"/v1/workouts/{workout_id}/finish")
        it.move(0.0)
        await until(lambda: it.link._ended)
        it.wait(3)
        await until(task.done)
    assert await numbers(sqlite_gym, workout_id) == [*range(1, it.recorder._number + 1)]
    assert it.recorder._number >= 55
    assert (await sqlite_gym.workout(workout_id))["state"] == "ended"


async def test_a_withdrawn_token_is_told_and_not_tried_again(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin()
    await sqlite_gym.client.delete(f"/v1/devices/{sqlite_gym.bridge_id}")
    it = Linked(ServerAddress.parse(sqlite_gym.address), sqlite_gym.bridge_token, workout_id)
    await it.link.run()
    assert it.words.said == [
        f"{sqlite_gym.address} does not know this bridge any more. Pair it again with a new code."
    ]
