"""The tables of what a runner hides, allows and has erased."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Uuid, true

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import UtcDateTime

privacy_zones = Table(
    "privacy_zones",
    metadata,
    id_column(),
    owner_column(),
    Column("name", String(100), nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("radius_m", Integer, nullable=False),
    # False says that nothing is to be hidden there, though runs often start or end there.
    Column("is_hidden", Boolean, nullable=False, server_default=true()),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_privacy_zones_account_id", "account_id"),
)

#: What the runner has agreed to; withdrawn is gone.
consents = Table(
    "consents",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(24), primary_key=True),  # heart_rate
    Column("given_at", UtcDateTime, nullable=False),
)

retentions = Table(
    "retentions",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("live_samples_days", Integer, nullable=False),
    # Null keeps them as long as the account.
    Column("streams_days", Integer),
)

#: Accounts that are gone for good, so that a backup cannot bring them back.
erased_accounts = Table(
    "erased_accounts",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("erased_at", UtcDateTime, nullable=False),
)
