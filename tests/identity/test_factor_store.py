from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import identities
from beatrunner.identity import factor_store
from beatrunner.kit.ids import new_id
from tests.conftest import HeldClock, make_account


async def test_a_second_factor_counts_from_its_first_right_code(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    stranger_id = await make_account(database)
    async with database.write() as tx:
        assert not await factor_store.has_second_factor(tx, account_id)
        assert await factor_store.upsert_totp(tx, account_id, b"first")
        assert await factor_store.upsert_totp(tx, account_id, b"second")
        assert not await factor_store.has_second_factor(tx, account_id)
        await factor_store.update_totp_confirmed(tx, account_id, clock())
        assert await factor_store.has_second_factor(tx, account_id)
        assert not await factor_store.has_second_factor(tx, stranger_id)
        # One that is in use is never replaced.
        assert not await factor_store.upsert_totp(tx, account_id, b"third")
        found = await factor_store.find_totp(tx, account_id)
        assert found is not None
        assert found.sealed == b"second"
        await factor_store.delete_totp(tx, account_id)
        assert not await factor_store.has_second_factor(tx, account_id)


async def test_a_step_is_used_once_and_none_before_it_again(
    database: Database, account_id: UUID
) -> None:
    async with database.write() as tx:
        await factor_store.upsert_totp(tx, account_id, b"sealed")
        used = [await factor_store.update_totp_step(tx, account_id, step) for step in (7, 7, 6, 8)]
    assert used == [True, False, False, True]


async def test_a_waiting_sign_in_has_so_many_tries_and_so_much_time(
    database: Database, clock: HeldClock, account_id: UUID
) -> None:
    until = clock() + timedelta(minutes=5)
    async with database.write() as tx:
        for name in ("tries", "time"):
            await factor_store.insert_pending_sign_in(
                tx, account_id, name, now=clock(), expires_at=until
            )
        found = [await factor_store.update_pending_tries(tx, "tries", clock(), 2) for _ in range(3)]
        late = await factor_store.update_pending_tries(tx, "time", until, 2)
        unknown = await factor_store.update_pending_tries(tx, "unknown", clock(), 2)
    assert found == [account_id, account_id, None]
    assert late is None
    assert unknown is None


async def test_a_password_of_unknown_length_counts_as_short(
    database: Database, clock: HeldClock
) -> None:
    details = {"long": {"is_long": True}, "short": {"is_long": False}, "unknown": None}
    found = {name: await make_account(database) for name in (*details, "none")}
    async with database.write() as tx:
        for name, detail in details.items():
            await tx.execute(
                insert(identities).values(
                    id=new_id(),
                    account_id=found[name],
                    kind="password",
                    subject=found[name].hex,
                    detail=detail,
                    created_at=clock(),
                )
            )
        short = {
            name
            for name, account_id in found.items()
            if await factor_store.has_short_password(tx, account_id)
        }
    assert short == {"short", "unknown"}
