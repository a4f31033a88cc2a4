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
from sqlalchemy import select

from beatrunner.accounts.sign_ins import SignIns
from beatrunner.db.catalogue import all_tables
from beatrunner.db.engine import Database
from beatrunner.kit.keyring import secret_file
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import LogFormat, Settings
from beatrunner.web.app import create_app
from beatrunner.wiring import build_server
from tests.conftest import make_account
from tests.web.client import signed_in_client

PASSWORD, WRONG_PASSWORD = "k4n4ry password of mine", "k4n4ry password that is wrong"
STORED, LOGGED = "A name that is stored", "/v1/a-path-that-is-logged"
COOKIE = "beatrunner_refresh"


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


async def plant_factor(client: httpx2.AsyncClient) -> list[str]:
    seed = (await client.post("/v1/account/totp", json={})).json()["secret"]
    typed = pyotp.TOTP(seed).now()
    await client.post("/v1/account/totp/confirm", json={"code": typed})
    await client.post("/v1/auth/second-factor", json={"ticket": "k4n4ry-ticket", "code": typed})
    return [seed, "k4n4ry-ticket"]


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
    app = create_app(parts.routers, parts.provided, settings)
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
            told = await plant(client)
        stored = await dump(parts.database)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        await parts.database.close()
    stored += files_of(tmp_path)
    assert STORED.encode() in stored
    assert LOGGED in logged.getvalue()
    for canary in told:
        assert len(canary) >= 8
        assert canary not in logged.getvalue()
        assert canary.encode() not in stored
    assert base64.b32decode(told[-2]) not in stored
    assert secret_file(settings).read_bytes() not in stored
