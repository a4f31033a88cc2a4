"""How long a runner's seconds are kept, and what goes when.

Two kinds of seconds: the raw ones of live workouts, as the bridge sent them, and the streams of
runs. Both go with their time alone; the figures of a run, its songs and the little picture of its
way stay. With the streams go the files that they came in, which hold the same. `privacy.sweeping`
looks once an hour, and has the job `retention.sweep` done for accounts where something is due;
whoever keeps such seconds hears it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.kit.clock import Clock
from beatrunner.privacy import store

DEFAULT_LIVE_DAYS = 90
LIVE_DAYS = (7, 365)
STREAMS_DAYS = (30, 36_500)


@dataclass(frozen=True, slots=True)
class Retention:
    """In days; streams are kept as long as the account where `streams_days` is None."""

    live_samples_days: int = DEFAULT_LIVE_DAYS
    streams_days: int | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """Workouts or runs whose seconds are kept now; how many of them are due, and when the next
    one is (None where none is kept, or none ever goes)."""

    kept: int
    due: int
    next_at: datetime | None


async def find_retention(tx: AsyncConnection, account_id: UUID) -> Retention:
    row = await store.find_retention(tx, account_id)
    return Retention() if row is None else Retention(row.live_samples_days, row.streams_days)


class Retentions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def live_samples_going(
        self, tx: AsyncConnection, account_id: UUID, wanted: Retention
    ) -> Going:
        ends = await store.list_ends_of_sampled_workouts(tx, account_id)
        return self._going(ends, wanted.live_samples_days)

    async def streams_going(
        self, tx: AsyncConnection, account_id: UUID, wanted: Retention
    ) -> Going:
        ends = await store.list_ends_of_streamed_runs(tx, account_id)
        return self._going(ends, wanted.streams_days)

    def _going(self, ends: Sequence[datetime], days: int | None) -> Going:
        """`ends` in the order of time."""
        if days is None or not ends:
            return Going(len(ends), 0, None)
        kept_for = timedelta(days=days)
        due = sum(end + kept_for <= self._clock() for end in ends)
        return Going(len(ends), due, ends[0] + kept_for)
