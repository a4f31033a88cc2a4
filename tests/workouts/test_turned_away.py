"""Whoever has signed out, or was put out, is out everywhere within five seconds.

A page on the socket of a workout, a script that follows an import, the bridge beside the belt: all
real, on a real server, each in the middle of what it does.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import delete, insert, update

from beatrunner.accounts.personal_tokens import PersonalTokens, Scope
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.codecs import live
from beatrunner.db.tables import accounts, import_batches
from beatrunner.kit.clock import system_clock
from beatrunner.kit.ids import new_id
from tests.workouts.gym import Gym, status
from tests.workouts.test_standing import standing

WITHIN_S = 5.0
UNAUTHENTICATED, FORBIDDEN, NOT_FOUND = 4401, 4403, 4404


async def sign_out(gym: Gym) -> None:
    await gym.client.post("/v1/auth/sign-out")


async def end_from_elsewhere(gym: Gym) -> None:
    """As a change of the password does, in another process."""
    sign_ins = next(found for found in gym.parts.provided if isinstance(found, SignIns))
    async with gym.parts.database.write() as tx:
        await sign_ins.end_all(tx, gym.account_id)


async def close_account(gym: Gym) -> None:
    async with gym.parts.database.write() as tx:
        await tx.execute(update(accounts).values(disabled_at=system_clock()))


async def erase_account(gym: Gym) -> None:
    async with gym.parts.database.write() as tx:
        await tx.execute(delete(accounts))


async def make_import(gym: Gym) -> UUID:
    """One that nobody works on."""
    import_id = new_id()
    async with gym.parts.database.write() as tx:
        await tx.execute(
            insert(import_batches).values(
                id=import_id,
                account_id=gym.account_id,
                created_at=system_clock(),
                state="queued",
            )
        )
    return import_id


@asynccontextmanager
async def following(gym: Gym, bearer: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A stream of events that would go on for an hour; what is yielded waits for its end."""
    path = f"{gym.address}/v1/imports/{await make_import(gym)}/events"
    headers = {"Authorization": f"Bearer {bearer}"}
    async with (
        httpx2.AsyncClient() as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.status_code == 200
        lines = answer.aiter_lines()
        assert await anext(lines) == "event: progress"

        async def to_the_end() -> None:
            async for line in lines:
                assert line != "event: done"

        yield to_the_end


async def refused(gym: Gym) -> None:
    """Come back when a request of the sign-in is."""
    while (await gym.client.get("/v1/profile")).is_success:  # noqa: ASYNC110 - nobody tells who asks
        await asyncio.sleep(0.1)


async def make_token(gym: Gym) -> tuple[UUID, str]:
    tokens = next(found for found in gym.parts.provided if isinstance(found, PersonalTokens))
    async with gym.parts.database.write() as tx:
        made = await tokens.make(
            tx,
            gym.account_id,
            "Upload",
            [Scope.IMPORTS],
            timedelta(days=1),
            Caller("192.0.2.1", {}),
        )
    return made.id, made.token


@pytest.mark.parametrize("end", [sign_out, end_from_elsewhere, close_account, erase_account])
async def test_an_ended_sign_in_is_out_of_routes_sockets_and_streams(
    sqlite_gym: Gym, end: Callable[[Gym], Awaitable[None]]
) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    async with gym.bridge(workout_id) as bridge, gym.page(workout_id) as page:
        await bridge.say(status())
        await page.hear(live.Welcome)
        async with following(gym, gym.access_token) as to_the_end:
            await gym.client.get("/v1/profile")
            await end(gym)
            async with asyncio.timeout(WITHIN_S):
                code, _, _ = await asyncio.gather(page.closed(), to_the_end(), refused(gym))
            assert code in {UNAUTHENTICATED, NOT_FOUND}
    async with gym.page(workout_id) as again:
        assert await again.closed() in {UNAUTHENTICATED, NOT_FOUND}


@pytest.mark.parametrize("end", [close_account, erase_account])
async def test_the_bridges_and_scripts_of_a_closed_account_are_out(
    sqlite_gym: Gym, end: Callable[[Gym], Awaitable[None]]
) -> None:
    gym = sqlite_gym
    workout_id = await gym.begin()
    _, token = await make_token(gym)
    async with AsyncExitStack() as stack:
        bridge = await stack.enter_async_context(gym.bridge(workout_id))
        await bridge.hear(live.Welcome)
        stands_by = await stack.enter_async_context(standing(gym))
        await stands_by.hear(live.BridgeWelcome)
        to_the_end = await stack.enter_async_context(following(gym, token))
        started_s = time.monotonic()
        await end(gym)
        async with asyncio.timeout(WITHIN_S):
            codes = await asyncio.gather(bridge.closed(), stands_by.closed())
            await to_the_end()
        assert time.monotonic() - started_s < WITHIN_S
        assert set(codes) <= {FORBIDDEN, NOT_FOUND}
    async with gym.bridge(workout_id) as again:
        assert await again.closed() == UNAUTHENTICATED


async def test_a_revoked_token_follows_nothing_more(gym: Gym) -> None:
    token_id, token = await make_token(gym)
    async with following(gym, token) as to_the_end:
        revoked = await gym.client.delete(f"/v1/account/tokens/{token_id}")
        assert revoked.status_code == 204
        async with asyncio.timeout(WITHIN_S):
            await to_the_end()


async def test_who_stays_signed_in_stays(gym: Gym) -> None:
    """Another device of the same runner, while all others are put out."""
    workout_id = await gym.begin()
    sign_ins = next(found for found in gym.parts.provided if isinstance(found, SignIns))
    async with gym.bridge(workout_id), gym.page(workout_id) as other:
        await other.hear(live.Welcome)
        own = await sign_ins.identify(gym.access_token)
        assert (await gym.client.delete("/v1/account/sign-ins")).status_code == 204
        await asyncio.sleep(1.5)
        await other.hear(live.Pulse)
        assert (await sign_ins.identify(gym.access_token)) == own
