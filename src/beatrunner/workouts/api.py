"""Routes of workouts; what happens in one second by second goes over `ws`."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.api import CurrentAccount, ReadingAccount
from beatrunner.codecs.live import Song
from beatrunner.db.api import ProvidedDatabase, ReadTx, WriteTx
from beatrunner.devices.bridges import get_bridge
from beatrunner.devices.treadmills import find_treadmill
from beatrunner.kit.blob import FolderBlobStore
from beatrunner.kit.errors import ConflictError, NotFoundError
from beatrunner.kit.http import provided
from beatrunner.workouts import store
from beatrunner.workouts.ending import end_workout
from beatrunner.workouts.live import LiveWorkouts
from beatrunner.workouts.shapes import NewSong, NewWorkout, Workout, WorkoutPage

router = APIRouter(prefix="/v1/workouts", tags=["workouts"])

ProvidedLive = Annotated[LiveWorkouts, Depends(provided(LiveWorkouts))]


async def _load(tx: AsyncConnection, account_id: UUID, workout_id: UUID) -> Workout:
    return _shape(await store.get_workout(tx, account_id, workout_id))


def _shape(row: object) -> Workout:
    return Workout.model_validate(row, from_attributes=True)


@router.post("", status_code=201)
async def start_workout(
    account: CurrentAccount, live: ProvidedLive, tx: WriteTx, body: NewWorkout
) -> Workout:
    """Get a workout ready; the belt starts beside the belt alone. One is open per bridge."""
    settings = body.settings.checked()
    bridge = await get_bridge(tx, account.account_id, body.bridge_id)
    now = live.clock()
    before = await store.find_open_workout(tx, bridge.id)
    if before is not None and before.ended_at is not None:
        # Its runner has finished it; what the bridge has not sent by now does not come.
        await end_workout(tx, before.id, now)
    treadmill = await find_treadmill(tx, bridge.id)
    workout_id = await store.insert_workout(
        tx, account.account_id, bridge.id, treadmill.id if treadmill else None, settings, now
    )
    if workout_id is None:
        before = await store.find_open_workout(tx, bridge.id)
        name = "" if before is None else f" {before.id}"
        raise ConflictError(f"Workout{name} is still open on this bridge.", kind="workout-open")
    return await _load(tx, account.account_id, workout_id)


@router.get("")
async def list_workouts(
    account: ReadingAccount,
    tx: ReadTx,
    cursor: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> WorkoutPage:
    """Newest first."""
    rows = await store.list_workouts(tx, account.account_id, cursor, limit + 1)
    return WorkoutPage(
        items=[_shape(row) for row in rows[:limit]],
        next_cursor=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.get("/{workout_id}")
async def get_workout(account: ReadingAccount, tx: ReadTx, workout_id: UUID) -> Workout:
    return await _load(tx, account.account_id, workout_id)


@router.delete("/{workout_id}", status_code=204)
async def delete_workout(account: CurrentAccount, tx: WriteTx, workout_id: UUID) -> None:
    """Forget the workout and its seconds; the run that was made of it stays."""
    await store.delete_workout(tx, account.account_id, workout_id)


@router.post("/{workout_id}/finish")
async def finish_workout(
    account: CurrentAccount, live: ProvidedLive, database: ProvidedDatabase, workout_id: UUID
) -> Workout:
    """Stop the belt and seal the run, as soon as its bridge has sent the rest."""
    await live.finish(account.account_id, workout_id)
    async with database.read() as tx:
        return await _load(tx, account.account_id, workout_id)


@router.post("/{workout_id}/stop", status_code=202)
async def stop_belt(
    account: CurrentAccount, live: ProvidedLive, database: ProvidedDatabase, workout_id: UUID
) -> Workout:
    """Ask the bridge to stop the belt. Never instead of the safety key."""
    await live.stop(account.account_id, workout_id)
    async with database.read() as tx:
        return await _load(tx, account.account_id, workout_id)


@router.post("/{workout_id}/songs", status_code=202)
async def report_song(
    account: CurrentAccount,
    live: ProvidedLive,
    database: ProvidedDatabase,
    workout_id: UUID,
    body: NewSong,
) -> Workout:
    """Say what plays now, from a player that has no socket."""
    position_s = 0.0
    if body.started_at is not None:
        position_s = max((live.clock() - body.started_at).total_seconds(), 0.0)
    song = Song(
        title=body.title,
        artist=body.artist,
        position_s=position_s,
        playing=True,
        tempo_bpm=body.tempo_bpm,
    )
    await live.report_song(account.account_id, workout_id, song)
    async with database.read() as tx:
        return await _load(tx, account.account_id, workout_id)


@router.get("/{workout_id}/fit", response_class=Response)
async def get_fit(
    account: ReadingAccount,
    tx: ReadTx,
    originals: Annotated[FolderBlobStore, Depends(provided(FolderBlobStore))],
    workout_id: UUID,
) -> Response:
    """The run as a FIT file, once it is sealed."""
    row = await store.get_workout(tx, account.account_id, workout_id)
    sha256 = None
    if row.activity_id is not None:
        sha256 = await store.find_original(tx, row.activity_id)
    if sha256 is None:
        raise NotFoundError("This workout has no file.")
    content = await asyncio.to_thread(originals.get, sha256)
    name = f"beatrunner-{row.started_at:%Y-%m-%d-%H%M}.fit"
    return Response(
        content,
        media_type="application/vnd.ant.fit",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
