"""What is measured in the streams of runs: time by heart rate, and best efforts."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
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
    op.create_table(
        "best_efforts",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("lasted_s", sa.Float(), nullable=False),
        sa.Column("start_s", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_best_efforts_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_best_efforts_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", "distance_m", name=op.f("pk_best_efforts")),
    )
    op.create_index("ix_best_efforts_account_id", "best_efforts", ["account_id"])
