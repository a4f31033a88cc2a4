"""The second factor of a password, from its QR code to its end."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import pending_sign_ins, recovery_codes, totp_factors
from beatrunner.identity.factors.second_step import LIFETIME, MOST_TRIES
from beatrunner.identity.factors.totp import STEP_S
from tests.conftest import HeldClock
from tests.identity.factors.runner import PASSWORD, Runner, kind_of, make_runner

SHORT = "vq7rjx2m"


async def test_a_password_and_then_a_code(runner: Runner) -> None:
    await runner.turn_totp_on()
    runner.clock.advance(STEP_S)
    waiting = await runner.sign_in()
    assert waiting.status_code == 202
    assert waiting.json().keys() == {"ticket", "expires_at"}
    assert "set-cookie" not in waiting.headers
    session = await runner.second_factor(waiting.json()["ticket"], runner.code())
    assert session.status_code == 200
    assert session.json()["account"]["id"] == str(runner.account_id)
    assert "beatrunner_refresh" in session.cookies
    # The ticket is used up with it.
    runner.clock.advance(STEP_S)
    again = await runner.second_factor(waiting.json()["ticket"], runner.code())
    assert (again.status_code, kind_of(again)) == (401, "ticket-over")


async def test_a_seed_counts_from_its_first_right_code(runner: Runner) -> None:
    made = (await runner.client.post("/v1/account/totp", json={})).json()
    assert made["qr_code"].startswith("data:image/svg+xml")
    assert made["secret"] in made["uri"]
    wrong = await runner.client.post("/v1/account/totp/confirm", json={"code": "000000"})
    assert (wrong.status_code, kind_of(wrong)) == (403, "wrong-code")
    assert (await runner.sign_in()).status_code == 200
    await runner.turn_totp_on()
    assert (await runner.sign_in()).status_code == 202
    # Neither a second app nor a second first code, which would give new recovery codes.
    refused = await runner.client.post("/v1/account/totp", json={})
    assert (refused.status_code, kind_of(refused)) == (409, "second-factor-is-on")
    runner.clock.advance(STEP_S)
    refused = await runner.client.post("/v1/account/totp/confirm", json={"code": runner.code()})
    assert (refused.status_code, kind_of(refused)) == (409, "second-factor-is-on")
    assert "totp_turned_on" in await runner.events()


async def test_a_code_is_used_once_even_when_the_clock_is_set_back(runner: Runner) -> None:
    await runner.turn_totp_on()
    # The code that turned it on is used up as well.
    used = await runner.second_factor(await runner.ticket(), runner.code())
    assert (used.status_code, kind_of(used)) == (401, "wrong-code")
    runner.clock.advance(STEP_S)
    code = runner.code()
    assert (await runner.second_factor(await runner.ticket(), code)).status_code == 200
    assert (await runner.second_factor(await runner.ticket(), code)).status_code == 401
    runner.clock.advance(-STEP_S)
    assert (await runner.second_factor(await runner.ticket(), code)).status_code == 401
    assert (await runner.second_factor(await runner.ticket(), runner.code(-1))).status_code == 401
    runner.clock.advance(2 * STEP_S)
    assert (await runner.second_factor(await runner.ticket(), runner.code())).status_code == 200


async def test_one_code_at_two_doors_at_once_opens_one(runner: Runner) -> None:
    await runner.turn_totp_on()
    runner.clock.advance(STEP_S)
    tickets = [await runner.ticket() for _ in range(4)]
    answers = await asyncio.gather(
        *(runner.second_factor(ticket, runner.code()) for ticket in tickets)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_a_ticket_has_few_tries_and_little_time(runner: Runner) -> None:
    await runner.turn_totp_on()
    runner.clock.advance(STEP_S)
    ticket = await runner.ticket()
    for _ in range(MOST_TRIES):
        wrong = await runner.second_factor(ticket, "no code")
        assert kind_of(wrong) == "wrong-code"
    over = await runner.second_factor(ticket, runner.code())
    assert (over.status_code, kind_of(over)) == (401, "ticket-over")
    ticket = await runner.ticket()
    runner.clock.advance(LIFETIME.total_seconds())
    over = await runner.second_factor(ticket, runner.code())
    assert kind_of(over) == "ticket-over"
    assert kind_of(await runner.second_factor("made up", runner.code())) == "ticket-over"
    assert "second_factor_failed" in await runner.events()


async def test_new_tickets_give_no_new_tries(runner: Runner) -> None:
    """Who knows the password could have as many tickets as they like."""
    await runner.turn_totp_on()
    runner.clock.advance(STEP_S)
    kinds = []
    for _ in range(8):
        ticket = await runner.ticket()
        kinds += [kind_of(await runner.second_factor(ticket, "123 45")) for _ in range(MOST_TRIES)]
    assert kinds == ["wrong-code"] * 30 + ["too-many-requests"] * 10
    # Nor is the right code heard any more, or guessing could go on.
    answer = await runner.second_factor(await runner.ticket(), runner.code())
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 3000


async def test_recovery_codes_stand_in_once_each(runner: Runner) -> None:
    codes = await runner.turn_totp_on()
    assert len(set(codes)) == 10
    written = codes[0].upper().replace("-", " ")
    assert (await runner.second_factor(await runner.ticket(), written)).status_code == 200
    again = await runner.second_factor(await runner.ticket(), codes[0])
    assert (again.status_code, kind_of(again)) == (401, "wrong-code")
    assert (await runner.events()).count("recovery_code_used") == 1
    renewed = await runner.client.post("/v1/account/recovery-codes", json={})
    assert (await runner.second_factor(await runner.ticket(), codes[1])).status_code == 401
    new = renewed.json()["recovery_codes"][0]
    assert (await runner.second_factor(await runner.ticket(), new)).status_code == 200


async def test_nobody_elses_code_or_seed_fits(
    app: FastAPI, database: Database, clock: HeldClock, runner: Runner
) -> None:
    other = await make_runner(app, database, clock, "kim@example.org")
    other_codes = await other.turn_totp_on()
    await runner.turn_totp_on()
    clock.advance(STEP_S)
    for code in (other.code(), other_codes[0]):
        assert (await runner.second_factor(await runner.ticket(), code)).status_code == 401
    # Somebody who can write to the database puts a seed there that they know.
    async with database.write() as tx:
        seed = await tx.scalar(
            select(totp_factors.c.sealed).where(totp_factors.c.account_id == other.account_id)
        )
        await tx.execute(
            update(totp_factors)
            .where(totp_factors.c.account_id == runner.account_id)
            .values(sealed=seed)
        )
    assert (await runner.second_factor(await runner.ticket(), other.code())).status_code == 401
    await other.client.aclose()


async def test_it_is_turned_off_by_who_has_just_shown_that_it_is_they(runner: Runner) -> None:
    await runner.turn_totp_on()
    runner.clock.advance(601)
    for method, path in (
        ("POST", "/v1/account/totp"),
        ("DELETE", "/v1/account/totp"),
        ("POST", "/v1/account/recovery-codes"),
    ):
        stale = await runner.client.request(method, path, json={})
        assert (stale.status_code, kind_of(stale)) == (403, "confirm-first"), path
    runner.clock.advance(-601)
    assert (await runner.client.delete("/v1/account/totp")).status_code == 204
    assert (await runner.sign_in()).status_code == 200
    assert "totp_turned_off" in await runner.events()
    none = await runner.client.post("/v1/account/recovery-codes", json={})
    assert (none.status_code, kind_of(none)) == (409, "second-factor-is-off")
    async with runner.database.read() as tx:
        assert (await tx.execute(select(recovery_codes))).all() == []


async def test_password_and_code_show_together_that_it_is_they(runner: Runner) -> None:
    async def confirm(**proof: str) -> tuple[int, str]:
        answer = await runner.client.post("/v1/auth/confirm", json=proof)
        return answer.status_code, kind_of(answer) if answer.content else ""

    codes = await runner.turn_totp_on()
    runner.clock.advance(601)
    assert await confirm(password=PASSWORD) == (403, "code-missing")
    assert await confirm(code=runner.code()) == (403, "password-missing")
    assert await confirm(password=PASSWORD, code="123456") == (403, "wrong-code")
    # Which uses no code up.
    assert await confirm(password="of nobody at all", code=runner.code()) == (
        403,
        "wrong-credentials",
    )
    stale = await runner.client.delete("/v1/account/totp")
    assert kind_of(stale) == "confirm-first"
    assert await confirm(password=PASSWORD, code=runner.code()) == (204, "")
    assert await confirm(password=PASSWORD, code=codes[0]) == (204, "")
    assert (await runner.client.delete("/v1/account/totp")).status_code == 204
    assert await confirm(password=PASSWORD) == (204, "")


async def test_a_short_password_never_stands_alone(
    app: FastAPI, database: Database, clock: HeldClock
) -> None:
    runner = await make_runner(app, database, clock, is_long=False)
    await runner.turn_totp_on()
    refused = await runner.client.delete("/v1/account/totp")
    assert (refused.status_code, kind_of(refused)) == (409, "short-password")
    assert (await runner.sign_in()).status_code == 202
    await runner.client.aclose()


async def test_a_password_may_be_short_as_long_as_it_has_company(runner: Runner) -> None:
    assert kind_of(await runner.set_password(SHORT)) == "weak-password"
    await runner.turn_totp_on()
    assert kind_of(await runner.set_password(SHORT[1:])) == "weak-password"
    assert (await runner.set_password(SHORT)).status_code == 204
    refused = await runner.client.delete("/v1/account/totp")
    assert (refused.status_code, kind_of(refused)) == (409, "short-password")
    assert (await runner.set_password(PASSWORD)).status_code == 204
    assert (await runner.client.delete("/v1/account/totp")).status_code == 204


async def test_a_short_password_and_no_second_factor_do_not_meet_in_a_race(runner: Runner) -> None:
    await runner.turn_totp_on()
    short, off = await asyncio.gather(
        runner.set_password(SHORT), runner.client.delete("/v1/account/totp")
    )
    assert (short.status_code, off.status_code) in ((204, 409), (422, 204))


async def test_the_database_holds_nothing_that_signs_in(runner: Runner) -> None:
    codes = await runner.turn_totp_on()
    ticket = await runner.ticket()
    kept: list[str] = []
    async with runner.database.read() as tx:
        for table in (totp_factors, recovery_codes, pending_sign_ins):
            kept.extend(map(str, await tx.execute(select(table))))
    assert len(kept) == 12
    for secret in (runner.seed, ticket, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in "".join(kept)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"ticket": "t"},
        {"ticket": "t", "code": "1", "more": 1},
        {"ticket": "t" * 101, "code": "123456"},
        {"ticket": "t", "code": "1" * 65},
        {"ticket": None, "code": 123456},
    ],
)
async def test_what_is_no_second_step(runner: Runner, body: dict[str, object]) -> None:
    answer = await runner.client.post("/v1/auth/second-factor", json=body)
    assert answer.status_code == 422
