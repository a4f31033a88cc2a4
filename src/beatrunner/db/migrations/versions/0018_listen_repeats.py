"""Which further imports brought a play, so that the first one can be undone."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "listen_repeats",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("name_id", sa.Uuid(), nullable=False),
        sa.Column("provenance", sa.String(16), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_listen_repeats_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_listen_repeats_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id",
            "started_at",
            "name_id",
            "provenance",
            "batch_id",
            name=op.f("pk_listen_repeats"),
        ),
    )
    op.create_index("ix_listen_repeats_batch_id", "listen_repeats", ["batch_id"])
