"""Statements on the tickets by which phones come in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.share_tables import phone_tickets


async def insert_phone_ticket(
    tx: AsyncConnection, account_id: UUID, ticket_hash: str, *, now: datetime, expires_at: datetime
) -> None:
    """Tickets that have run out go, and so does the account's earlier one."""
    await tx.execute(
        delete(phone_tickets).where(
            or_(phone_tickets.c.expires_at <= now, phone_tickets.c.account_id == account_id)
        )
    )
    await tx.execute(
        insert(phone_tickets).values(
            ticket_hash=ticket_hash, account_id=account_id, expires_at=expires_at
        )
    )


async def delete_phone_ticket(tx: AsyncConnection, ticket_hash: str, now: datetime) -> UUID | None:
    """Use a ticket up: whose it is, or None when it does not hold any more.

    Of two who come with the same ticket at once, one gets it.
    """
    rows = await tx.execute(
        delete(phone_tickets)
        .where(phone_tickets.c.ticket_hash == ticket_hash, phone_tickets.c.expires_at > now)
        .returning(phone_tickets.c.account_id)
    )
    return rows.scalar_one_or_none()
