"""Words of several sources on one play, of which one speaks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_BY_SONG = ["account_id", "track_id", "started_at", "provenance", "ended_at", "is_skipped"]


def upgrade() -> None:
    op.add_column("music_events", sa.Column("listen_id", sa.Uuid(), nullable=True))
    for name, default in (("is_best", sa.true()), ("is_apart", sa.false())):
        op.add_column(
            "music_events", sa.Column(name, sa.Boolean(), server_default=default, nullable=False)
        )
    op.drop_index("ix_music_events_account_id_track_id", "music_events")
    op.create_index("ix_music_events_account_id_track_id", "music_events", [*_BY_SONG, "is_best"])
    op.create_index(
        "ix_music_events_listen_id",
        "music_events",
        ["listen_id"],
        sqlite_where=sa.text("listen_id IS NOT NULL"),
        postgresql_where=sa.text("listen_id IS NOT NULL"),
    )
