"""What leaves with a runner, and identifiers under which it comes back."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0012"
down_revision = "0011"


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "account_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("items_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("items_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("finished_at", UtcDateTime, nullable=True),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        _owner("account_exports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_exports")),
    )
    op.create_index("ix_account_exports_account_id", "account_exports", ["account_id", "id"])
    op.create_table(
        "carried_ids",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("foreign_id", sa.Uuid(), nullable=False),
        sa.Column("own_id", sa.Uuid(), nullable=False),
        _owner("carried_ids"),
        sa.PrimaryKeyConstraint("account_id", "foreign_id", name=op.f("pk_carried_ids")),
    )
