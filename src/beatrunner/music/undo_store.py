"""Statements on which imports brought which plays, and on taking an import's plays back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.db.import_tables import listen_repeats
from beatrunner.db.live_tables import tempo_readings, workout_songs
from beatrunner.db.playlist_tables import playlist_songs
from beatrunner.db.tables import music_events, spans, track_names, tracks
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.music.store import is_counted_as

_KEY = ("account_id", "started_at", "name_id", "provenance")
#: Rows that one statement takes.
_AT_ONCE = 5_000


async def list_told(
    tx: AsyncConnection, account_id: UUID, provenance: str, first: datetime, last: datetime
) -> Sequence[AnyRow]:
    """This source's plays begun within [first, last], in order, and which import brought each."""
    columns = music_events.c
    rows = await tx.execute(
        select(columns.started_at, columns.name_id, columns.track_id, columns.batch_id)
        .where(
            columns.account_id == account_id,
            columns.provenance == provenance,
            columns.started_at.between(first, last),
        )
        .order_by(columns.started_at)
    )
    return rows.all()


async def insert_repeats(
    tx: AsyncConnection,
    account_id: UUID,
    batch_id: UUID,
    provenance: str,
    plays: Sequence[tuple[datetime, UUID]],
) -> None:
    """`plays` by start and name."""
    fixed = {"account_id": account_id, "batch_id": batch_id, "provenance": str(provenance)}
    statement = insert_for(tx, listen_repeats).on_conflict_do_nothing()
    for start in range(0, len(plays), _AT_ONCE):
        some = plays[start : start + _AT_ONCE]
        await tx.execute(
            statement, [{**fixed, "started_at": at, "name_id": name} for at, name in some]
        )


def _brought_again(batch_id: UUID) -> ColumnElement[bool]:
    return exists().where(_same_play(), listen_repeats.c.batch_id != batch_id)


def _same_play() -> ColumnElement[bool]:
    return and_(*(listen_repeats.c[name] == music_events.c[name] for name in _KEY))


def _of_batch(account_id: UUID, batch_id: UUID) -> ColumnElement[bool]:
    return (music_events.c.account_id == account_id) & (music_events.c.batch_id == batch_id)


async def count_listens_of(
    tx: AsyncConnection, account_id: UUID, batch_id: UUID
) -> tuple[int, int]:
    """Plays that go with the import, and plays that stay because another one brought them."""
    of_batch, again = _of_batch(account_id, batch_id), _brought_again(batch_id)
    count = select(func.count()).select_from(music_events)
    all_of_it = await tx.scalar(count.where(of_batch)) or 0
    stay = await tx.scalar(count.where(of_batch, again)) or 0
    return all_of_it - stay, stay


async def update_brought_again(tx: AsyncConnection, account_id: UUID, batch_id: UUID) -> None:
    """What another import brought, too, is that one's from now on."""
    other = (
        select(listen_repeats.c.batch_id)
        .where(_same_play(), listen_repeats.c.batch_id != batch_id)
        .order_by(listen_repeats.c.batch_id)
        .limit(1)
        .scalar_subquery()
    )
    await tx.execute(
        update(music_events)
        .where(_of_batch(account_id, batch_id), _brought_again(batch_id))
        .values(batch_id=other)
    )
    await tx.execute(delete(listen_repeats).where(listen_repeats.c.batch_id == batch_id))


async def delete_some_listens(
    tx: AsyncConnection, account_id: UUID, batch_id: UUID, limit: int
) -> Sequence[AnyRow]:
    """The first of an import's plays; gives start, end, track and name of each."""
    columns = music_events.c
    of_batch = _of_batch(account_id, batch_id)
    starts = (
        select(columns.started_at).where(of_batch).order_by(columns.started_at).limit(limit)
    ).subquery()
    last = await tx.scalar(select(func.max(starts.c.started_at)))
    if last is None:
        return ()
    await update_library_version(tx, account_id)
    rows = await tx.execute(
        delete(music_events)
        .where(of_batch, columns.started_at <= last)
        .returning(columns.started_at, columns.ended_at, columns.track_id, columns.name_id)
    )
    return rows.all()


async def delete_unused_tracks(
    tx: AsyncConnection, account_id: UUID, name_ids: Collection[UUID]
) -> None:
    """Tracks of these names, with all that is merged into them, of which nothing is left: no play,
    playlist, workout or correction."""
    ordered = sorted(name_ids)
    written = tracks.alias()
    for start in range(0, len(ordered), _AT_ONCE):
        named = (
            select(func.coalesce(written.c.merged_into, written.c.id))
            .join(track_names, track_names.c.track_id == written.c.id)
            .where(track_names.c.id.in_(ordered[start : start + _AT_ONCE]))
        )
        unused = select(tracks.c.id).where(
            tracks.c.account_id == account_id, tracks.c.id.in_(named), ~_is_left(account_id)
        )
        roots = list((await tx.execute(unused)).scalars())
        gone = list((await tx.execute(select(tracks.c.id).where(is_counted_as(roots)))).scalars())
        # Until their soundtracks are computed anew, which is about to happen.
        await tx.execute(
            update(spans)
            .where(spans.c.account_id == account_id, spans.c.track_id.in_(gone))
            .values(track_id=None)
        )
        await tx.execute(delete(tracks).where(tracks.c.id.in_(gone)))


def _is_left(account_id: UUID) -> ColumnElement[bool]:
    """Whether anything is there of a track, or of one that is merged into it."""
    one = tracks.alias()
    return exists().where(
        or_(one.c.id == tracks.c.id, one.c.merged_into == tracks.c.id),
        or_(
            one.c.is_apart,
            exists().where(
                music_events.c.account_id == account_id, music_events.c.track_id == one.c.id
            ),
            *(
                exists().where(table.c.track_id == one.c.id)
                for table in (playlist_songs, workout_songs, tempo_readings)
            ),
        ),
    )
