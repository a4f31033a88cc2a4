"""Statements on who sings what by Apple's lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.listening import ListenKind
from beatrunner.core.track_identity import match_key_of
from beatrunner.db.import_tables import apple_artists
from beatrunner.db.tables import track_names, tracks
from beatrunner.db.upsert import insert_for
from beatrunner.music.play_table import TrackName

#: Values in one statement; databases limit them.
_AT_ONCE = 1_000


async def insert_artists(
    tx: AsyncConnection, account_id: UUID, artists: Mapping[tuple[str, str], str]
) -> int:
    """By keys of title and artist; gives how many were new."""
    rows = [
        {"account_id": account_id, "title_key": title, "artist_key": key, "artist": artist}
        for (title, key), artist in artists.items()
    ]
    added = 0
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert_for(tx, apple_artists).values(rows[start : start + _AT_ONCE])
        added += (await tx.execute(statement.on_conflict_do_nothing())).rowcount
    return added


async def list_single_artists(
    tx: AsyncConnection, account_id: UUID, title_keys: Collection[str]
) -> dict[str, str]:
    """By title, where exactly one artist has a song of that title."""
    columns = apple_artists.c
    ordered = sorted(title_keys)
    found: dict[str, str] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(columns.title_key, func.min(columns.artist))
            .where(
                columns.account_id == account_id,
                columns.title_key.in_(ordered[start : start + _AT_ONCE]),
            )
            .group_by(columns.title_key)
            .having(func.count() == 1)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


async def list_names_without_artist(
    tx: AsyncConnection, account_id: UUID, source: str
) -> list[TrackName]:
    """Music of a source (the beginning of its identifiers) that names no artist."""
    columns = track_names.c
    rows = await tx.execute(
        select(columns.source_id, columns.title, columns.album)
        .where(
            columns.account_id == account_id,
            columns.artist == "",
            columns.source_id.startswith(source, autoescape=True),
        )
        .order_by(columns.id)
    )
    music = ListenKind.MUSIC
    return [
        TrackName(
            match_key_of(music, row.title, ""), row.source_id, music, row.title, "", row.album
        )
        for row in rows
    ]


async def update_missing_artist(tx: AsyncConnection, track_id: UUID, artist: str) -> None:
    await tx.execute(
        update(tracks).where(tracks.c.id == track_id, tracks.c.artist == "").values(artist=artist)
    )
