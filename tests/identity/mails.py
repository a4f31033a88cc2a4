"""People who read their mail, in tests."""

from __future__ import annotations

import re

import httpx2
from fastapi import FastAPI

from beatrunner.kit.post import Mail, Outbox, Post

PASSWORD = "seven foxes run home at dawn"
OTHER_PASSWORD = "eight owls fly out at dusk"
EMAIL = "runner@example.com"


async def mails_to(app: FastAPI, address: str) -> list[Mail]:
    """The newest first, once all have left."""
    found = app.state.provided
    await found[Post].afterwards.settle(5.0)
    outbox: Outbox = found[Outbox]
    return [kept.mail for kept in outbox.mails if kept.mail.to == address]


async def code_for(app: FastAPI, address: str) -> str:
    """That of the newest mail."""
    return code_in((await mails_to(app, address))[0].text)


def code_in(text: str) -> str:
    """As it stands in a mail."""
    (code,) = re.findall(r"^    (\d{4} \d{4})$", text, re.MULTILINE)
    return str(code)


async def register(
    app: FastAPI, client: httpx2.AsyncClient, email: str = EMAIL, password: str = PASSWORD
) -> httpx2.Response:
    """Ask for an account, read the code and send it; the client is signed in then."""
    wish = {"email": email, "password": password, "display_name": "Rae"}
    asked = await client.post("/v1/auth/register", json=wish)
    assert asked.status_code == 202, asked.text
    told = {
        "registration_id": asked.json()["registration_id"],
        "code": await code_for(app, email.casefold()),
    }
    made = await client.post("/v1/auth/register/verify", json=told)
    assert made.status_code == 200, made.text
    client.headers["Authorization"] = f"Bearer {made.json()['access_token']}"
    return made


async def sign_in(
    client: httpx2.AsyncClient, email: str = EMAIL, password: str = PASSWORD
) -> httpx2.Response:
    return await client.post("/v1/auth/sign-in", json={"email": email, "password": password})
