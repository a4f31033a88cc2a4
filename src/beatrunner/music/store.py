"""Statements on tracks and listens."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.track_identity import SPOTIFY
from beatrunner.db.bulk import insert_columns
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import music_events, track_source_ids, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import NotFoundError
from beatrunner.music.play_table import TrackName

#: Values in one statement; databases limit them.
_AT_ONCE = 5_000

#: A play longer than this is not found by a later time alone.
_LONGEST_PLAY = timedelta(days=1)


async def list_tracks_by_source_id(
    tx: AsyncConnection, account_id: UUID, source_ids: Collection[str]
) -> dict[str, UUID]:
    """Those of the ids that are known, with their tracks."""
    columns = track_source_ids.c
    return await _lookup(tx, account_id, columns.source_id, columns.track_id, source_ids)


async def list_tracks_by_match_key(
    tx: AsyncConnection, account_id: UUID, match_keys: Collection[str]
) -> dict[str, UUID]:
    """Those of the keys that are known, with their tracks."""
    return await _lookup(tx, account_id, tracks.c.match_key, tracks.c.id, match_keys)


async def _lookup(
    tx: AsyncConnection,
    account_id: UUID,
    key: Column[Any],
    value: Column[Any],
    wanted: Collection[str],
) -> dict[str, UUID]:
    ordered = sorted(wanted)
    found: dict[str, UUID] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(key, value).where(
                key.table.c.account_id == account_id, key.in_(ordered[start : start + _AT_ONCE])
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


async def list_listen_keys(
    tx: AsyncConnection, account_id: UUID, provenance: str, first: datetime, last: datetime
) -> list[tuple[datetime, UUID, datetime]]:
    """(started_at, track_id, ended_at) of this source's plays begun within [first, last]."""
    rows = await tx.execute(
        select(music_events.c.started_at, music_events.c.track_id, music_events.c.ended_at).where(
            music_events.c.account_id == account_id,
            music_events.c.provenance == provenance,
            music_events.c.started_at.between(first, last),
        )
    )
    return [(row.started_at, row.track_id, row.ended_at) for row in rows]


async def insert_tracks(
    tx: AsyncConnection, account_id: UUID, new: Mapping[UUID, TrackName], now: datetime
) -> None:
    names = new.values()
    columns: dict[str, Sequence[Any]] = {
        "id": list(new),
        "match_key": [name.match_key for name in names],
        "kind": [name.kind for name in names],
        "title": [name.title for name in names],
        "artist": [name.artist for name in names],
        "album": [name.album for name in names],
    }
    await insert_columns(tx, tracks, columns, {"account_id": account_id, "created_at": now})


def is_song(account_id: UUID) -> ColumnElement[bool]:
    """Of a track: music of the account that is merged into no other track."""
    return and_(
        tracks.c.account_id == account_id, tracks.c.kind == "music", tracks.c.merged_into.is_(None)
    )


def counted_as() -> ColumnElement[UUID]:
    """Of a track: itself, or the one that it is merged into."""
    return func.coalesce(tracks.c.merged_into, tracks.c.id)


def is_counted_as(track_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Of a track: one of these, or merged into one of them."""
    return or_(tracks.c.id.in_(track_ids), tracks.c.merged_into.in_(track_ids))


async def get_track(tx: AsyncConnection, account_id: UUID, track_id: UUID) -> AnyRow:
    """The track, or the one that it is merged into. Raises NotFoundError, also for somebody
    else's."""
    asked = select(counted_as()).where(tracks.c.id == track_id, tracks.c.account_id == account_id)
    rows = await tx.execute(select(tracks).where(tracks.c.id == asked.scalar_subquery()))
    row = rows.one_or_none()
    if row is None:
        raise NotFoundError("There is no such track.")
    return row


async def insert_source_ids(tx: AsyncConnection, account_id: UUID, new: Mapping[str, UUID]) -> None:
    columns: dict[str, Sequence[Any]] = {"source_id": list(new), "track_id": list(new.values())}
    await insert_columns(tx, track_source_ids, columns, {"account_id": account_id})


async def insert_listens(
    tx: AsyncConnection,
    columns: Mapping[str, Sequence[Any]],
    *,
    account_id: UUID,
    provenance: str,
    batch_id: UUID | None,
) -> None:
    constants = {"account_id": account_id, "provenance": str(provenance), "batch_id": batch_id}
    await insert_columns(tx, music_events, columns, constants)


@dataclass(frozen=True, slots=True)
class ListedListen:
    """A play with what aligning it needs to know of its track."""

    track_id: UUID
    kind: str
    tempo_bpm: float | None
    started_at: datetime
    ended_at: datetime
    uncertainty_s: float
    is_offline: bool
    is_shuffled: bool | None
    is_skipped: bool | None


async def list_listens(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime
) -> list[ListedListen]:
    """Plays that sound within [first, last] and may stand beside a run, in order of their start."""
    rows = await tx.execute(
        select(
            music_events.c.track_id,
            tracks.c.kind,
            tracks.c.tempo_bpm,
            music_events.c.started_at,
            music_events.c.ended_at,
            music_events.c.uncertainty_s,
            music_events.c.is_offline,
            music_events.c.is_shuffled,
            music_events.c.is_skipped,
        )
        .join(tracks, tracks.c.id == music_events.c.track_id)
        .where(
            music_events.c.account_id == account_id,
            is_listen(),
            music_events.c.started_at.between(first - _LONGEST_PLAY, last),
            music_events.c.ended_at >= first,
        )
        .order_by(music_events.c.started_at, music_events.c.track_id)
    )
    return [ListedListen(*row) for row in rows]


async def list_spotify_uris(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, str]:
    """By track. Of several, always the same one."""
    rows = await tx.execute(
        select(counted_as(), func.min(track_source_ids.c.source_id))
        .join(tracks, tracks.c.id == track_source_ids.c.track_id)
        .where(
            track_source_ids.c.account_id == account_id,
            is_counted_as(track_ids),
            track_source_ids.c.source_id.startswith(SPOTIFY),
        )
        .group_by(counted_as())
    )
    return {row[0]: row[1] for row in rows}
