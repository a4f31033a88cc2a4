"""The socket of a workout: what is sent and heard, to a scripted server and to a real one."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.sample_file import SampleFile
from beatrunner.codecs import live
from beatrunner.core.governor import Stop
from tests.bridge.linked import BOUNDS, PAGE, Linked, greet, linked, welcome, wish
from tests.bridge.scripted import Caller, running, until
from tests.workouts.gym import Gym


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
        it.link.show(it.ride.tick(), "Bluetooth is off.")
        await until(lambda: len(heard) == 4)
    assert [each["treadmill"] for each in heard] == ["connected", "connected", "lost", "lost"]
    assert [each["trouble"] for each in heard] == [None, None, None, "Bluetooth is off."]
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
    assert await sqlite_gym.numbers(workout_id) == [*range(1, it.recorder._number + 1)]
    assert it.recorder._number >= 55
    assert (await sqlite_gym.workout(workout_id))["state"] == "ended"


async def test_what_a_killed_bridge_had_comes_from_the_next_one(
    sqlite_gym: Gym, tmp_path: Path
) -> None:
    """Seconds, and nothing that could move its belt."""
    workout_id = await sqlite_gym.begin()
    server = ServerAddress.parse(sqlite_gym.address)
    path = tmp_path / "samples.jsonl"
    killed = Linked(server, sqlite_gym.bridge_token, workout_id)
    async with running(killed.link.run()):
        await until(lambda: killed.is_up)
        killed.move(9.0)
        killed.wait(20)
        await until(lambda: killed.recorder.waiting == ())
    killed.wait(15)  # without the server
    SampleFile(path).keep(str(workout_id), killed.recorder.waiting)
    after = Linked(server, sqlite_gym.bridge_token, workout_id, kept=SampleFile(path).read())
    async with running(after.link.run()):
        await until(lambda: after.is_up)
        assert [sample.number for sample in after.recorder.waiting] == [*range(21, 36)]
        after.wait(5)
        await until(lambda: after.recorder.waiting == ())
    assert await sqlite_gym.numbers(workout_id) == [*range(1, 42)]
    assert after.ride.belt.given == []
    assert after.ride.picture.shown == "stopped"


async def test_a_withdrawn_token_is_told_and_not_tried_again(sqlite_gym: Gym) -> None:
    workout_id = await sqlite_gym.begin()
    await sqlite_gym.client.delete(f"/v1/devices/{sqlite_gym.bridge_id}")
    it = Linked(ServerAddress.parse(sqlite_gym.address), sqlite_gym.bridge_token, workout_id)
    await it.link.run()
    assert it.words.said == [
        f"{sqlite_gym.address} does not know this bridge any more. Pair it again with a new code."
    ]
