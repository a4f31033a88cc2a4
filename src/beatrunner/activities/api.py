"""Routes for the list of runs and for one run."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import CurrentAccount, ReadingAccount
from beatrunner.accounts.runner_profile import find_runner
from beatrunner.activities import list_store, recording_store, store
from beatrunner.activities.arranging import RunArranger
from beatrunner.activities.listing import Kind, Music, Order, SortKey, Surface, Wanted
from beatrunner.activities.originals import forget_originals
from beatrunner.activities.shapes import (
    Activity,
    ActivityPage,
    StreamsAnswer,
    summary_of,
)
from beatrunner.activities.streams import encode_streams, load_streams
from beatrunner.activities.visibility import Visibility, change_visibility
from beatrunner.core.energy import kcal_of_run
from beatrunner.core.estimate import Estimate
from beatrunner.core.sports import ON_FOOT, SPORTS
from beatrunner.db.api import ProvidedDatabase, ReadTx, WriteTx
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.cursor import Cursor
from beatrunner.kit.errors import RefusedError
from beatrunner.kit.http import STORABLE, Strict, json_answer, provided

Arranger = Annotated[RunArranger, Depends(provided(RunArranger))]
Originals = Annotated[FolderBlobStore, Depends(provided(FolderBlobStore))]

router = APIRouter(prefix="/v1/activities", tags=["activities"])


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), STORABLE
]


class ActivityChange(Strict):
    name: Name | None = None
    description: Annotated[str, Field(max_length=10_000), STORABLE] | None = None
    sport: str | None = None
    visibility: Visibility | None = None


async def _load(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> Activity:
    row = await store.get_activity(tx, account_id, activity_id)
    recordings = await recording_store.list_recordings(tx, activity_id)
    return Activity.model_validate(
        {
            **row._mapping,
            "energy_kcal": await _energy_kcal(tx, account_id, row),
            "device_name": next((r.device_name for r in recordings if r.device_name), None),
            "recordings": [r._mapping for r in recordings],
            "overlapping": [
                other._mapping
                for other in await store.list_overlapping(tx, row)
                if _overlap_much(row, other)
            ],
        }
    )


def _overlap_much(one: AnyRow, other: AnyRow) -> bool:
    """For at least half of the shorter one."""
    shared = min(one.ended_at, other.ended_at) - max(one.started_at, other.started_at)
    shorter = min(one.ended_at - one.started_at, other.ended_at - other.started_at)
    return bool(2 * shared >= shorter)


async def _energy_kcal(tx: AsyncConnection, account_id: UUID, row: AnyRow) -> Estimate | None:
    """Of what is done on foot."""
    if row.sport not in ON_FOOT:
        return None
    speed_mps = row.grade_adjusted_speed_mps
    if speed_mps is None:
        speed_mps = row.mean_speed_mps
    runner = await find_runner(tx, account_id, row.started_at)
    kcal = kcal_of_run(
        row.moving_s,
        speed_mps,
        row.mean_heart_rate_bpm,
        weight_kg=runner.weight_kg,
        age_years=runner.age_years,
        sex=runner.sex,
    )
    return kcal and kcal.rounded(0)


def _wanted(
    q: Annotated[str, Query(max_length=200), STORABLE] = "",
    kind: Kind = Kind.RUNS,
    surface: Surface = Surface.ANY,
    music: Music = Music.ANY,
    after: date | None = None,
    before: date | None = None,
    min_distance_m: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    max_distance_m: Annotated[float | None, Query(ge=0, allow_inf_nan=False)] = None,
    sort: SortKey = SortKey.STARTED_AT,
    order: Order = Order.DESCENDING,
) -> Wanted:
    return Wanted(
        q, kind, surface, music, after, before, min_distance_m, max_distance_m, sort, order
    )


@router.get("", response_model=ActivityPage)
async def list_activities(
    account: ReadingAccount,
    tx: ReadTx,
    wanted: Annotated[Wanted, Depends(_wanted)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    start = None if cursor is None else Cursor.decode(cursor, wanted.sort)
    rows, total = await list_store.list_activities(tx, account.account_id, wanted, start, limit + 1)
    page = rows[:limit]
    more = len(rows) > limit
    return json_answer(
        ActivityPage(
            items=[summary_of(row) for row in page],
            next_cursor=list_store.cursor_of(page[-1], wanted.sort).encode() if more else None,
            total=total,
        )
    )


@router.get("/{activity_id}", response_model=Activity)
async def get_activity(account: ReadingAccount, tx: ReadTx, activity_id: UUID) -> Response:
    return json_answer(await _load(tx, account.account_id, activity_id))


@router.get("/{activity_id}/streams", response_model=StreamsAnswer)
async def get_streams(account: ReadingAccount, tx: ReadTx, activity_id: UUID) -> Response:
    """Every column at 1 Hz, as differences."""
    row = await store.get_activity(tx, account.account_id, activity_id)
    streams = await load_streams(tx, activity_id, row.length_s)
    content = await asyncio.to_thread(encode_streams, streams.length_s, streams.columns)
    return Response(content, media_type="application/json")


@router.patch("/{activity_id}")
async def change_activity(
    account: CurrentAccount, tx: WriteTx, activity_id: UUID, change: ActivityChange
) -> Activity:
    values = change.model_dump(exclude_unset=True)
    if any(values.get(name, "") is None for name in ("name", "sport", "visibility")):
        raise RefusedError("A name, a sport and who may see it cannot be taken away.")
    if "sport" in values and values["sport"] not in SPORTS:
        raise RefusedError(f"A sport is one of: {', '.join(sorted(SPORTS))}.")
    visibility = values.pop("visibility", None)
    if values:
        await store.update_activity(tx, account.account_id, activity_id, values)
    if visibility is not None:
        await change_visibility(tx, account.account_id, activity_id, visibility)
    return await _load(tx, account.account_id, activity_id)


@router.delete("/{activity_id}", status_code=204)
async def delete_activity(
    database: ProvidedDatabase,
    account: CurrentAccount,
    originals: Originals,
    activity_id: UUID,
) -> None:
    """Delete a run with its recordings, its soundtrack, and its file unless another needs it."""
    async with database.write() as tx:
        await lock_imports(tx, account.account_id)
        recordings = await recording_store.list_recordings(tx, activity_id)
        await store.delete_activity(tx, account.account_id, activity_id)
        hashes = [recording.content_sha256 for recording in recordings]
    await forget_originals(database, originals, hashes)


@router.delete("/{activity_id}/recordings/{recording_id}", status_code=204)
async def remove_recording(
    database: ProvidedDatabase,
    account: CurrentAccount,
    originals: Originals,
    arranger: Arranger,
    activity_id: UUID,
    recording_id: UUID,
) -> None:
    """Take a file out of a run; the run is what the others tell of it, and goes with the last."""
    async with database.write() as tx:
        sha256 = await arranger.remove(tx, account.account_id, activity_id, recording_id)
    await forget_originals(database, originals, [sha256])


@router.post("/{activity_id}/recordings/{recording_id}/split", status_code=201)
async def split_recording(
    account: CurrentAccount,
    tx: WriteTx,
    arranger: Arranger,
    activity_id: UUID,
    recording_id: UUID,
) -> Activity:
    """Make a file of a run a run of its own, and keep it one."""
    owner = account.account_id
    new_id = await arranger.split_off(tx, owner, activity_id, recording_id)
    return await _load(tx, owner, new_id)


class Join(Strict):
    activity_id: UUID


@router.post("/{activity_id}/join")
async def join_activities(
    account: CurrentAccount, tx: WriteTx, arranger: Arranger, activity_id: UUID, other: Join
) -> Activity:
    """Take the files of another run at the same time into this one; the other run goes."""
    await arranger.join(tx, account.account_id, activity_id, other.activity_id)
    return await _load(tx, account.account_id, activity_id)
