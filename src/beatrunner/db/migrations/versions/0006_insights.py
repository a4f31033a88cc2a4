"""What runs say about music, experiments, and how runs felt."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"],
        ["accounts.id"],
        name=op.f(f"fk_{table}_account_id"),
        ondelete="CASCADE",
    )


def _activity(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["activity_id"],
        ["activities.id"],
        name=op.f(f"fk_{table}_activity_id"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "measured_runs",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("soundtrack_at", UtcDateTime, nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.String(length=32), nullable=True),
        sa.Column("cadence_spm", sa.Float(), nullable=True),
        sa.Column("moving_s", sa.Float(), nullable=False),
        sa.Column("plays", Json, nullable=False),
        _account("measured_runs"),
        _activity("measured_runs"),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_measured_runs")),
    )
    op.create_index("ix_measured_runs_account_id", "measured_runs", ["account_id"])
    op.create_table(
        "insights",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("computed_at", UtcDateTime, nullable=False),
        sa.Column("library_version", sa.Integer(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("cadence_spm", sa.Float(), nullable=False),
        _account("insights"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_insights")),
    )
    op.create_table(
        "insight_effects",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("response", sa.String(length=16), nullable=False),
        sa.Column("is_causal", sa.Boolean(), nullable=False),
        sa.Column("effects", Json, nullable=False),
        _account("insight_effects"),
        sa.PrimaryKeyConstraint(
            "account_id", "response", "is_causal", name=op.f("pk_insight_effects")
        ),
    )
    _what_was_asked_and_told()


def _what_was_asked_and_told() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("track_ids", Json, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        _account("experiments"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experiments")),
    )
    op.create_index("ix_experiments_account_id", "experiments", ["account_id", "created_at"])
    op.create_table(
        "run_feelings",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("felt", sa.String(length=16), nullable=False),
        sa.Column("told_at", UtcDateTime, nullable=False),
        _account("run_feelings"),
        _activity("run_feelings"),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_run_feelings")),
    )
    op.create_index("ix_run_feelings_account_id", "run_feelings", ["account_id", "told_at"])
