"""How many requests were let through in the last hour."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "request_counters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("elapsed_s", sa.BigInteger(), nullable=False),
        sa.Column("written_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_counters")),
    )
    op.create_table(
        "request_counts",
        sa.Column("counter_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["counter_id"],
            ["request_counters.id"],
            name=op.f("fk_request_counts_counter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("counter_id", "subject", "minute", name=op.f("pk_request_counts")),
    )
