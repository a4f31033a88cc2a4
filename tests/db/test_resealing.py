from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db import resealing
from beatrunner.db.engine import Database
from beatrunner.db.identity_tables import totp_factors
from beatrunner.db.resealing import count_sealed, reseal, sealed_tables
from beatrunner.kit.crypto import ServerSecret
from beatrunner.kit.keyring import Keyring
from beatrunner.kit.sealing import Sealer, place
from tests.conftest import make_account

OLD, NEW = ServerSecret(b"the secret that was before this."), ServerSecret(bytes(range(32)))
BEFORE, AFTER = Sealer(Keyring([OLD])), Sealer(Keyring([NEW, OLD]))


def where(account_id: UUID) -> str:
    return place("totp_factors", account_id, account_id)


async def add(tx: AsyncConnection, account_id: UUID, sealed: bytes) -> None:
    await tx.execute(insert(totp_factors).values(account_id=account_id, sealed=sealed))


async def add_many(database: Database, rows: int) -> list[UUID]:
    ids = [await make_account(database) for _ in range(rows)]
    async with database.write() as tx:
        for number, account_id in enumerate(ids):
            sealed = BEFORE.seal(b"seed %d" % number, bound_to=where(account_id))
            await add(tx, account_id, sealed)
    return ids


async def sealed_of(database: Database, account_id: UUID) -> bytes:
    async with database.read() as tx:
        found = await tx.scalar(
            select(totp_factors.c.sealed).where(totp_factors.c.account_id == account_id)
        )
    assert found is not None
    return bytes(found)


def test_the_tables_are_found() -> None:
    assert totp_factors in sealed_tables()


async def test_everything_is_sealed_anew_and_means_the_same(database: Database) -> None:
    ids = await add_many(database, 8)
    assert (await reseal(database, AFTER, batch_rows=3)).rows == 8
    async with database.read() as tx:
        assert await count_sealed(tx) == {NEW.kid: 8}
    alone = Sealer(Keyring([NEW]))
    for number, account_id in enumerate(ids):
        sealed = await sealed_of(database, account_id)
        assert alone.open(sealed, bound_to=where(account_id)) == b"seed %d" % number
    assert (await reseal(database, AFTER)).rows == 0


async def test_what_does_not_open_is_named_and_left(database: Database) -> None:
    """A row that holds the secret of another, and one of a secret that is gone."""
    mine, moved, lost = await add_many(database, 3)
    foreign = Sealer(Keyring([ServerSecret(b"x" * 32)])).seal(b"", bound_to=where(lost))
    async with database.write() as tx:
        for account_id, sealed in ((moved, await _read(tx, mine)), (lost, foreign)):
            await tx.execute(
                update(totp_factors)
                .where(totp_factors.c.account_id == account_id)
                .values(sealed=sealed)
            )
    done = await reseal(database, AFTER)
    assert done.rows == 1
    assert sorted(done.unreadable) == sorted([where(moved), where(lost)])
    assert await sealed_of(database, lost) == foreign
    async with database.read() as tx:
        assert (await count_sealed(tx))[OLD.kid] == 1


async def test_who_writes_meanwhile_wins(database: Database) -> None:
    (account_id,) = await add_many(database, 1)
    table = totp_factors
    async with database.read() as tx:
        read = await resealing._list_older(tx, table, AFTER.head)
    async with database.write() as tx:
        newer = AFTER.seal(b"newer", bound_to=where(account_id))
        await tx.execute(update(table).values(sealed=newer))
    done = resealing.Resealed()
    await resealing._reseal_rows(database, AFTER, table, read, done)
    assert done.rows == 0
    assert await sealed_of(database, account_id) == newer


async def _read(tx: AsyncConnection, account_id: UUID) -> bytes:
    found = await tx.scalar(
        select(totp_factors.c.sealed).where(totp_factors.c.account_id == account_id)
    )
    assert found is not None
    return bytes(found)
