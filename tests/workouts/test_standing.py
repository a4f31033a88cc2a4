"""A paired bridge that stands by, on a real socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from beatrunner.codecs import live
from tests.workouts.gym import Gym, Line


@asynccontextmanager
async def standing(gym: Gym) -> AsyncIterator[Line]:
    async with gym.line("/ws/bridge", live.TO_STANDING) as line:
        await line.say(
            live.BridgeHello(
                protocol=live.PROTOCOL,
                token=gym.bridge_token,
                version="1",
                is_virtual=True,
                page_url="http://127.0.0.1:8010",
            )
        )
        yield line


async def test_a_bridge_is_told_what_it_is_wanted_for(gym: Gym) -> None:
    async with standing(gym) as line:
        assert (await line.hear(live.BridgeWelcome)).bridge_id == gym.bridge_id
        assert (await line.hear(live.Assignment)).workout_id is None
        workout_id = await gym.begin()
        assert (await line.hear(live.Assignment)).workout_id == workout_id
        await gym.client.post(f"/v1/workouts/{workout_id}/finish")
        assert (await line.hear(live.Assignment)).workout_id is None


async def test_what_a_bridge_sees_is_kept(gym: Gym) -> None:
    limits = {"min_speed_kmh": 1.0, "max_speed_kmh": 14.0, "speed_step_kmh": 0.1}
    found = live.Found(address="AA", name="Runner 3000", state="connected", limits=limits)
    async with standing(gym) as line:
        await line.hear(live.BridgeWelcome)
        await line.say(live.Report(treadmill=found))
        await line.hear(live.Pulse)
        await line.hear(live.Pulse)
        workout_id = await gym.begin()
    assert (await gym.workout(workout_id))["treadmill_name"] == "Runner 3000"


async def test_the_later_socket_of_a_bridge_stands_by(sqlite_gym: Gym) -> None:
    async with standing(sqlite_gym) as first:
        await first.hear(live.BridgeWelcome)
        async with standing(sqlite_gym) as second:
            await second.hear(live.BridgeWelcome)
            assert await first.closed() == 4409
            workout_id = await sqlite_gym.begin()
            while (await second.hear(live.Assignment)).workout_id != workout_id:
                pass


async def test_a_withdrawn_bridge_is_told_so(sqlite_gym: Gym) -> None:
    gym = sqlite_gym
    async with standing(gym) as line:
        await line.hear(live.Assignment)
        await gym.client.delete(f"/v1/devices/{gym.bridge_id}")
        assert await line.closed() == 4403
        assert any(isinstance(message, live.Withdrawn) for message in line.heard)
    async with standing(gym) as line:
        assert await line.closed() == 4401
