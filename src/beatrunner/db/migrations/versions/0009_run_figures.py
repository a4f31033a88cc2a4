"""What is measured in the streams of runs: time by heart rate, and best efforts."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import Json

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "run_figures",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("heart_rate_s", sa.LargeBinary(), nullable=True),
        sa.Column("lowest_held_bpm", sa.Float(), nullable=True),
        sa.Column("highest_held_bpm", sa.Float(), nullable=True),
        sa.Column("best_efforts", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_run_figures_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_run_figures_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_run_figures")),
    )
    op.create_index("ix_run_figures_account_id", "run_figures", ["account_id"])
