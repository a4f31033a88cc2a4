"""Statements on playlists, and on the songs that they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    case,
    cast,
    delete,
    extract,
    func,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.playlist_tables import playlist_songs, playlists
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import music_events, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError, RefusedError
from beatrunner.kit.ids import new_id
from beatrunner.music.store import is_song

#: Deleted ones can be taken back for so long.
_KEPT_FOR = timedelta(days=1)
#: No song is shorter; such a play was broken off.
_SHORTEST_S, _LONGEST_S = 30.0, 3600.0
#: Values in one statement; databases limit them.
_AT_ONCE = 5_000
_NO_SUCH_PLAYLIST = "There is no such playlist."


@dataclass(frozen=True, slots=True)
class Heard:
    """`longest_s` of the plays that were not skipped: nearly always the whole song."""

    last_at: datetime
    longest_s: float | None


async def list_songs(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """All music of the account but what is known only from where nothing may be made of it."""
    columns = tracks.c
    listens = music_events.c
    known_only_so = (
        select(listens.track_id)
        .where(listens.account_id == account_id)
        .group_by(listens.track_id)
        .having(func.max(case((is_listen(), 1), else_=0)) == 0)
    )
    rows = await tx.execute(
        select(columns.id, columns.artist, columns.tempo_bpm, columns.tempo_verdict).where(
            is_song(account_id),
            columns.id.not_in(known_only_so),
        )
    )
    return rows.all()


async def list_heard(
    tx: AsyncConnection, account_id: UUID, track_ids: Sequence[UUID]
) -> dict[UUID, Heard]:
    """By track, of those that were heard."""
    listens = music_events.c
    whole_s = case((listens.is_skipped.is_not(True), _length_s(tx)))
    found: dict[UUID, Heard] = {}
    for start in range(0, len(track_ids), _AT_ONCE):
        rows = await tx.execute(
            select(listens.track_id, func.max(listens.started_at), func.max(whole_s))
            .where(
                listens.account_id == account_id,
                listens.track_id.in_(track_ids[start : start + _AT_ONCE]),
                is_listen(),
            )
            .group_by(listens.track_id)
        )
        found |= {row[0]: Heard(row[1], _whole_song(row[2])) for row in rows}
    return found


def _whole_song(longest_s: float | None) -> float | None:
    return longest_s if longest_s and _SHORTEST_S <= longest_s <= _LONGEST_S else None


async def list_chosen(tx: AsyncConnection, account_id: UUID) -> dict[UUID, datetime]:
    """By track, when the latest playlist with it was made."""
    rows = await tx.execute(
        select(playlist_songs.c.track_id, func.max(playlists.c.created_at))
        .join(playlists, playlists.c.id == playlist_songs.c.playlist_id)
        .where(playlists.c.account_id == account_id, playlists.c.deleted_at.is_(None))
        .group_by(playlist_songs.c.track_id)
    )
    return {row[0]: row[1] for row in rows}


def _length_s(tx: AsyncConnection) -> ColumnElement[float]:
    started_at, ended_at = music_events.c.started_at, music_events.c.ended_at
    if tx.dialect.name == "sqlite":
        # Whole microseconds (`db.types`).
        length_us = type_coerce(ended_at, BigInteger) - type_coerce(started_at, BigInteger)
        return type_coerce(length_us / 1e6, Float)
    return cast(extract("epoch", ended_at - started_at), Float)


async def insert_playlist(
    tx: AsyncConnection,
    account_id: UUID,
    name: str,
    *,
    target: Mapping[str, Any],
    made: Mapping[str, Any],
    now: datetime,
) -> UUID:
    playlist_id = new_id()
    await tx.execute(
        insert(playlists).values(
            id=playlist_id,
            account_id=account_id,
            name=name,
            target=dict(target),
            made=dict(made),
            created_at=now,
        )
    )
    return playlist_id


async def replace_songs(
    tx: AsyncConnection, account_id: UUID, playlist_id: UUID, track_ids: Sequence[UUID]
) -> None:
    """Raises RefusedError for what is no song of this account."""
    own = await tx.scalar(
        select(func.count()).where(
            tracks.c.account_id == account_id,
            tracks.c.kind == "music",
            tracks.c.id.in_(track_ids),
        )
    )
    if own != len(track_ids):
        raise RefusedError("One of these songs is not among yours.")
    await tx.execute(delete(playlist_songs).where(playlist_songs.c.playlist_id == playlist_id))
    rows = [
        {"playlist_id": playlist_id, "place": place, "track_id": track_id}
        for place, track_id in enumerate(track_ids)
    ]
    if rows:
        await tx.execute(insert(playlist_songs), rows)


async def list_playlists(
    tx: AsyncConnection, account_id: UUID, before: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """The newest first, each with the number of its songs."""
    songs = (
        select(func.count())
        .where(playlist_songs.c.playlist_id == playlists.c.id)
        .scalar_subquery()
        .label("songs")
    )
    wanted = select(playlists, songs).where(
        playlists.c.account_id == account_id, playlists.c.deleted_at.is_(None)
    )
    if before is not None:
        wanted = wanted.where(playlists.c.id < before)
    rows = await tx.execute(wanted.order_by(playlists.c.id.desc()).limit(limit))
    return rows.all()


async def get_playlist(tx: AsyncConnection, account_id: UUID, playlist_id: UUID) -> AnyRow:
    """Raises NotFoundError, also for somebody else's and a deleted one."""
    rows = await tx.execute(
        select(playlists).where(
            playlists.c.id == playlist_id,
            playlists.c.account_id == account_id,
            playlists.c.deleted_at.is_(None),
        )
    )
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError(_NO_SUCH_PLAYLIST)
    return row


async def lock_playlist(tx: AsyncConnection, account_id: UUID, playlist_id: UUID) -> None:
    """Have other changes of its songs wait until this one is over. Raises NotFoundError."""
    await get_playlist(tx, account_id, playlist_id)
    await tx.execute(select(playlists.c.id).where(playlists.c.id == playlist_id).with_for_update())


async def list_songs_of(tx: AsyncConnection, playlist_id: UUID) -> Sequence[AnyRow]:
    """In their order."""
    rows = await tx.execute(
        select(
            tracks.c.id,
            tracks.c.title,
            tracks.c.artist,
            tracks.c.tempo_bpm,
            tracks.c.tempo_verdict,
        )
        .join(playlist_songs, playlist_songs.c.track_id == tracks.c.id)
        .where(playlist_songs.c.playlist_id == playlist_id)
        .order_by(playlist_songs.c.place)
    )
    return rows.all()


async def update_name(tx: AsyncConnection, playlist_id: UUID, name: str) -> None:
    await tx.execute(update(playlists).where(playlists.c.id == playlist_id).values(name=name))


async def update_deleted(
    tx: AsyncConnection, account_id: UUID, playlist_id: UUID, deleted_at: datetime | None
) -> None:
    """Delete a playlist, or take that back (None). Raises NotFoundError."""
    changed = await tx.execute(
        update(playlists)
        .where(playlists.c.id == playlist_id, playlists.c.account_id == account_id)
        .values(deleted_at=deleted_at)
    )
    if changed.rowcount == 0:
        raise NotFoundError(_NO_SUCH_PLAYLIST)


async def delete_forgotten(tx: AsyncConnection, account_id: UUID, now: datetime) -> None:
    """Those of the account that were deleted too long ago to be taken back."""
    await tx.execute(
        delete(playlists).where(
            playlists.c.account_id == account_id, playlists.c.deleted_at < now - _KEPT_FOR
        )
    )
