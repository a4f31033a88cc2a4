"""A runner with an address and a password, and a browser at `localhost`, where passkeys work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pyotp
from fastapi import FastAPI
from sqlalchemy import insert, select

from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import identities, security_events
from beatrunner.db.tables import accounts
from beatrunner.identity.factors.totp import STEP_S
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock
from tests.identity.factors.soft_passkey import ORIGIN, SoftPasskey
from tests.web.client import make_client, signed_in_client

PASSWORD = "seven foxes run home at dawn"


@dataclass
class Runner:
    app: FastAPI
    database: Database
    clock: HeldClock
    account_id: UUID
    email: str
    #: Signed in.
    client: httpx2.AsyncClient
    seed: str = ""

    async def turn_totp_on(self) -> list[str]:
        """Its recovery codes. The code of now is used up by this."""
        made = await self.client.post("/v1/account/totp", json={})
        assert made.status_code == 200, made.text
        self.seed = made.json()["secret"]
        answer = await self.client.post("/v1/account/totp/confirm", json={"code": self.code()})
        assert answer.status_code == 200, answer.text
        codes: list[str] = answer.json()["recovery_codes"]
        return codes

    def code(self, steps: int = 0) -> str:
        present = int(self.clock().timestamp()) // STEP_S
        return pyotp.TOTP(self.seed).generate_otp(present + steps)

    async def sign_in(self) -> httpx2.Response:
        async with make_client(self.app, base_url=ORIGIN) as stranger:
            credentials = {"email": self.email, "password": PASSWORD}
            return await stranger.post("/v1/auth/sign-in", json=credentials)

    async def ticket(self) -> str:
        answer = await self.sign_in()
        assert answer.status_code == 202, answer.text
        ticket: str = answer.json()["ticket"]
        return ticket

    async def second_factor(self, ticket: str, code: str) -> httpx2.Response:
        async with make_client(self.app, base_url=ORIGIN) as stranger:
            body = {"ticket": ticket, "code": code}
            return await stranger.post("/v1/auth/second-factor", json=body)

    async def set_password(self, password: str) -> httpx2.Response:
        return await self.client.put("/v1/account/password", json={"password": password})

    async def add_passkey(self, passkey: SoftPasskey) -> httpx2.Response:
        options = await self.passkey_options()
        return await self.add_credential(passkey.make(options))

    async def passkey_options(self) -> dict[str, Any]:
        answer = await self.client.post("/v1/account/passkeys/options", json={})
        assert answer.status_code == 200, answer.text
        options: dict[str, Any] = answer.json()["options"]
        return options

    async def add_credential(self, credential: dict[str, Any]) -> httpx2.Response:
        body = {"credential": credential, "label": "Phone"}
        return await self.client.post("/v1/account/passkeys", json=body)

    async def events(self) -> list[str]:
        """What the runner can read happened, in order."""
        async with self.database.read() as tx:
            rows = await tx.execute(
                select(security_events.c.kind)
                .where(security_events.c.account_id == self.account_id)
                .order_by(security_events.c.id)
            )
            return list(rows.scalars())


async def make_runner(
    app: FastAPI,
    database: Database,
    clock: HeldClock,
    email: str = "rae@example.org",
    *,
    is_long: bool = True,
) -> Runner:
    account_id, now = new_id(), clock()
    password_hash = await PasswordHasher(1).hash(PASSWORD)
    async with database.write() as tx:
        await tx.execute(
            insert(accounts).values(
                id=account_id, kind="member", email=email, display_name="Rae", created_at=now
            )
        )
        await tx.execute(
            insert(identities).values(
                id=new_id(),
                account_id=account_id,
                kind="password",
                subject=account_id.hex,
                verifier=password_hash,
                detail={"is_long": is_long},
                created_at=now,
            )
        )
    client = await signed_in_client(app, account_id)
    client.base_url = httpx2.URL(ORIGIN)
    return Runner(app, database, clock, account_id, email, client)


async def passkey_sign_in(
    app: FastAPI, passkey: SoftPasskey, *, options: dict[str, Any] | None = None
) -> httpx2.Response:
    async with make_client(app, base_url=ORIGIN) as stranger:
        return await use_credential(stranger, passkey.use(options or await sign_in_options(app)))


async def sign_in_options(app: FastAPI) -> dict[str, Any]:
    async with make_client(app, base_url=ORIGIN) as stranger:
        answer = await stranger.post("/v1/auth/passkey/options", json={})
    assert answer.status_code == 200, answer.text
    options: dict[str, Any] = answer.json()["options"]
    return options


async def use_credential(client: httpx2.AsyncClient, credential: dict[str, Any]) -> httpx2.Response:
    return await client.post("/v1/auth/passkey", json={"credential": credential})


def kind_of(answer: httpx2.Response) -> str:
    """Of a problem."""
    kind: str = answer.json()["type"]
    return kind.removeprefix("/problems/")
