"""Statements on second factors: authenticator apps, recovery codes, and sign-ins that wait."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import (
    identities,
    pending_sign_ins,
    recovery_codes,
    totp_factors,
)
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.ids import new_id


async def has_second_factor(tx: AsyncConnection, account_id: UUID) -> bool:
    """Whether a password alone does not sign in. Under `lock_ways_in` it stays so."""
    found = exists().where(
        totp_factors.c.account_id == account_id, totp_factors.c.confirmed_at.is_not(None)
    )
    return bool(await tx.scalar(select(found)))


async def find_totp(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    """`(sealed, confirmed_at, last_step)`"""
    rows = await tx.execute(
        select(totp_factors.c.sealed, totp_factors.c.confirmed_at, totp_factors.c.last_step).where(
            totp_factors.c.account_id == account_id
        )
    )
    return rows.one_or_none()


async def upsert_totp(tx: AsyncConnection, account_id: UUID, sealed: bytes) -> bool:
    """Put an unconfirmed one in the place of an unconfirmed one; False where one is confirmed."""
    rows = await tx.execute(
        insert_for(tx, totp_factors)
        .values(account_id=account_id, sealed=sealed, last_step=0)
        .on_conflict_do_update(
            index_elements=["account_id"],
            set_={"sealed": sealed, "last_step": 0},
            where=totp_factors.c.confirmed_at.is_(None),
        )
        .returning(totp_factors.c.account_id)
    )
    return rows.one_or_none() is not None


async def update_totp_step(tx: AsyncConnection, account_id: UUID, step: int) -> bool:
    """Use up the code of this step and all before it; False when that was done already."""
    rows = await tx.execute(
        update(totp_factors)
        .where(totp_factors.c.account_id == account_id, totp_factors.c.last_step < step)
        .values(last_step=step)
    )
    return rows.rowcount == 1


async def update_totp_confirmed(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    await tx.execute(
        update(totp_factors).where(totp_factors.c.account_id == account_id).values(confirmed_at=now)
    )


async def delete_totp(tx: AsyncConnection, account_id: UUID) -> None:
    """With the recovery codes, which stand in for it alone."""
    for table in (totp_factors, recovery_codes):
        await tx.execute(delete(table).where(table.c.account_id == account_id))


async def replace_recovery_codes(
    tx: AsyncConnection, account_id: UUID, hashes: Collection[str]
) -> None:
    await tx.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account_id))
    await tx.execute(
        insert(recovery_codes),
        [{"id": new_id(), "account_id": account_id, "code_hash": found} for found in hashes],
    )


async def update_recovery_code_used(
    tx: AsyncConnection, account_id: UUID, code_hash: str, now: datetime
) -> bool:
    """Use a code up; False where there is none such, or it was used."""
    rows = await tx.execute(
        update(recovery_codes)
        .where(
            recovery_codes.c.account_id == account_id,
            recovery_codes.c.code_hash == code_hash,
            recovery_codes.c.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return rows.rowcount == 1


async def count_recovery_codes(tx: AsyncConnection, account_id: UUID) -> int:
    """Those that can still be used."""
    found = await tx.scalar(
        select(func.count()).where(
            recovery_codes.c.account_id == account_id, recovery_codes.c.used_at.is_(None)
        )
    )
    return int(found or 0)


async def has_short_password(tx: AsyncConnection, account_id: UUID) -> bool:
    """Whether there is a password of which nobody noted that it is long enough alone."""
    detail = await tx.execute(
        select(identities.c.detail).where(
            identities.c.account_id == account_id, identities.c.kind == "password"
        )
    )
    return any(not (found or {}).get("is_long") for found in detail.scalars())


async def insert_pending_sign_in(
    tx: AsyncConnection, account_id: UUID, ticket_hash: str, *, now: datetime, expires_at: datetime
) -> None:
    """Those that have run out go."""
    await tx.execute(delete(pending_sign_ins).where(pending_sign_ins.c.expires_at <= now))
    await tx.execute(
        insert(pending_sign_ins).values(
            ticket_hash=ticket_hash, account_id=account_id, expires_at=expires_at
        )
    )


async def update_pending_tries(
    tx: AsyncConnection, ticket_hash: str, now: datetime, most: int
) -> UUID | None:
    """Count a try: whose sign-in waits, or None when it has run out of time or of tries."""
    rows = await tx.execute(
        update(pending_sign_ins)
        .where(
            pending_sign_ins.c.ticket_hash == ticket_hash,
            pending_sign_ins.c.expires_at > now,
            pending_sign_ins.c.tries < most,
        )
        .values(tries=pending_sign_ins.c.tries + 1)
        .returning(pending_sign_ins.c.account_id)
    )
    found: UUID | None = rows.scalar_one_or_none()
    return found


async def delete_pending_sign_in(tx: AsyncConnection, ticket_hash: str) -> bool:
    """False where it is gone already."""
    rows = await tx.execute(
        delete(pending_sign_ins).where(pending_sign_ins.c.ticket_hash == ticket_hash)
    )
    return rows.rowcount == 1
