from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from beatrunner.accounts.security_events import KEPT_FOR, forget_old
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import identities
from tests.conftest import HeldClock, make_account
from tests.identity.mails import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    code_for,
    mails_to,
    register,
    sign_in,
)
from tests.web.client import make_client, signed_in_client

NEW = "new@example.com"


@pytest.fixture
async def runner(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with make_client(app) as client:
        await register(app, client)
        yield client


@pytest.fixture
async def owner(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with make_client(app) as client:
        session = await client.post("/v1/auth/this-computer", json={})
        client.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
        yield client


def kind(refused: httpx2.Response) -> str:
    return str(refused.json()["type"]).removeprefix("/problems/")


async def take_address(app: FastAPI, client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    asked = await client.post("/v1/account/email", json={"email": email})
    assert asked.status_code == 202, asked.text
    told = {"change_id": asked.json()["change_id"], "code": await code_for(app, email)}
    return await client.post("/v1/account/email/verify", json=told)


async def set_password(client: httpx2.AsyncClient, password: str) -> httpx2.Response:
    return await client.put("/v1/account/password", json={"password": password})


async def test_only_who_has_just_shown_who_they_are_changes_how_they_sign_in(
    runner: httpx2.AsyncClient, clock: HeldClock
) -> None:
    clock.advance(601)
    for method, path, body in (
        ("PUT", "/v1/account/password", {"password": OTHER_PASSWORD}),
        ("DELETE", "/v1/account/password", None),
        ("DELETE", "/v1/account/this-computer", None),
        ("POST", "/v1/account/email", {"email": NEW}),
    ):
        refused = await runner.request(method, path, json=body)
        assert (refused.status_code, kind(refused)) == (403, "confirm-first"), path
    for proof in ({"password": "wrong and long enough"}, {"code": "123456"}, {}):
        refused = await runner.post("/v1/auth/confirm", json=proof)
        assert refused.status_code == 403, proof
        assert kind(await set_password(runner, OTHER_PASSWORD)) == "confirm-first"
    right = await runner.post("/v1/auth/confirm", json={"password": PASSWORD})
    assert right.status_code == 204
    assert (await set_password(runner, OTHER_PASSWORD)).status_code == 204


async def test_a_changed_password_ends_the_other_sign_ins_alone(
    app: FastAPI, runner: httpx2.AsyncClient
) -> None:
    async with make_client(app) as other:
        session = await sign_in(other)
        other.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
        assert kind(await set_password(runner, "fourteen chars")) == "weak-password"
        assert (await set_password(runner, OTHER_PASSWORD)).status_code == 204
        assert (await other.get("/v1/profile")).status_code == 401
        assert (await sign_in(other)).status_code == 401
    assert (await runner.get("/v1/profile")).status_code == 200
    assert "was changed" in (await mails_to(app, EMAIL))[0].subject


@pytest.mark.parametrize("way", ["password", "this-computer"])
async def test_a_way_that_is_closed_ends_the_other_sign_ins(
    app: FastAPI, owner: httpx2.AsyncClient, way: str
) -> None:
    """Somebody else may have come in by it."""
    await take_address(app, owner, EMAIL)
    await set_password(owner, PASSWORD)
    async with make_client(app) as other:
        by_password = await sign_in(other)
        by_computer = await other.post("/v1/auth/this-computer", json={})
        session = by_password if way == "password" else by_computer
        other.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
        assert (await other.get("/v1/profile")).status_code == 200
        assert (await owner.delete(f"/v1/account/{way}")).status_code == 204
        assert (await other.get("/v1/profile")).status_code == 401
        assert (await other.post("/v1/auth/refresh")).status_code == 401
    assert (await owner.get("/v1/profile")).status_code == 200


async def test_the_last_way_in_stays(runner: httpx2.AsyncClient, owner: httpx2.AsyncClient) -> None:
    for client, path in (
        (runner, "/v1/account/password"),
        (owner, "/v1/account/this-computer"),
    ):
        refused = await client.delete(path)
        assert (refused.status_code, kind(refused)) == (409, "last-way-in")
    assert (await sign_in(runner)).status_code == 200


async def test_the_owner_becomes_a_member(
    app: FastAPI, owner: httpx2.AsyncClient, database: Database, clock: HeldClock
) -> None:
    assert kind(await set_password(owner, PASSWORD)) == "no-email"
    clock.advance(601)
    assert (await owner.post("/v1/auth/confirm", json={})).status_code == 204
    assert (await take_address(app, owner, EMAIL)).status_code == 204
    assert (await set_password(owner, PASSWORD)).status_code == 204
    assert (await owner.delete("/v1/account/this-computer")).status_code == 204
    session = await sign_in(owner)
    assert session.json()["account"]["kind"] == "member"
    owner.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
    ways = (await owner.get("/v1/account/ways-in")).json()
    assert ways == {
        "email": EMAIL,
        "email_verified": True,
        "has_password": True,
        "passkeys": [],
        "totp": {"is_on": False, "recovery_codes_left": 0},
        "this_computer": False,
    }
    async with database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(identities)) == 1
    # Sitting here is no proof any more.
    assert kind(await owner.post("/v1/auth/confirm", json={})) == "not-owner"
    doors = (await owner.get("/v1/auth/state")).json()
    assert (doors["has_owner"], doors["this_computer"]) == (False, False)
    # A second owner would find none of their runs; also when the log of then is forgotten.
    async with database.write() as tx:
        await forget_old(tx, clock() + 2 * KEPT_FOR)
    async with make_client(app) as there:
        refused = await there.post("/v1/auth/this-computer", json={})
    assert (refused.status_code, kind(refused)) == (403, "computer-closed")


async def test_a_new_address_counts_once_its_mail_was_read(
    app: FastAPI, runner: httpx2.AsyncClient
) -> None:
    asked = await runner.post("/v1/account/email", json={"email": NEW})
    told = {"change_id": asked.json()["change_id"], "code": "0000 000x"}
    assert kind(await runner.post("/v1/account/email/verify", json=told)) == "wrong-code"
    assert (await sign_in(runner, email=NEW)).status_code == 401
    told["code"] = await code_for(app, NEW)
    assert (await runner.post("/v1/account/email/verify", json=told)).status_code == 204
    assert (await sign_in(runner, email=NEW)).status_code == 200
    assert (await sign_in(runner)).status_code == 401
    assert "was changed" in (await mails_to(app, EMAIL))[0].subject


async def test_an_address_of_somebody_else_is_answered_alike_and_stays_theirs(
    app: FastAPI, runner: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    answers = []
    for email in (EMAIL, NEW):
        asked = await owner.post("/v1/account/email", json={"email": email})
        told = {"change_id": asked.json()["change_id"], "code": "1234 5678"}
        refused = await owner.post("/v1/account/email/verify", json=told)
        answers.append((asked.status_code, asked.json().keys(), refused.content))
    assert answers[0] == answers[1]
    assert "belongs to another account" in (await mails_to(app, EMAIL))[0].text


async def test_a_code_of_somebody_else_changes_nothing(
    app: FastAPI, runner: httpx2.AsyncClient, owner: httpx2.AsyncClient
) -> None:
    asked = await owner.post("/v1/account/email", json={"email": NEW})
    told = {"change_id": asked.json()["change_id"], "code": await code_for(app, NEW)}
    assert kind(await runner.post("/v1/account/email/verify", json=told)) == "wrong-code"
    assert (await owner.get("/v1/profile")).json()["email"] is None


async def test_the_demo_runner_is_nobodys_to_take(app: FastAPI, database: Database) -> None:
    client = await signed_in_client(app, await make_account(database, "demo"))
    refused = await client.post("/v1/account/email", json={"email": NEW})
    assert (refused.status_code, kind(refused)) == (403, "demo")
    await client.aclose()
