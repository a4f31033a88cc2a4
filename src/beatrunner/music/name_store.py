"""Statements on how sources wrote tracks, and on tracks that are one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.bulk import insert_columns
from beatrunner.db.tables import music_events, track_names, track_source_ids, tracks
from beatrunner.db.types import AnyRow
from beatrunner.music.play_table import TrackName

#: Values in one statement; databases limit them.
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that was not known yet, of a track that is there."""

    id: UUID
    name_key: str
    track_id: UUID
    name: TrackName


async def list_names_by_key(
    tx: AsyncConnection, account_id: UUID, name_keys: Collection[str]
) -> dict[str, tuple[UUID, UUID]]:
    """(name, track) by key, of those that are known; the track may be merged into another."""
    ordered = sorted(name_keys)
    found: dict[str, tuple[UUID, UUID]] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(track_names.c.name_key, track_names.c.id, track_names.c.track_id).where(
                track_names.c.account_id == account_id,
                track_names.c.name_key.in_(ordered[start : start + _AT_ONCE]),
            )
        )
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found


async def insert_names(tx: AsyncConnection, account_id: UUID, new: Sequence[NewName]) -> None:
    columns: dict[str, Sequence[Any]] = {
        "id": [each.id for each in new],
        "name_key": [each.name_key for each in new],
        "track_id": [each.track_id for each in new],
        "title": [each.name.title for each in new],
        "artist": [each.name.artist for each in new],
        "album": [each.name.album for each in new],
        "source_id": [each.name.source_id for each in new],
    }
    await insert_columns(tx, track_names, columns, {"account_id": account_id})


async def list_merged(tx: AsyncConnection, account_id: UUID) -> dict[UUID, UUID]:
    """By track the one that it is merged into."""
    rows = await tx.execute(
        select(tracks.c.id, tracks.c.merged_into).where(
            tracks.c.account_id == account_id, tracks.c.merged_into.is_not(None)
        )
    )
    return {row[0]: row[1] for row in rows}


async def list_apart(tx: AsyncConnection, account_id: UUID) -> set[UUID]:
    """Tracks that the runner took out of others."""
    rows = await tx.execute(
        select(tracks.c.id).where(tracks.c.account_id == account_id, tracks.c.is_apart)
    )
    return set(rows.scalars())


async def update_merged(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, into_id: UUID
) -> None:
    """Point the track, with all that are merged into it, at another one."""
    await tx.execute(
        update(tracks)
        .where(
            tracks.c.account_id == account_id,
            or_(tracks.c.id == track_id, tracks.c.merged_into == track_id),
        )
        .values(merged_into=into_id)
    )


async def update_apart(tx: AsyncConnection, account_id: UUID, track_id: UUID) -> None:
    """Let the track stand for itself, and be merged by no import."""
    await tx.execute(
        update(tracks)
        .where(tracks.c.account_id == account_id, tracks.c.id == track_id)
        .values(merged_into=None, is_apart=True)
    )


async def insert_apart(tx: AsyncConnection, track_id: UUID, like: AnyRow, name: AnyRow) -> None:
    """A track of its own, of the kind and age of `like`, called as `name` is written."""
    await tx.execute(
        insert(tracks).values(
            id=track_id,
            account_id=like.account_id,
            # No title folds to it, so that nothing else is drawn here.
            match_key=track_id.hex,
            kind=like.kind,
            title=name.title,
            artist=name.artist,
            album=name.album,
            is_apart=True,
            created_at=like.created_at,
        )
    )


async def update_name_tracks(
    tx: AsyncConnection, account_id: UUID, name_ids: Collection[UUID], track_id: UUID
) -> None:
    """Give names to a track, with the identifiers that only they have."""
    await tx.execute(
        update(track_names)
        .where(track_names.c.account_id == account_id, track_names.c.id.in_(name_ids))
        .values(track_id=track_id)
    )
    others = track_names.alias()
    own_ids = select(track_names.c.source_id).where(
        track_names.c.account_id == account_id,
        track_names.c.track_id == track_id,
        track_names.c.source_id.is_not(None),
        ~select(others.c.id)
        .where(
            others.c.account_id == account_id,
            others.c.source_id == track_names.c.source_id,
            others.c.track_id != track_id,
        )
        .exists(),
    )
    await tx.execute(
        update(track_source_ids)
        .where(
            track_source_ids.c.account_id == account_id, track_source_ids.c.source_id.in_(own_ids)
        )
        .values(track_id=track_id)
    )


async def update_plays(
    tx: AsyncConnection,
    account_id: UUID,
    old_id: UUID,
    new_id: UUID,
    name_ids: Collection[UUID] | None = None,
) -> None:
    """Give plays of a track to another one: all, or those that came under these names."""
    moved = update(music_events).where(_is_play_of(account_id, old_id, name_ids))
    await tx.execute(moved.values(track_id=new_id))


def _is_play_of(
    account_id: UUID, track_id: UUID, name_ids: Collection[UUID] | None
) -> ColumnElement[bool]:
    found = (music_events.c.account_id == account_id) & (music_events.c.track_id == track_id)
    return found if name_ids is None else found & music_events.c.name_id.in_(name_ids)


async def list_names_of(tx: AsyncConnection, account_id: UUID, track_id: UUID) -> Sequence[AnyRow]:
    """Names of a track and of what is merged into it: by name `home_id` (whose it is), as whom
    it was written, and the oldest first."""
    rows = await tx.execute(
        select(
            track_names.c.id,
            track_names.c.track_id.label("home_id"),
            track_names.c.title,
            track_names.c.artist,
            track_names.c.album,
        )
        .join(tracks, tracks.c.id == track_names.c.track_id)
        .where(
            track_names.c.account_id == account_id,
            or_(tracks.c.id == track_id, tracks.c.merged_into == track_id),
        )
        .order_by(track_names.c.id)
    )
    return rows.all()


async def count_plays_by_name(
    tx: AsyncConnection, account_id: UUID, track_id: UUID
) -> Sequence[AnyRow]:
    """`plays` by `name_id` and `provenance`."""
    rows = await tx.execute(
        select(
            music_events.c.name_id,
            music_events.c.provenance,
            func.count().label("plays"),
        )
        .where(_is_play_of(account_id, track_id, None))
        .group_by(music_events.c.name_id, music_events.c.provenance)
        .order_by(music_events.c.name_id, music_events.c.provenance)
    )
    return rows.all()


async def list_written(
    tx: AsyncConnection, account_id: UUID, name_ids: Iterable[UUID]
) -> Mapping[UUID, AnyRow]:
    """By name `kind`, `title` and `artist`."""
    ordered = sorted(name_ids)
    found: dict[UUID, AnyRow] = {}
    for start in range(0, len(ordered), _AT_ONCE):
        rows = await tx.execute(
            select(track_names.c.id, tracks.c.kind, track_names.c.title, track_names.c.artist)
            .join(tracks, tracks.c.id == track_names.c.track_id)
            .where(
                track_names.c.account_id == account_id,
                track_names.c.id.in_(ordered[start : start + _AT_ONCE]),
            )
        )
        found |= {row.id: row for row in rows}
    return found
