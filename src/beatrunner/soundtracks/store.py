"""Statements on soundtracks and spans, and on what they say together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import update_library_version
from beatrunner.activities.list_store import SUMMARY_COLUMNS
from beatrunner.core.confidence import Confidence
from beatrunner.core.sports import RUNNING
from beatrunner.db.policy import is_listen
from beatrunner.db.tables import activities, music_events, soundtracks, spans, tracks
from beatrunner.db.types import AnyRow
from beatrunner.kit.cursor import Cursor
from beatrunner.music.list_store import mean_moving, run_to


@dataclass(frozen=True, slots=True)
class NewSoundtrack:
    confidence: Confidence
    track_count: int
    spans: list[dict[str, Any]]


async def replace_soundtrack(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, made: NewSoundtrack, now: datetime
) -> None:
    await update_library_version(tx, account_id)
    await tx.execute(delete(spans).where(spans.c.activity_id == activity_id))
    await tx.execute(delete(soundtracks).where(soundtracks.c.activity_id == activity_id))
    owner = {"activity_id": activity_id, "account_id": account_id}
    await tx.execute(
        insert(soundtracks).values(
            **owner,
            computed_at=now,
            confidence=made.confidence.level,
            confidence_reason=made.confidence.reason,
            confidence_figures=made.confidence.figures,
        )
    )
    if made.spans:
        await tx.execute(insert(spans), [{**owner, **span} for span in made.spans])
    await tx.execute(
        update(activities)
        .where(activities.c.id == activity_id)
        .values(track_count=made.track_count)
    )


async def list_activities_between(
    tx: AsyncConnection, account_id: UUID, first: datetime, last: datetime
) -> list[UUID]:
    rows = await tx.execute(
        select(activities.c.id)
        .where(
            activities.c.account_id == account_id,
            activities.c.started_at <= last,
            activities.c.ended_at >= first,
        )
        .order_by(activities.c.started_at)
    )
    return list(rows.scalars())


async def list_activities_with(
    tx: AsyncConnection, account_id: UUID, track_ids: Collection[UUID]
) -> list[UUID]:
    """Those in whose soundtrack one of the tracks is."""
    rows = await tx.execute(
        select(spans.c.activity_id)
        .where(spans.c.account_id == account_id, spans.c.track_id.in_(track_ids))
        .distinct()
        .order_by(spans.c.activity_id)
    )
    return list(rows.scalars())


async def update_clock_offset(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, clock_offset_s: float
) -> None:
    await update_library_version(tx, account_id)
    await tx.execute(
        update(activities)
        .where(activities.c.id == activity_id, activities.c.account_id == account_id)
        .values(clock_offset_s=clock_offset_s)
    )


async def find_soundtrack(tx: AsyncConnection, activity_id: UUID) -> AnyRow | None:
    rows = await tx.execute(select(soundtracks).where(soundtracks.c.activity_id == activity_id))
    return rows.one_or_none()


async def list_spans(tx: AsyncConnection, activity_id: UUID) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(spans).where(spans.c.activity_id == activity_id).order_by(spans.c.ordinal)
    )
    return rows.all()


async def list_tracks(
    tx: AsyncConnection, account_id: UUID, track_ids: Iterable[UUID]
) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(tracks).where(
            tracks.c.account_id == account_id, tracks.c.id.in_(sorted(set(track_ids)))
        )
    )
    return rows.all()


def _is_run(account_id: UUID) -> tuple[Any, ...]:
    return activities.c.account_id == account_id, activities.c.sport.in_(sorted(RUNNING))


async def sum_runs(
    tx: AsyncConnection, account_id: UUID, windows: Mapping[str, tuple[datetime, datetime]]
) -> AnyRow:
    """Totals of the runs begun in each window [start, end): columns `<name>_activities` etc.;
    `with_music` counts runs.
    """
    columns = []
    for name, (start, end) in windows.items():
        counts = and_(activities.c.started_at >= start, activities.c.started_at < end)
        columns.append(func.sum(case((counts, 1), else_=0)).label(f"{name}_activities"))
        for figure in ("distance_m", "moving_s", "ascent_m"):
            summed = func.sum(case((counts, activities.c[figure]), else_=0.0))
            columns.append(func.coalesce(summed, 0.0).label(f"{name}_{figure}"))
    has_music = func.sum(case((activities.c.track_count > 0, 1), else_=0))
    rows = await tx.execute(
        select(*columns, has_music.label("with_music")).where(*_is_run(account_id))
    )
    return rows.one()


async def list_efforts(tx: AsyncConnection, account_id: UUID, since: datetime) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(activities.c.started_at, activities.c.distance_m, activities.c.moving_s).where(
            *_is_run(account_id), activities.c.started_at >= since
        )
    )
    return rows.all()


async def list_recent(tx: AsyncConnection, account_id: UUID, limit: int) -> Sequence[AnyRow]:
    rows = await tx.execute(
        select(*SUMMARY_COLUMNS)
        .where(*_is_run(account_id))
        .order_by(activities.c.started_at.desc(), activities.c.id.desc())
        .limit(limit)
    )
    return rows.all()


async def list_most_run_to(tx: AsyncConnection, account_id: UUID, limit: int) -> Sequence[AnyRow]:
    """Songs by moving time under them, with what was run under them."""
    ran = run_to(account_id)
    rows = await tx.execute(
        select(tracks, ran)
        .join(ran, ran.c.track_id == tracks.c.id)
        .where(tracks.c.kind == "music")
        .order_by(ran.c.moving_s.desc(), tracks.c.id)
        .limit(limit)
    )
    return rows.all()


async def find_run_to(tx: AsyncConnection, account_id: UUID, track_id: UUID) -> AnyRow | None:
    """What was run under one track; None when nothing was."""
    return (await tx.execute(select(run_to(account_id, [track_id])))).one_or_none()


async def list_runs_to(
    tx: AsyncConnection, account_id: UUID, track_id: UUID, after: Cursor | None, limit: int
) -> Sequence[AnyRow]:
    """The runs on which a track played, the latest first, with the means under it."""
    here = activities.c.started_at, activities.c.id
    of_run = (
        activities.c.id.label("activity_id"),
        activities.c.name,
        activities.c.sport,
        activities.c.is_indoor,
        activities.c.started_at,
        activities.c.utc_offset_s,
        activities.c.mean_speed_mps.label("run_speed_mps"),
    )
    means = ("speed_mps", "heart_rate_bpm", "cadence_spm", "in_step_pct")
    wanted = (
        select(
            *of_run,
            func.min(spans.c.start_s).label("start_s"),
            func.count().label("plays"),
            func.sum(spans.c.moving_s).label("moving_s"),
            func.coalesce(func.sum(spans.c.distance_m), 0.0).label("distance_m"),
            *(mean_moving(spans.c[name]).label(name) for name in means),
        )
        .join(activities, activities.c.id == spans.c.activity_id)
        .where(spans.c.account_id == account_id, spans.c.track_id == track_id)
        .where(*_is_run(account_id))
        .group_by(activities.c.id)
        .having(func.sum(spans.c.moving_s) > 0)
        .order_by(*(column.desc() for column in here))
        .limit(limit)
    )
    if after is not None:
        last = literal(after.time, type_=here[0].type), literal(after.id, type_=here[1].type)
        wanted = wanted.where(tuple_(*here) < tuple_(*last))
    return (await tx.execute(wanted)).all()


async def count_listens(tx: AsyncConnection, account_id: UUID) -> int:
    found = await tx.scalar(
        select(func.count())
        .select_from(music_events)
        .where(music_events.c.account_id == account_id, is_listen())
    )
    return found or 0
