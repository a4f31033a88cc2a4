"""Totals by day and by week as the runner's own calendar has them.

A run belongs to the day on which it started where the runner lives: a Sunday evening run in
Auckland is Sunday's, whatever UTC says, and a day on which the clock changes has 23 or 25 hours.
Weeks begin on Monday (ISO 8601).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Effort:
    """What one activity adds to its day; `started_at` is aware."""

    started_at: datetime
    distance_m: float
    moving_s: float


@dataclass(frozen=True, slots=True)
class Total:
    """The sum over the activities of the day or week that begins on `starts_on`."""

    starts_on: date
    activities: int
    distance_m: float
    moving_s: float


def daily_totals(efforts: Iterable[Effort], zone: ZoneInfo) -> list[Total]:
    """The days with activities, in order."""
    by_day = _by_day(efforts, zone)
    return [_total(day, by_day[day]) for day in sorted(by_day)]


def weekly_totals(
    efforts: Iterable[Effort], zone: ZoneInfo, until: datetime, weeks: int
) -> list[Total]:
    """The last `weeks` weeks up to the one that holds `until`, in order, empty ones included.

    Activities outside these weeks are left out.
    """
    by_week: dict[date, list[Effort]] = {}
    for day, of_day in _by_day(efforts, zone).items():
        by_week.setdefault(monday(day), []).extend(of_day)
    last = monday(until.astimezone(zone).date())
    starts = [last - timedelta(weeks=ago) for ago in reversed(range(weeks))]
    return [_total(start, by_week.get(start, [])) for start in starts]


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _by_day(efforts: Iterable[Effort], zone: ZoneInfo) -> dict[date, list[Effort]]:
    by_day: dict[date, list[Effort]] = {}
    for effort in efforts:
        by_day.setdefault(effort.started_at.astimezone(zone).date(), []).append(effort)
    return by_day


def _total(starts_on: date, efforts: list[Effort]) -> Total:
    return Total(
        starts_on,
        activities=len(efforts),
        distance_m=math.fsum(effort.distance_m for effort in efforts),
        moving_s=math.fsum(effort.moving_s for effort in efforts),
    )


def longest_streak(days: Iterable[date], step: timedelta) -> tuple[date, int] | None:
    """Where the longest chain of days that lie `step` apart begins, and how many they are; of equal
    ones the first, None without days."""
    best: tuple[date, int] | None = None
    first, last = date.min, date.min
    for day in sorted(set(days)):
        if last == date.min or day - last != step:
            first = day
        last = day
        count = (day - first) // step + 1
        if best is None or count > best[1]:
            best = first, count
    return best
