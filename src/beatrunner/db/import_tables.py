"""What imports keep in mind, besides what they stored."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, Uuid

# Foreign keys take their types from the columns that they point at.
from beatrunner.db import tables as _tables  # noqa: F401
from beatrunner.db.schema import metadata
from beatrunner.db.types import UtcDateTime

watched_folders = Table(
    "watched_folders",
    metadata,
    # Whether somebody watches, and whether there is anything to be watched.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("folder", Text, nullable=False),
    Column("is_there", Boolean, nullable=False),
    Column("looked_at", UtcDateTime, nullable=False),
)

watched_files = Table(
    "watched_files",
    metadata,
    # A file as it was when it was handed in; another size or time is another file.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    # Of the path: paths are longer than databases index.
    Column("path_sha256", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("modified_ns", BigInteger, nullable=False),
    Column("handed_in_at", UtcDateTime, nullable=False),
)

apple_artists = Table(
    "apple_artists",
    metadata,
    # Who sings what, by the lists of Apple's export; its plays name no artist.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("title_key", String(64), primary_key=True),
    Column("artist_key", String(64), primary_key=True),
    Column("artist", Text, nullable=False),
)

listen_repeats = Table(
    "listen_repeats",
    metadata,
    # Further imports that brought a word on a play: it stays when the first one is undone.
    Column("account_id", ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("started_at", UtcDateTime, primary_key=True),
    Column("name_id", Uuid, primary_key=True),
    Column("provenance", String(16), primary_key=True),
    Column("batch_id", ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_listen_repeats_batch_id", "batch_id"),
)
