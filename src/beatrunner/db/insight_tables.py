"""The tables of what runs say about music: what was measured, what follows, what was asked.

All but the last two can be computed anew from runs and music at any time.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import Json, UtcDateTime

measured_runs = Table(
    "measured_runs",
    metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    owner_column(),
    # That of the soundtrack it was measured by: another one, and it is measured again.
    Column("soundtrack_at", UtcDateTime, nullable=False),
    Column("method", Integer, nullable=False),
    Column("left_out", String(32)),  # why it tells nothing; NULL when it does
    Column("cadence_spm", Float),
    Column("moving_s", Float, nullable=False),
    # As `insights.plays.PlayRow` has them: they are only ever read all at once.
    Column("plays", Json, nullable=False),
    Index("ix_measured_runs_account_id", "account_id"),
)

insights = Table(
    "insights",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("computed_at", UtcDateTime, nullable=False),
    # The account's at the time; `accounts.library_version` says whether that was long ago.
    Column("library_version", Integer, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("plays", Integer, nullable=False),
    Column("left_out", Json, nullable=False),
    Column("cadence_spm", Float, nullable=False),
)

insight_effects = Table(
    "insight_effects",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("response", String(16), primary_key=True),  # speed, heart_rate, cadence, in_step
    Column("is_causal", Boolean, primary_key=True),
    Column("effects", Json, nullable=False),
)

experiments = Table(
    "experiments",
    metadata,
    id_column(),
    owner_column(),
    # Track ids in the order that chance gave them.
    Column("track_ids", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_experiments_account_id", "account_id", "created_at"),
)

run_feelings = Table(
    "run_feelings",
    metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    owner_column(),
    Column("felt", String(16), nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Index("ix_run_feelings_account_id", "account_id", "told_at"),
)
