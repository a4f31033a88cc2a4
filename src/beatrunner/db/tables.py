"""The tables of accounts, runs and music; `live_tables` has the rest.

Slices build statements on these; `migrations/` holds how they came to be.

Every row belongs to an account, directly or through its activity; deleting the account deletes
them all. Nothing has a foreign key to `music_events`, so that it may become a hypertable.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
    true,
)

from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import Json, UtcDateTime

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),  # owner, member, demo
    Column("email", String(320), unique=True),
    Column("email_verified_at", UtcDateTime),
    Column("display_name", String(100), nullable=False),
    Column("units", String(2), nullable=False, server_default="km"),
    Column("theme", String(8), nullable=False, server_default="system"),
    Column("time_zone", String(64)),
    Column("map_style_url", Text),
    # Counts the changes of what the account's runs and music say; see `soundtracks.home`.
    Column("library_version", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    # Nobody comes in while this is set.
    Column("disabled_at", UtcDateTime),
    # Everything goes at this time, unless the runner thinks better of it.
    Column("erase_at", UtcDateTime),
    # This computer has one owner and one demo runner, however many ask at once.
    Index(
        "uq_accounts_single_kind",
        "kind",
        unique=True,
        sqlite_where=text("kind IN ('owner', 'demo')"),
        postgresql_where=text("kind IN ('owner', 'demo')"),
    ),
)

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    owner_column(),
    Column("kind", String(64), nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", String(8), nullable=False),  # waiting, running, done, dead
    Column("attempts", Integer, nullable=False),
    Column("run_at", UtcDateTime, nullable=False),
    Column("claimed_until", UtcDateTime),
    Column("last_error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_jobs_due", "state", "run_at"),
    Index("ix_jobs_account_id", "account_id", "state", "kind"),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

import_batches = Table(
    "import_batches",
    metadata,
    id_column(),
    owner_column(),
    Column("state", String(8), nullable=False),  # queued, running, done, failed
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index("ix_import_batches_account_id", "account_id", "created_at"),
)

import_files = Table(
    "import_files",
    metadata,
    id_column(),
    owner_column(),
    Column("batch_id", ForeignKey("import_batches.id", ondelete="CASCADE"), nullable=False),
    # An archive's members point at the archive, which holds the spooled bytes.
    Column("archive_id", ForeignKey("import_files.id", ondelete="CASCADE")),
    Column("member_index", Integer),
    Column("spool_name", String(80)),
    Column("path", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(32)),
    Column("activity_ids", Json, nullable=False),
    Column("activities_added", Integer, nullable=False, server_default="0"),
    Column("listens_added", Integer, nullable=False, server_default="0"),
    Index("ix_import_files_batch_id", "batch_id", "outcome", "id"),
    Index("ix_import_files_account_id", "account_id"),
    Index("ix_import_files_archive_id", "archive_id"),
)


def _said_columns() -> tuple[Column[Any], ...]:
    """What each recording says of a run, and what the run shows of all that was said."""
    return (
        Column("description", Text),
        Column("gear_name", Text),
        Column("sport", String(16), nullable=False),
        Column("is_indoor", Boolean, nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("utc_offset_s", Integer),
        Column("length_s", Integer, nullable=False),
        Column("elapsed_s", Float, nullable=False),
        Column("moving_s", Float, nullable=False),
        Column("distance_m", Float),
        Column("ascent_m", Float),
        Column("descent_m", Float),
        Column("mean_speed_mps", Float),
        Column("grade_adjusted_speed_mps", Float),
        Column("mean_heart_rate_bpm", Float),
        Column("max_heart_rate_bpm", Float),
        Column("mean_cadence_spm", Float),
        Column("has_path", Boolean, nullable=False),
        Column("thumbnail", Text),
        Column("laps", Json, nullable=False),
        Column("pauses", Json, nullable=False),
        Column("repairs", Json, nullable=False),
    )


activities = Table(
    "activities",
    metadata,
    id_column(),
    owner_column(),
    Column("name", Text, nullable=False),
    *_said_columns(),
    Column("ended_at", UtcDateTime, nullable=False),
    # Names of columns that the runner wrote; no recording changes them any more.
    Column("edited", Json, nullable=False, server_default="[]"),
    Column("clock_offset_s", Float, nullable=False, server_default="0"),
    Column("track_count", Integer, nullable=False, server_default="0"),
    Column("visibility", String(8), nullable=False, server_default="private"),  # or public
    # The runner wanted streams for so long only; what the run shows stays as it was.
    Column("streams_gone_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    # With the sport, so that runs are counted without reading a row.
    Index("ix_activities_account_id_started_at", "account_id", "started_at", "id", "sport"),
    Index("ix_activities_account_id_distance_m", "account_id", "distance_m", "id"),
)

recordings = Table(
    "recordings",
    metadata,
    id_column(),
    owner_column(),
    # A recording is never changed or merged away: the activity chooses from its recordings.
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), nullable=False),
    Column("batch_id", ForeignKey("import_batches.id", ondelete="SET NULL")),
    Column("content_sha256", String(64), nullable=False),
    Column("session_index", Integer, nullable=False),
    Column("provenance", String(16), nullable=False),
    Column("format", String(8), nullable=False),
    Column("file_name", Text, nullable=False),
    # Its file is among the originals; it is not where that holds what may not be kept.
    Column("keeps_original", Boolean, nullable=False, server_default=true()),
    Column("device_name", Text),
    Column("name", Text),
    *_said_columns(),
    Column("is_sport_guessed", Boolean, nullable=False),
    # The runner took it out of a run: it joins no other by itself.
    Column("is_apart", Boolean, nullable=False, server_default=false()),
    # What the run has of it: columns (NULL is all), and the second at which its row 0 is.
    Column("gives", Json),
    Column("shift_s", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "content_sha256", "session_index"),
    Index("ix_recordings_activity_id", "activity_id"),
    Index("ix_recordings_batch_id", "batch_id"),
)

recording_repeats = Table(
    "recording_repeats",
    metadata,
    # Further imports that brought a recording: it stays when the first one is undone.
    Column("recording_id", ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True),
    Column("batch_id", ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_recording_repeats_batch_id", "batch_id"),
)

sealed_streams = Table(
    "sealed_streams",
    metadata,
    # location, body and motion are apart, so that consent can act on one alone.
    Column("recording_id", ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String(8), primary_key=True),
    Column("blob", LargeBinary, nullable=False),
)

run_figures = Table(
    "run_figures",
    metadata,
    # What was measured in the streams of a run, besides its summary; measured anew by any new
    # method of `activities.figures`.
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    owner_column(),
    Column("method", Integer, nullable=False),
    # Seconds at each whole heart rate; NULL where it was known for too little of the run.
    Column("heart_rate_s", LargeBinary),
    Column("lowest_held_bpm", Float),
    Column("highest_held_bpm", Float),
    # As the map of all runs draws it (`codecs.drawn_path`); NULL for a run without a way.
    Column("path", LargeBinary),
    Index("ix_run_figures_account_id", "account_id"),
)

best_efforts = Table(
    "best_efforts",
    metadata,
    # The fastest stretch of a run over each distance that it reached.
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    Column("distance_m", Float, primary_key=True),
    owner_column(),
    Column("lasted_s", Float, nullable=False),
    Column("start_s", Float, nullable=False),
    Index("ix_best_efforts_account_id", "account_id"),
)

tracks = Table(
    "tracks",
    metadata,
    id_column(),
    owner_column(),
    # What its title and artist fold to (`core.matching`): one row a key.
    Column("match_key", Text, nullable=False),
    # Another key of the same track is a row that points at it: never at one that points on.
    Column("merged_into", Uuid),
    # The runner took it out of another one: imports merge it with nothing.
    Column("is_apart", Boolean, nullable=False, server_default=false()),
    Column("kind", String(16), nullable=False),  # music, podcast, audiobook
    Column("title", Text, nullable=False),
    Column("artist", Text, nullable=False),
    Column("album", Text),
    # What follows from all that was said of its tempo, whose word it is, and how sure that is.
    Column("tempo_bpm", Float),
    Column("tempo_source", String(16)),
    Column("tempo_verdict", String(16)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("account_id", "match_key"),
    Index(
        "ix_tracks_merged_into",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
)

track_source_ids = Table(
    "track_source_ids",
    metadata,
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    # Spotify's uri, an ISRC or an MBID, as `core.track_identity` writes them.
    Column("source_id", String(128), primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
    Index("ix_track_source_ids_track_id", "track_id"),
)

track_names = Table(
    "track_names",
    metadata,
    id_column(),
    owner_column(),
    # How a source wrote a track. The key is a hash of all that it wrote.
    Column("name_key", String(64), nullable=False),
    # Stays when that is merged into another one, so that they can be taken apart.
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
    Column("title", Text, nullable=False),
    Column("artist", Text, nullable=False),
    Column("album", Text),
    Column("source_id", String(128)),
    UniqueConstraint("account_id", "name_key"),
    Index("ix_track_names_track_id", "track_id"),
)

music_events = Table(
    "music_events",
    metadata,
    # One source's word on one play; keys include the time column, as hypertables need.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("started_at", UtcDateTime, primary_key=True),
    # Under which of the names of `track_names` the source told it.
    Column("name_id", Uuid, primary_key=True),
    Column("provenance", String(16), primary_key=True),
    # Of the name, or the one that this is merged into.
    Column("track_id", Uuid, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("uncertainty_s", Float, nullable=False),
    Column("is_skipped", Boolean),
    Column("is_shuffled", Boolean),
    Column("is_offline", Boolean, nullable=False),
    Column("batch_id", Uuid),
    # Words of several sources on one play share it; NULL where one source alone tells a play.
    Column("listen_id", Uuid),
    # Of the words on one play exactly one speaks for it: plays are counted and listed by these.
    Column("is_best", Boolean, nullable=False, server_default=true()),
    # The runner said that this is a play of its own; it is never put with others again.
    Column("is_apart", Boolean, nullable=False, server_default=false()),
    # With all that is added up by song, so that no row has to be read for it.
    Index(
        "ix_music_events_account_id_track_id",
        "account_id",
        "track_id",
        "started_at",
        "provenance",
        "ended_at",
        "is_skipped",
        "is_best",
    ),
    Index(
        "ix_music_events_listen_id",
        "listen_id",
        sqlite_where=text("listen_id IS NOT NULL"),
        postgresql_where=text("listen_id IS NOT NULL"),
    ),
)

soundtracks = Table(
    "soundtracks",
    metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    owner_column(),
    Column("computed_at", UtcDateTime, nullable=False),
    Column("confidence", String(8), nullable=False),
    Column("confidence_reason", String(32), nullable=False),
    Column("confidence_figures", Json, nullable=False),
    Index("ix_soundtracks_account_id", "account_id"),
)

spans = Table(
    "spans",
    metadata,
    Column("activity_id", ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    owner_column(),
    Column("track_id", Uuid),  # NULL is silence
    Column("start_s", Integer, nullable=False),
    Column("end_s", Integer, nullable=False),
    Column("start_uncertainty_s", Float, nullable=False),
    Column("moving_s", Float, nullable=False),
    Column("distance_m", Float),
    Column("speed_mps", Float),
    Column("grade_adjusted_speed_mps", Float),
    Column("heart_rate_bpm", Float),
    Column("cadence_spm", Float),
    Column("grade_pct", Float),
    Column("in_step_pct", Float),
    Index("ix_spans_account_id_track_id", "account_id", "track_id"),
)
