from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import bcrypt
import pytest
from sqlalchemy import select

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.store import find_dearest_bcrypt, insert_account
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import sign_in_attempts
from beatrunner.identity import store
from beatrunner.identity.factors.second_factor import SecondFactor
from beatrunner.identity.factors.second_step import SecondStep
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.kit.afterwards import Afterwards
from beatrunner.kit.errors import NotSignedInError, TooManyError
from beatrunner.kit.sealing import Sealer
from beatrunner.kit.settings import Settings
from tests.accounts.test_sign_ins import make_sign_ins
from tests.conftest import HeldClock
from tests.web.client import RING, make_app, make_client

EMAIL = "runner@example.com"
PASSWORD = "seven foxes run home at dawn"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


def at(peer: str) -> Caller:
    return Caller(peer, {})


PEER = at("peer")


class CountingHasher(PasswordHasher):
    """Works, and counts what it does: checks by Argon2id, and rounds of bcrypt."""

    def __init__(self) -> None:
        super().__init__(1)
        self.work: Counter[str] = Counter()

    def matches(self, password: str, password_hash: str) -> bool:
        _, kind, cost, *_ = password_hash.split("$")
        self.work[kind] += 1 if kind == "argon2id" else 2 ** int(cost)
        return super().matches(password, password_hash)


def make_door(
    database: Database,
    clock: HeldClock,
    afterwards: Afterwards,
    hasher: PasswordHasher | None = None,
    per_hour: int = 3,
) -> PasswordDoor:
    budgets = AttemptBudgets(database, RING, clock, per_hour)
    sign_ins = make_sign_ins(database, clock)
    second_factor = SecondFactor(database, clock, Sealer(RING), budgets)
    return PasswordDoor(
        database,
        clock,
        hasher or PasswordHasher(2),
        budgets,
        sign_ins,
        SecondStep(database, clock, sign_ins, second_factor),
        afterwards,
    )


async def make_runner(
    database: Database, clock: HeldClock, email: str = EMAIL, bcrypt_cost: int | None = None
) -> UUID:
    if bcrypt_cost is None:
        password_hash = await PasswordHasher(1).hash(PASSWORD)
    else:
        password_hash = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(bcrypt_cost)).decode()
    async with database.write() as tx:
        account_id = await insert_account(
            tx, kind="member", display_name="Rae", now=clock(), email=email
        )
        assert account_id is not None
        await store.upsert_password(tx, account_id, password_hash, clock(), is_long=True)
    return account_id


async def test_known_and_unknown_addresses_are_answered_alike_for_one_check_each(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    await make_runner(database, clock)
    hasher = CountingHasher()
    door = make_door(database, clock, afterwards, hasher)
    words = set()
    for email in (EMAIL, "no@example.com"):
        with pytest.raises(NotSignedInError) as refused:
            await door.sign_in(email, "wrong and long enough", PEER)
        words.add((refused.value.kind, refused.value.detail))
    assert hasher.work == {"argon2id": 2}
    assert words == {("wrong-credentials", "The address or the password is wrong.")}


class ChangedMeanwhile(PasswordHasher):
    """The password is another by the time that the check is done."""

    def __init__(self, change: Callable[[], Awaitable[None]]) -> None:
        super().__init__(1)
        self._change = change

    async def verify(self, *args: Any, **options: Any) -> bool:
        is_right = await super().verify(*args, **options)
        await self._change()
        return is_right


@pytest.mark.parametrize("bcrypt_cost", [None, 4])
async def test_a_password_that_is_changed_while_it_is_checked_opens_nothing(
    database: Database, clock: HeldClock, afterwards: Afterwards, bcrypt_cost: int | None
) -> None:
    account_id = await make_runner(database, clock, bcrypt_cost=bcrypt_cost)
    new = await PasswordHasher(1).hash("quite another sentence")

    async def change() -> None:
        async with database.write() as tx:
            await store.upsert_password(tx, account_id, new, clock(), is_long=True)

    door = make_door(database, clock, afterwards, ChangedMeanwhile(change))
    with pytest.raises(NotSignedInError):
        await door.sign_in(EMAIL, PASSWORD, PEER)
    async with database.read() as tx:
        assert await store.find_password(tx, account_id) == new


async def test_an_old_hash_cannot_be_told_from_a_new_one_or_from_none(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    emails = ["old@example.com", "older@example.com", EMAIL, "no@example.com"]
    for email, bcrypt_cost in zip(emails, (6, 4, None), strict=False):
        await make_runner(database, clock, email, bcrypt_cost)
    hasher = CountingHasher()
    door = make_door(database, clock, afterwards, hasher)
    for email in emails:
        hasher.work.clear()
        with pytest.raises(NotSignedInError):
            await door.sign_in(email, "wrong and long enough", PEER)
        assert hasher.work == {"argon2id": 1, "2b": 2**6}, email


async def test_whoever_signs_in_has_a_new_hash_from_then_on(
    database: Database, clock: HeldClock
) -> None:
    account_id = await make_runner(database, clock, bcrypt_cost=4)
    async with make_client(make_app(database, clock)) as client:
        wrong = {**CREDENTIALS, "password": PASSWORD.upper()}
        assert (await client.post("/v1/auth/sign-in", json=wrong)).status_code == 401
        async with database.read() as tx:
            assert await find_dearest_bcrypt(tx) is not None
        for _ in range(2):
            assert (await client.post("/v1/auth/sign-in", json=CREDENTIALS)).status_code == 200
            async with database.read() as tx:
                kept = await store.find_password(tx, account_id)
                assert await find_dearest_bcrypt(tx) is None
            assert kept is not None
            assert kept.startswith("$argon2id$")


async def test_the_owner_has_no_password_to_guess(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    sign_ins: SignIns = make_sign_ins(database, clock)
    await sign_ins.open_single("owner", "Runner")
    with pytest.raises(NotSignedInError):
        await make_door(database, clock, afterwards).sign_in("", "", PEER)


async def test_guessing_ends_with_the_budget_of_the_address(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards, per_hour=3)
    await make_runner(database, clock)
    clock.advance(3601)
    for turn in range(3):
        with pytest.raises(NotSignedInError):
            await door.sign_in(EMAIL, "wrong and long enough", at(f"peer {turn}"))
    clock.advance(600)
    # Even the right password, from anywhere: or guessing could go on.
    with pytest.raises(TooManyError) as refused:
        await door.sign_in(EMAIL, PASSWORD, at("another peer"))
    assert refused.value.retry_after_s == 3000
    clock.advance(3000)
    await door.sign_in(EMAIL, PASSWORD, at("another peer"))


async def test_one_peer_cannot_try_address_after_address(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards, per_hour=1)
    # All of a customer's IPv6 addresses are one peer.
    for turn in range(10):
        with pytest.raises(NotSignedInError):
            await door.sign_in(f"{turn}@example.com", PASSWORD, at(f"2001:db8:0:1::{turn}"))
    with pytest.raises(TooManyError):
        await door.sign_in("more@example.com", PASSWORD, at("2001:db8:0:1:ffff::"))
    with pytest.raises(NotSignedInError):
        await door.sign_in("more@example.org", PASSWORD, at("2001:db8:0:2::1"))


async def test_tries_at_once_do_not_slip_past_the_budget(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards, per_hour=3)
    outcomes = await asyncio.gather(
        *(door.sign_in(EMAIL, "wrong and long enough", at(f"peer {turn}")) for turn in range(12)),
        return_exceptions=True,
    )
    kinds = [type(found) for found in outcomes]
    assert kinds.count(NotSignedInError) == 3
    assert kinds.count(TooManyError) == 9


async def test_whoever_has_no_try_left_waits_for_no_write_and_holds_none_up(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards, per_hour=1)
    with pytest.raises(NotSignedInError):
        await door.sign_in(EMAIL, PASSWORD, PEER)
    async with database.write() as tx:
        await insert_account(tx, kind="member", display_name="Rae", now=clock())
        async with asyncio.timeout(5):
            with pytest.raises(TooManyError):
                await door.sign_in(EMAIL, PASSWORD, PEER)


async def test_signing_in_uses_nothing_up(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards, per_hour=1)
    await make_runner(database, clock)
    clock.advance(3601)
    for _ in range(12):
        await door.sign_in(EMAIL, PASSWORD, PEER)


async def test_the_budgets_keep_no_addresses_and_no_old_tries(
    database: Database, clock: HeldClock, afterwards: Afterwards
) -> None:
    door = make_door(database, clock, afterwards)
    for _ in range(2):
        with pytest.raises(NotSignedInError):
            await door.sign_in(EMAIL, PASSWORD, at("203.0.113.9"))
        async with database.read() as tx:
            subjects = (await tx.scalars(select(sign_in_attempts.c.subject))).all()
        assert len(subjects) == 2
        assert all(len(subject) == 64 and int(subject, 16) for subject in subjects)
        clock.advance(3601)


async def test_too_many_tries_are_answered_with_how_long_to_wait(
    database: Database, clock: HeldClock
) -> None:
    app = make_app(database, clock, settings=Settings(sign_in_attempts_per_hour=1))
    async with make_client(app) as client:
        assert (await client.post("/v1/auth/sign-in", json=CREDENTIALS)).status_code == 401
        refused = await client.post("/v1/auth/sign-in", json=CREDENTIALS)
        assert refused.status_code == 429
        assert refused.headers["retry-after"] == "3600"
        assert refused.json()["type"] == "/problems/too-many-requests"
