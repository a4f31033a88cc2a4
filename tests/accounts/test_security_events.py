from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from beatrunner.accounts import event_store, security_events
from beatrunner.accounts.security_events import KEPT_FOR, SecurityEvent, network_of, record
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from tests.conftest import HeldClock, make_account

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CALLER = Caller("192.0.2.77", {"user-agent": FIREFOX, "authorization": "Bearer secret"})


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", None),
        ("not an address", None),
    ],
)
def test_the_log_knows_networks_not_addresses(peer: str, network: str | None) -> None:
    assert network_of(peer) == network


async def kinds_of(database: Database, account_id: UUID) -> list[str]:
    async with database.read() as tx:
        rows = await event_store.list_security_events(tx, account_id, None, 100)
    return [row.kind for row in rows]


async def test_an_event_tells_device_and_network_alone(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    async with database.write() as tx:
        await record(
            tx,
            account_id,
            SecurityEvent.TOKEN_MADE,
            caller=CALLER,
            detail={"name": "Upload"},
            now=clock(),
        )
    async with database.read() as tx:
        (row,) = await event_store.list_security_events(tx, account_id, None, 100)
    assert row._asdict() == {
        "id": row.id,
        "account_id": account_id,
        "at": clock(),
        "kind": "token_made",
        "device_name": "Firefox on Linux",
        "network": "192.0.2.0/24",
        "detail": {"name": "Upload"},
    }


async def test_an_event_is_there_only_with_its_change(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    async def fail_after_it() -> None:
        async with database.write() as tx:
            await record(tx, account_id, SecurityEvent.SIGNED_IN, now=clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_it()
    assert await kinds_of(database, account_id) == []


async def test_strangers_cannot_fill_the_log(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    for _ in range(25):
        async with database.write() as tx:
            for kind in (SecurityEvent.SIGN_IN_FAILED, SecurityEvent.SIGNED_IN):
                await record(tx, account_id, kind, now=clock())
        clock.advance(60)
    kinds = await kinds_of(database, account_id)
    assert kinds.count("sign_in_failed") == 3
    assert kinds.count("signed_in") == 25


async def test_events_are_kept_for_a_year(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    other_id = await make_account(database)
    async with database.write() as tx:
        await record(tx, account_id, SecurityEvent.SIGNED_IN, now=clock() - KEPT_FOR)
        await record(
            tx, other_id, SecurityEvent.SIGNED_IN, now=clock() - KEPT_FOR - timedelta(seconds=1)
        )
        await security_events.forget_old(tx, clock())
    assert await kinds_of(database, account_id) == ["signed_in"]
    assert await kinds_of(database, other_id) == []
