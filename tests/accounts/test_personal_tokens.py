from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter
from sqlalchemy import select, update

from beatrunner.accounts.api import CurrentAccount, ImportingAccount, ReadingAccount
from beatrunner.accounts.personal_tokens import MOST_TOKENS, PersonalTokens, Scope
from beatrunner.accounts.sign_ins import TokenHolder
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import personal_tokens, security_events
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import ConflictError, NotSignedInError
from tests.accounts.access.test_api import kinds
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, make_client, signed_in_client

router = APIRouter()


@router.get("/read")
async def read(account: ReadingAccount) -> UUID:
    return account.account_id


@router.get("/import")
async def hand_in(account: ImportingAccount) -> UUID:
    return account.account_id


@router.get("/own")
async def own(account: CurrentAccount) -> UUID:
    return account.account_id


async def make_token(client: httpx2.AsyncClient, scopes: list[str], **more: Any) -> dict[str, str]:
    wanted = {"name": "Upload", "scopes": scopes, **more}
    made = await client.post("/v1/account/tokens", json=wanted)
    assert made.status_code == 201, made.text
    answer: dict[str, str] = made.json()
    return answer


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize(
    ("scopes", "let_in"),
    [
        (["read"], {"/read"}),
        (["imports"], {"/import"}),
        (["imports", "read"], {"/read", "/import"}),
    ],
)
async def test_a_token_does_what_its_scopes_say(
    database: Database, clock: HeldClock, account_id: UUID, scopes: list[str], let_in: set[str]
) -> None:
    app = make_app(database, clock, routers=[router])
    async with await signed_in_client(app, account_id) as owner, make_client(app) as script:
        token = (await make_token(owner, scopes))["token"]
        for path in ("/read", "/import", "/own", "/v1/profile", "/v1/account/tokens"):
            answer = await script.get(path, headers=bearer(token))
            if path in let_in:
                assert answer.json() == str(account_id)
            else:
                assert answer.status_code == 403, path
                assert answer.json()["type"] == "/problems/token-out-of-scope"
            # The owner themself may do all of it.
            assert (await owner.get(path)).is_success


async def test_a_token_is_shown_once_and_stored_hashed(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    app = make_app(database, clock)
    async with await signed_in_client(app, account_id) as owner:
        made = await make_token(
            owner,
            [
                "read",
                "imports",
            ],
            days=30,
        )
        assert made["token"].startswith("brt_")
        assert len(made["token"]) == 47
        listed = await owner.get("/v1/account/tokens")
        assert listed.json()["items"] == [
            {
                "id": made["id"],
                "name": "Upload",
                "scopes": ["imports", "read"],
                "created_at": "2026-03-01T06:30:00Z",
                "used_at": None,
                "expires_at": "2026-03-31T06:30:00Z",
            }
        ]
    async with database.read() as tx:
        (row,) = (await tx.execute(select(personal_tokens))).all()
    assert made["token"][4:] not in str(row)


async def test_a_token_ends_when_its_time_is_up_or_it_is_revoked_or_the_account_is_closed(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    app = make_app(database, clock, routers=[router])
    async with await signed_in_client(app, account_id) as owner, make_client(app) as script:
        revoked = await make_token(owner, ["read"])
        passing = (await make_token(owner, ["read"], days=1))["token"]
        closed = (await make_token(owner, ["read"]))["token"]
        await owner.delete(f"/v1/account/tokens/{revoked['id']}")
        clock.advance(86_399)
        assert (await script.get("/read", headers=bearer(revoked["token"]))).status_code == 401
        assert (await script.get("/read", headers=bearer(passing))).is_success
        clock.advance(1)
        assert (await script.get("/read", headers=bearer(passing))).status_code == 401
        assert (await script.get("/read", headers=bearer(closed))).is_success
        async with database.write() as tx:
            await tx.execute(update(accounts).values(disabled_at=clock()))
        assert (await script.get("/read", headers=bearer(closed))).status_code == 401


@pytest.mark.parametrize(
    "token",
    ["brt_", "brt_" + "x" * 43, "brt_" + "x" * 42, "brt_" + "é" * 43, "brt_" + "x" * 100_000],
)
async def test_a_made_up_token_is_refused(database: Database, clock: HeldClock, token: str) -> None:
    app = make_app(database, clock, routers=[router])
    async with make_client(app) as script:
        headers = [(b"authorization", f"Bearer {token}".encode())]
        assert (await script.get("/read", headers=headers)).status_code == 401


async def test_uses_are_noted_once_a_minute_and_the_first_one_in_the_log(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    app = make_app(database, clock, routers=[router])
    async with await signed_in_client(app, account_id) as owner, make_client(app) as script:
        token = await make_token(owner, ["read"])

        async def used_at() -> str:
            await script.get("/read", headers=bearer(token["token"]))
            (item,) = (await owner.get("/v1/account/tokens")).json()["items"]
            return str(item["used_at"])

        assert await used_at() == "2026-03-01T06:30:00Z"
        clock.advance(59)
        assert await used_at() == "2026-03-01T06:30:00Z"
        clock.advance(1)
        assert await used_at() == "2026-03-01T06:31:00Z"
        await owner.delete(f"/v1/account/tokens/{token['id']}")
        assert await kinds(owner) == [
            "token_revoked",
            "token_first_used",
            "token_made",
            "signed_in",
        ]


async def test_a_holder_is_remembered_until_the_token_is_known_to_be_gone(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    tokens, caller = PersonalTokens(database, clock), Caller("", {})
    async with database.write() as tx:
        made = await tokens.make(tx, account_id, "Upload", [Scope.READ], None, caller)
    holder = TokenHolder(account_id, "member", made.id)
    assert await tokens.find_holder(made.token) == holder
    assert await PersonalTokens(database, clock).find_holder(made.token[:-1] + "~") is None
    async with database.write() as tx:
        await tokens.revoke_all(tx, account_id, caller)
    assert await tokens.find_holder(made.token) == holder
    with pytest.raises(NotSignedInError):
        await tokens.identify(made.token, [Scope.READ], caller)
    assert await tokens.find_holder(made.token) is None
    assert await logged(database) == ["token_made", "token_revoked"]


async def test_a_first_use_is_in_the_log_once_though_many_come_at_once(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    tokens, caller = PersonalTokens(database, clock), Caller("", {})
    async with database.write() as tx:
        made = await tokens.make(tx, account_id, "Upload", [Scope.READ], None, caller)
    for _ in range(2):
        await asyncio.gather(*(tokens.identify(made.token, [Scope.READ], caller) for _ in range(4)))
        assert await logged(database) == ["token_made", "token_first_used"]
        clock.advance(60)


async def logged(database: Database) -> list[str]:
    """The oldest first."""
    async with database.read() as tx:
        found = await tx.scalars(select(security_events.c.kind).order_by(security_events.c.id))
        return [str(kind) for kind in found]


async def test_making_a_token_needs_a_fresh_sign_in_and_sense(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    stranger_id = await make_account(database)
    app = make_app(database, clock)
    async with (
        await signed_in_client(app, account_id) as owner,
        await signed_in_client(app, stranger_id) as stranger,
    ):
        wanted: dict[str, Any] = {"name": "Upload", "scopes": ["read"]}
        nonsense: list[dict[str, Any]] = [
            {"scopes": []},
            {"scopes": ["account"]},
            {"scopes": ["read"] * 3},
            {"name": " "},
            {"name": "x" * 101},
            {"name": "\0"},
            {"days": 0},
            {"days": 367},
            {"days": 1e300},
            {"token": "brt_mine"},
        ]
        for wrong in nonsense:
            refused = await owner.post("/v1/account/tokens", json={**wanted, **wrong})
            assert refused.status_code == 422, wrong
        for _ in range(MOST_TOKENS):
            token = await make_token(owner, ["read"])
        over = await owner.post("/v1/account/tokens", json=wanted)
        assert over.json()["type"] == "/problems/too-many-tokens"
        foreign = await stranger.delete(f"/v1/account/tokens/{token['id']}")
        assert foreign.status_code == 404
        clock.advance(601)
        late = await owner.post("/v1/account/tokens", json=wanted)
        assert late.json()["type"] == "/problems/confirm-first"


async def test_there_are_never_more_though_many_are_made_at_once(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    tokens = PersonalTokens(database, clock)

    async def make() -> None:
        async with database.write() as tx:
            await tokens.make(tx, account_id, "Upload", [Scope.READ], None, Caller("", {}))

    for _ in range(MOST_TOKENS - 2):
        await make()
    made = await asyncio.gather(*(make() for _ in range(8)), return_exceptions=True)
    assert sum(one is None for one in made) == 2
    assert {type(one) for one in made if one is not None} == {ConflictError}
