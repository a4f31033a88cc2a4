"""Passkeys, by a device in software that can lie."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from beatrunner.accounts.this_computer import Caller
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import identities, passkey_challenges
from beatrunner.identity.factors.passkeys import LIFETIME, MOST_PASSKEYS, Passkeys
from beatrunner.identity.factors.passkeys_verifying import RelyingParty
from beatrunner.kit.errors import ForbiddenError
from beatrunner.kit.settings import Settings
from tests.conftest import HeldClock
from tests.identity.factors.runner import (
    Runner,
    kind_of,
    make_runner,
    passkey_sign_in,
    sign_in_options,
    use_credential,
)
from tests.identity.factors.soft_passkey import ORIGIN, PRESENT, VERIFIED, SoftPasskey
from tests.web.client import make_app, make_client

HERE = RelyingParty.at("localhost:8000")
CALLER = Caller("127.0.0.1", {})


async def test_add_one_and_sign_in_by_it(app: FastAPI, runner: Runner) -> None:
    passkey = SoftPasskey()
    options = await runner.passkey_options()
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    added = await runner.add_credential(passkey.make(options))
    assert added.status_code == 201, added.text
    session = await passkey_sign_in(app, passkey)
    assert session.status_code == 200, session.text
    assert session.json()["account"]["id"] == str(runner.account_id)
    assert "beatrunner_refresh" in session.cookies
    assert "passkey_added" in await runner.events()
    # A device that has one is told not to make another.
    (known,) = (await runner.passkey_options())["excludeCredentials"]
    assert known["id"] == passkey.use(options)["id"]


async def test_it_is_two_factors_at_once(app: FastAPI, runner: Runner) -> None:
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    await runner.turn_totp_on()
    assert (await passkey_sign_in(app, passkey)).status_code == 200


#: What a device, or a page that is not ours, may do wrong; where it is seen.
LIES: dict[str, Callable[[SoftPasskey], object]] = {
    "another page": lambda it: setattr(it, "origin", "http://localhost:9000"),
    "a page of that name elsewhere": lambda it: setattr(it, "origin", "https://localhost.evil.org"),
    "another site": lambda it: setattr(it, "site", "example.org"),
    "in a frame": lambda it: setattr(it, "cross_origin", True),
    "nobody checked": lambda it: setattr(it, "flags", PRESENT),
    "nobody there": lambda it: setattr(it, "flags", VERIFIED),
}
LATER_LIES: dict[str, Callable[[SoftPasskey], object]] = {
    **LIES,
    "another key": lambda it: setattr(it, "key", SoftPasskey().key),
    "another account": lambda it: setattr(it, "user_handle", bytes(16)),
    "unknown": lambda it: setattr(it, "credential_id", bytes(32)),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_lie_when_it_is_made(runner: Runner, lie: str) -> None:
    passkey = SoftPasskey()
    LIES[lie](passkey)
    refused = await runner.add_passkey(passkey)
    assert (refused.status_code, kind_of(refused)) == (422, "wrong-passkey")


@pytest.mark.parametrize("lie", LATER_LIES)
async def test_a_lie_when_it_is_used(app: FastAPI, runner: Runner, lie: str) -> None:
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    LATER_LIES[lie](passkey)
    refused = await passkey_sign_in(app, passkey)
    assert (refused.status_code, kind_of(refused)) == (401, "wrong-passkey")


async def test_a_challenge_is_used_up_by_whatever_comes_back(app: FastAPI, runner: Runner) -> None:
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    options = await sign_in_options(app)
    credential = passkey.use(options)
    async with make_client(app, base_url=ORIGIN) as stranger:
        wrong = {**credential, "response": {**credential["response"], "signature": "AAAA"}}
        assert (await use_credential(stranger, wrong)).status_code == 401
        # The right signature comes too late, and a copy of one always does.
        assert (await use_credential(stranger, credential)).status_code == 401
        credential = passkey.use(await sign_in_options(app))
        answers = await asyncio.gather(*(use_credential(stranger, credential) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    async with runner.database.read() as tx:
        assert (await tx.execute(select(passkey_challenges))).all() == []


async def test_a_challenge_is_for_one_purpose_one_account_and_five_minutes(
    app: FastAPI, database: Database, clock: HeldClock, runner: Runner
) -> None:
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    other = await make_runner(app, database, clock, "kim@example.org")
    made_up = {"challenge": "AAAA", "user": {"id": "AAAA"}}
    for challenge in (
        made_up,
        await runner.passkey_options(),
        (await runner.client.post("/v1/auth/confirm/options", json={})).json()["options"],
    ):
        assert (await passkey_sign_in(app, passkey, options=challenge)).status_code == 401
    for options in (
        {**made_up, **await sign_in_options(app)},
        await other.passkey_options(),
    ):
        refused = await runner.add_credential(SoftPasskey().make(options))
        assert kind_of(refused) == "wrong-passkey"
    options = await sign_in_options(app)
    clock.advance(LIFETIME.total_seconds())
    assert (await passkey_sign_in(app, passkey, options=options)).status_code == 401
    await other.client.aclose()


async def test_a_count_that_does_not_go_on_may_be_a_copy(app: FastAPI, runner: Runner) -> None:
    passkey = SoftPasskey(counts=True)
    await runner.add_passkey(passkey)
    copy = SoftPasskey(
        counts=True,
        credential_id=passkey.credential_id,
        key=passkey.key,
        user_handle=passkey.user_handle,
    )
    for _ in range(2):
        assert (await passkey_sign_in(app, passkey)).status_code == 200
    assert (await passkey_sign_in(app, copy)).status_code == 401
    assert (await runner.events()).count("passkey_suspect") == 1
    assert (await passkey_sign_in(app, passkey)).status_code == 200


async def test_to_show_again_that_it_is_you(
    app: FastAPI, database: Database, clock: HeldClock, runner: Runner
) -> None:
    passkeys: Passkeys = app.state.provided[Passkeys]
    own, strange = SoftPasskey(), SoftPasskey()
    await runner.add_passkey(own)
    other = await make_runner(app, database, clock, "kim@example.org")
    await other.add_passkey(strange)

    async def confirm(passkey: SoftPasskey) -> None:
        options = await passkeys.offer_confirmation(runner.account_id, HERE)
        assert len(options["allowCredentials"]) == 1
        await passkeys.require(runner.account_id, HERE, passkey.use(options), CALLER)

    await confirm(own)
    with pytest.raises(ForbiddenError) as refused:
        await confirm(strange)
    assert refused.value.kind == "wrong-passkey"
    await other.client.aclose()


async def test_one_that_somebody_has_is_nobody_elses(
    app: FastAPI, database: Database, clock: HeldClock, runner: Runner
) -> None:
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    other = await make_runner(app, database, clock, "kim@example.org")
    for somebody in (runner, other):
        taken = await somebody.add_passkey(
            SoftPasskey(credential_id=passkey.credential_id, key=SoftPasskey().key)
        )
        assert (taken.status_code, kind_of(taken)) == (409, "passkey-known")
    # The key that was there first is still the key.
    passkey.user_handle = runner.account_id.bytes
    assert (await passkey_sign_in(app, passkey)).status_code == 200
    await other.client.aclose()


async def test_the_last_way_in_stays(app: FastAPI, runner: Runner) -> None:
    passkeys = [SoftPasskey(), SoftPasskey()]
    ids = [(await runner.add_passkey(passkey)).json()["id"] for passkey in passkeys]
    async with runner.database.write() as tx:
        await tx.execute(identities.delete().where(identities.c.kind == "password"))
    answers = await asyncio.gather(
        *(runner.client.delete(f"/v1/account/passkeys/{found}") for found in ids)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    left = [answer for answer in answers if answer.status_code == 409]
    assert kind_of(left[0]) == "last-way-in"
    signed_in = [(await passkey_sign_in(app, passkey)).status_code for passkey in passkeys]
    assert sorted(signed_in) == [200, 401]
    assert "passkey_removed" in await runner.events()


async def test_of_a_password_and_a_passkey_removed_at_once_one_stays(
    app: FastAPI, runner: Runner
) -> None:
    passkey = SoftPasskey()
    passkey_id = (await runner.add_passkey(passkey)).json()["id"]
    by_password, by_passkey = await asyncio.gather(
        runner.client.delete("/v1/account/password"),
        runner.client.delete(f"/v1/account/passkeys/{passkey_id}"),
    )
    assert sorted((by_password.status_code, by_passkey.status_code)) == [204, 409]
    assert ((await runner.sign_in()).status_code == 200) is (by_password.status_code == 409)
    came_in = (await passkey_sign_in(app, passkey)).status_code == 200
    assert came_in is (by_passkey.status_code == 409)


async def test_adding_and_removing_want_a_fresh_sign_in(runner: Runner) -> None:
    found = (await runner.add_passkey(SoftPasskey())).json()["id"]
    runner.clock.advance(601)
    answers = [
        await runner.client.post("/v1/account/passkeys/options", json={}),
        await runner.add_credential(SoftPasskey().make({"challenge": "AA", "user": {"id": "AA"}})),
        await runner.client.delete(f"/v1/account/passkeys/{found}"),
    ]
    assert [kind_of(answer) for answer in answers] == ["confirm-first"] * 3
    # A name is no way in.
    named = await runner.client.patch(f"/v1/account/passkeys/{found}", json={"label": " Watch "})
    assert named.status_code == 204
    async with runner.database.read() as tx:
        label = await tx.scalar(select(identities.c.label).where(identities.c.kind == "passkey"))
    assert label == "Watch"


async def test_an_account_has_only_so_many(runner: Runner) -> None:
    for _ in range(MOST_PASSKEYS):
        assert (await runner.add_passkey(SoftPasskey())).status_code == 201
    full = await runner.add_passkey(SoftPasskey())
    assert (full.status_code, kind_of(full)) == (409, "too-many-passkeys")


async def test_asking_for_challenges_has_an_end(database: Database, clock: HeldClock) -> None:
    app = make_app(database, clock, settings=Settings(sign_in_attempts_per_hour=1))
    runner = await make_runner(app, database, clock)
    passkey = SoftPasskey()
    await runner.add_passkey(passkey)
    # One that is followed by a sign-in costs nothing.
    for _ in range(3):
        assert (await passkey_sign_in(app, passkey)).status_code == 200
    async with make_client(app, base_url=ORIGIN) as stranger:
        codes = [
            (await stranger.post("/v1/auth/passkey/options", json={})).status_code
            for _ in range(11)
        ]
    assert codes == [200] * 10 + [429]
    await runner.client.aclose()


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000"])
async def test_a_number_is_no_name(app: FastAPI, address: str) -> None:
    async with make_client(app, base_url=address) as client:
        refused = await client.post("/v1/auth/passkey/options", json={})
    assert (refused.status_code, kind_of(refused)) == (422, "no-passkeys-here")
    assert "http://localhost" in refused.json()["detail"]


def changed(**fields: Any) -> dict[str, Any]:
    credential = SoftPasskey(user_handle=b"me").use({"challenge": "AAAA"})
    response = {**credential["response"], **fields.pop("response", {})}
    return {**credential, "response": response, **fields}


@pytest.mark.parametrize(
    "credential",
    [
        None,
        [],
        {},
        changed(response={"signature": None}),
        changed(response={"clientDataJSON": "A" * 16_385}),
        changed(id="A" * 513),
        changed(id=1),
    ],
)
async def test_what_has_not_the_form_of_a_passkey(runner: Runner, credential: object) -> None:
    answer = await runner.client.post("/v1/auth/passkey", json={"credential": credential})
    assert (answer.status_code, kind_of(answer)) == (422, "validation")


async def test_a_huge_body_is_not_read(runner: Runner) -> None:
    answer = await runner.client.post(
        "/v1/auth/passkey", json={"credential": changed(response={"signature": "A" * 2**20})}
    )
    assert answer.status_code == 413
