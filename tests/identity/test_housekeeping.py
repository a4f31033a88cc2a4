from __future__ import annotations

import asyncio

from fastapi import FastAPI
from sqlalchemy import Table, func, select

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import (
    account_codes,
    invitations,
    passkey_challenges,
    pending_sign_ins,
    registrations,
    sign_in_attempts,
)
from beatrunner.identity import factor_store
from beatrunner.identity.housekeeping import forget_expired
from beatrunner.identity.invitations import LIFETIME as INVITED_FOR
from beatrunner.identity.invitations import invite
from beatrunner.kit.ids import new_id
from beatrunner.worker import keep_house
from tests.conftest import HeldClock, make_account
from tests.identity.mails import EMAIL, mails_to, register
from tests.web.client import make_client

WAITING = (registrations, account_codes, passkey_challenges, pending_sign_ins, invitations)


async def count(database: Database, *tables: Table) -> list[int | None]:
    async with database.read() as tx:
        return [await tx.scalar(select(func.count()).select_from(table)) for table in tables]


async def begin_everything(app: FastAPI, database: Database, clock: HeldClock) -> None:
    """One row in each of `WAITING`, as people leave them behind."""
    async with make_client(app, base_url="http://localhost:8000") as client:
        await register(app, client)
        wish = {"email": "new@example.com", "password": "a sentence nobody says"}
        asked = await client.post("/v1/auth/register", json={**wish, "display_name": "Kim"})
        assert asked.status_code == 202
        await client.post("/v1/auth/password-reset", json={"email": EMAIL})
        assert "code" in (await mails_to(app, EMAIL))[0].text
        assert (await client.post("/v1/auth/passkey/options", json={})).status_code == 200
    account_id, now = await make_account(database), clock()
    async with database.write() as tx:
        await factor_store.insert_pending_sign_in(
            tx, account_id, new_id().hex, now=now, expires_at=now
        )
        await invite(tx, "kim@example.com", now - INVITED_FOR, is_mailed=False)


async def test_what_ran_out_goes_though_nobody_comes_by_again(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    await begin_everything(app, database, clock)
    assert await count(database, *WAITING) == [1, 1, 1, 1, 1]
    assert await count(database, sign_in_attempts) != [0]
    clock.advance(14 * 60)
    await forget_expired(database, clock())
    # The codes are still good.
    assert await count(database, *WAITING) == [1, 1, 0, 0, 0]
    clock.advance(60)
    await forget_expired(database, clock())
    assert await count(database, *WAITING) == [0, 0, 0, 0, 0]
    clock.advance(45 * 60)
    await forget_expired(database, clock())
    assert await count(database, sign_in_attempts) == [0]


async def test_the_worker_keeps_house_at_once_and_ends_when_asked(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    await begin_everything(app, database, clock)
    clock.advance(3600)
    stop = asyncio.Event()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        group.create_task(keep_house(database, stop, clock=clock))
        while any(await count(database, *WAITING, sign_in_attempts)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        stop.set()
