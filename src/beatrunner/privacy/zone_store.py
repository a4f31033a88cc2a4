"""Statements on privacy zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.privacy_tables import privacy_zones
from beatrunner.db.tables import activities
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id

_NO_SUCH_ZONE = "There is no such zone."


async def list_zones(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """The oldest first."""
    rows = await tx.execute(
        select(privacy_zones)
        .where(privacy_zones.c.account_id == account_id)
        .order_by(privacy_zones.c.id)
    )
    return rows.all()


async def get_zone(tx: AsyncConnection, account_id: UUID, zone_id: UUID) -> AnyRow:
    """Raises NotFoundError, also for somebody else's."""
    rows = await tx.execute(
        select(privacy_zones).where(
            privacy_zones.c.id == zone_id, privacy_zones.c.account_id == account_id
        )
    )
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError(_NO_SUCH_ZONE)
    return row


async def count_zones(tx: AsyncConnection, account_id: UUID) -> int:
    found = await tx.scalar(
        select(func.count())
        .select_from(privacy_zones)
        .where(privacy_zones.c.account_id == account_id)
    )
    return found or 0


async def insert_zone(
    tx: AsyncConnection, account_id: UUID, values: Mapping[str, Any], now: datetime
) -> UUID:
    zone_id = new_id()
    await tx.execute(
        insert(privacy_zones).values(id=zone_id, account_id=account_id, created_at=now, **values)
    )
    return zone_id


async def update_zone(tx: AsyncConnection, zone_id: UUID, values: Mapping[str, Any]) -> None:
    await tx.execute(update(privacy_zones).where(privacy_zones.c.id == zone_id).values(**values))


async def delete_zone(tx: AsyncConnection, account_id: UUID, zone_id: UUID) -> None:
    """Raises NotFoundError."""
    done = await tx.execute(
        delete(privacy_zones).where(
            privacy_zones.c.id == zone_id, privacy_zones.c.account_id == account_id
        )
    )
    if not done.rowcount:
        raise NotFoundError(_NO_SUCH_ZONE)


async def list_paths(tx: AsyncConnection, account_id: UUID) -> list[str]:
    """The little maps of all runs that went somewhere."""
    rows = await tx.scalars(
        select(activities.c.thumbnail).where(
            activities.c.account_id == account_id, activities.c.thumbnail != ""
        )
    )
    return list(rows)
