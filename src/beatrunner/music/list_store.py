"""The list of songs: which are on a page and how many there are, then what was played and run.

Years of plays are added up for the songs of the page alone, unless they decide which those are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Uuid,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.sports import RUNNING
from beatrunner.core.tempo import OCTAVES, SAME_WITHIN
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import activities, music_events, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor
from beatrunner.music.store import is_song
from beatrunner.music.wanted_tracks import TrackSort, WantedTracks, WantedVerdict

#: So much of a title decides the order; a cursor holds it.
_TITLE_SORTED_BY = 60


async def list_tracks(
    tx: AsyncConnection, account_id: UUID, wanted: WantedTracks, cursor: Cursor | None, limit: int
) -> tuple[Sequence[AnyRow], int]:
    """A page of songs, each with its `sort_value`, and the number of songs on all pages."""
    source, plays, run_plays = _source(account_id, wanted)
    conditions = _conditions(account_id, wanted, plays)
    counted = source if wanted.min_plays > 0 else tracks
    total = await tx.scalar(select(func.count()).select_from(counted).where(*conditions))
    sort = _sort_expression(wanted.sort, plays, run_plays)
    if cursor is not None:
        here = tuple_(sort, tracks.c.id)
        last = tuple_(literal(cursor.value), literal(cursor.id, type_=Uuid()))
        conditions.append(here < last if wanted.is_descending else here > last)
    order = (sort, tracks.c.id)
    rows = await tx.execute(
        select(
            tracks.c.id,
            tracks.c.title,
            tracks.c.artist,
            tracks.c.album,
            tracks.c.tempo_bpm,
            tracks.c.tempo_source,
            tracks.c.tempo_verdict,
            sort.label("sort_value"),
        )
        .select_from(source)
        .where(*conditions)
        .order_by(*(part.desc() if wanted.is_descending else part.asc() for part in order))
        .limit(limit)
    )
    return rows.all(), total or 0


async def list_played(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """By track `plays` and `last_played_at`, of those that were played."""
    rows = await tx.execute(select(played(account_id, track_ids)))
    return {row.track_id: row for row in rows}


async def list_run_to(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> dict[UUID, AnyRow]:
    """By track what was run under it, of those to which something was."""
    rows = await tx.execute(select(run_to(account_id, track_ids)))
    return {row.track_id: row for row in rows}


def _source(
    account_id: UUID, wanted: WantedTracks
) -> tuple[FromClause, ColumnElement[Any], ColumnElement[Any]]:
    """Tracks, their plays and their plays on runs; these are added up only where they decide."""
    source: FromClause = tracks
    plays: ColumnElement[Any] = literal(0)
    run_plays: ColumnElement[Any] = literal(0)
    if wanted.sort is TrackSort.PLAYS or wanted.min_plays > 0:
        counted = played(account_id)
        source = source.outerjoin(counted, counted.c.track_id == tracks.c.id)
        plays = func.coalesce(counted.c.plays, 0)
    if wanted.sort is TrackSort.RUN_PLAYS:
        ran = run_to(account_id)
        source = source.outerjoin(ran, ran.c.track_id == tracks.c.id)
        run_plays = func.coalesce(ran.c.plays, 0)
    return source, plays, run_plays


def played(account_id: UUID, track_ids: Collection[UUID] | None = None) -> FromClause:
    """By track, of those given or of all, its `plays` and `last_played_at`."""
    wanted = select(
        music_events.c.track_id,
        func.count().label("plays"),
        func.max(music_events.c.started_at).label("last_played_at"),
    ).where(music_events.c.account_id == account_id, is_listen())
    if track_ids is not None:
        wanted = wanted.where(music_events.c.track_id.in_(track_ids))
    return wanted.group_by(music_events.c.track_id).subquery()


def run_to(account_id: UUID, track_ids: Collection[UUID] | None = None) -> FromClause:
    """By track, of those given or of all, what was run under it: `runs`, `plays`, `moving_s` and
    so on."""
    wanted = (
        select(
            spans.c.track_id,
            func.count(func.distinct(spans.c.activity_id)).label("runs"),
            func.count().label("plays"),
            func.sum(spans.c.moving_s).label("moving_s"),
            func.coalesce(func.sum(spans.c.distance_m), 0.0).label("distance_m"),
            mean_moving(spans.c.speed_mps).label("mean_speed_mps"),
            mean_moving(spans.c.cadence_spm).label("mean_cadence_spm"),
        )
        .join(activities, activities.c.id == spans.c.activity_id)
        .where(spans.c.account_id == account_id, spans.c.track_id.is_not(None))
        .where(activities.c.sport.in_(sorted(RUNNING)))
    )
    if track_ids is not None:
        wanted = wanted.where(spans.c.track_id.in_(track_ids))
    return wanted.group_by(spans.c.track_id).having(func.sum(spans.c.moving_s) > 0).subquery()


def mean_moving(figure: ColumnElement[Any]) -> ColumnElement[Any]:
    """The mean of a figure of spans over the moving time for which it is known, or null."""
    known_s = func.sum(case((figure.is_not(None), spans.c.moving_s)))
    return func.sum(figure * spans.c.moving_s) / func.nullif(known_s, 0)


def _sort_expression(
    sort: TrackSort, plays: ColumnElement[Any], run_plays: ColumnElement[Any]
) -> ColumnElement[Any]:
    """A number or a text, never nothing: what is not known sorts below everything."""
    if sort is TrackSort.TITLE:
        return func.lower(func.substr(tracks.c.title, 1, _TITLE_SORTED_BY))
    if sort is TrackSort.TEMPO:
        return func.coalesce(tracks.c.tempo_bpm, -1.0)
    return run_plays if sort is TrackSort.RUN_PLAYS else plays


def _conditions(
    account_id: UUID, wanted: WantedTracks, plays: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [is_song(account_id)]
    tempo_bpm = tracks.c.tempo_bpm
    if wanted.min_tempo_bpm is not None:
        found.append(tempo_bpm >= wanted.min_tempo_bpm)
    if wanted.max_tempo_bpm is not None:
        found.append(tempo_bpm <= wanted.max_tempo_bpm)
    if wanted.in_step_spm is not None:
        found.append(or_(*(_near(tempo_bpm, wanted.in_step_spm * x) for x in OCTAVES)))
    if wanted.verdict is not None:
        is_unknown = wanted.verdict is WantedVerdict.UNKNOWN
        verdict = tracks.c.tempo_verdict
        found.append(verdict.is_(None) if is_unknown else verdict == wanted.verdict)
    if wanted.min_plays > 0:
        found.append(plays >= wanted.min_plays)
    if wanted.artist is not None:
        found.append(tracks.c.artist == wanted.artist)
    if wanted.album is not None:
        found.append(tracks.c.album == wanted.album)
    texts = (tracks.c.title, tracks.c.artist, tracks.c.album)
    found.extend(mentions(word, texts) for word in wanted.q.split())
    return found


def _near(tempo_bpm: ColumnElement[Any], other_bpm: float) -> ColumnElement[bool]:
    return and_(
        tempo_bpm >= other_bpm / (1.0 + SAME_WITHIN), tempo_bpm <= other_bpm * (1.0 + SAME_WITHIN)
    )


def mentions(word: str, texts: Iterable[ColumnElement[Any]]) -> ColumnElement[bool]:
    return or_(
        *(
            func.lower(func.coalesce(text, "")).contains(word.lower(), autoescape=True)
            for text in texts
        )
    )
