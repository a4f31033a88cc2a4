"""How sources wrote tracks, tracks that are one, and plays under the names they came under."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from beatrunner.core.listening import ListenKind
from beatrunner.core.track_identity import match_key_of, name_key_of

revision = "0014"
down_revision = "0013"

_BY_SONG = ["account_id", "track_id", "started_at", "provenance", "ended_at", "is_skipped"]
_KEY = ["account_id", "started_at", "name_id", "provenance"]

_TRACKS = sa.table(
    "tracks",
    sa.column("id", sa.Uuid()),
    sa.column("account_id", sa.Uuid()),
    *(sa.column(name) for name in ("match_key", "kind", "title", "artist", "album")),
    sa.column("merged_into", sa.Uuid()),
)
_SOURCE_IDS = sa.table("track_source_ids", sa.column("track_id", sa.Uuid()), sa.column("source_id"))


def upgrade() -> None:
    op.add_column("tracks", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column(
        "tracks", sa.Column("is_apart", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(
        "ix_tracks_merged_into",
        "tracks",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    names = op.create_table(
        "track_names",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("track_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text(), nullable=False),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("source_id", sa.String(length=128), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_track_names_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["track_id"], ["tracks.id"], name=op.f("fk_track_names_track_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_names")),
        sa.UniqueConstraint(
            "account_id", "name_key", name=op.f("uq_track_names_account_id_name_key")
        ),
    )
    op.create_index("ix_track_names_track_id", "track_names", ["track_id"])
    connection = op.get_bind()
    _fold_keys_anew(connection)
    _name_tracks(connection, names)
    _key_plays_by_name()
    for table in ("music_events", "spans"):
        op.execute(
            f"UPDATE {table} SET track_id = (SELECT merged_into FROM tracks "  # noqa: S608
            f"WHERE tracks.id = {table}.track_id) WHERE track_id IN "
            "(SELECT id FROM tracks WHERE merged_into IS NOT NULL)"
        )


def _fold_keys_anew(connection: sa.Connection) -> None:
    """Of tracks that now fold to one key the first keeps it; the others are merged into it."""
    rows = connection.execute(sa.select(_TRACKS).order_by(_TRACKS.c.id)).all()
    first: dict[tuple[Any, str], Any] = {}
    for row in rows:
        key = match_key_of(ListenKind(row.kind), row.title, row.artist)
        kept = first.setdefault((row.account_id, key), row.id)
        # No key on the way there may be one that another track still has.
        connection.execute(
            sa.update(_TRACKS)
            .where(_TRACKS.c.id == row.id)
            .values(match_key=row.id.hex, merged_into=None if kept == row.id else kept)
        )
    for (_, key), track_id in first.items():
        connection.execute(sa.update(_TRACKS).where(_TRACKS.c.id == track_id).values(match_key=key))


def _name_tracks(connection: sa.Connection, names: sa.Table) -> None:
    """One name a track, under the track's own identifier."""
    by_track = sa.select(_SOURCE_IDS.c.track_id, sa.func.min(_SOURCE_IDS.c.source_id))
    by_track = by_track.where(_SOURCE_IDS.c.source_id.startswith("spotify:"))
    source_ids = {
        row[0]: row[1] for row in connection.execute(by_track.group_by(_SOURCE_IDS.c.track_id))
    }
    for row in connection.execute(sa.select(_TRACKS)).all():
        match_key = match_key_of(ListenKind(row.kind), row.title, row.artist)
        source_id = source_ids.get(row.id)
        connection.execute(
            sa.insert(names).values(
                id=row.id,
                account_id=row.account_id,
                # Two tracks of one writing would have one key: the second is found by no import.
                name_key=name_key_of(match_key, row.title, row.artist, source_id)
                if row.merged_into is None
                else row.id.hex,
                track_id=row.id,
                title=row.title,
                artist=row.artist,
                album=row.album,
                source_id=source_id,
            )
        )


def _key_plays_by_name() -> None:
    op.add_column("music_events", sa.Column("name_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE music_events SET name_id = track_id")
    for index in ("account_id_track_id", "listen_id"):
        op.drop_index(f"ix_music_events_{index}", "music_events")
    with op.batch_alter_table("music_events") as batch:
        batch.alter_column("name_id", nullable=False)
        batch.drop_constraint("pk_music_events", type_="primary")
        batch.create_primary_key("pk_music_events", _KEY)
    op.create_index("ix_music_events_account_id_track_id", "music_events", [*_BY_SONG, "is_best"])
    op.create_index(
        "ix_music_events_listen_id",
        "music_events",
        ["listen_id"],
        sqlite_where=sa.text("listen_id IS NOT NULL"),
        postgresql_where=sa.text("listen_id IS NOT NULL"),
    )
