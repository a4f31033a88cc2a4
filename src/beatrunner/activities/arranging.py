"""The runner rearranges recordings: takes one out, makes it a run of its own, joins two runs.

Whatever comes or goes, the activities are composed anew in the same transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import recording_store, store
from beatrunner.activities.composing import recompose, shown_of_one, tell
from beatrunner.activities.joining import join_runs, recorded_of
from beatrunner.core.provenance import COMBINING, Provenance
from beatrunner.core.same_run import shift_between
from beatrunner.db.locks import lock_imports
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.errors import RefusedError
from beatrunner.kit.ids import new_id


class RunArranger:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def remove(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID, recording_id: UUID
    ) -> str:
        """With the last one the activity goes. Gives the content. Raises NotFoundError."""
        await lock_imports(tx, account_id)
        row = await recording_store.get_recording(tx, account_id, activity_id, recording_id)
        await recording_store.delete_recording(tx, recording_id)
        if await recompose(tx, account_id, activity_id):
            await tell(tx, account_id, activity_id, self._clock())
        sha256: str = row.content_sha256
        return sha256

    async def split_off(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID, recording_id: UUID
    ) -> UUID:
        """Make a recording a run of its own, and keep it one. Gives the new activity.

        Raises NotFoundError; RefusedError when it is the only one.
        """
        await lock_imports(tx, account_id)
        row = await recording_store.get_recording(tx, account_id, activity_id, recording_id)
        if len(await recording_store.list_recordings(tx, activity_id)) == 1:
            raise RefusedError("This run has no other file.", kind="only-recording")
        apart_id = new_id()
        owned = {"id": apart_id, "account_id": account_id, "created_at": self._clock()}
        await store.insert_activity(tx, {**shown_of_one(row._asdict()), **owned})
        apart = {"activity_id": apart_id, "is_apart": True, "shift_s": 0, "gives": None}
        await recording_store.update_recording(tx, recording_id, apart)
        if row.provenance == Provenance.LIVE:
            await recording_store.update_owner_of_workouts(tx, activity_id, apart_id)
        await recompose(tx, account_id, activity_id)
        for each in (activity_id, apart_id):
            await tell(tx, account_id, each, self._clock())
        return apart_id

    async def join(
        self, tx: AsyncConnection, account_id: UUID, activity_id: UUID, other_id: UUID
    ) -> None:
        """Give the activity all recordings of the other, which goes; what the runner wrote stays.

        Raises NotFoundError; RefusedError when they share no second, or when what came from a
        service may not be put together with anything.
        """
        await lock_imports(tx, account_id)
        one = await store.lock_activity(tx, account_id, activity_id)
        other = await store.lock_activity(tx, account_id, other_id)
        if one.id == other.id:
            raise RefusedError("A run cannot be joined with itself.", kind="same-activity")
        rows = [
            *await recording_store.list_recordings(tx, one.id),
            *await recording_store.list_recordings(tx, other.id),
        ]
        if any(row.provenance not in COMBINING for row in rows):
            raise RefusedError("A service wants its runs by themselves.", kind="not-combinable")
        blobs = await recording_store.list_parts(tx, [row.id for row in rows])
        if not await asyncio.to_thread(_share_time, rows, blobs):
            raise RefusedError("These runs were not at the same time.", kind="not-same-time")
        await join_runs(tx, account_id, one.id, other.id, self._clock())


def _share_time(rows: Sequence[AnyRow], blobs: Mapping[UUID, Sequence[bytes]]) -> bool:
    """Whether each recording of the second activity overlaps with one of the first."""
    first = rows[0].activity_id
    runs = [(row.activity_id == first, recorded_of(row, blobs)) for row in rows]
    ours = [run for is_ours, run in runs if is_ours]
    return all(
        any(shift_between(own, run) is not None for own in ours)
        for is_ours, run in runs
        if not is_ours
    )
