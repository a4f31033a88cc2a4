from __future__ import annotations

import asyncio
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import registrations
from beatrunner.db.tables import accounts
from beatrunner.kit.settings import Registration, Settings
from tests.conftest import HeldClock
from tests.identity.mails import EMAIL, OTHER_PASSWORD, PASSWORD, code_for, mails_to, sign_in
from tests.identity.mails import register as register_wholly
from tests.web.client import make_app, make_client

WISH = {"email": EMAIL, "password": PASSWORD, "display_name": "Rae"}


async def ask(client: httpx2.AsyncClient, **changes: str) -> str:
    asked = await client.post("/v1/auth/register", json={**WISH, **changes})
    assert asked.status_code == 202, asked.text
    return str(asked.json()["registration_id"])


async def verify(client: httpx2.AsyncClient, registration_id: str, code: str) -> httpx2.Response:
    told = {"registration_id": registration_id, "code": code}
    return await client.post("/v1/auth/register/verify", json=told)


def kind(refused: httpx2.Response) -> str:
    assert refused.status_code in (403, 409), refused.text
    return str(refused.json()["type"]).removeprefix("/problems/")


async def count_accounts(database: Database) -> int:
    async with database.read() as tx:
        return len((await tx.execute(select(accounts.c.id))).all())


async def test_the_mailed_code_makes_the_account(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    async with make_client(app, peer="203.0.113.9") as client:
        registration_id = await ask(client, email="Runner@Example.com")
        code = await code_for(app, EMAIL)
        assert await count_accounts(database) == 0
        assert (await sign_in(client)).status_code == 401
        made = await verify(client, registration_id, code.replace(" ", "-"))
        assert made.status_code == 200, made.text
        account = made.json()["account"]
        assert (account["kind"], account["email"]) == ("member", EMAIL)
        async with database.read() as tx:
            verified_at = await tx.scalar(select(accounts.c.email_verified_at))
            assert (await tx.execute(select(registrations.c.id))).first() is None
        assert verified_at == clock()
        assert (await sign_in(client, email="RUNNER@example.com")).status_code == 200
        # A code is good once.
        assert kind(await verify(client, registration_id, code)) == "wrong-code"


async def test_neither_answers_nor_rows_tell_which_addresses_are_known(
    app: FastAPI, database: Database
) -> None:
    async with make_client(app) as client:
        await register_wholly(app, client)
        essences = []
        for email in (EMAIL, "new@example.com"):
            asked = await client.post(
                "/v1/auth/register", json={**WISH, "email": email, "password": OTHER_PASSWORD}
            )
            wrong = await verify(client, asked.json()["registration_id"], "0000 0000")
            essences.append(
                [asked.status_code, asked.json().keys(), asked.json()["expires_at"], wrong.content]
            )
        assert essences[0] == essences[1]
        async with database.read() as tx:
            rows = (await tx.execute(select(registrations))).all()
        assert len(rows) == 2
        assert {len(row.code_hash) for row in rows} == {64}
        assert "already" in (await mails_to(app, EMAIL))[0].text
        # Registering again has changed nothing.
        assert (await sign_in(client)).status_code == 200
        assert (await sign_in(client, password=OTHER_PASSWORD)).status_code == 401


async def test_the_code_is_of_no_use_without_the_page_that_asked(app: FastAPI) -> None:
    """Somebody asks with a stranger's address and a password of their own, and waits."""
    async with make_client(app) as villain, make_client(app) as victim:
        theirs = await ask(villain, password=OTHER_PASSWORD)
        stolen = await code_for(app, EMAIL)
        own = await ask(victim)
        code = await code_for(app, EMAIL)
        assert kind(await verify(victim, own, stolen)) == "wrong-code"
        assert kind(await verify(villain, theirs, code)) == "wrong-code"
        assert (await verify(victim, own, code)).status_code == 200
        # With the account, what waited for its address is gone.
        assert kind(await verify(villain, theirs, stolen)) == "wrong-code"
        assert (await sign_in(villain, password=OTHER_PASSWORD)).status_code == 401


async def test_five_tries_and_no_more(app: FastAPI, database: Database) -> None:
    async with make_client(app) as client:
        registration_id = await ask(client)
        code = await code_for(app, EMAIL)
        wrong = "1234 5678" if code != "1234 5678" else "8765 4321"
        for _ in range(5):
            assert kind(await verify(client, registration_id, wrong)) == "wrong-code"
        assert kind(await verify(client, registration_id, code)) == "wrong-code"
        assert await count_accounts(database) == 0


async def test_guesses_at_once_are_all_counted(app: FastAPI, database: Database) -> None:
    async with make_client(app) as client:
        registration_id = await ask(client)
        await asyncio.gather(*(verify(client, registration_id, f"{guess}") for guess in range(12)))
        async with database.read() as tx:
            assert await tx.scalar(select(registrations.c.tries)) == 5
        code = await code_for(app, EMAIL)
        assert kind(await verify(client, registration_id, code)) == "wrong-code"


async def test_the_right_code_sent_many_times_at_once_makes_one_account(
    app: FastAPI, database: Database
) -> None:
    async with make_client(app) as client:
        registration_id = await ask(client)
        code = await code_for(app, EMAIL)
        answers = await asyncio.gather(*(verify(client, registration_id, code) for _ in range(20)))
        assert [answer.status_code for answer in answers].count(200) == 1
        assert await count_accounts(database) == 1


async def test_a_code_runs_out_and_its_row_is_swept(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    async with make_client(app) as client:
        registration_id = await ask(client)
        code = await code_for(app, EMAIL)
        clock.advance(15 * 60)
        assert kind(await verify(client, registration_id, code)) == "wrong-code"
        other = await ask(client, email="other@example.com")
        async with database.read() as tx:
            ids = (await tx.scalars(select(registrations.c.id))).all()
        assert [str(found) for found in ids] == [other]


@pytest.mark.parametrize("code", ["", "x" * 32, "\u0661\u0662\u0663\u0664", "\0", "12345678 or 1"])
async def test_whatever_is_no_code_is_wrong(app: FastAPI, code: str) -> None:
    async with make_client(app) as client:
        assert kind(await verify(client, await ask(client), code)) == "wrong-code"
        assert kind(await verify(client, str(uuid4()), code)) == "wrong-code"


async def test_one_mailbox_gets_so_many_mails_and_no_more(
    database: Database, clock: HeldClock
) -> None:
    app = make_app(database, clock, settings=Settings(mails_per_hour=2))
    async with make_client(app) as client:
        for _ in range(2):
            await ask(client)
        refused = await client.post("/v1/auth/register", json=WISH)
        assert refused.status_code == 429
        # A reset pays from the same purse, known or not.
        refused = await client.post("/v1/auth/password-reset", json={"email": EMAIL})
        assert refused.status_code == 429
        assert len(await mails_to(app, EMAIL)) == 2
        clock.advance(3601)
        await ask(client)


async def test_registration_can_be_closed(database: Database, clock: HeldClock) -> None:
    app = make_app(database, clock, settings=Settings(registration=Registration.CLOSED))
    async with make_client(app) as client:
        refused = await client.post("/v1/auth/register", json=WISH)
        assert kind(refused) == "registration-closed"
        assert not (await client.get("/v1/auth/state")).json()["registration"]
    assert await count_accounts(database) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "not an address"},
        {"email": "a@example.com\r\nBcc: b@example.com"},
        {"email": None},
        {"password": "short"},
        {"password": "x" * 1025},
        {"display_name": "   "},
        {"display_name": "x" * 101},
        {"kind": "owner"},
    ],
)
async def test_a_bad_registration_is_refused_without_repeating_it(
    app: FastAPI, changes: dict[str, str]
) -> None:
    async with make_client(app) as client:
        refused = await client.post("/v1/auth/register", json={**WISH, **changes})
        assert refused.status_code == 422
        assert PASSWORD not in refused.text
        assert "x" * 50 not in refused.text
