"""Artists and albums: songs added up by who made them, or by what they appeared on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.tables import tracks
from beatrunner.db.types import AnyRow
from beatrunner.music.list_store import mentions, played, run_to
from beatrunner.music.store import is_song
from beatrunner.music.wanted_tracks import GroupSort, WantedGroups


async def list_groups(
    tx: AsyncConnection, account_id: UUID, wanted: WantedGroups, *, offset: int, limit: int
) -> Sequence[AnyRow]:
    """One row a group: its names, `songs`, `plays`, and what was run to it."""
    groups = _groups(account_id, wanted).subquery()
    rows = await tx.execute(
        select(groups).order_by(*_order(groups.c, wanted)).offset(offset).limit(limit)
    )
    return rows.all()


async def count_groups(tx: AsyncConnection, account_id: UUID, wanted: WantedGroups) -> int:
    names = select(*_names(wanted)).where(*_conditions(account_id, wanted)).distinct().subquery()
    return await tx.scalar(select(func.count()).select_from(names)) or 0


def _names(wanted: WantedGroups) -> tuple[ColumnElement[Any], ...]:
    """An album is known by its artist, too: many are called "Greatest Hits"."""
    return (tracks.c.artist, tracks.c.album) if wanted.are_albums else (tracks.c.artist,)


def _groups(account_id: UUID, wanted: WantedGroups) -> Select[Any]:
    plays, ran = played(account_id), run_to(account_id)
    known_s = func.sum(case((ran.c.mean_speed_mps.is_not(None), ran.c.moving_s)))
    return (
        select(
            *_names(wanted),
            func.count().label("songs"),
            func.coalesce(func.sum(plays.c.plays), 0).label("plays"),
            func.max(plays.c.last_played_at).label("last_played_at"),
            func.coalesce(func.sum(ran.c.plays), 0).label("run_plays"),
            func.coalesce(func.sum(ran.c.moving_s), 0.0).label("moving_s"),
            func.coalesce(func.sum(ran.c.distance_m), 0.0).label("distance_m"),
            (func.sum(ran.c.mean_speed_mps * ran.c.moving_s) / func.nullif(known_s, 0)).label(
                "mean_speed_mps"
            ),
        )
        .select_from(
            tracks.outerjoin(plays, plays.c.track_id == tracks.c.id).outerjoin(
                ran, ran.c.track_id == tracks.c.id
            )
        )
        .where(*_conditions(account_id, wanted))
        .group_by(*_names(wanted))
    )


def _conditions(account_id: UUID, wanted: WantedGroups) -> list[ColumnElement[bool]]:
    names = _names(wanted)
    found = [is_song(account_id)]
    # What has no name cannot be asked for by it.
    found.extend(name != "" for name in names)
    if wanted.artist is not None:
        found.append(tracks.c.artist == wanted.artist)
    if wanted.album is not None:
        found.append(tracks.c.album == wanted.album)
    found.extend(mentions(word, names) for word in wanted.q.split())
    return found


def _order(columns: Any, wanted: WantedGroups) -> list[ColumnElement[Any]]:
    names = [columns.album, columns.artist] if wanted.are_albums else [columns.artist]
    spelled = [func.lower(name) for name in names] + names
    if wanted.sort is GroupSort.NAME:
        return [name.desc() if wanted.is_descending else name.asc() for name in spelled]
    figure = columns.plays if wanted.sort is GroupSort.PLAYS else columns.moving_s
    return [figure.desc() if wanted.is_descending else figure.asc(), *spelled]
