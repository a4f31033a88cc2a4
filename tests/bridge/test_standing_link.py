"""The socket of a bridge that stands by, to a scripted server and to a real one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from beatrunner.bridge.address import ServerAddress
from beatrunner.bridge.sockets import SILENT_S, FinalError
from beatrunner.bridge.standing_link import StandingLink, hello
from beatrunner.codecs import live
from beatrunner.kit.ids import new_id
from tests.bridge.scripted import Caller, Words, running, scripted, until
from tests.workouts.gym import Gym

WELCOME = live.BridgeWelcome(uuid4(), "Cellar")
PAGE = "http://127.0.0.1:8010"


class Standing:
    """A link, and all that it tells."""

    def __init__(
        self,
        server: ServerAddress,
        token: str = "token",  # noqa: S107 - of no server
        report: Callable[[], live.Report] = live.Report,
        silent_s: float = SILENT_S,
    ) -> None:
        self.words = Words()
        self.assigned: list[UUID | None] = []
        self.now_s = 0.0
        self._link = StandingLink(
            server,
            hello(token, is_virtual=True, page_url=PAGE),
            report,
            self.assigned.append,
            self.words,
            lambda: self.now_s,
            silent_s,
        )

    async def run(self) -> None:
        await self._link.run()


async def test_hello_pulse_and_assignments() -> None:
    workout_id = uuid4()
    heard = []

    async def serve(caller: Caller) -> None:
        heard.append(await caller.hear())
        await caller.say(WELCOME, live.Pulse(1234))
        heard.append(await caller.hear_kind("pulse_back"))
        await caller.say(live.Assignment(workout_id), live.Assignment(None))
        await caller.stay()

    async with scripted(serve) as server:
        standing = Standing(server)
        async with running(standing.run()):
            await until(lambda: len(standing.assigned) == 2)
    first, pulse_back = heard
    assert (first["type"], first["protocol"], first["token"]) == ("bridge_hello", 1, "token")
    assert (first["is_virtual"], first["page_url"]) == (True, PAGE)
    assert pulse_back["sent_ms"] == 1234
    assert standing.assigned == [workout_id, None]
    assert standing.words.said == [f"Connected to {server.origin} as Cellar"]
    assert standing.words.is_well


async def test_what_is_in_reach_is_told_on_change_and_every_ten_seconds() -> None:
    belt = live.Found(address="AA", name="Belt", state="connected")
    report = live.Report()
    heard: list[object] = []

    async def serve(caller: Caller) -> None:
        await caller.hear()
        await caller.say(WELCOME)
        while True:
            heard.append((await caller.hear())["treadmill"])

    async with scripted(serve) as server:
        standing = Standing(server, report=lambda: report)
        async with running(standing.run()):
            await until(lambda: len(heard) == 1)
            report = live.Report(treadmill=belt)
            await until(lambda: len(heard) == 2)
            await asyncio.sleep(0.6)
            assert len(heard) == 2
            standing.now_s += 10
            await until(lambda: len(heard) == 3)
    assert heard[0] is None
    assert heard[1] == heard[2]


async def test_a_report_that_cannot_be_made_is_a_fault_and_no_silence() -> None:
    async def serve(caller: Caller) -> None:
        await caller.say(WELCOME)
        await caller.stay()

    def broken() -> live.Report:
        raise ZeroDivisionError

    async with scripted(serve) as server:
        with pytest.raises(ZeroDivisionError):
            await Standing(server, report=broken).run()


@pytest.mark.parametrize("is_cut", [False, True])
async def test_a_server_that_comes_again_is_joined_again(is_cut: bool) -> None:
    async def goes(caller: Caller) -> None:
        await caller.hear()
        await caller.say(WELCOME)
        await (caller.cut() if is_cut else caller.close(1012))

    async def stays(caller: Caller) -> None:
        await caller.hear()
        await caller.say(WELCOME, live.Assignment(None))
        await caller.stay()

    async with scripted(goes, stays) as server:
        standing = Standing(server)
        async with running(standing.run()):
            await until(lambda: standing.assigned)
    well, broken, again = standing.words.said
    assert well == again == f"Connected to {server.origin} as Cellar"
    assert broken == f"{server.origin} has closed the connection."


async def test_a_server_that_falls_silent_is_left() -> None:
    async def silent(caller: Caller) -> None:
        await caller.hear()
        await caller.say(WELCOME)
        await caller.stay()

    async with scripted(silent) as server:
        standing = Standing(server, silent_s=0.05)
        async with running(standing.run()):
            await until(lambda: len(standing.words.said) == 3)
    assert standing.words.said[1] == f"{server.origin} does not answer."


async def test_a_withdrawn_bridge_says_so_and_does_not_come_again() -> None:
    async def withdraw(caller: Caller) -> None:
        await caller.hear()
        await caller.say(WELCOME, live.Withdrawn())
        await caller.close(4403)

    async with scripted(withdraw) as server:
        with pytest.raises(FinalError, match=r"has removed this bridge\. Pair it again"):
            await Standing(server).run()


async def test_a_real_server_takes_it_and_tells_the_workout(sqlite_gym: Gym) -> None:
    standing = Standing(ServerAddress.parse(sqlite_gym.address), sqlite_gym.bridge_token)
    async with running(standing.run()):
        await until(lambda: standing.words.is_well)
        workout_id = await sqlite_gym.begin()
        await until(lambda: workout_id in standing.assigned)


async def test_a_real_server_withdraws_it(sqlite_gym: Gym) -> None:
    standing = Standing(ServerAddress.parse(sqlite_gym.address), sqlite_gym.bridge_token)
    async with running(standing.run()) as task:
        await until(lambda: standing.assigned)
        answer = await sqlite_gym.client.delete(f"/v1/devices/{sqlite_gym.bridge_id}")
        assert answer.status_code == 204
        await until(task.done)
        with pytest.raises(FinalError, match="Pair it again"):
            task.result()


async def test_one_that_was_withdrawn_while_it_was_away_hears_of_it(sqlite_gym: Gym) -> None:
    await sqlite_gym.client.delete(f"/v1/devices/{sqlite_gym.bridge_id}")
    standing = Standing(ServerAddress.parse(sqlite_gym.address), sqlite_gym.bridge_token)
    with pytest.raises(FinalError, match="Pair it again"):
        await standing.run()


async def test_a_made_up_token_is_of_no_use(sqlite_gym: Gym) -> None:
    with pytest.raises(FinalError, match="Pair it again"):
        await Standing(ServerAddress.parse(sqlite_gym.address), str(new_id())).run()
