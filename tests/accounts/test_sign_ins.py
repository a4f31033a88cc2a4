from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from beatrunner.accounts import store
from beatrunner.accounts.build import build_accounts
from beatrunner.accounts.sign_ins import GRACE, Session, SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.accounts.tokens import AccessTokens, RefreshTokens
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import sign_ins
from beatrunner.db.tables import accounts
from beatrunner.kit.errors import NotSignedInError
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock, make_account
from tests.web.client import RING

AFTER_GRACE_S = GRACE.total_seconds() + 1


def make_sign_ins(database: Database, clock: HeldClock) -> SignIns:
    return build_accounts(Settings(), database, clock, RING).sign_ins


async def open_session(found: SignIns, database: Database, account_id: UUID) -> Session:
    async with database.write() as tx:
        return await found.open_session(tx, await store.get_account(tx, account_id))


async def test_each_refresh_token_gives_the_next(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    seen = {session.refresh_token}
    for _ in range(3):
        clock.advance(AFTER_GRACE_S)
        session = await found.refresh(session.refresh_token)
        assert session.refresh_token not in seen
        seen.add(session.refresh_token)
        assert (await found.identify(session.access_token)).account_id == account_id


async def test_a_lost_answer_is_given_again(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    clock.advance(AFTER_GRACE_S)
    lost = await found.refresh(session.refresh_token)
    clock.advance(9)
    again = await found.refresh(session.refresh_token)
    assert again.refresh_token == lost.refresh_token


async def test_a_copy_on_another_device_is_given_nothing_and_ends_the_sign_in(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    phone, laptop = (
        Caller("", {"user-agent": f"Mozilla/5.0 ({system}) Chrome/140.0 Safari/537.36"})
        for system in ("Linux; Android 16", "X11; Linux x86_64")
    )
    async with database.write() as tx:
        session = await found.open_session(tx, await store.get_account(tx, account_id), phone)
    clock.advance(AFTER_GRACE_S)
    current = await found.refresh(session.refresh_token, phone)
    assert await found.refresh(session.refresh_token, phone) == current
    with pytest.raises(NotSignedInError):
        await found.refresh(session.refresh_token, laptop)
    with pytest.raises(NotSignedInError):
        await found.refresh(current.refresh_token, phone)


async def test_many_who_ask_at_once_get_one_successor(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    processes = [make_sign_ins(database, clock) for _ in range(2)]
    session = await open_session(processes[0], database, account_id)
    clock.advance(AFTER_GRACE_S)
    given = await asyncio.gather(
        *(processes[turn % 2].refresh(session.refresh_token) for turn in range(20))
    )
    (successor,) = {one.refresh_token for one in given}
    assert successor != session.refresh_token


async def test_a_token_that_comes_back_late_ends_the_sign_in_for_everybody(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    stolen = await open_session(found, database, account_id)
    other = await open_session(found, database, account_id)
    clock.advance(AFTER_GRACE_S)
    current = await found.refresh(stolen.refresh_token)
    await found.identify(current.access_token)
    clock.advance(AFTER_GRACE_S)
    with pytest.raises(NotSignedInError):
        await found.refresh(stolen.refresh_token)
    with pytest.raises(NotSignedInError):
        await found.refresh(current.refresh_token)
    with pytest.raises(NotSignedInError):
        await found.identify(current.access_token)
    # A sign-in on another device has nothing to do with it.
    await found.refresh(other.refresh_token)


async def test_a_token_two_generations_old_is_never_excused(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    first = await open_session(found, database, account_id)
    clock.advance(AFTER_GRACE_S)
    second = await found.refresh(first.refresh_token)
    clock.advance(AFTER_GRACE_S)
    third = await found.refresh(second.refresh_token)
    clock.advance(1)
    with pytest.raises(NotSignedInError):
        await found.refresh(first.refresh_token)
    with pytest.raises(NotSignedInError):
        await found.refresh(third.refresh_token)


async def test_refreshing_does_not_prolong_a_sign_in(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    lifetime_s = session.refresh_expires_in_s
    clock.advance(lifetime_s - 60)
    session = await found.refresh(session.refresh_token)
    assert session.refresh_expires_in_s == 60
    clock.advance(60)
    with pytest.raises(NotSignedInError):
        await found.refresh(session.refresh_token)
    with pytest.raises(NotSignedInError):
        await found.identify(session.access_token)


@pytest.mark.parametrize("by", ["refresh token", "access token"])
async def test_signing_out_ends_both_tokens_at_once(
    database: Database, clock: HeldClock, account_id: UUID, by: str
) -> None:
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    await found.identify(session.access_token)
    if by == "refresh token":
        await found.end(session.refresh_token, None)
    else:
        await found.end(None, session.access_token)
    with pytest.raises(NotSignedInError):
        await found.identify(session.access_token)
    with pytest.raises(NotSignedInError):
        await found.refresh(session.refresh_token)


async def test_another_process_hears_of_an_end_within_five_seconds(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    ticks_s = 0.0
    here = make_sign_ins(database, clock)
    there = SignIns(
        database,
        clock,
        AccessTokens(RING, clock, 900),
        RefreshTokens(RING),
        timedelta(days=1),
        ticks_s=lambda: ticks_s,
    )
    session = await open_session(here, database, account_id)
    await there.identify(session.access_token)
    await here.end(session.refresh_token, None)
    ticks_s = 1.0
    # Remembered, and so without a question to the database.
    await there.identify(session.access_token)
    ticks_s = 5.0
    with pytest.raises(NotSignedInError):
        await there.identify(session.access_token)


async def test_tokens_of_a_deleted_account_are_refused(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    async with database.write() as tx:
        await tx.execute(delete(accounts).where(accounts.c.id == account_id))
    with pytest.raises(NotSignedInError):
        await found.identify(session.access_token)
    with pytest.raises(NotSignedInError):
        await found.refresh(session.refresh_token)


async def test_spent_sign_ins_are_cleared_away(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    found = make_sign_ins(database, clock)
    for _ in range(3):
        session = await open_session(found, database, account_id)
        await found.end(session.refresh_token, None)
    await open_session(found, database, account_id)
    async with database.read() as tx:
        assert await tx.scalar(select(func.count()).select_from(sign_ins)) == 1


async def test_the_single_account_is_made_once_however_many_ask(
    database: Database, clock: HeldClock
) -> None:
    processes = [make_sign_ins(database, clock) for _ in range(2)]
    given = await asyncio.gather(
        *(processes[turn % 2].open_single("owner", "Runner") for turn in range(10))
    )
    assert len({session.account.id for session in given}) == 1


async def test_who_is_signed_in_may_read_on_when_nothing_can_be_written(
    sqlite_address: str, clock: HeldClock
) -> None:
    database = Database(sqlite_address, patience_s=0.01)
    account_id = await make_account(database)
    found = make_sign_ins(database, clock)
    session = await open_session(found, database, account_id)
    clock.advance(AFTER_GRACE_S)
    session = await found.refresh(session.refresh_token)
    clock.advance(AFTER_GRACE_S)
    with closing(sqlite3.connect(sqlite_address.removeprefix("sqlite:///"))) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        same = await found.refresh(session.refresh_token)
        assert same.refresh_token == session.refresh_token
        assert (await found.identify(same.access_token)).account_id == account_id
        clock.advance(Settings().refresh_token_s)
        with pytest.raises(NotSignedInError):
            await found.refresh(session.refresh_token)
    await database.close()
