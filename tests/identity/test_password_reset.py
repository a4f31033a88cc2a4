from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, update

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import (
    account_codes,
    identities,
    personal_tokens,
    security_events,
    totp_factors,
)
from beatrunner.db.tables import accounts
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock
from tests.identity.mails import (
    EMAIL,
    OTHER_PASSWORD,
    code_for,
    mails_to,
    register,
    sign_in,
)
from tests.web.client import make_client


@pytest.fixture
async def runner(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with make_client(app) as client:
        await register(app, client)
        yield client


async def ask(client: httpx2.AsyncClient, email: str = EMAIL) -> httpx2.Response:
    asked = await client.post("/v1/auth/password-reset", json={"email": email})
    assert asked.status_code == 202, asked.text
    return asked


async def finish(
    client: httpx2.AsyncClient, asked: httpx2.Response, code: str, password: str = OTHER_PASSWORD
) -> httpx2.Response:
    told = {"reset_id": asked.json()["reset_id"], "code": code, "password": password}
    return await client.post("/v1/auth/password-reset/finish", json=told)


def kind(refused: httpx2.Response) -> str:
    return str(refused.json()["type"]).removeprefix("/problems/")


async def account_of(database: Database) -> UUID:
    async with database.read() as tx:
        found: UUID = (await tx.execute(select(accounts.c.id))).scalar_one()
    return found


async def test_a_new_password_ends_every_sign_in(app: FastAPI, runner: httpx2.AsyncClient) -> None:
    async with make_client(app) as stranger:
        asked = await ask(stranger)
        code = await code_for(app, EMAIL)
        assert (await finish(stranger, asked, code)).status_code == 204
        assert (await sign_in(stranger)).status_code == 401
        assert (await sign_in(stranger, password=OTHER_PASSWORD)).status_code == 200
    assert (await runner.get("/v1/profile")).status_code == 401
    assert (await runner.post("/v1/auth/refresh")).status_code == 401
    assert kind(await finish(runner, asked, code)) == "wrong-code"
    assert "has a new password" in (await mails_to(app, EMAIL))[0].subject
    events = await sign_in(runner, password=OTHER_PASSWORD)
    runner.headers["Authorization"] = f"Bearer {events.json()['access_token']}"
    log = (await runner.get("/v1/account/security-events")).json()["items"]
    assert {"password_reset_asked", "password_reset"} <= {event["kind"] for event in log}


async def test_tokens_go_and_passkeys_stay_and_the_mail_says_so(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    account_id = await account_of(database)
    passkey = {"kind": "passkey", "subject": uuid4().hex, "label": "Old phone"}
    async with database.write() as tx:
        await tx.execute(
            insert(identities).values(
                id=new_id(), created_at=clock(), account_id=account_id, **passkey
            )
        )
    wish = {"name": "Nightly upload", "scopes": ["read"]}
    assert (await runner.post("/v1/account/tokens", json=wish)).status_code == 201
    asked = await ask(runner)
    assert (await finish(runner, asked, await code_for(app, EMAIL))).status_code == 204
    async with database.read() as tx:
        assert (await tx.execute(select(personal_tokens.c.id))).all() == []
        kinds = set((await tx.scalars(select(identities.c.kind))).all())
        events = (await tx.scalars(select(security_events.c.kind))).all()
    assert kinds == {"password", "passkey"}
    assert "token_revoked" in events
    told = (await mails_to(app, EMAIL))[0].text
    assert "every access token for scripts was revoked" in told
    assert "still sign in to it:\n\n    Old phone\n" in told


async def test_an_unknown_address_is_answered_alike_and_gets_no_mail(
    app: FastAPI, runner: httpx2.AsyncClient
) -> None:
    known, unknown = await ask(runner), await ask(runner, "nobody@example.com")
    assert known.json().keys() == unknown.json().keys()
    assert known.json()["expires_at"] == unknown.json()["expires_at"]
    await code_for(app, EMAIL)
    assert await mails_to(app, "nobody@example.com") == []
    wrong = [await finish(runner, asked, "0000 0000") for asked in (known, unknown)]
    # An attacker has the first id, too, if they asked themself: what a wrong code is called must
    # not tell either.
    assert [kind(found) for found in wrong] == ["wrong-code", "wrong-code"]


async def test_guessing_ends(app: FastAPI, runner: httpx2.AsyncClient) -> None:
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    for guess in range(5):
        assert kind(await finish(runner, asked, f"{guess}")) == "wrong-code"
    assert (await finish(runner, asked, code)).status_code == 403
    assert (await sign_in(runner)).status_code == 200


async def test_a_code_runs_out(app: FastAPI, runner: httpx2.AsyncClient, clock: HeldClock) -> None:
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    clock.advance(15 * 60)
    assert (await finish(runner, asked, code)).status_code == 403


async def test_a_weak_password_does_not_use_the_code_up(
    app: FastAPI, runner: httpx2.AsyncClient
) -> None:
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    for _ in range(6):
        refused = await finish(runner, asked, code, "fourteen chars")
        assert kind(refused) == "weak-password"
    # Nobody learns from a weak password what a code is worth.
    assert kind(await finish(runner, asked, "0", "fourteen chars")) == "wrong-code"
    assert (await finish(runner, asked, code)).status_code == 204


async def test_beside_a_second_factor_eight_characters_are_enough(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    async with database.write() as tx:
        await tx.execute(
            insert(totp_factors).values(
                account_id=await account_of(database), sealed=b"x", confirmed_at=clock()
            )
        )
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    assert kind(await finish(runner, asked, code, "vq7rjx2")) == "weak-password"
    assert (await finish(runner, asked, code, "vq7rjx2m")).status_code == 204
    async with database.read() as tx:
        assert await tx.scalar(select(identities.c.detail)) == {"is_long": False}


async def test_a_second_factor_that_goes_with_a_stranger_makes_no_password_shorter(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    factor = {"account_id": await account_of(database), "sealed": b"x", "confirmed_at": clock()}
    async with database.write() as tx:
        await tx.execute(insert(totp_factors).values(factor))
        await tx.execute(update(accounts).values(email_verified_at=None))
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    assert kind(await finish(runner, asked, code, "vq7rjx2m")) == "weak-password"
    assert (await finish(runner, asked, code)).status_code == 204


async def test_an_address_that_is_given_up_meanwhile_gets_no_code(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database
) -> None:
    before = await mails_to(app, EMAIL)
    async with database.write() as tx:
        await tx.execute(update(accounts).values(email="new@example.com"))
        asking = asyncio.create_task(ask(runner))
        # Until it waits for what is written here.
        await asyncio.sleep(0.2)
    await asking
    assert await mails_to(app, EMAIL) == before


async def test_a_code_for_something_else_resets_nothing(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database
) -> None:
    asked = await ask(runner)
    code = await code_for(app, EMAIL)
    async with database.write() as tx:
        await tx.execute(update(account_codes).values(purpose="email_change"))
    assert (await finish(runner, asked, code)).status_code == 403


async def test_who_made_the_account_with_a_strangers_address_loses_it(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    account_id = await account_of(database)
    passkey = {"kind": "passkey", "subject": uuid4().hex, "account_id": account_id}
    async with database.write() as tx:
        await tx.execute(insert(identities).values(id=new_id(), created_at=clock(), **passkey))
        await tx.execute(update(accounts).values(email_verified_at=None))
    asked = await ask(runner)
    assert (await finish(runner, asked, await code_for(app, EMAIL))).status_code == 204
    async with database.read() as tx:
        kinds = (await tx.scalars(select(identities.c.kind))).all()
        assert await tx.scalar(select(accounts.c.email_verified_at)) == clock()
    assert kinds == ["password"]


async def test_a_disabled_account_gets_no_code_and_nobody_comes_in(
    app: FastAPI, runner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    async with database.write() as tx:
        await tx.execute(update(accounts).values(disabled_at=clock()))
    before = await mails_to(app, EMAIL)
    await ask(runner)
    assert await mails_to(app, EMAIL) == before
    refused = await sign_in(runner)
    assert (refused.status_code, kind(refused)) == (403, "account-disabled")
    assert (await sign_in(runner, password=OTHER_PASSWORD)).status_code == 401
    assert (await runner.post("/v1/auth/refresh")).status_code == 401
