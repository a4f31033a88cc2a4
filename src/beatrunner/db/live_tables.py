"""The tables of the live half: what the runner told of themself, devices, workouts.

Rows that arrive once a second have no foreign key of their own to anything but their workout, and
their key includes the time, so that `workout_metrics` may become a hypertable.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
)

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import Json, UtcDateTime

runner_profiles = Table(
    "runner_profiles",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("birth_year", Integer),
    Column("sex", String(8)),  # female, male: the equations know no other
    Column("height_cm", Float),
    Column("weight_kg", Float),
    Column("vo2_max", Float),  # ml/kg/min
    Column("resting_heart_rate_bpm", Integer),
    Column("max_heart_rate_bpm", Integer),
    Column("heart_rate_ceiling_bpm", Integer),
    Column("fitness_level", String(16)),  # beginner, intermediate, advanced
    Column("max_speed_kmh", Float),
    Column("max_incline_pct", Float),
    Column("updated_at", UtcDateTime, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    id_column(),
    owner_column(),
    Column("kind", String(16), nullable=False),  # bridge, treadmill, heart_rate, foot_pod
    Column("name", Text, nullable=False),
    # What the radio calls it; a bridge has none.
    Column("address", String(64)),
    Column("bridge_id", ForeignKey("devices.id", ondelete="CASCADE")),
    Column("is_virtual", Boolean, nullable=False),
    # A bridge that the server's own computer started, without a code; it starts it again.
    Column("is_own", Boolean, nullable=False, server_default=false()),
    Column("manufacturer", Text),
    Column("limits", Json),
    Column("calibration", Json),
    Column("calibrated_at", UtcDateTime),
    # A bridge's token is stored hashed; withdrawing it ends the bridge's say.
    Column("token_hash", String(64), unique=True),
    Column("withdrawn_at", UtcDateTime),
    Column("status", Json),
    Column("seen_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Index("uq_devices_address", "bridge_id", "kind", "address", unique=True),
    Index("ix_devices_account_id", "account_id", "kind"),
)

pairing_codes = Table(
    "pairing_codes",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    owner_column(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("ix_pairing_codes_account_id", "account_id"),
)

workouts = Table(
    "workouts",
    metadata,
    id_column(),
    owner_column(),
    Column("bridge_id", ForeignKey("devices.id", ondelete="SET NULL")),
    Column("treadmill_id", ForeignKey("devices.id", ondelete="SET NULL")),
    Column("state", String(8), nullable=False),  # ready, live, ended, sealed, dropped
    Column("settings", Json, nullable=False),
    Column("conductor", Json),
    Column("summary", Json),
    Column("activity_id", ForeignKey("activities.id", ondelete="SET NULL")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    # Who conducts: each server that takes over raises the generation, and the older one is out.
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("holder", String(64)),
    Column("stop_asked_at", UtcDateTime),
    Index(
        "uq_workouts_open",
        "bridge_id",
        unique=True,
        sqlite_where=text("state IN ('ready', 'live')"),
        postgresql_where=text("state IN ('ready', 'live')"),
    ),
    Index("ix_workouts_account_id", "account_id", "created_at"),
    Index("ix_workouts_bridge_id", "bridge_id", "state"),
    Index("ix_workouts_treadmill_id", "treadmill_id"),
    Index("ix_workouts_activity_id", "activity_id"),
)

workout_metrics = Table(
    "workout_metrics",
    metadata,
    Column("workout_id", ForeignKey("workouts.id", ondelete="CASCADE"), primary_key=True),
    Column("recorded_at", UtcDateTime, primary_key=True),
    # The bridge's count; the same number always comes with the same time.
    Column("number", Integer, primary_key=True),
    Column("elapsed_s", Float, nullable=False),
    Column("speed_mps", Float),
    Column("grade_pct", Float),
    Column("heart_rate_bpm", Float),
    Column("cadence_spm", Float),
    Column("distance_m", Float),
    Column("target_speed_mps", Float),
    Column("beat_spm", Float),  # the tempo as it is stepped to, NULL without a song
)

workout_songs = Table(
    "workout_songs",
    metadata,
    Column("workout_id", ForeignKey("workouts.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    owner_column(),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("tempo_bpm", Float),
    # Chance, not the runner, chose to play it; NULL when nobody knows.
    Column("is_shuffled", Boolean),
    Index("ix_workout_songs_account_id", "account_id"),
    Index("ix_workout_songs_track_id", "track_id"),
)

tempo_readings = Table(
    "tempo_readings",
    metadata,
    # What the runner and their own files say of a track's tempo, each source its word.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(16), primary_key=True),  # manual, tap, tag, analysis, generated
    Column("tempo_bpm", Float, nullable=False),
    # Where in the file the first beat is, for who plays it.
    Column("first_beat_s", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_tempo_readings_track_id", "track_id"),
)

tempo_evidence = Table(
    "tempo_evidence",
    metadata,
    # What outside sources said of a recording, shared by all accounts and owned by none.
    Column("identity", String(128), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("tempo_bpm", Float),  # NULL: the source does not know it
    Column("isrc", String(32)),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("ask_again_at", UtcDateTime),
)

tempo_sources = Table(
    "tempo_sources",
    metadata,
    # Which outside sources the runner lets be asked, and how far that is.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("source", String(16), primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("to_ask", Integer, nullable=False, server_default="0"),
    Column("rests_until", UtcDateTime),
    Column("rests_for", String(64)),
)
