"""Statements on measured runs and on what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, delete, exists, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.core.provenance import COMBINING, Provenance
from beatrunner.core.sports import RUNNING
from beatrunner.db.insight_tables import (
    experiments,
    insight_effects,
    insights,
    measured_runs,
    run_feelings,
)
from beatrunner.db.live_tables import workouts
from beatrunner.db.policy import is_combinable_run
from beatrunner.db.tables import activities, music_events, recordings, soundtracks, tracks
from beatrunner.db.types import AnyRow
from beatrunner.db.upsert import insert_for
from beatrunner.insights.plays import MeasuredRun
from beatrunner.kit.errors import NotFoundError
from beatrunner.music.name_store import list_merged

#: Values in one statement; databases limit them.
_AT_ONCE = 5_000
_KEPT_OUT = sorted(set(Provenance) - COMBINING)


def _is_run_of(account_id: UUID) -> Any:
    """Of those that statistics may be made of."""
    return and_(_is_any_run_of(account_id), is_combinable_run())


def _is_any_run_of(account_id: UUID) -> Any:
    return and_(activities.c.account_id == account_id, activities.c.sport.in_(sorted(RUNNING)))


async def list_unmeasured(tx: AsyncConnection, account_id: UUID, method: int) -> list[UUID]:
    """Runs whose soundtrack is another than the one they were measured by, the latest first."""
    rows = await tx.execute(
        select(activities.c.id)
        .join(soundtracks, soundtracks.c.activity_id == activities.c.id)
        .outerjoin(measured_runs, measured_runs.c.activity_id == activities.c.id)
        .where(_is_run_of(account_id))
        .where(or_(measured_runs.c.activity_id.is_(None), ~_is_measured(method)))
        .where(activities.c.streams_gone_at.is_(None))
        .order_by(activities.c.started_at.desc())
    )
    return list(rows.scalars())


async def upsert_measured_run(
    tx: AsyncConnection,
    account_id: UUID,
    activity_id: UUID,
    run: MeasuredRun,
    *,
    soundtrack_at: datetime,
    method: int,
) -> None:
    values = {
        "account_id": account_id,
        "soundtrack_at": soundtrack_at,
        "method": method,
        "left_out": run.left_out,
        "cadence_spm": run.cadence_spm,
        "moving_s": run.moving_s,
        "plays": {
            "heard": list(run.heard),
            "shuffled": list(run.shuffled),
            "cut": list(run.cut),
            "is_cadence_locked": run.is_cadence_locked,
            "rows": [row.to_json() for row in run.plays],
        },
    }
    statement = insert_for(tx, measured_runs).values(activity_id=activity_id, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["activity_id"], set_=values))


async def list_measured_runs(
    tx: AsyncConnection, account_id: UUID, since: datetime | None = None
) -> Sequence[AnyRow]:
    """Those that are still runs, with their start, in order."""
    wanted = (
        select(measured_runs, activities.c.started_at)
        .join(activities, activities.c.id == measured_runs.c.activity_id)
        .where(_is_run_of(account_id))
        .order_by(activities.c.started_at, activities.c.id)
    )
    if since is not None:
        wanted = wanted.where(activities.c.started_at >= since)
    return (await tx.execute(wanted)).all()


async def find_measured_run(tx: AsyncConnection, activity_id: UUID) -> AnyRow | None:
    rows = await tx.execute(
        select(measured_runs)
        .join(activities, activities.c.id == measured_runs.c.activity_id)
        .where(measured_runs.c.activity_id == activity_id, is_combinable_run())
    )
    return rows.one_or_none()


async def count_runs(tx: AsyncConnection, account_id: UUID, method: int) -> AnyRow:
    """`runs` in all, those `with_music`, and how many of these are `measured` as they are now."""
    has_music = activities.c.track_count > 0
    rows = await tx.execute(
        select(
            func.count().label("runs"),
            func.count(case((has_music, 1))).label("with_music"),
            func.count(case((and_(has_music, _is_measured(method)), 1))).label("measured"),
        )
        .select_from(activities)
        .outerjoin(soundtracks, soundtracks.c.activity_id == activities.c.id)
        .outerjoin(measured_runs, measured_runs.c.activity_id == activities.c.id)
        .where(_is_run_of(account_id))
    )
    return rows.one()


def _is_measured(method: int) -> Any:
    """As its soundtrack is now."""
    return and_(
        measured_runs.c.soundtrack_at == soundtracks.c.computed_at,
        measured_runs.c.method == method,
    )


async def count_runs_kept_out(tx: AsyncConnection, account_id: UUID) -> dict[Provenance, int]:
    """Runs that statistics may not be made of, by what forbids it."""
    rows = await tx.execute(
        select(recordings.c.provenance, func.count(func.distinct(recordings.c.activity_id)))
        .join(activities, activities.c.id == recordings.c.activity_id)
        .where(_is_any_run_of(account_id), recordings.c.provenance.in_(_KEPT_OUT))
        .group_by(recordings.c.provenance)
    )
    return {Provenance(row[0]): row[1] for row in rows}


async def count_listens_kept_out(tx: AsyncConnection, account_id: UUID) -> dict[Provenance, int]:
    """Plays that may not stand beside runs, by what forbids it."""
    rows = await tx.execute(
        select(music_events.c.provenance, func.count())
        .where(music_events.c.account_id == account_id, music_events.c.provenance.in_(_KEPT_OUT))
        .group_by(music_events.c.provenance)
    )
    return {Provenance(row[0]): row[1] for row in rows}


async def list_tempi(tx: AsyncConnection, account_id: UUID) -> dict[str, float]:
    """By track id, of songs whose tempo is known."""
    rows = await tx.execute(
        select(tracks.c.id, tracks.c.tempo_bpm).where(
            tracks.c.account_id == account_id, tracks.c.tempo_bpm.is_not(None)
        )
    )
    return {str(row.id): row.tempo_bpm for row in rows}


async def list_titles(
    tx: AsyncConnection, account_id: UUID, track_ids: Iterable[str]
) -> dict[str, AnyRow]:
    """Title, artist and tempo of those tracks that are still there, by id."""
    wanted = sorted({UUID(track_id) for track_id in track_ids})
    found: dict[str, AnyRow] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = await tx.execute(
            select(tracks.c.id, tracks.c.title, tracks.c.artist, tracks.c.tempo_bpm).where(
                tracks.c.account_id == account_id,
                tracks.c.id.in_(wanted[start : start + _AT_ONCE]),
            )
        )
        found |= {str(row.id): row for row in rows}
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    """`effects` by response and whether chance ordered the plays, as JSON."""

    library_version: int
    runs: int
    plays: int
    left_out: Mapping[str, int]
    cadence_spm: float
    effects: Mapping[tuple[str, bool], Mapping[str, Any]]


async def replace_insights(
    tx: AsyncConnection, account_id: UUID, fitted: Fitted, now: datetime
) -> None:
    for table in (insight_effects, insights):
        await tx.execute(delete(table).where(table.c.account_id == account_id))
    await tx.execute(
        insert(insights).values(
            account_id=account_id,
            computed_at=now,
            library_version=fitted.library_version,
            runs=fitted.runs,
            plays=fitted.plays,
            left_out=dict(fitted.left_out),
            cadence_spm=fitted.cadence_spm,
        )
    )
    if fitted.effects:
        await tx.execute(
            insert(insight_effects),
            [
                {
                    "account_id": account_id,
                    "response": response,
                    "is_causal": is_causal,
                    "effects": dict(effects),
                }
                for (response, is_causal), effects in fitted.effects.items()
            ],
        )


async def find_insights(tx: AsyncConnection, account_id: UUID) -> AnyRow | None:
    rows = await tx.execute(select(insights).where(insights.c.account_id == account_id))
    return rows.one_or_none()


async def list_effects(
    tx: AsyncConnection, account_id: UUID
) -> dict[tuple[str, bool], dict[str, Any]]:
    rows = await tx.execute(
        select(insight_effects).where(insight_effects.c.account_id == account_id)
    )
    return {(row.response, row.is_causal): row.effects for row in rows}


async def insert_experiment(
    tx: AsyncConnection,
    account_id: UUID,
    experiment_id: UUID,
    track_ids: Sequence[str],
    now: datetime,
) -> None:
    await tx.execute(
        insert(experiments).values(
            id=experiment_id, account_id=account_id, track_ids=list(track_ids), created_at=now
        )
    )


@dataclass(frozen=True, slots=True)
class Experiment:
    """`track_ids`: in the order that chance gave them, each as what it counts as by now."""

    id: UUID
    track_ids: Sequence[str]
    created_at: datetime


async def list_experiments(tx: AsyncConnection, account_id: UUID) -> Sequence[Experiment]:
    """The latest first."""
    rows = await tx.execute(
        select(experiments)
        .where(experiments.c.account_id == account_id)
        .order_by(experiments.c.created_at.desc(), experiments.c.id.desc())
    )
    found = rows.all()
    merged = await list_merged(tx, account_id) if found else {}
    roots = {str(track_id): str(root) for track_id, root in merged.items()}
    return [
        Experiment(
            row.id,
            # Two songs of it may have turned out to be one.
            tuple(dict.fromkeys(roots.get(key, key) for key in row.track_ids)),
            row.created_at,
        )
        for row in found
    ]


async def get_experiment(tx: AsyncConnection, account_id: UUID, experiment_id: UUID) -> Experiment:
    """Raises NotFoundError."""
    for experiment in await list_experiments(tx, account_id):
        if experiment.id == experiment_id:
            return experiment
    raise NotFoundError("There is no such experiment.")


async def delete_experiment(tx: AsyncConnection, account_id: UUID, experiment_id: UUID) -> None:
    """Raises NotFoundError."""
    done = await tx.execute(
        delete(experiments).where(
            experiments.c.id == experiment_id, experiments.c.account_id == account_id
        )
    )
    if done.rowcount == 0:
        raise NotFoundError("There is no such experiment.")


async def upsert_feeling(
    tx: AsyncConnection, account_id: UUID, activity_id: UUID, felt: str, now: datetime
) -> None:
    said = {"felt": felt, "told_at": now}
    statement = insert_for(tx, run_feelings).values(
        activity_id=activity_id, account_id=account_id, **said
    )
    await tx.execute(statement.on_conflict_do_update(index_elements=["activity_id"], set_=said))


async def delete_feeling(tx: AsyncConnection, activity_id: UUID) -> None:
    await tx.execute(delete(run_feelings).where(run_feelings.c.activity_id == activity_id))


async def get_feeling(tx: AsyncConnection, activity_id: UUID) -> AnyRow:
    """`felt`, None before anything was told, and `is_driven` of a run that is there."""
    rows = await tx.execute(
        select(run_feelings.c.felt, _is_driven().label("is_driven"))
        .select_from(activities)
        .outerjoin(run_feelings, run_feelings.c.activity_id == activities.c.id)
        .where(activities.c.id == activity_id)
    )
    return rows.one()


def _is_driven() -> Any:
    """The belt followed the music, the heart or a plan."""
    mode = workouts.c.settings["mode"].as_string()
    return exists().where(workouts.c.activity_id == activities.c.id, mode != "manual")


async def has_driven_workout(tx: AsyncConnection, activity_id: UUID) -> bool:
    driven = select(_is_driven()).select_from(activities).where(activities.c.id == activity_id)
    return bool(await tx.scalar(driven))


async def list_feelings(tx: AsyncConnection, account_id: UUID) -> Sequence[AnyRow]:
    """`felt` and `is_driven` of each run of which something was told."""
    rows = await tx.execute(
        select(run_feelings.c.felt, _is_driven().label("is_driven"))
        .join(activities, activities.c.id == run_feelings.c.activity_id)
        .where(run_feelings.c.account_id == account_id)
        .order_by(run_feelings.c.told_at)
    )
    return rows.all()


async def find_untold(tx: AsyncConnection, account_id: UUID, since: datetime) -> AnyRow | None:
    """The latest driven run begun since then of which nothing was told."""
    rows = await tx.execute(
        select(
            activities.c.id.label("activity_id"),
            activities.c.name,
            activities.c.started_at,
            activities.c.utc_offset_s,
        )
        .outerjoin(run_feelings, run_feelings.c.activity_id == activities.c.id)
        .where(
            activities.c.account_id == account_id,
            activities.c.started_at >= since,
            run_feelings.c.activity_id.is_(None),
            _is_driven(),
        )
        .order_by(activities.c.started_at.desc())
        .limit(1)
    )
    return rows.one_or_none()
