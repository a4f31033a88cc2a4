"""Folders that are watched, and who sings what in Apple's export."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0016"
down_revision = "0015"


def _owner(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_account_id")
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "watched_folders",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("is_there", sa.Boolean(), nullable=False),
        sa.Column("looked_at", UtcDateTime, nullable=False),
        _owner("watched_folders"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_watched_folders")),
    )
    op.create_table(
        "watched_files",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("path_sha256", sa.String(64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("modified_ns", sa.BigInteger(), nullable=False),
        sa.Column("handed_in_at", UtcDateTime, nullable=False),
        _owner("watched_files"),
        sa.PrimaryKeyConstraint("account_id", "path_sha256", name=op.f("pk_watched_files")),
    )
    op.create_table(
        "apple_artists",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("title_key", sa.String(64), nullable=False),
        sa.Column("artist_key", sa.String(64), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        _owner("apple_artists"),
        sa.PrimaryKeyConstraint(
            "account_id", "title_key", "artist_key", name=op.f("pk_apple_artists")
        ),
    )
