"""Statements on the log of security events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.identity_tables import security_events
from beatrunner.db.types import AnyRow
from beatrunner.kit.ids import new_id

#: Told once, and true as long as the account is there.
_LEFT_COMPUTER = security_events.c.kind == "became_member"


async def insert_security_event(
    tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any]
) -> None:
    await tx.execute(insert(security_events).values(id=new_id(), account_id=account_id, **values))


async def has_security_event(
    tx: AsyncConnection, account_id: UUID, kind: str, *, since: datetime
) -> bool:
    found = exists().where(
        security_events.c.account_id == account_id,
        security_events.c.at > since,
        security_events.c.kind == kind,
    )
    return bool(await tx.scalar(select(found)))


async def list_security_events(
    tx: AsyncConnection, account_id: UUID, before: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """Newest first; `before` is the last one of the page before. Identifiers sort by time."""
    statement = select(security_events).where(security_events.c.account_id == account_id)
    if before is not None:
        statement = statement.where(security_events.c.id < before)
    return (await tx.execute(statement.order_by(security_events.c.id.desc()).limit(limit))).all()


async def has_left_computer(tx: AsyncConnection) -> bool:
    """Whether somebody who has an account here closed the way in without a password."""
    return bool(await tx.scalar(select(exists().where(_LEFT_COMPUTER))))


async def delete_old_security_events(tx: AsyncConnection, before: datetime) -> None:
    """But for the one that keeps a door closed."""
    await tx.execute(delete(security_events).where(security_events.c.at < before, ~_LEFT_COMPUTER))
