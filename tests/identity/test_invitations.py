from __future__ import annotations

import asyncio

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import account_codes, identities, invitations, security_events
from beatrunner.db.tables import accounts
from beatrunner.identity import password_reset
from beatrunner.identity.codes import Codes
from beatrunner.identity.invitations import LIFETIME, invite
from beatrunner.kit.errors import ConflictError
from beatrunner.kit.ids import new_id
from beatrunner.kit.settings import Registration, Settings
from tests.conftest import HeldClock
from tests.identity.mails import EMAIL, OTHER_PASSWORD, PASSWORD, register, sign_in
from tests.web.client import RING, make_app, make_client


async def make_invitation(
    database: Database, clock: HeldClock, email: str = EMAIL, *, is_mailed: bool = True
) -> str:
    async with database.write() as tx:
        return await invite(tx, email, clock(), is_mailed=is_mailed)


async def open_invitation(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/v1/auth/invitation", json={"token": token})


async def accept(
    client: httpx2.AsyncClient, token: str, password: str = PASSWORD
) -> httpx2.Response:
    told = {"token": token, "password": password, "display_name": "Rae"}
    return await client.post("/v1/auth/invitation/accept", json=told)


def kind(refused: httpx2.Response) -> str:
    return str(refused.json()["type"]).removeprefix("/problems/")


@pytest.mark.parametrize("is_mailed", [True, False])
async def test_an_invitation_makes_one_account_with_its_address(
    database: Database, clock: HeldClock, is_mailed: bool
) -> None:
    token = await make_invitation(database, clock, "Runner@Example.com", is_mailed=is_mailed)
    settings = Settings(registration=Registration.INVITED)
    async with make_client(make_app(database, clock, settings=settings)) as client:
        state = (await client.get("/v1/auth/state")).json()
        assert (state["registration"], state["invitations"]) == (False, True)
        opened = await open_invitation(client, token)
        assert opened.json()["email"] == EMAIL
        assert kind(await accept(client, token, "fourteen chars")) == "weak-password"
        made = await accept(client, token)
        assert made.status_code == 200, made.text
        assert made.json()["account"]["email"] == EMAIL
        for again in (await open_invitation(client, token), await accept(client, token)):
            assert (again.status_code, kind(again)) == (403, "invitation-over")
        client.headers["Authorization"] = f"Bearer {made.json()['access_token']}"
        ways = (await client.get("/v1/account/ways-in")).json()
        # Who was handed a printed link has not shown that they read that mail.
        assert ways["email_verified"] is is_mailed
        assert (await sign_in(client)).status_code == 200
    async with database.read() as tx:
        kinds = (await tx.scalars(select(security_events.c.kind))).all()
    assert "account_made" in kinds


async def test_two_who_open_it_at_once_make_one_account(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    token = await make_invitation(database, clock)
    async with make_client(app) as client:
        answers = await asyncio.gather(*(accept(client, token) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403]
    async with database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(accounts)) == 1


async def test_it_ends_with_its_week_or_with_the_next_one(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    first = await make_invitation(database, clock)
    second = await make_invitation(database, clock)
    async with make_client(app) as client:
        assert kind(await open_invitation(client, first)) == "invitation-over"
        clock.advance(LIFETIME.total_seconds() - 1)
        assert (await open_invitation(client, second)).status_code == 200
        clock.advance(1)
        assert kind(await open_invitation(client, second)) == "invitation-over"
        assert kind(await accept(client, second)) == "invitation-over"
        for nonsense in ("", "x" * 100, second.upper()):
            assert kind(await accept(client, nonsense)) == "invitation-over"


async def test_where_accounts_are_closed_no_invitation_opens(
    database: Database, clock: HeldClock
) -> None:
    token = await make_invitation(database, clock)
    settings = Settings(registration=Registration.CLOSED)
    async with make_client(make_app(database, clock, settings=settings)) as client:
        state = (await client.get("/v1/auth/state")).json()
        assert (state["registration"], state["invitations"]) == (False, False)
        assert kind(await open_invitation(client, token)) == "registration-closed"
        assert kind(await accept(client, token)) == "registration-closed"


async def test_an_address_has_one_account(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    token = await make_invitation(database, clock)
    async with make_client(app) as client:
        await register(app, client)
        # Registering has made the invitation void.
        assert kind(await open_invitation(client, token)) == "invitation-over"
    with pytest.raises(ConflictError):
        await make_invitation(database, clock, EMAIL.upper())


async def test_the_database_holds_no_token(database: Database, clock: HeldClock) -> None:
    token = await make_invitation(database, clock)
    async with database.read() as tx:
        (row,) = await tx.execute(select(invitations))
    assert token not in str(row)


@pytest.mark.parametrize("is_mailed", [True, False])
async def test_a_link_of_the_administrator_opens_to_a_new_password(
    app: FastAPI, database: Database, clock: HeldClock, is_mailed: bool
) -> None:
    async with make_client(app) as client:
        assert (
            await accept(client, await make_invitation(database, clock, is_mailed=False))
        ).status_code == 200
        async with database.write() as tx:
            account_id = (await tx.scalars(select(accounts.c.id))).one()
            passkey = {"kind": "passkey", "subject": "key", "created_at": clock()}
            await tx.execute(
                identities.insert().values(id=new_id(), account_id=account_id, **passkey)
            )
            opens = await password_reset.issue_link(
                tx, Codes(RING), account_id, clock(), is_mailed=is_mailed
            )
        reset_id, code = opens.split(".")
        told = {"reset_id": reset_id, "code": code, "password": OTHER_PASSWORD}
        clock.advance(86_399)
        path = "/v1/auth/password-reset/finish"
        assert kind(await client.post(path, json={**told, "code": code[:-1]})) == "wrong-code"
        assert (await client.post(path, json=told)).status_code == 204
        assert kind(await client.post(path, json=told)) == "wrong-code"
        assert (await sign_in(client, password=OTHER_PASSWORD)).status_code == 200
    async with database.read() as tx:
        verified_at = await tx.scalar(select(accounts.c.email_verified_at))
        kinds = set((await tx.scalars(select(identities.c.kind))).all())
        assert (await tx.execute(select(account_codes))).all() == []
    # Only who reads the mail has shown whose the address is, and drives others out.
    assert (verified_at is not None) is is_mailed
    assert kinds == ({"password"} if is_mailed else {"password", "passkey"})
