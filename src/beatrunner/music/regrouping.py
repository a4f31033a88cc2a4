"""The job `plays.group`: put together what a large import told, a stretch at a time.

All at once it would keep everybody else from writing for many seconds. Each stretch is complete in
itself, and one that is put together again stays as it is, so a killed job loses nothing.
Soundtracks wait for the end: before it, plays may be there twice.
"""

from __future__ import annotations

from datetime import datetime

from beatrunner.accounts.store import update_library_version
from beatrunner.db.engine import Database
from beatrunner.db.locks import lock_imports
from beatrunner.jobs.registry import job
from beatrunner.jobs.store import ClaimedJob, enqueue
from beatrunner.kit.clock import Clock
from beatrunner.music.grouping import regroup_stretch


class PlayGrouper:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @job("plays.group")
    async def group(self, claimed: ClaimedJob) -> None:
        account_id, told = claimed.account_id, claimed.payload
        onwards: datetime | None = datetime.fromisoformat(told["first_started_at"])
        last = datetime.fromisoformat(told["last_started_at"])
        while onwards is not None:
            async with self._database.write() as tx:
                await lock_imports(tx, account_id)
                await update_library_version(tx, account_id)
                now = self._clock()
                onwards = await regroup_stretch(tx, account_id, onwards, last, now)
                if onwards is None:
                    await enqueue(
                        tx, "music.imported", told["imported"], account_id=account_id, now=now
                    )
