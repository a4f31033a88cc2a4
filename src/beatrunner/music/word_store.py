"""Statements on the words of sources on plays, and on which of them are about one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.provenance import COMBINING
from beatrunner.db.bulk import update_columns
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import music_events
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor
from beatrunner.kit.errors import NotFoundError

_words = music_events.c
_COMBINING = sorted(COMBINING)
#: Values in one statement; databases limit them.
_AT_ONCE = 5_000
_KEY = ("started_at", "name_id", "provenance")


class WordKey(NamedTuple):
    started_at: datetime
    name_id: UUID
    provenance: str


class Placed(NamedTuple):
    """Where a word belongs: to which play (None: one of its own), and whether it speaks for it."""

    key: WordKey
    listen_id: UUID | None
    is_best: bool


async def has_several_sources(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime
) -> bool:
    """Whether words begun within [first, last] could be, or were, about one play."""
    within = (_words.account_id == account_id, _words.started_at.between(first, last))
    one = await tx.scalar(select(_words.provenance).where(*within).limit(1))
    other = select(1).where(*within, or_(_words.provenance != one, _words.listen_id.is_not(None)))
    return one is not None and await tx.scalar(other.limit(1)) is not None


async def list_words(
    tx: AsyncConnection,
    account_id: UUID,
    first: datetime,
    after: WordKey | None,
    limit: int,
) -> Sequence[AnyRow]:
    """Combinable words begun from `first` on, in order of their keys, behind that of `after`."""
    wanted = (
        select(
            *(_words[name] for name in _KEY),
            *(_words.track_id, _words.ended_at, _words.uncertainty_s),
            *(_words.listen_id, _words.is_best, _words.is_apart),
        )
        .where(
            _words.account_id == account_id,
            _words.started_at >= first,
            _words.provenance.in_(_COMBINING),
        )
        .order_by(*(_words[name] for name in _KEY))
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(
            tuple_(*(_words[name] for name in _KEY))
            > tuple_(
                bindparam("after", after.started_at, _words.started_at.type),
                bindparam("name", after.name_id, _words.name_id.type),
                bindparam("source", after.provenance, _words.provenance.type),
            )
        )
    return (await tx.execute(wanted)).all()


async def list_starts_before(
    tx: AsyncConnection, account_id: UUID, first: datetime, limit: int
) -> Sequence[datetime]:
    """The latest first."""
    rows = await tx.execute(
        select(_words.started_at)
        .where(
            _words.account_id == account_id,
            _words.started_at < first,
            _words.provenance.in_(_COMBINING),
        )
        .order_by(_words.started_at.desc())
        .limit(limit)
    )
    return rows.scalars().all()


async def update_words(tx: AsyncConnection, account_id: UUID, placed: Sequence[Placed]) -> None:
    if not placed:
        return
    keys: dict[str, Sequence[Any]] = {
        "account_id": [account_id] * len(placed),
        **{name: [getattr(each.key, name) for each in placed] for name in _KEY},
    }
    columns: dict[str, Sequence[Any]] = {
        "listen_id": [each.listen_id for each in placed],
        "is_best": [each.is_best for each in placed],
    }
    await update_columns(tx, music_events, keys, columns)


async def update_apart(tx: AsyncConnection, account_id: UUID, key: WordKey, is_apart: bool) -> None:
    """Raises NotFoundError."""
    done = await tx.execute(
        update(music_events)
        .where(
            _words.account_id == account_id,
            *(_words[name] == getattr(key, name) for name in _KEY),
        )
        .values(is_apart=is_apart)
    )
    if done.rowcount == 0:
        raise NotFoundError("No source told of such a play.")


async def list_starts_of(
    tx: AsyncConnection, account_id: UUID, track_id: UUID
) -> Sequence[datetime]:
    """When the plays of a track began, in order."""
    rows = await tx.execute(
        select(_words.started_at)
        .where(_words.account_id == account_id, _words.track_id == track_id)
        .order_by(_words.started_at)
    )
    return rows.scalars().all()


async def count_shared_plays(
    tx: AsyncConnection, account_id: UUID, pairs: Collection[tuple[UUID, UUID]]
) -> Mapping[tuple[UUID, UUID], int]:
    """By pair of tracks, each in order: plays that one source told of one, another of the other."""
    other = music_events.alias()
    firsts = sorted({one for one, _ in pairs})
    found: dict[tuple[UUID, UUID], int] = {}
    for start in range(0, len(firsts), _AT_ONCE):
        rows = await tx.execute(
            select(_words.track_id, other.c.track_id, func.count(func.distinct(_words.listen_id)))
            .join(
                other,
                and_(other.c.listen_id == _words.listen_id, other.c.track_id > _words.track_id),
            )
            .where(
                _words.account_id == account_id,
                _words.track_id.in_(firsts[start : start + _AT_ONCE]),
                _words.listen_id.is_not(None),
            )
            .group_by(_words.track_id, other.c.track_id)
        )
        found |= {(row[0], row[1]): row[2] for row in rows}
    return found


async def list_plays_of(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, after: Cursor | None, limit: int
) -> Sequence[AnyRow]:
    """The words that speak for plays of a track, the latest first."""
    here = _words.started_at, _words.name_id
    wanted = (
        select(music_events)
        .where(_words.account_id == account_id, _words.track_id == track_id, is_listen())
        .order_by(*(column.desc() for column in here))
        .limit(limit)
    )
    if after is not None:
        last = literal(after.time, type_=here[0].type), literal(after.id, type_=here[1].type)
        wanted = wanted.where(tuple_(*here) < tuple_(*last))
    return (await tx.execute(wanted)).all()


async def list_words_on(
    tx: AsyncConnection, account_id: UUID, listen_ids: Collection[UUID]
) -> Sequence[AnyRow]:
    """All words on these plays, of each play first the one that speaks for it."""
    rows = await tx.execute(
        select(music_events)
        .where(_words.account_id == account_id, _words.listen_id.in_(listen_ids))
        .order_by(_words.listen_id, _words.is_best.desc(), _words.provenance)
    )
    return rows.all()
