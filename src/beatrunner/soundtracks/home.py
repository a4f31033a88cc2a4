"""The home page: totals, trend, calendar, recent runs, most-run-to songs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.accounts.store import get_library_version
from beatrunner.activities.shapes import ActivitySummary, summary_of
from beatrunner.core.calendar import Effort, daily_totals, weekly_totals
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.kit.remembered import Remembered
from beatrunner.soundtracks import store
from beatrunner.soundtracks.shapes import Track

WEEKS = 26
DAYS = 371
RECENT = 5
MOST_RUN_TO = 10


class Totals(BaseModel):
    activities: int
    distance_m: float
    moving_s: float
    ascent_m: float


class AllTotals(BaseModel):
    all_time: Totals
    this_year: Totals
    last_28_days: Totals
    previous_28_days: Totals


class Week(BaseModel):
    week_start: date
    activities: int
    distance_m: float
    moving_s: float


class Day(BaseModel):
    day: date
    activities: int
    distance_m: float


class TopTrack(BaseModel):
    track: Track
    runs: int
    plays: int
    moving_s: float
    distance_m: float
    mean_speed_mps: float | None
    mean_cadence_spm: float | None


class Home(BaseModel):
    totals: AllTotals
    weeks: list[Week]
    days: list[Day]
    recent: list[ActivitySummary]
    top_tracks: list[TopTrack]
    listens: int
    activities: int
    activities_with_music: int


class HomePage:
    """Summing up years is dear, and a page asked for again is mostly the same: each process
    remembers the pages of its visitors until the day or their library is another.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pages = Remembered[tuple[UUID, str], bytes]()

    async def load(self, tx: AsyncConnection, account_id: UUID, zone: ZoneInfo) -> bytes:
        """A `Home` as JSON; its days and weeks are those of `zone`."""
        now = self._clock()
        today = datetime.combine(now.astimezone(zone).date(), time(), zone)
        state = (await get_library_version(tx, account_id), today)

        async def compute() -> bytes:
            return (await _compute(tx, account_id, zone, today)).model_dump_json().encode()

        return await self._pages.get((account_id, zone.key), state, compute)


async def _compute(tx: AsyncConnection, account_id: UUID, zone: ZoneInfo, today: datetime) -> Home:
    sums = (await store.sum_runs(tx, account_id, _windows(today)))._mapping
    first_day = today - timedelta(days=DAYS - 1)
    efforts = [
        Effort(row.started_at, row.distance_m or 0.0, row.moving_s)
        for row in await store.list_efforts(tx, account_id, first_day)
    ]
    recent = await store.list_recent(tx, account_id, RECENT)
    most_run_to = await store.list_most_run_to(tx, account_id, MOST_RUN_TO)
    all_time = _totals(sums, "all_time")
    return Home(
        totals=AllTotals(
            all_time=all_time,
            this_year=_totals(sums, "this_year"),
            last_28_days=_totals(sums, "last_28_days"),
            previous_28_days=_totals(sums, "previous_28_days"),
        ),
        weeks=[
            Week(
                week_start=week.starts_on,
                activities=week.activities,
                distance_m=week.distance_m,
                moving_s=week.moving_s,
            )
            for week in weekly_totals(efforts, zone, today, WEEKS)
        ],
        days=[
            Day(day=day.starts_on, activities=day.activities, distance_m=day.distance_m)
            for day in daily_totals(efforts, zone)
        ],
        recent=[summary_of(row) for row in recent],
        top_tracks=[_top_track(row) for row in most_run_to],
        listens=await store.count_listens(tx, account_id),
        activities=all_time.activities,
        activities_with_music=sums["with_music"] or 0,
    )


def _windows(today: datetime) -> dict[str, tuple[datetime, datetime]]:
    """From the first midnight until before the last; `today` is the runner's own midnight."""
    tomorrow = today + timedelta(days=1)
    four_weeks_ago = tomorrow - timedelta(days=28)
    return {
        "all_time": (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
        "this_year": (today.replace(month=1, day=1), tomorrow),
        "last_28_days": (four_weeks_ago, tomorrow),
        "previous_28_days": (four_weeks_ago - timedelta(days=28), four_weeks_ago),
    }


def _totals(sums: Mapping[Any, Any], name: str) -> Totals:
    return Totals.model_validate(
        {figure: sums[f"{name}_{figure}"] or 0 for figure in Totals.model_fields}
    )


def _top_track(row: AnyRow) -> TopTrack:
    return TopTrack.model_validate({**row._mapping, "track": Track.model_validate(row._mapping)})
