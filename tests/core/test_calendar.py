from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.calendar import Effort, daily_totals, longest_streak, monday, weekly_totals

BERLIN = ZoneInfo("Europe/Berlin")
AUCKLAND = ZoneInfo("Pacific/Auckland")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def run(*started_at: int, distance_m: float = 5000.0) -> Effort:
    year, month, day, hour, minute = started_at
    return Effort(datetime(year, month, day, hour, minute, tzinfo=UTC), distance_m, 1500.0)


def days(effort: Effort, zone: ZoneInfo) -> list[date]:
    return [total.starts_on for total in daily_totals([effort], zone)]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (BERLIN, date(2026, 3, 1)),
        (AUCKLAND, date(2026, 3, 2)),
        (LOS_ANGELES, date(2026, 3, 1)),
    ],
)
def test_a_run_belongs_to_the_day_at_home(zone: ZoneInfo, expected: date) -> None:
    assert days(run(2026, 3, 1, 18, 30), zone) == [expected]


def test_midnight_moves_with_summer_time() -> None:
    # Summer time began in Berlin on 29 March 2026 at 01:00 UTC.
    assert days(run(2026, 3, 28, 22, 59), BERLIN) == [date(2026, 3, 28)]
    assert days(run(2026, 3, 28, 23, 1), BERLIN) == [date(2026, 3, 29)]
    assert days(run(2026, 3, 29, 21, 59), BERLIN) == [date(2026, 3, 29)]
    assert days(run(2026, 3, 29, 22, 1), BERLIN) == [date(2026, 3, 30)]


def test_the_hour_that_comes_twice_is_one_day() -> None:
    # In Berlin 02:30 came twice on 25 October 2026.
    efforts = [run(2026, 10, 25, 0, 30), run(2026, 10, 25, 1, 30), run(2026, 10, 25, 22, 59)]
    (total,) = daily_totals(efforts, BERLIN)
    assert (total.starts_on, total.activities) == (date(2026, 10, 25), 3)
    assert (total.distance_m, total.moving_s) == (15000.0, 4500.0)


def test_weeks_begin_on_monday_and_empty_ones_are_there() -> None:
    efforts = [run(2026, 3, 1, 22, 59), run(2026, 3, 1, 23, 1), run(2025, 1, 1, 9, 0)]
    until = datetime(2026, 3, 15, 22, 59, tzinfo=UTC)
    totals = weekly_totals(efforts, BERLIN, until, 4)
    assert [(total.starts_on, total.activities) for total in totals] == [
        (date(2026, 2, 16), 0),
        (date(2026, 2, 23), 1),
        (date(2026, 3, 2), 1),
        (date(2026, 3, 9), 0),
    ]


def test_the_current_week_is_that_of_the_zone() -> None:
    until = datetime(2026, 3, 15, 23, 1, tzinfo=UTC)
    assert weekly_totals([], BERLIN, until, 1)[0].starts_on == date(2026, 3, 16)
    assert weekly_totals([], LOS_ANGELES, until, 1)[0].starts_on == date(2026, 3, 9)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_monday_is_the_last_monday(day: date) -> None:
    assert monday(day).isoweekday() == 1
    assert timedelta(0) <= day - monday(day) < timedelta(weeks=1)


@given(
    st.lists(st.integers(0, 365 * 24 * 60), max_size=20),
    st.sampled_from([BERLIN, AUCKLAND, LOS_ANGELES]),
)
def test_weeks_and_days_count_every_activity(minutes_before: list[int], zone: ZoneInfo) -> None:
    until = datetime(2026, 6, 3, tzinfo=UTC)
    efforts = [Effort(until - timedelta(minutes=start), 1.0, 1.0) for start in minutes_before]
    weeks = weekly_totals(efforts, zone, until, 60)
    assert sum(total.activities for total in weeks) == len(efforts)
    assert sum(total.activities for total in daily_totals(efforts, zone)) == len(efforts)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([], None),
        ([5], (5, 1)),
        ([3, 1, 2, 2, 7, 8], (1, 3)),
        ([1, 2, 5, 6], (1, 2)),
        ([1, 8, 9, 10, 11], (8, 4)),
    ],
)
def test_the_longest_streak(days: list[int], found: tuple[int, int] | None) -> None:
    streak = longest_streak((date(2026, 3, day) for day in days), timedelta(days=1))
    assert streak == (found and (date(2026, 3, found[0]), found[1]))
