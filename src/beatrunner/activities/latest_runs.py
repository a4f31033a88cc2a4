"""The latest runs of an account, from which its runner's gait and heart are learnt.

A watch's guess of the speed on a treadmill teaches nothing; the belt's own speed does.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities import store
from beatrunner.activities.streams import SealedActivity, load_sealed
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import Streams

#: Of either ground.
_RUNS = 20


@dataclass(frozen=True, slots=True)
class LatestRun:
    is_indoor: bool
    sealed: SealedActivity

    @property
    def streams(self) -> Streams:
        """Unsealed anew each time: some milliseconds."""
        return self.sealed.unsealed()


async def load_latest_runs(
    tx: AsyncConnection, account_id: UUID, measured: store.Measured
) -> list[LatestRun]:
    """Those of either ground in which this was measured, besides the speed; the oldest first."""
    rows = [
        row
        for is_indoor in (True, False)
        for row in await store.list_measured(
            tx, account_id, Provenance.LIVE, is_indoor, _RUNS, measured
        )
    ]
    rows.sort(key=lambda row: row.started_at)
    return [LatestRun(row.is_indoor, await load_sealed(tx, row.id, row.length_s)) for row in rows]
