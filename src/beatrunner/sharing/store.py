"""Statements on secret links, and on what a shared run is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.share_tables import share_links
from beatrunner.db.tables import accounts, activities, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError
from beatrunner.kit.ids import new_id

_LISTED = (
    *(column for column in share_links.c if column.name not in {"account_id", "token_hash"}),
    activities.c.name.label("activity_name"),
)

#: Nobody sees anything of who is closed out, or about to leave.
_IS_OPEN = and_(accounts.c.disabled_at.is_(None), accounts.c.erase_at.is_(None))


def _is_live(now: datetime) -> ColumnElement[bool]:
    return or_(share_links.c.expires_at.is_(None), share_links.c.expires_at > now)


async def insert_share_link(
    tx: AsyncConnection,
    account_id: UUID,
    activity_id: UUID,
    token_hash: str,
    *,
    shows_time: bool,
    shows_heart_rate: bool,
    now: datetime,
    expires_at: datetime | None,
) -> UUID:
    """Links of the account that have run out go."""
    await tx.execute(
        delete(share_links).where(
            share_links.c.account_id == account_id, share_links.c.expires_at <= now
        )
    )
    link_id = new_id()
    await tx.execute(
        insert(share_links).values(
            id=link_id,
            account_id=account_id,
            activity_id=activity_id,
            token_hash=token_hash,
            shows_time=shows_time,
            shows_heart_rate=shows_heart_rate,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return link_id


async def list_share_links(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID | None, now: datetime
) -> Sequence[AnyRow]:
    """Those that are live, the newest first; of one run or of all."""
    statement = (
        select(*_LISTED)
        .join(activities, activities.c.id == share_links.c.activity_id)
        .where(share_links.c.account_id == account_id, _is_live(now))
        .order_by(share_links.c.id.desc())
    )
    if activity_id is not None:
        statement = statement.where(share_links.c.activity_id == activity_id)
    return (await tx.execute(statement)).all()


async def delete_share_link(tx: AsyncConnection, account_id: UUID, link_id: UUID) -> None:
    """Raises NotFoundError."""
    done = await tx.execute(
        delete(share_links).where(
            share_links.c.id == link_id, share_links.c.account_id == account_id
        )
    )
    if not done.rowcount:
        raise NotFoundError("There is no such link.")


async def find_share_link(tx: AsyncConnection, token_hash: str, now: datetime) -> AnyRow | None:
    rows = await tx.execute(
        select(share_links)
        .join(accounts, accounts.c.id == share_links.c.account_id)
        .where(share_links.c.token_hash == token_hash, _is_live(now), _IS_OPEN)
    )
    return rows.one_or_none()


async def update_opened(tx: AsyncConnection, link_id: UUID, now: datetime) -> None:
    await tx.execute(
        update(share_links)
        .where(share_links.c.id == link_id)
        .values(opened_count=share_links.c.opened_count + 1, last_opened_at=now)
    )


async def find_public_activity(tx: AsyncConnection, activity_id: UUID) -> AnyRow | None:
    rows = await tx.execute(
        select(activities)
        .join(accounts, accounts.c.id == activities.c.account_id)
        .where(
            activities.c.id == activity_id,
            activities.c.visibility == "public",
            _IS_OPEN,
        )
    )
    return rows.one_or_none()


async def list_played(tx: AsyncConnection, activity_id: UUID) -> Sequence[AnyRow]:
    """The spans of a run in their order, with the songs under them."""
    rows = await tx.execute(
        select(
            spans.c.track_id,
            spans.c.start_s,
            spans.c.end_s,
            spans.c.start_uncertainty_s,
            tracks.c.title,
            tracks.c.artist,
            tracks.c.tempo_bpm,
        )
        .outerjoin(tracks, tracks.c.id == spans.c.track_id)
        .where(spans.c.activity_id == activity_id)
        .order_by(spans.c.ordinal)
    )
    return rows.all()


async def count_share_links(tx: AsyncConnection, account_id: UUID, now: datetime) -> int:
    found = await tx.scalar(
        select(func.count())
        .select_from(share_links)
        .where(share_links.c.account_id == account_id, _is_live(now))
    )
    return found or 0
