"""Whose word a track's tempo is, what outside sources say, and who may be asked."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("tracks", sa.Column("tempo_source", sa.String(length=16), nullable=True))
    op.add_column("tracks", sa.Column("tempo_verdict", sa.String(length=16), nullable=True))
    op.add_column("tempo_readings", sa.Column("first_beat_s", sa.Float(), nullable=True))
    op.create_table(
        "tempo_evidence",
        sa.Column("identity", sa.String(length=128), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("tempo_bpm", sa.Float(), nullable=True),
        sa.Column("isrc", sa.String(length=32), nullable=True),
        sa.Column("asked_at", UtcDateTime, nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("ask_again_at", UtcDateTime, nullable=True),
        sa.PrimaryKeyConstraint("identity", "source", name=op.f("pk_tempo_evidence")),
    )
    op.create_table(
        "tempo_sources",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("to_ask", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rests_until", UtcDateTime, nullable=True),
        sa.Column("rests_for", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_tempo_sources_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "source", name=op.f("pk_tempo_sources")),
    )
    _tell_whose_word_a_tempo_is()


def _tell_whose_word_a_tempo_is() -> None:
    """Until now the first of these sources that said anything was right by itself."""
    said = (
        "SELECT {what} FROM tempo_readings WHERE tempo_readings.track_id = tracks.id ORDER BY CASE "
        "source WHEN 'manual' THEN 0 WHEN 'tap' THEN 1 WHEN 'tag' THEN 2 ELSE 3 END LIMIT 1"
    )
    verdict = "CASE WHEN source IN ('manual', 'tap') THEN 'own' ELSE 'single' END"
    op.execute(
        f"UPDATE tracks SET tempo_source = ({said.format(what='source')}), "  # noqa: S608
        f"tempo_verdict = ({said.format(what=verdict)}) WHERE tempo_bpm IS NOT NULL"
    )
