"""Statements on personal access tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import personal_tokens
from beatrunner.db.tables import accounts
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id


async def insert_token(tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any]) -> UUID:
    token_id = new_id()
    await tx.execute(insert(personal_tokens).values(id=token_id, account_id=account_id, **values))
    return token_id


async def count_tokens(tx: AsyncConnection, account_id: UUID) -> int:
    found = await tx.scalar(select(func.count()).where(personal_tokens.c.account_id == account_id))
    return int(found or 0)


async def list_tokens(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """Newest first."""
    rows = await tx.execute(
        select(personal_tokens)
        .where(personal_tokens.c.account_id == account_id)
        .order_by(personal_tokens.c.id.desc())
    )
    return rows.all()


def _good(now: datetime) -> Select[*tuple[Any, ...]]:
    """Tokens in force of accounts that are open, each with the account's kind."""
    return (
        select(personal_tokens, accounts.c.kind)
        .join(accounts, accounts.c.id == personal_tokens.c.account_id)
        .where(
            or_(personal_tokens.c.expires_at.is_(None), personal_tokens.c.expires_at > now),
            accounts.c.disabled_at.is_(None),
        )
    )


async def find_token(tx: AsyncConnection, token_hash: str, now: datetime) -> AnyRow | None:
    """The token with this hash and its account's kind, while both are good."""
    rows = await tx.execute(_good(now).where(personal_tokens.c.token_hash == token_hash))
    return rows.one_or_none()


async def has_token(tx: AsyncConnection, token_id: UUID, now: datetime) -> bool:
    """Whether it is still good."""
    rows = await tx.execute(_good(now).where(personal_tokens.c.id == token_id))
    return rows.one_or_none() is not None


async def update_token_used(
    tx: AsyncConnection, token_id: UUID, now: datetime, *, before: datetime
) -> bool:
    """Note a use; False when one since `before` is noted already."""
    rows = await tx.execute(
        update(personal_tokens)
        .where(
            personal_tokens.c.id == token_id,
            or_(personal_tokens.c.used_at.is_(None), personal_tokens.c.used_at <= before),
        )
        .values(used_at=now)
    )
    return rows.rowcount == 1


async def delete_tokens(tx: AsyncConnection, account_id: UUID) -> Sequence[str]:
    """All of the account; their names."""
    rows = await tx.execute(
        delete(personal_tokens)
        .where(personal_tokens.c.account_id == account_id)
        .returning(personal_tokens.c.name)
    )
    return rows.scalars().all()


async def delete_token(tx: AsyncConnection, account_id: UUID, token_id: UUID) -> str:
    """The name it had. Raises NotFoundError, also for somebody else's."""
    rows = await tx.execute(
        delete(personal_tokens)
        .where(personal_tokens.c.id == token_id, personal_tokens.c.account_id == account_id)
        .returning(personal_tokens.c.name)
    )
    name: str | None = rows.scalar_one_or_none()
    if name is None:
        raise NotFoundError("There is no such token.")
    return name
