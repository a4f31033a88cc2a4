"""No log and no database has a secret in it: known ones go through real requests, and are sought.

One that may be stored and one that may be logged are planted too, or the search could be blind.
"""

from __future__ import annotations

import base64
import io
import logging
from pathlib import Path

import httpx2
import pyotp
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import select
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from beatrunner.accounts.sign_ins import SignIns
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.kit.keyring import secret_file
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import build_server
from tests.conftest import make_account
from tests.identity.factors.soft_passkey import ORIGIN, SoftPasskey
from tests.identity.mails import code_for
from tests.web.client import make_client, signed_in_client

PASSWORD, WRONG_PASSWORD = "k4n4ry password of mine", "k4n4ry password that is wrong"
STORED, LOGGED = "A name that is stored", "/v1/a-path-that-is-logged"
COOKIE = "beatrunner_refresh"
NEW_PASSWORD, IN_A_VARIABLE, IN_A_FRAME = "k4n4ry password anew", "k4n4ry variable", "k4n4ry frame"

router = APIRouter()


@router.post("/v1/breaks")
async def breaks(body: dict[str, str]) -> None:
    password = body["password"] + IN_A_VARIABLE
    raise RuntimeError(f"{len(password)} characters went wrong")


async def plant(client: httpx2.AsyncClient) -> list[str]:
    """Secrets that were told or handed out, by the client of somebody signed in."""
    told = [PASSWORD, WRONG_PASSWORD, client.headers["Authorization"].removeprefix("Bearer ")]
    address = "mia@example.org"
    new = {"email": address, "password": PASSWORD, "display_name": "Mia"}
    assert (await client.post("/v1/auth/register", json=new)).status_code == 202
    for password in (PASSWORD, WRONG_PASSWORD):
        await client.post("/v1/auth/sign-in", json={"email": address, "password": password})
    assert (await client.patch("/v1/profile", json={"display_name": STORED})).status_code == 200
    here = await client.post("/v1/auth/this-computer", json={})
    told += [here.json()["access_token"], here.cookies[COOKIE]]
    again = await client.post("/v1/auth/refresh")
    told += [again.json()["access_token"], again.cookies[COOKIE]]
    client.headers["Authorization"] = f"Bearer {again.json()['access_token']}"
    script = {"name": "A script", "scopes": ["read"]}
    made = await client.post("/v1/account/tokens", json=script)
    told.append(made.json()["token"])
    await client.get("/v1/activities", headers={"Authorization": f"Bearer {told[-1]}"})
    code = (await client.post("/v1/devices/pairing-codes", json={})).json()["code"]
    told += [code, code.replace("-", "")]
    await client.get(LOGGED, params={"token": told[-1]})
    await client.get("/v1/profile", headers={"Authorization": f"Bearer {told[2]}x"})
    return told + await plant_factor(client)


async def plant_mailed(app: FastAPI, client: httpx2.AsyncClient) -> list[str]:
    """Codes that came by mail, each used: of an account, a new password, and a new address."""
    wish = {"email": "kim@example.org", "password": PASSWORD, "display_name": "Kim"}
    asked = (await client.post("/v1/auth/register", json=wish)).json()
    codes = [await code_for(app, "kim@example.org")]
    known = {"registration_id": asked["registration_id"], "code": codes[0]}
    made = await client.post("/v1/auth/register/verify", json=known)
    bearer = {"Authorization": f"Bearer {made.json()['access_token']}"}
    change = await client.post(
        "/v1/account/email", json={"email": "kim@example.net"}, headers=bearer
    )
    codes.append(await code_for(app, "kim@example.net"))
    known = {"change_id": change.json()["change_id"], "code": codes[1]}
    changed = await client.post("/v1/account/email/verify", json=known, headers=bearer)
    assert changed.is_success, changed.text
    reset = await client.post("/v1/auth/password-reset", json={"email": "kim@example.net"})
    codes.append(await code_for(app, "kim@example.net"))
    known = {"reset_id": reset.json()["reset_id"], "code": codes[2], "password": NEW_PASSWORD}
    assert (await client.post("/v1/auth/password-reset/finish", json=known)).status_code == 204
    told = [made.json()["access_token"], made.cookies[COOKIE], NEW_PASSWORD]
    return told + codes + [code.replace(" ", "") for code in codes]


async def plant_passkey(app: FastAPI) -> list[str]:
    """What passkeys were asked to sign: by one that answers, and by one that nobody knows."""
    async with make_client(app, base_url=ORIGIN) as browser:
        here = (await browser.post("/v1/auth/this-computer", json={})).json()
        bearer = {"Authorization": f"Bearer {here['access_token']}"}
        asked = await browser.post("/v1/account/passkeys/options", json={}, headers=bearer)
        new = asked.json()["options"]
        credential = {"credential": SoftPasskey().make(new), "label": "A telephone"}
        made = await browser.post("/v1/account/passkeys", json=credential, headers=bearer)
        assert made.is_success, made.text
        wanted = (await browser.post("/v1/auth/passkey/options", json={})).json()["options"]
        used = {"credential": SoftPasskey().use(wanted)}
        assert (await browser.post("/v1/auth/passkey", json=used)).status_code == 401
        unused = (await browser.post("/v1/auth/passkey/options", json={})).json()["options"]
    return [each["challenge"] for each in (new, wanted, unused)]


async def plant_errors(client: httpx2.AsyncClient) -> list[str]:
    """In a traceback, and in what a socket says first."""
    broken = await client.post("/v1/breaks", json={"password": PASSWORD})
    assert broken.status_code == 500
    for name in ("uvicorn.error", "websockets.client"):
        socket = Protocol(Side.SERVER, state=State.OPEN, logger=logging.getLogger(name))
        socket.send_text(IN_A_FRAME.encode())
        hello = Frame(Opcode.TEXT, IN_A_FRAME.encode()).serialize(mask=True)
        socket.receive_data(hello)
    return [IN_A_VARIABLE, IN_A_FRAME]


async def plant_factor(client: httpx2.AsyncClient) -> list[str]:
    seed = (await client.post("/v1/account/totp", json={})).json()["secret"]
    typed = pyotp.TOTP(seed).now()
    on = await client.post("/v1/account/totp/confirm", json={"code": typed})
    codes: list[str] = on.json()["recovery_codes"]
    await client.post("/v1/auth/second-factor", json={"ticket": "k4n4ry-ticket", "code": typed})
    told = ["k4n4ry-ticket", *codes, *(code.replace("-", "") for code in codes)]
    return [*told, seed]


async def dump(database: Database) -> bytes:
    """Every value of every row, texts and bytes as they are."""
    parts = []
    async with database.read() as tx:
        for table in all_tables():
            for row in await tx.execute(select(table)):
                parts += [
                    value if isinstance(value, bytes) else str(value).encode() for value in row
                ]
    return b"\n".join(parts)


def files_of(folder: Path) -> bytes:
    """What SQLite has written, deleted rows among it."""
    return b"".join(file.read_bytes() for file in folder.glob("beatrunner.db*"))


@pytest.mark.parametrize("log_format", list(LogFormat))
async def test_no_canary_sings(
    database_address: str, tmp_path: Path, log_format: LogFormat
) -> None:
    settings = Settings(database_url=database_address, data_dir=tmp_path / "data")
    parts = build_server(settings)
    app = create_app([*parts.routers, router], parts.provided, settings)
    assert SignIns in app.state.provided
    logged = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs(log_format, "DEBUG")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(logged)
        async with await signed_in_client(app, await make_account(parts.database)) as client:
            told = await plant_mailed(app, client)
            told += await plant_passkey(app)
            told += await plant_errors(client)
            told += await plant(client)
        stored = await dump(parts.database)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        await parts.database.close()
    stored += files_of(tmp_path)
    assert STORED.encode() in stored
    assert LOGGED in logged.getvalue()
    assert "characters went wrong" in logged.getvalue()
    for canary in told:
        assert len(canary) >= 8
        assert canary not in logged.getvalue()
        assert canary.encode() not in stored
    assert base64.b32decode(told[-1]) not in stored
    assert secret_file(settings).read_bytes() not in stored
