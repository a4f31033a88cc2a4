from __future__ import annotations

from uuid import UUID, uuid4

from beatrunner.accounts.security_events import SecurityEvent, record
from beatrunner.db.engine import Database
from tests.conftest import HeldClock, make_account
from tests.web.client import make_app, signed_in_client


async def test_the_log_is_read_page_by_page(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    stranger_id = await make_account(database)
    async with database.write() as tx:
        for turn in range(5):
            detail = {"turn": turn}
            await record(tx, account_id, SecurityEvent.CONFIRMED, detail=detail, now=clock())
            await record(tx, stranger_id, SecurityEvent.DISABLED, now=clock())
    async with await signed_in_client(make_app(database, clock), account_id) as client:
        seen: list[int] = []
        cursor: dict[str, str] = {}
        for _ in range(3):
            page = (
                await client.get("/v1/account/security-events", params={"limit": "2", **cursor})
            ).json()
            assert {item["kind"] for item in page["items"]} == {"confirmed"}
            seen += [item["detail"]["turn"] for item in page["items"]]
            cursor = {"cursor": page["next_cursor"]}
        assert seen == [4, 3, 2, 1, 0]
        assert page["next_cursor"] is None
        beyond = {"cursor": str(UUID(int=0))}
        empty = await client.get("/v1/account/security-events", params=beyond)
        assert empty.json() == {"items": [], "next_cursor": None}
        for wrong in ({"limit": "0"}, {"limit": "201"}, {"cursor": "x"}):
            refused = await client.get("/v1/account/security-events", params=wrong)
            assert refused.status_code == 422
        unknown = {"cursor": str(uuid4())}
        assert (await client.get("/v1/account/security-events", params=unknown)).is_success
