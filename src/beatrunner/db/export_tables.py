"""The tables of what leaves with a runner, and of what came back under other identifiers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Uuid

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import UtcDateTime

account_exports = Table(
    "account_exports",
    metadata,
    id_column(),
    owner_column(),
    Column("state", String(8), nullable=False),  # queued, running, done, failed
    # Rows and files.
    Column("items_total", Integer, nullable=False, server_default="0"),
    Column("items_done", Integer, nullable=False, server_default="0"),
    Column("size_bytes", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # Until when the file is kept.
    Column("expires_at", UtcDateTime),
    Index("ix_account_exports_account_id", "account_id", "id"),
)

carried_ids = Table(
    "carried_ids",
    metadata,
    # What an account's export called by another identifier than this account does: because the
    # identifier belongs to somebody else here, or because the same thing was here already.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("foreign_id", Uuid, primary_key=True),
    Column("own_id", Uuid, nullable=False),
)
