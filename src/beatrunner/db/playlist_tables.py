"""The tables of playlists."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import id_column, metadata, owner_column
from beatrunner.db.types import Json, UtcDateTime

playlists = Table(
    "playlists",
    metadata,
    id_column(),
    owner_column(),
    Column("name", String(100), nullable=False),
    # As it was asked for, what followed from it, and what the library could give at the time.
    Column("target", Json, nullable=False),
    Column("made", Json, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Kept for a day, so that it can be taken back.
    Column("deleted_at", UtcDateTime),
    Index("ix_playlists_account_id", "account_id", "id"),
)

playlist_songs = Table(
    "playlist_songs",
    metadata,
    Column("playlist_id", ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("track_id", ForeignKey("tracks.id", ondelete="CASCADE"), nullable=False),
    Index("ix_playlist_songs_track_id", "track_id"),
)
