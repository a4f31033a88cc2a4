from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.live_tables import devices, pairing_codes
from beatrunner.devices import store
from beatrunner.devices.bridges import add_bridge, get_bridge, identify
from beatrunner.devices.pairing import Paired, Pairing, PairingCode
from beatrunner.kit.errors import (
    ForbiddenError,
    NotFoundError,
    NotSignedInError,
    TooManyError,
)
from tests.conftest import HeldClock, make_account
from tests.web.client import RING


def caller(peer: str = "203.0.113.9") -> Caller:
    return Caller(peer, {})


@pytest.fixture
def pairing(database: Database, clock: HeldClock) -> Pairing:
    budgets = AttemptBudgets(database, RING, clock, per_hour=1)
    return Pairing(database, clock, RING, budgets)


async def issue(database: Database, pairing: Pairing, account_id: UUID) -> PairingCode:
    async with database.write() as tx:
        return await pairing.issue(tx, account_id)


async def count(database: Database, table: Any) -> int:
    async with database.read() as tx:
        return int(await tx.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ")])
async def test_a_code_as_it_is_typed_makes_a_bridge(
    database: Database, pairing: Pairing, account_id: UUID, typed: Any
) -> None:
    issued = await issue(database, pairing, account_id)
    paired = await pairing.redeem(typed(issued.code), "Cellar", caller())
    async with database.read() as tx:
        bridge = await identify(tx, paired.token)
    assert (bridge.id, bridge.account_id, bridge.name) == (paired.bridge_id, account_id, "Cellar")
    assert not bridge.is_virtual


async def test_a_code_has_no_characters_that_look_alike(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    codes = [(await issue(database, pairing, account_id)).code for _ in range(20)]
    assert len(set(codes)) == 20
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert not set("".join(codes)) & set("01OILUV")


async def test_a_code_is_good_for_one_bridge(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    code = (await issue(database, pairing, account_id)).code
    answers = await asyncio.gather(
        *(pairing.redeem(code, "Cellar", caller(f"peer {n}")) for n in range(4)),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Paired) for answer in answers) == 1
    assert sum(isinstance(answer, ForbiddenError) for answer in answers) == 3
    assert await count(database, devices) == 1
    assert await count(database, pairing_codes) == 0


async def test_a_code_ends_after_ten_minutes(
    database: Database, pairing: Pairing, account_id: UUID, clock: HeldClock
) -> None:
    issued = await issue(database, pairing, account_id)
    assert (issued.expires_at - clock.now).total_seconds() == 600
    clock.advance(600)
    with pytest.raises(ForbiddenError) as refused:
        await pairing.redeem(issued.code, "Cellar", caller())
    assert refused.value.kind == "wrong-pairing-code"


async def test_a_new_code_ends_the_one_before_it(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    other = await issue(database, pairing, await make_account(database))
    first = await issue(database, pairing, account_id)
    second = await issue(database, pairing, account_id)
    with pytest.raises(ForbiddenError):
        await pairing.redeem(first.code, "Cellar", caller())
    await pairing.redeem(second.code, "Cellar", caller())
    await pairing.redeem(other.code, "Cellar", caller())


async def test_guessing_ends_with_the_budget(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    code = (await issue(database, pairing, account_id)).code
    for _ in range(10):  # of one an hour a peer has ten, for a club shares an address
        with pytest.raises(ForbiddenError):
            await pairing.redeem("2345-6789", "Cellar", caller())
    with pytest.raises(TooManyError):
        await pairing.redeem(code, "Cellar", caller())
    await pairing.redeem(code, "Cellar", caller("203.0.113.10"))


async def test_pairing_well_costs_nothing(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    for _ in range(12):
        await pairing.redeem((await issue(database, pairing, account_id)).code, "Cellar", caller())


async def test_neither_code_nor_token_is_stored(
    database: Database, pairing: Pairing, account_id: UUID
) -> None:
    issued = await issue(database, pairing, account_id)
    async with database.read() as tx:
        (code_row,) = (await tx.execute(select(pairing_codes))).all()
    paired = await pairing.redeem(issued.code, "Cellar", caller())
    async with database.read() as tx:
        (bridge_row,) = (await tx.execute(select(devices))).all()
    assert issued.code.replace("-", "") not in str(code_row)
    assert paired.token not in str(bridge_row)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "\ud800", "x" * 100_000])
async def test_a_made_up_token_is_of_no_bridge(
    database: Database, account_id: UUID, clock: HeldClock, token: str
) -> None:
    async with database.write() as tx:
        await add_bridge(tx, account_id, "Cellar", is_virtual=True, now=clock())
        with pytest.raises(NotSignedInError) as refused:
            await identify(tx, token)
    assert refused.value.kind == "not-signed-in"


async def test_a_withdrawn_bridge_is_told_so(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    async with database.write() as tx:
        bridge_id, token = await add_bridge(tx, account_id, "Cellar", is_virtual=True, now=clock())
        assert (await get_bridge(tx, account_id, bridge_id)).is_virtual
        await store.update_device(tx, bridge_id, {"withdrawn_at": clock()})
        with pytest.raises(NotSignedInError) as refused:
            await identify(tx, token)
        with pytest.raises(NotFoundError):
            await get_bridge(tx, account_id, bridge_id)
    assert refused.value.kind == "bridge-withdrawn"


async def test_a_bridge_is_found_by_its_own_account_alone(
    database: Database, account_id: UUID, clock: HeldClock
) -> None:
    stranger_id = await make_account(database)
    async with database.write() as tx:
        bridge_id, _ = await add_bridge(tx, account_id, "Cellar", is_virtual=False, now=clock())
        with pytest.raises(NotFoundError):
            await get_bridge(tx, stranger_id, bridge_id)
