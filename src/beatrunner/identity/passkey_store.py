"""Statements on passkeys, and on what they are asked to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import identities, passkey_challenges
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id

_IS_PASSKEY = identities.c.kind == "passkey"


async def insert_challenge(
    tx: AsyncConnection,
    challenge_hash: str,
    purpose: str,
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Those that have run out go."""
    await tx.execute(delete(passkey_challenges).where(passkey_challenges.c.expires_at <= now))
    await tx.execute(
        insert(passkey_challenges).values(
            challenge_hash=challenge_hash, purpose=purpose, expires_at=expires_at
        )
    )


async def delete_challenge(
    tx: AsyncConnection, challenge_hash: str, purpose: str, now: datetime
) -> bool:
    """Use a challenge up; False when there is none such, or not any more."""
    rows = await tx.execute(
        delete(passkey_challenges).where(
            passkey_challenges.c.challenge_hash == challenge_hash,
            passkey_challenges.c.purpose == purpose,
            passkey_challenges.c.expires_at > now,
        )
    )
    return rows.rowcount == 1


async def list_passkeys(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """`(id, subject, label, detail, created_at, used_at)`, the oldest first."""
    rows = await tx.execute(
        select(
            identities.c.id,
            identities.c.subject,
            identities.c.label,
            identities.c.detail,
            identities.c.created_at,
            identities.c.used_at,
        )
        .where(identities.c.account_id == account_id, _IS_PASSKEY)
        .order_by(identities.c.created_at, identities.c.id)
    )
    return rows.all()


async def find_passkey(tx: AsyncConnection, credential_id: str) -> AnyRow | None:
    """`(id, account_id, label, verifier)`"""
    rows = await tx.execute(
        select(
            identities.c.id, identities.c.account_id, identities.c.label, identities.c.verifier
        ).where(_IS_PASSKEY, identities.c.subject == credential_id)
    )
    return rows.one_or_none()


async def insert_passkey(
    tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any]
) -> UUID | None:
    """None when somebody has it already."""
    rows = await tx.execute(
        insert_for(tx, identities)
        .values(id=new_id(), account_id=account_id, kind="passkey", **values)
        .on_conflict_do_nothing(index_elements=["kind", "subject"])
        .returning(identities.c.id)
    )
    found: UUID | None = rows.scalar_one_or_none()
    return found


async def update_passkey_used(
    tx: AsyncConnection, passkey_id: UUID, counter: int, now: datetime
) -> bool:
    """False, and nothing noted, when its counter has not gone on; some never count."""
    never_counts = (identities.c.counter == 0) & (counter == 0)
    rows = await tx.execute(
        update(identities)
        .where(identities.c.id == passkey_id, or_(identities.c.counter < counter, never_counts))
        .values(counter=counter, used_at=now)
    )
    return rows.rowcount == 1


async def update_passkey_label(
    tx: AsyncConnection, account_id: UUID, passkey_id: UUID, label: str
) -> None:
    """Raises NotFoundError."""
    rows = await tx.execute(
        update(identities).where(_is_own(account_id, passkey_id)).values(label=label)
    )
    if rows.rowcount != 1:
        raise NotFoundError("There is no such passkey.")


async def delete_passkey(tx: AsyncConnection, account_id: UUID, passkey_id: UUID) -> str | None:
    """Its name. Raises NotFoundError."""
    rows = await tx.execute(
        delete(identities).where(_is_own(account_id, passkey_id)).returning(identities.c.label)
    )
    found = rows.one_or_none()
    if found is None:
        raise NotFoundError("There is no such passkey.")
    label: str | None = found.label
    return label


async def count_ways_in(tx: AsyncConnection, account_id: UUID) -> int:
    """Of every kind. Under `lock_ways_in` it stays so."""
    found = await tx.scalar(
        select(func.count()).select_from(identities).where(identities.c.account_id == account_id)
    )
    return int(found or 0)


def _is_own(account_id: UUID, passkey_id: UUID) -> Any:
    return (identities.c.id == passkey_id) & (identities.c.account_id == account_id) & _IS_PASSKEY
