"""An index to add up the plays of songs by."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index(
        "ix_music_events_account_id_track_id",
        "music_events",
        ["account_id", "track_id", "started_at", "provenance", "ended_at", "is_skipped"],
    )
