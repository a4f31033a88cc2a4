"""The live tables."""

import sqlalchemy as sa
from alembic import op

from beatrunner.db.types import Json, UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("bridge_id", sa.Uuid(), nullable=True),
        sa.Column("is_virtual", sa.Boolean(), nullable=False),
        sa.Column("manufacturer", sa.Text(), nullable=True),
        sa.Column("limits", Json, nullable=True),
        sa.Column("calibration", Json, nullable=True),
        sa.Column("calibrated_at", UtcDateTime, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime, nullable=True),
        sa.Column("status", Json, nullable=True),
        sa.Column("seen_at", UtcDateTime, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_devices_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["bridge_id"], ["devices.id"], name=op.f("fk_devices_bridge_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_index("ix_devices_account_id", "devices", ["account_id", "kind"], unique=False)
    op.create_index("uq_devices_address", "devices", ["bridge_id", "kind", "address"], unique=True)
    op.create_table(
        "pairing_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("is_virtual", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_pairing_codes_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_pairing_codes")),
    )
    op.create_index("ix_pairing_codes_account_id", "pairing_codes", ["account_id"], unique=False)
    op.create_table(
        "runner_profiles",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.String(length=8), nullable=True),
        sa.Column("height_cm", sa.Float(), nullable=True),
        sa.Column("weight_kg", sa.Float(), nullable=True),
        sa.Column("vo2_max", sa.Float(), nullable=True),
        sa.Column("resting_heart_rate_bpm", sa.Integer(), nullable=True),
        sa.Column("max_heart_rate_bpm", sa.Integer(), nullable=True),
        sa.Column("heart_rate_ceiling_bpm", sa.Integer(), nullable=True),
        sa.Column("fitness_level", sa.String(length=16), nullable=True),
        sa.Column("max_speed_kmh", sa.Float(), nullable=True),
        sa.Column("max_incline_pct", sa.Float(), nullable=True),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_runner_profiles_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_runner_profiles")),
    )
    op.create_table(
        "tempo_readings",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("tempo_bpm", sa.Float(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_tempo_readings_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_tempo_readings_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "track_id", "source", name=op.f("pk_tempo_readings")),
    )
    op.create_index("ix_tempo_readings_track_id", "tempo_readings", ["track_id"], unique=False)
    op.create_table(
        "workouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("bridge_id", sa.Uuid(), nullable=True),
        sa.Column("treadmill_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("conductor", Json, nullable=True),
        sa.Column("summary", Json, nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_workouts_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_workouts_activity_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["bridge_id"], ["devices.id"], name=op.f("fk_workouts_bridge_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["treadmill_id"],
            ["devices.id"],
            name=op.f("fk_workouts_treadmill_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workouts")),
    )
    op.create_index(
        "ix_workouts_account_id", "workouts", ["account_id", "created_at"], unique=False
    )
    op.create_index("ix_workouts_activity_id", "workouts", ["activity_id"], unique=False)
    op.create_index("ix_workouts_bridge_id", "workouts", ["bridge_id", "state"], unique=False)
    op.create_index("ix_workouts_treadmill_id", "workouts", ["treadmill_id"], unique=False)
    op.create_table(
        "workout_metrics",
        sa.Column("workout_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("elapsed_s", sa.Float(), nullable=False),
        sa.Column("speed_mps", sa.Float(), nullable=True),
        sa.Column("grade_pct", sa.Float(), nullable=True),
        sa.Column("heart_rate_bpm", sa.Float(), nullable=True),
        sa.Column("cadence_spm", sa.Float(), nullable=True),
        sa.Column("distance_m", sa.Float(), nullable=True),
        sa.Column("target_speed_mps", sa.Float(), nullable=True),
        sa.Column("beat_spm", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workout_id"],
            ["workouts.id"],
            name=op.f("fk_workout_metrics_workout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "workout_id", "recorded_at", "number", name=op.f("pk_workout_metrics")
        ),
    )
    op.create_table(
        "workout_songs",
        sa.Column("workout_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", UtcDateTime, nullable=False),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("tempo_bpm", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_workout_songs_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_workout_songs_track_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workout_id"],
            ["workouts.id"],
            name=op.f("fk_workout_songs_workout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workout_id", "ordinal", name=op.f("pk_workout_songs")),
    )
    op.create_index("ix_workout_songs_account_id", "workout_songs", ["account_id"], unique=False)
    op.create_index("ix_workout_songs_track_id", "workout_songs", ["track_id"], unique=False)
