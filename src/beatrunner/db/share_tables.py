"""The tables of what is opened to others: runs by secret links, this computer to a phone."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import UtcDateTime

phone_tickets = Table(
    "phone_tickets",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    owner_column(),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_phone_tickets_account_id", "account_id"),
)

share_links = Table(
    "share_links",
    metadata,
    id_column(),
    owner_column(),
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    # What those who have the link see besides the clipped run.
    Column("shows_time", Boolean, nullable=False),
    Column("shows_heart_rate", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("opened_count", Integer, nullable=False, server_default="0"),
    Column("last_opened_at", UtcDateTime),
    Index("ix_share_links_account_id", "account_id", "id"),
    Index("ix_share_links_activity_id", "activity_id"),
)
