"""The list of songs: one statement for the page, one for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Uuid, and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.tempo import OCTAVES, SAME_WITHIN
from beatrunner.db.tables import music_events, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor
from beatrunner.music.wanted_tracks import TrackSort, WantedTracks, WantedVerdict

#: So much of a title decides the order; a cursor holds it.
_TITLE_SORTED_BY = 60


async def list_tracks(
    tx: AsyncConnection, account_id: UUID, wanted: WantedTracks, cursor: Cursor | None, limit: int
) -> tuple[Sequence[AnyRow], int]:
    """A page of songs with their plays and `sort_value`, and the number of songs on all pages."""
    played = _played(account_id)
    plays = func.coalesce(played.c.plays, 0)
    source = tracks.outerjoin(played, played.c.track_id == tracks.c.id)
    conditions = _conditions(account_id, wanted, plays)
    total = await tx.scalar(select(func.count()).select_from(source).where(*conditions))
    sort = _sort_expression(wanted.sort, plays)
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
            plays.label("plays"),
            played.c.last_played_at,
            sort.label("sort_value"),
        )
        .select_from(source)
        .where(*conditions)
        .order_by(*(part.desc() if wanted.is_descending else part.asc() for part in order))
        .limit(limit)
    )
    return rows.all(), total or 0


def _played(account_id: UUID) -> FromClause:
    return (
        select(
            music_events.c.track_id,
            func.count().label("plays"),
            func.max(music_events.c.started_at).label("last_played_at"),
        )
        .where(music_events.c.account_id == account_id)
        .group_by(music_events.c.track_id)
        .subquery()
    )


def _sort_expression(sort: TrackSort, plays: ColumnElement[Any]) -> ColumnElement[Any]:
    """A number or a text, never nothing: what is not known sorts below everything."""
    if sort is TrackSort.TITLE:
        return func.lower(func.substr(tracks.c.title, 1, _TITLE_SORTED_BY))
    if sort is TrackSort.TEMPO:
        return func.coalesce(tracks.c.tempo_bpm, -1.0)
    return plays


def _conditions(
    account_id: UUID, wanted: WantedTracks, plays: ColumnElement[Any]
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        tracks.c.account_id == account_id,
        tracks.c.kind == "music",
    ]
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
    found.extend(_mentions(word) for word in wanted.q.split())
    return found


def _near(tempo_bpm: ColumnElement[Any], other_bpm: float) -> ColumnElement[bool]:
    return and_(
        tempo_bpm >= other_bpm / (1.0 + SAME_WITHIN), tempo_bpm <= other_bpm * (1.0 + SAME_WITHIN)
    )


def _mentions(word: str) -> ColumnElement[bool]:
    texts = (tracks.c.title, tracks.c.artist, tracks.c.album)
    return or_(
        *(
            func.lower(func.coalesce(text, "")).contains(word.lower(), autoescape=True)
            for text in texts
        )
    )
