from __future__ import annotations

from uuid import UUID, uuid4

import httpx2

from beatrunner.accounts import event_store, store
from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.db.engine import Database
from tests.accounts.test_security_events import FIREFOX
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, make_client, signed_in_client


async def test_the_log_is_read_page_by_page(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    stranger_id = await make_account(database)
    async with database.write() as tx:
        for turn in range(4):
            detail = {"turn": turn}
            await record(tx, account_id, SecurityEvent.CONFIRMED, detail=detail, now=clock())
            await record(tx, stranger_id, SecurityEvent.DISABLED, now=clock())
    async with await signed_in_client(make_app(database, clock), account_id) as client:
        seen: list[str] = []
        cursor: dict[str, str] = {}
        for _ in range(3):
            page = (
                await client.get("/v1/account/security-events", params={"limit": "2", **cursor})
            ).json()
            seen += [item["kind"] + str(item["detail"]) for item in page["items"]]
            cursor = {"cursor": page["next_cursor"]}
        told = [f"confirmed{{'turn': {turn}}}" for turn in (3, 2, 1, 0)]
        assert seen == ["signed_inNone", *told]
        assert page["next_cursor"] is None
        beyond = {"cursor": str(UUID(int=0))}
        empty = await client.get("/v1/account/security-events", params=beyond)
        assert empty.json() == {"items": [], "next_cursor": None}
        for wrong in ({"limit": "0"}, {"limit": "201"}, {"cursor": "x"}):
            refused = await client.get("/v1/account/security-events", params=wrong)
            assert refused.status_code == 422
        unknown = {"cursor": str(uuid4())}
        assert (await client.get("/v1/account/security-events", params=unknown)).is_success


async def test_sign_ins_are_listed_and_ended(database: Database, clock: HeldClock) -> None:
    app = make_app(database, clock)
    async with make_client(app) as here, make_client(app) as there:
        for client, user_agent in ((there, "curl/8.5.0"), (here, FIREFOX)):
            client.headers["User-Agent"] = user_agent
            session = (await client.post("/v1/auth/this-computer", json={})).json()
            client.headers["Authorization"] = f"Bearer {session['access_token']}"
            clock.advance(60)
        own, other = (await here.get("/v1/account/sign-ins")).json()["items"]
        assert own == {
            "id": own["id"],
            "device_name": "Firefox on Linux",
            "created_at": "2026-03-01T06:31:00Z",
            "used_at": "2026-03-01T06:31:00Z",
            "is_this_one": True,
        }
        assert (other["device_name"], other["is_this_one"]) == ("curl", False)
        ended = await here.delete(f"/v1/account/sign-ins/{other['id']}")
        assert ended.status_code == 204
        assert (await there.get("/v1/profile")).status_code == 401
        assert (await there.post("/v1/auth/refresh")).status_code == 401
        again = await here.delete(f"/v1/account/sign-ins/{other['id']}")
        assert again.status_code == 404
        assert len((await here.get("/v1/account/sign-ins")).json()["items"]) == 1
        assert await kinds(here) == ["sign_in_ended", "signed_in", "signed_in"]
        assert (await here.delete(f"/v1/account/sign-ins/{own['id']}")).status_code == 204
        assert (await here.get("/v1/profile")).status_code == 401


async def test_all_other_sign_ins_are_ended_at_once(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    app = make_app(database, clock)
    stranger_id = await make_account(database)
    clients = [await signed_in_client(app, account_id) for _ in range(3)]
    stranger = await signed_in_client(app, stranger_id)
    for client in clients:
        assert (await client.get("/v1/profile")).is_success
    for _ in range(2):
        assert (await clients[0].delete("/v1/account/sign-ins")).status_code == 204
    assert [(await client.get("/v1/profile")).status_code for client in clients] == [200, 401, 401]
    assert (await stranger.get("/v1/profile")).is_success
    assert (await kinds(clients[0])).count("other_sign_ins_ended") == 1
    for client in (*clients, stranger):
        await client.aclose()


async def test_who_signs_in_as_the_demo_runner_sees_nobody_else_there(
    database: Database, clock: HeldClock
) -> None:
    async with database.write() as tx:
        account = await store.upsert_single_account(tx, "demo", "Demo", clock())
    async with await signed_in_client(make_app(database, clock), account.id) as client:
        for path in ("sign-ins", "tokens", "security-events"):
            refused = await client.get(f"/v1/account/{path}")
            assert refused.json()["type"] == "/problems/demo"
        assert (await client.delete("/v1/account/sign-ins")).status_code == 403
        wanted = {"name": "Mine", "scopes": ["read"]}
        assert (await client.post("/v1/account/tokens", json=wanted)).status_code == 403
        await client.post("/v1/auth/sign-out")
    async with database.read() as tx:
        assert await event_store.list_security_events(tx, account.id, None, 10) == []


async def kinds(client: httpx2.AsyncClient) -> list[str]:
    page = (await client.get("/v1/account/security-events")).json()
    return [item["kind"] for item in page["items"]]
