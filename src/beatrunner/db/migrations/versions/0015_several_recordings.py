"""What each recording said by itself, so that a run can be made of several."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import Json, UtcDateTime

revision = "0015"
down_revision = "0014"

_SAID = (
    ("name", sa.Text(), None),
    ("description", sa.Text(), None),
    ("gear_name", sa.Text(), None),
    ("sport", sa.String(16), "other"),
    ("is_indoor", sa.Boolean(), sa.false()),
    ("started_at", UtcDateTime(), "0"),
    ("utc_offset_s", sa.Integer(), None),
    ("length_s", sa.Integer(), "0"),
    ("elapsed_s", sa.Float(), "0"),
    ("moving_s", sa.Float(), "0"),
    ("distance_m", sa.Float(), None),
    ("ascent_m", sa.Float(), None),
    ("descent_m", sa.Float(), None),
    ("mean_speed_mps", sa.Float(), None),
    ("grade_adjusted_speed_mps", sa.Float(), None),
    ("mean_heart_rate_bpm", sa.Float(), None),
    ("max_heart_rate_bpm", sa.Float(), None),
    ("mean_cadence_spm", sa.Float(), None),
    ("has_path", sa.Boolean(), sa.false()),
    ("thumbnail", sa.Text(), None),
    ("laps", Json, "[]"),
    ("pauses", Json, "[]"),
    ("repairs", Json, "[]"),
)


def upgrade() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for name, kind, default in _SAID:
        if name == "started_at" and is_postgres:
            default = "epoch"
        op.add_column(
            "recordings",
            sa.Column(name, kind, nullable=default is None, server_default=default),
        )
    # Until now each run was what its one recording said, or what the runner wrote instead.
    names = ", ".join(name for name, _, _ in _SAID)
    op.execute(
        f"UPDATE recordings SET ({names}) = (SELECT {names} FROM activities"  # noqa: S608
        " WHERE activities.id = recordings.activity_id)"
    )
    if is_postgres:
        for name, _, default in _SAID:
            if default is not None:
                op.alter_column("recordings", name, server_default=None)
    for column in (
        sa.Column("is_sport_guessed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("is_apart", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("gives", Json, nullable=True),
        sa.Column("shift_s", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("recordings", column)
    op.add_column(
        "activities",
        sa.Column("edited", Json, nullable=False, server_default="[]"),
    )
    # Nobody noted what the runner wrote, so it is all kept.
    op.execute("""UPDATE activities SET edited = '["name", "description", "sport"]'""")
    op.create_table(
        "recording_repeats",
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_recording_repeats_recording_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_recording_repeats_batch_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("recording_id", "batch_id", name=op.f("pk_recording_repeats")),
    )
    op.create_index("ix_recording_repeats_batch_id", "recording_repeats", ["batch_id"])
