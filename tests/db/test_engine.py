from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from beatrunner.db.engine import Database
from beatrunner.db.tables import accounts
from beatrunner.jobs.store import enqueue
from tests.conftest import HeldClock, make_account

#: A million, after some tenths of a second.
MANY = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)"
    " SELECT count(*) FROM n"
)


async def rename(database: Database, account_id: UUID, name: str) -> None:
    async with database.write() as tx:
        await tx.execute(
            update(accounts).where(accounts.c.id == account_id).values(display_name=name)
        )


async def name_of(database: Database, account_id: UUID) -> str:
    async with database.read() as tx:
        return str(
            await tx.scalar(select(accounts.c.display_name).where(accounts.c.id == account_id))
        )


async def test_a_transaction_is_all_or_nothing(database: Database, account_id: UUID) -> None:
    with pytest.raises(LookupError):
        await _rename_and_fail(database, account_id)
    assert await name_of(database, account_id) == "A runner"
    await rename(database, account_id, "Mia")
    assert await name_of(database, account_id) == "Mia"


async def _rename_and_fail(database: Database, account_id: UUID) -> None:
    async with database.write() as tx:
        await tx.execute(
            update(accounts).where(accounts.c.id == account_id).values(display_name="no")
        )
        raise LookupError


async def test_readers_see_what_was_committed(database: Database, account_id: UUID) -> None:
    async with database.write() as tx:
        await tx.execute(
            update(accounts).where(accounts.c.id == account_id).values(display_name="later")
        )
        assert await name_of(database, account_id) == "A runner"
    assert await name_of(database, account_id) == "later"


@pytest.mark.parametrize("is_long", [False, True])
async def test_readers_cannot_write(database: Database, account_id: UUID, is_long: bool) -> None:
    async with database.read(is_long=is_long) as tx:
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            await tx.execute(
                update(accounts).where(accounts.c.id == account_id).values(display_name="no")
            )
    # The connection is none the worse for it, also where writers share it.
    await rename(database, account_id, "Mia")
    assert await name_of(database, account_id) == "Mia"


async def test_long_reading_keeps_nobody_waiting(database: Database, account_id: UUID) -> None:
    async with database.read(is_long=True) as tx:
        counting = asyncio.create_task(tx.scalar(MANY))
        await asyncio.sleep(0.01)
        assert await name_of(database, account_id) == "A runner"
        assert not counting.done()
        assert await counting == 1_000_000


async def test_writers_wait_for_each_other(database: Database, account_id: UUID) -> None:
    async def add_letter(letter: str) -> None:
        async with database.write() as tx:
            # Row locks where there are several writers; the whole database's where there is one.
            name = await tx.scalar(
                select(accounts.c.display_name).where(accounts.c.id == account_id).with_for_update()
            )
            await asyncio.sleep(0.001)
            await tx.execute(
                update(accounts)
                .where(accounts.c.id == account_id)
                .values(display_name=f"{name}{letter}")
            )

    await rename(database, account_id, "")
    await asyncio.gather(*(add_letter(letter) for letter in "runner"))
    assert sorted(await name_of(database, account_id)) == sorted("runner")


async def test_sqlite_takes_the_lock_before_the_first_statement(sqlite_address: str) -> None:
    """Another process that writes later waits, instead of failing half way."""
    first, second = Database(sqlite_address), Database(sqlite_address)
    account_id = await make_account(first)
    async with first.write() as tx:
        await tx.execute(select(accounts.c.id))
        waiting = asyncio.create_task(rename(second, account_id, "second"))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await tx.execute(update(accounts).values(display_name="first"))
    await waiting
    assert await name_of(first, account_id) == "second"
    await first.close()
    await second.close()


async def test_who_is_cut_off_while_reading_holds_nobody_up(
    database: Database, account_id: UUID
) -> None:
    async def read_within_a_change() -> None:
        async with database.write() as tx:
            await tx.execute(
                update(accounts).where(accounts.c.id == account_id).values(display_name="no")
            )
            await tx.execute(MANY)

    reading = asyncio.create_task(read_within_a_change())
    await asyncio.sleep(0.05)
    reading.cancel()
    # Whoever remembers the exception keeps the statement that it came through.
    with pytest.raises(asyncio.CancelledError) as _remembered:
        await reading
    async with asyncio.timeout(10):
        await rename(database, account_id, "Mia")
    assert await name_of(database, account_id) == "Mia"


async def test_rows_have_an_owner(database: Database, clock: HeldClock) -> None:
    async with database.write() as tx:
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            await enqueue(tx, "work", {}, account_id=UUID(int=1), now=clock.now)
        await tx.rollback()


async def test_lower_knows_every_letter(database: Database) -> None:
    async with database.read() as tx:
        assert await tx.scalar(select(func.lower("ŁÓDŹ ÄÖ ÉÅ Ж X"))) == "łódź äö éå ж x"
        assert await tx.scalar(select(func.lower(None))) is None


async def test_what_was_to_be_written_is_not_in_the_words_of_an_error(
    database: Database, account_id: UUID
) -> None:
    async with database.write() as tx:
        with pytest.raises(DBAPIError) as refused:
            await tx.execute(insert(accounts).values(id=account_id, display_name="a secret"))
    assert "a secret" not in str(refused.value)


async def test_a_database_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="SQLite and PostgreSQL"):
        Database("mysql://localhost/x")


async def test_a_naive_time_is_refused(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(StatementError, match="without a zone"):
            await tx.execute(
                update(accounts).values(created_at=datetime(2026, 1, 1))  # noqa: DTZ001
            )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=st.lists(
        st.datetimes(
            datetime(1000, 1, 1),  # noqa: DTZ001
            datetime(9000, 1, 1),  # noqa: DTZ001
            timezones=st.integers(-14 * 60, 14 * 60).map(
                lambda minutes: timezone(timedelta(minutes=minutes))
            ),
        ),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
async def test_times_come_back_and_sort_as_they_were(
    database: Database, moments: list[datetime]
) -> None:
    async with database.write() as tx:
        for number, moment in enumerate(moments):
            await tx.execute(
                insert(accounts).values(
                    id=UUID(int=number), kind="member", display_name="", created_at=moment
                )
            )
        rows = await tx.scalars(select(accounts.c.created_at).order_by(accounts.c.created_at))
        found = list(rows)
        await tx.rollback()
    assert found == sorted(moments)
    assert all(moment.utcoffset() == timedelta() for moment in found)
