"""Take back the plays that an import brought, but for those that another one brought, too.

A file that tells plays which are there already adds nothing, but it is noted that it told them:
when the import that brought them first is undone, they stay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.store import enqueue
from beatrunner.kit.clock import Clock
from beatrunner.music import undo_store
from beatrunner.music.grouping import regroup_around

#: As far apart as two tellings of one play may be.
RETOLD_WITHIN = timedelta(minutes=1)
_AT_ONCE = 10_000


async def note_repeats(
    tx: AsyncConnection,
    account_id: UUID,
    batch_id: UUID,
    provenance: str,
    plays: Sequence[tuple[datetime, UUID]],
) -> None:
    """Note that this import told these plays, too; each is (start, track), nearest play wins."""
    starts = [start for start, _ in plays]
    rows = await undo_store.list_told(
        tx, account_id, provenance, min(starts) - RETOLD_WITHIN, max(starts) + RETOLD_WITHIN
    )
    told: dict[UUID, list[tuple[datetime, UUID]]] = defaultdict(list)
    for row in rows:
        if row.batch_id != batch_id:
            told[row.track_id].append((row.started_at, row.name_id))
    found = {_nearest(told.get(track_id, ()), start) for start, track_id in plays}
    repeats = sorted(each for each in found if each is not None)
    await undo_store.insert_repeats(tx, account_id, batch_id, provenance, repeats)


def _nearest(
    told: Sequence[tuple[datetime, UUID]], start: datetime
) -> tuple[datetime, UUID] | None:
    place = bisect_left(told, start, key=lambda each: each[0])
    beside = told[max(0, place - 1) : place + 1]
    near = [each for each in beside if abs(each[0] - start) <= RETOLD_WITHIN]
    return min(near, key=lambda each: abs(each[0] - start), default=None)


class ListenUndoer:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def count(
        self, tx: AsyncConnection, account_id: UUID, batch_id: UUID
    ) -> Mapping[str, int]:
        go, stay = await undo_store.count_listens_of(tx, account_id, batch_id)
        return {"listens": go, "listens_kept": stay}

    async def undo(self, account_id: UUID, batch_id: UUID) -> None:
        """A few thousand at a time; one that is killed goes on where it was."""
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            await undo_store.update_brought_again(tx, account_id, batch_id)
        while await self._undo_some(account_id, batch_id):
            pass

    async def _undo_some(self, account_id: UUID, batch_id: UUID) -> bool:
        async with self._database.write() as tx:
            await lock_imports(tx, account_id)
            gone = await undo_store.delete_some_listens(tx, account_id, batch_id, _AT_ONCE)
            if not gone:
                return False
            starts = sorted(row.started_at for row in gone)
            await regroup_around(tx, account_id, starts, self._clock())
            name_ids: Collection[UUID] = {row.name_id for row in gone}
            await undo_store.delete_unused_tracks(tx, account_id, name_ids)
            payload = {
                "first_started_at": starts[0].isoformat(),
                "last_ended_at": max(row.ended_at for row in gone).isoformat(),
            }
            await enqueue(tx, "music.imported", payload, account_id=account_id, now=self._clock())
        return True
