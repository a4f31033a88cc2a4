from __future__ import annotations

import asyncio

import httpx2
import pytest
from sqlalchemy import select

from beatrunner.accounts.attempts import AttemptBudgets
from beatrunner.accounts.passwords import PasswordHasher
from beatrunner.accounts.sign_ins import SignIns
from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import sign_in_attempts
from beatrunner.db.tables import accounts
from beatrunner.identity.factors.second_factor import SecondFactor
from beatrunner.identity.factors.second_step import SecondStep
from beatrunner.identity.password_door import PasswordDoor
from beatrunner.kit.errors import NotSignedInError, TooManyError
from beatrunner.kit.sealing import Sealer
from beatrunner.kit.settings import Settings
from tests.accounts.test_sign_ins import make_sign_ins
from tests.conftest import HeldClock
from tests.web.client import RING, make_app, make_client

EMAIL = "runner@example.com"
PASSWORD = "seven foxes run home at dawn"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}
REGISTRATION = {**CREDENTIALS, "display_name": "Rae"}


class CountingHasher(PasswordHasher):
    """Works, and counts."""

    hashed = 0
    verified = 0

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return await super().hash(password)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        self.verified += 1
        return await super().verify(password, password_hash)


def make_door(
    database: Database, clock: HeldClock, hasher: PasswordHasher | None = None, per_hour: int = 3
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
        registration=True,
    )


async def test_register_then_sign_in(database: Database, clock: HeldClock) -> None:
    async with make_client(make_app(database, clock), peer="203.0.113.9") as client:
        registered = await client.post("/v1/auth/register", json=REGISTRATION)
        assert (registered.status_code, registered.json()) == (202, {})
        session = await client.post(
            "/v1/auth/sign-in", json={"email": "Runner@Example.COM", "password": PASSWORD}
        )
        assert session.status_code == 200, session.text
        account = session.json()["account"]
        assert account["kind"] == "member"
        assert account["display_name"] == "Rae"
        assert account["email"] == EMAIL


async def test_neither_answer_tells_whether_an_address_is_known(
    database: Database, clock: HeldClock
) -> None:
    def essence(answer: httpx2.Response) -> object:
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        return answer.status_code, answer.content, headers

    async with make_client(make_app(database, clock)) as client:
        first = await client.post("/v1/auth/register", json=REGISTRATION)
        taken = await client.post(
            "/v1/auth/register",
            json={**REGISTRATION, "password": "another one that is long enough"},
        )
        assert essence(first) == essence(taken)
        wrong = {"password": "not the right one at all"}
        known = await client.post("/v1/auth/sign-in", json={"email": EMAIL, **wrong})
        unknown = await client.post("/v1/auth/sign-in", json={"email": "no@example.com", **wrong})
        assert known.status_code == 401
        assert known.json()["type"] == "/problems/wrong-credentials"
        assert essence(known) == essence(unknown)
        # Registering again has changed nothing.
        assert (await client.post("/v1/auth/sign-in", json=CREDENTIALS)).status_code == 200


async def test_known_and_unknown_addresses_cost_one_hash_each(
    database: Database, clock: HeldClock
) -> None:
    hasher = CountingHasher(2)
    door = make_door(database, clock, hasher)
    for _ in range(2):
        await door.register(EMAIL, PASSWORD, "Rae", "peer")
    assert hasher.hashed == 2
    for email in (EMAIL, "no@example.com"):
        with pytest.raises(NotSignedInError):
            await door.sign_in(email, "wrong and long enough", Caller("peer", {}))
    assert hasher.verified == 2


async def test_the_owner_has_no_password_to_guess(database: Database, clock: HeldClock) -> None:
    sign_ins: SignIns = make_sign_ins(database, clock)
    await sign_ins.open_single("owner", "Runner")
    with pytest.raises(NotSignedInError):
        await make_door(database, clock).sign_in("", "", Caller("peer", {}))


async def test_guessing_ends_with_the_budget_of_the_address(
    database: Database, clock: HeldClock
) -> None:
    door = make_door(database, clock, per_hour=3)
    await door.register(EMAIL, PASSWORD, "Rae", "peer")
    clock.advance(3601)
    for turn in range(3):
        with pytest.raises(NotSignedInError):
            await door.sign_in(EMAIL, "wrong and long enough", Caller(f"peer {turn}", {}))
    clock.advance(600)
    # Even the right password, from anywhere: or guessing could go on.
    with pytest.raises(TooManyError) as refused:
        await door.sign_in(EMAIL, PASSWORD, Caller("another peer", {}))
    assert refused.value.retry_after_s == 3000
    clock.advance(3000)
    await door.sign_in(EMAIL, PASSWORD, Caller("another peer", {}))


async def test_one_peer_cannot_try_address_after_address(
    database: Database, clock: HeldClock
) -> None:
    door = make_door(database, clock, CountingHasher(2), per_hour=1)
    # All of a customer's IPv6 addresses are one peer.
    for turn in range(10):
        with pytest.raises(NotSignedInError):
            await door.sign_in(f"{turn}@example.com", PASSWORD, Caller(f"2001:db8:0:1::{turn}", {}))
    with pytest.raises(TooManyError):
        await door.sign_in("more@example.com", PASSWORD, Caller("2001:db8:0:1:ffff::", {}))
    with pytest.raises(NotSignedInError):
        await door.sign_in("more@example.org", PASSWORD, Caller("2001:db8:0:2::1", {}))


async def test_tries_at_once_do_not_slip_past_the_budget(
    database: Database, clock: HeldClock
) -> None:
    door = make_door(database, clock, per_hour=3)
    outcomes = await asyncio.gather(
        *(
            door.sign_in(EMAIL, "wrong and long enough", Caller(f"peer {turn}", {}))
            for turn in range(12)
        ),
        return_exceptions=True,
    )
    kinds = [type(found) for found in outcomes]
    assert kinds.count(NotSignedInError) == 3
    assert kinds.count(TooManyError) == 9


async def test_signing_in_uses_nothing_up(database: Database, clock: HeldClock) -> None:
    door = make_door(database, clock, per_hour=1)
    await door.register(EMAIL, PASSWORD, "Rae", "peer")
    clock.advance(3601)
    for _ in range(12):
        await door.sign_in(EMAIL, PASSWORD, Caller("peer", {}))


async def test_the_budgets_keep_no_addresses_and_no_old_tries(
    database: Database, clock: HeldClock
) -> None:
    door = make_door(database, clock)
    for _ in range(2):
        with pytest.raises(NotSignedInError):
            await door.sign_in(EMAIL, PASSWORD, Caller("203.0.113.9", {}))
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


async def test_registration_can_be_closed(database: Database, clock: HeldClock) -> None:
    app = make_app(database, clock, settings=Settings(registration=False))
    async with make_client(app) as client:
        refused = await client.post("/v1/auth/register", json=REGISTRATION)
        assert refused.status_code == 403
        assert refused.json()["type"] == "/problems/registration-closed"
        assert not (await client.get("/v1/auth/state")).json()["registration"]
    async with database.read() as tx:
        assert (await tx.execute(select(accounts.c.id))).first() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "not an address"},
        {"email": None},
        {"password": "short"},
        {"password": "x" * 1025},
        {"display_name": "   "},
        {"display_name": "x" * 101},
        {"kind": "owner"},
    ],
)
async def test_a_bad_registration_is_refused_without_repeating_it(
    database: Database, clock: HeldClock, changes: dict[str, str]
) -> None:
    async with make_client(make_app(database, clock)) as client:
        refused = await client.post("/v1/auth/register", json={**REGISTRATION, **changes})
        assert refused.status_code == 422
        assert PASSWORD not in refused.text
        assert "x" * 50 not in refused.text
