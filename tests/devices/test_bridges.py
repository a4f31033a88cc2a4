"""Bridges that this computer starts by itself, beside those that were joined by a code."""

from __future__ import annotations

from uuid import UUID

import pytest

from beatrunner.codecs.live import BridgeHello, Found, Report
from beatrunner.db.engine import Database
from beatrunner.devices import store
from beatrunner.devices.bridges import add_bridge, admit_own, get_bridge, identify
from beatrunner.devices.reports import record, record_hello
from beatrunner.kit.errors import NotSignedInError
from tests.conftest import HeldClock, make_account


class Computer:
    """This computer, which admits a bridge of its own."""

    def __init__(self, database: Database, account_id: UUID, clock: HeldClock) -> None:
        self._database = database
        self._account_id = account_id
        self._clock = clock

    async def admit(self, name: str = "Cellar", *, is_virtual: bool = False) -> tuple[UUID, str]:
        self._clock.advance(1)
        async with self._database.write() as tx:
            return await admit_own(
                tx, self._account_id, name, is_virtual=is_virtual, now=self._clock()
            )

    async def owner_of(self, token: str) -> UUID:
        async with self._database.read() as tx:
            return (await identify(tx, token)).id


@pytest.fixture
def computer(database: Database, account_id: UUID, clock: HeldClock) -> Computer:
    return Computer(database, account_id, clock)


async def test_an_own_bridge_is_the_same_with_a_new_token(computer: Computer) -> None:
    first_id, first_token = await computer.admit()
    again_id, again_token = await computer.admit()
    assert again_id == first_id
    assert await computer.owner_of(again_token) == first_id
    with pytest.raises(NotSignedInError):
        await computer.owner_of(first_token)


async def test_one_that_was_joined_by_a_code_keeps_its_token(
    database: Database, computer: Computer, account_id: UUID, clock: HeldClock
) -> None:
    """Though it has the same name, and came later."""
    own_id, _ = await computer.admit()
    clock.advance(1)
    async with database.write() as tx:
        joined_id, token = await add_bridge(tx, account_id, "Cellar", is_virtual=False, now=clock())
    assert (await computer.admit())[0] == own_id != joined_id
    assert await computer.owner_of(token) == joined_id


async def test_real_and_virtual_and_each_name_are_bridges_of_their_own(computer: Computer) -> None:
    admitted = [
        await computer.admit(),
        await computer.admit(is_virtual=True),
        await computer.admit("Attic"),
    ]
    assert len({bridge_id for bridge_id, _token in admitted}) == 3
    for bridge_id, token in admitted:
        assert await computer.owner_of(token) == bridge_id


async def test_each_account_has_its_own(
    database: Database, computer: Computer, clock: HeldClock
) -> None:
    bridge_id, token = await computer.admit()
    other = Computer(database, await make_account(database), clock)
    assert (await other.admit())[0] != bridge_id
    assert await computer.owner_of(token) == bridge_id


async def test_one_that_was_removed_stays_removed(
    database: Database, computer: Computer, clock: HeldClock
) -> None:
    bridge_id, _ = await computer.admit()
    async with database.write() as tx:
        await store.update_device(tx, bridge_id, {"withdrawn_at": clock()})
    assert (await computer.admit())[0] != bridge_id


@pytest.mark.parametrize("is_virtual", [False, True])
async def test_a_bridge_says_itself_whether_it_is_virtual(
    database: Database, account_id: UUID, clock: HeldClock, is_virtual: bool
) -> None:
    """Whoever made the code cannot know; what it sees is of the same kind."""
    async with database.write() as tx:
        bridge_id, token = await add_bridge(
            tx, account_id, "Cellar", is_virtual=not is_virtual, now=clock()
        )
        hello = BridgeHello(
            protocol=1, token=token, version="0.1", is_virtual=is_virtual, page_url=""
        )
        await record_hello(tx, bridge_id, hello, clock())
        belt = Found(address="AA:BB", name="Belt", state="connected")
        await record(tx, bridge_id, Report(treadmill=belt), clock())
        assert (await get_bridge(tx, account_id, bridge_id)).is_virtual is is_virtual
        (seen,) = await store.list_seen(tx, bridge_id)
        assert seen.is_virtual is is_virtual
