"""Who is counted as what, and what they are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from beatrunner.accounts.personal_tokens import PersonalTokens, Scope
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, make_client, signed_in_client

QUOTA = 3
AWAY = "198.51.100.7"
SETTINGS = Settings(allowed_hosts=("127.0.0.1:8000",), requests_per_hour=QUOTA, imports_per_hour=1)


@pytest.fixture
def app(database: Database, clock: HeldClock) -> FastAPI:
    return make_app(database, clock, settings=SETTINGS)


async def test_an_account_has_its_quota_and_is_told_what_is_left(
    app: FastAPI, account_id: UUID
) -> None:
    async with await signed_in_client(app, account_id) as client:
        for left in (2, 1, 0):
            answer = await client.get("/v1/profile")
            assert answer.status_code == 200
            assert answer.headers["RateLimit-Policy"] == '"account";q=3;w=3600'
            assert answer.headers["RateLimit"] == f'"account";r={left};t=3600'
        # Whatever it asks for.
        refused = await client.post("/v1/nothing", content=b"{")
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["RateLimit"] == '"account";r=0;t=3600'
    assert refused.headers["Retry-After"] == "3600"
    assert refused.json()["type"] == "/problems/quota-exceeded"
    assert refused.json()["violated-policies"] == ["account"]
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


async def test_accounts_do_not_share(app: FastAPI, database: Database, account_id: UUID) -> None:
    other_id = await make_account(database)
    async with await signed_in_client(app, account_id) as client:
        for _ in range(QUOTA + 1):
            await client.get("/v1/profile")
    async with await signed_in_client(app, other_id) as client:
        assert (await client.get("/v1/profile")).status_code == 200


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic dGVzdA==", "Bearer"])
async def test_nobody_counts_as_their_network(app: FastAPI, authorization: str) -> None:
    headers = {"Authorization": authorization}
    async with make_client(app, peer="2001:db8::1") as client:
        for _ in range(10 * QUOTA):
            answer = await client.get("/v1/profile", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["RateLimit-Policy"] == '"network";q=30;w=3600'
    async with make_client(app, peer="2001:db8::2") as neighbour:
        assert (await neighbour.get("/v1/auth/state")).status_code == 429
    async with make_client(app, peer="2001:db8:0:1::1") as stranger:
        assert (await stranger.get("/v1/auth/state")).status_code == 200


async def test_the_demo_runner_counts_as_whoever_came_by(app: FastAPI, database: Database) -> None:
    async with await signed_in_client(app, await make_account(database, "demo")) as client:
        answer = await client.get("/v1/profile")
    assert answer.headers["RateLimit-Policy"].startswith('"network"')


async def test_a_script_counts_as_who_gave_it_its_token(
    app: FastAPI, database: Database, account_id: UUID
) -> None:
    tokens: PersonalTokens = app.state.provided[PersonalTokens]
    async with database.write() as tx:
        made = await tokens.make(tx, account_id, "Script", [Scope.READ], None, Caller("", {}))
    async with make_client(app, peer=AWAY) as script:
        script.headers["Authorization"] = f"Bearer {made.token}"
        answer = await script.get("/v1/account/tokens")
        assert answer.status_code == 403
        assert answer.headers["RateLimit"].startswith('"account";r=2;')
    async with await signed_in_client(app, account_id) as client:
        assert "r=1;" in (await client.get("/v1/profile")).headers["RateLimit"]


async def test_spaces_before_a_token_make_nobody_a_stranger(app: FastAPI, account_id: UUID) -> None:
    async with await signed_in_client(app, account_id) as client:
        token = client.headers["Authorization"].split()[1]
        for space in (" ", "  ", "    "):
            answer = await client.get(
                "/v1/profile", headers={"Authorization": f"Bearer{space}{token}"}
            )
            assert answer.status_code == 200
        assert answer.headers["RateLimit"].startswith('"account";r=0;')


async def test_a_revoked_token_costs_its_runner_one_request_at_most(
    app: FastAPI, database: Database, account_id: UUID
) -> None:
    tokens: PersonalTokens = app.state.provided[PersonalTokens]
    caller = Caller("", {})
    async with database.write() as tx:
        made = await tokens.make(tx, account_id, "Script", [Scope.READ], None, caller)
    async with make_client(app, peer=AWAY) as script:
        script.headers["Authorization"] = f"Bearer {made.token}"
        assert (await script.get("/v1/nothing")).headers["RateLimit"].startswith('"account";r=2;')
        async with database.write() as tx:
            await tokens.revoke_all(tx, account_id, caller)
        counted = [(await script.get("/v1/profile")).headers["RateLimit"] for _ in range(3)]
    assert [rule.partition(";")[0] for rule in counted] == ['"account"', '"network"', '"network"']


async def test_handing_in_has_a_budget_besides(app: FastAPI, account_id: UUID) -> None:
    async with await signed_in_client(app, account_id) as client:
        first = await client.post("/v1/activities/imports")
        assert first.headers["RateLimit"] == '"account";r=2;t=3600, "imports";r=0;t=3600'
        second = await client.post("/v1/music/imports")
        assert second.status_code == 429
        assert second.json()["violated-policies"] == ["imports"]
        # What was refused has cost nothing.
        assert "r=1;" in (await client.get("/v1/profile")).headers["RateLimit"]


async def test_files_health_and_who_sits_here_are_not_counted(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    async with make_client(app, peer=AWAY) as client:
        for path in ("/health", "/metrics", "/favicon.svg", "/runs"):
            assert "RateLimit" not in (await client.get(path)).headers
    at_home = make_app(database, clock, settings=Settings(requests_per_hour=1))
    async with make_client(at_home) as client:
        for _ in range(30):
            assert "RateLimit" not in (await client.get("/v1/auth/state")).headers
        # What a proxy sends comes from who knows where.
        proxied = await client.get("/v1/auth/state", headers={"X-Forwarded-For": AWAY})
    assert "RateLimit" in proxied.headers


async def test_nobody_is_kept_from_signing_out(app: FastAPI, account_id: UUID) -> None:
    async with await signed_in_client(app, account_id) as client:
        for _ in range(QUOTA + 1):
            answer = await client.get("/v1/profile")
        assert answer.status_code == 429
        left = await client.post("/v1/auth/sign-out")
        assert left.status_code == 204
        assert "RateLimit" not in left.headers


async def test_setting_the_clock_opens_nothing(app: FastAPI, clock: HeldClock) -> None:
    async def asked(client: httpx2.AsyncClient) -> int:
        return (await client.get("/v1/auth/state")).status_code

    async with make_client(app, peer=AWAY) as client:
        assert {await asked(client) for _ in range(10 * QUOTA)} == {200}
        for step_s in (7200, -14_400):
            clock.advance(step_s)
            assert await asked(client) == 429


async def test_a_body_is_not_read_before_it_is_counted(app: FastAPI, account_id: UUID) -> None:
    """Neither is what cannot be read let through uncounted."""
    async with await signed_in_client(app, account_id) as client:
        for left in (2, 1, 0):
            answer = await client.patch("/v1/profile", content=b"{" * 1000)
            assert answer.status_code == 422
            assert f"r={left};" in answer.headers["RateLimit"]

        async def endless() -> AsyncIterator[bytes]:
            raise AssertionError("it was read")
            yield b""

        refused = await client.post("/v1/activities/imports", content=endless())
    assert refused.status_code == 429
