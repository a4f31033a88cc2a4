"""A sign-in that ends while its request waits for its turn changes nothing any more."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import personal_tokens, sign_ins
from beatrunner.devices import api as devices_api
from beatrunner.devices.pairing import Pairing
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.privacy import data_api
from beatrunner.privacy.erasing import AccountEraser, Places
from tests.conftest import HeldClock
from tests.identity.factors.runner import PASSWORD, Runner, make_runner
from tests.identity.factors.soft_passkey import SoftPasskey
from tests.identity.mails import OTHER_PASSWORD
from tests.web.client import RING, make_app, signed_in_client


class HeldList:
    """A list of stolen passwords that takes its time."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def holds(self, password: str) -> bool:
        self.asked.set()
        await self.may_answer.wait()
        return False


@pytest.fixture
def held() -> HeldList:
    return HeldList()


@pytest.fixture
def app(database: Database, clock: HeldClock, held: HeldList, tmp_path: Path) -> FastAPI:
    places = Places(tmp_path, tmp_path, tmp_path)
    budgets = AttemptBudgets(database, RING, clock, 1000)
    return make_app(
        database,
        clock,
        routers=[devices_api.router, data_api.router],
        provided=[
            Pairing(database, clock, RING, budgets),
            AccountEraser(database, FolderBlobStore(tmp_path), places, clock, timedelta(days=14)),
        ],
        stolen=held,
    )


@pytest.fixture
async def runner(app: FastAPI, database: Database, clock: HeldClock) -> Runner:
    return await make_runner(app, database, clock)


async def set_password(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.put("/v1/account/password", json={"password": OTHER_PASSWORD})


async def make_token(client: httpx2.AsyncClient) -> httpx2.Response:
    return await client.post("/v1/account/tokens", json={"name": "x", "scopes": ["read"]})


async def test_a_password_that_waits_to_be_hashed_is_not_set(
    app: FastAPI, runner: Runner, held: HeldList
) -> None:
    async with await signed_in_client(app, runner.account_id) as owner:
        change = asyncio.create_task(set_password(runner.client))
        await held.asked.wait()
        assert (await owner.delete("/v1/account/sign-ins")).status_code == 204
        held.may_answer.set()
        assert (await change).status_code == 401
        assert (await owner.get("/v1/profile")).status_code == 200
    assert (await runner.sign_in()).status_code == 200
    assert "password_changed" not in await runner.events()


async def test_no_token_is_made_behind_an_erasure(
    app: FastAPI, runner: Runner, database: Database
) -> None:
    async with await signed_in_client(app, runner.account_id) as thief:
        # From now on it is remembered that this sign-in is alive.
        assert (await thief.get("/v1/profile")).status_code == 200
        assert (await runner.client.post("/v1/account/erasure", json={})).status_code == 202
        assert (await make_token(thief)).status_code == 401
    async with database.read() as tx:
        assert (await tx.execute(select(personal_tokens))).all() == []


async def test_whatever_changes_how_one_signs_in_asks_again(
    runner: Runner, database: Database, clock: HeldClock
) -> None:
    async def set_ended(is_ended: bool) -> None:
        """In the database alone, as another process does."""
        async with database.write() as tx:
            await tx.execute(update(sign_ins).values(ended_at=clock() if is_ended else None))

    passkey = SoftPasskey().make(await runner.passkey_options())
    change = {"change_id": str(uuid4()), "code": "1234 5678"}
    requests: list[tuple[str, str, dict[str, Any] | None]] = [
        ("DELETE", "/v1/account/password", None),
        ("DELETE", "/v1/account/this-computer", None),
        ("POST", "/v1/account/email", {"email": "new@example.com"}),
        ("POST", "/v1/account/email/verify", change),
        ("POST", "/v1/account/passkeys", {"credential": passkey, "label": "Phone"}),
        ("DELETE", f"/v1/account/passkeys/{UUID(int=1)}", None),
        ("POST", "/v1/account/totp", {}),
        ("POST", "/v1/account/totp/confirm", {"code": "123456"}),
        ("DELETE", "/v1/account/totp", None),
        ("POST", "/v1/account/recovery-codes", {}),
        ("POST", "/v1/auth/confirm", {"password": PASSWORD}),
        ("POST", "/v1/account/tokens", {"name": "x", "scopes": ["read"]}),
        ("DELETE", f"/v1/account/tokens/{UUID(int=1)}", None),
        ("DELETE", "/v1/account/sign-ins", None),
        ("DELETE", f"/v1/account/sign-ins/{UUID(int=1)}", None),
        ("POST", "/v1/devices/pairing-codes", {}),
        ("POST", "/v1/account/erasure", {}),
    ]
    events = await runner.events()
    for method, path, body in requests:
        await set_ended(False)
        assert (await runner.client.get("/v1/profile")).status_code == 200
        await set_ended(True)
        refused = await runner.client.request(method, path, json=body)
        assert refused.status_code == 401, path
    assert await runner.events() == events


async def test_of_those_who_end_each_other_one_is_left(
    app: FastAPI, runner: Runner, held: HeldList
) -> None:
    held.may_answer.set()
    clients = [await signed_in_client(app, runner.account_id) for _ in range(6)]
    for client in clients:
        assert (await client.get("/v1/profile")).status_code == 200
    answers = await asyncio.gather(
        *(set_password(client) for client in clients[:3]),
        *(client.delete("/v1/account/sign-ins") for client in clients[3:]),
    )
    assert sorted(answer.status_code for answer in answers) == [204] + 5 * [401]
    for client in (*clients, runner.client):
        await client.aclose()
