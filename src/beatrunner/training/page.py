"""The training page: weeks with their load, what they add up to, and the fastest stretches."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from beatrunner.accounts.runner_profile import EstimateAnswer, find_runner
from beatrunner.activities import figures_store
from beatrunner.activities.figures import METHOD, ask_to_measure, unpacked
from beatrunner.activities.own_heart import find_heart_bounds
from beatrunner.core.calendar import Effort as Run
from beatrunner.core.calendar import Total, monday, weekly_totals
from beatrunner.core.energy import Sex
from beatrunner.core.estimate import Estimate
from beatrunner.core.heart import HeartModel, Runner, population_heart
from beatrunner.core.load import FAST_DAYS, SLOW_DAYS, estimates, fading_mean, load_scenarios
from beatrunner.core.recording import Samples
from beatrunner.db.engine import Database
from beatrunner.db.types import AnyRow
from beatrunner.kit.clock import Clock
from beatrunner.training.shapes import BestEfforts, Effort, LoadDay, Training, TrainingWeek

WEEKS = 26
#: Load of so many days before the first week counts in the means, which by then have forgotten
#: what was earlier.
_BEFORE = timedelta(days=4 * SLOW_DAYS)
RECENT = timedelta(days=90)
_DAYS_A_WEEK = 7


class TrainingPage:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self, account_id: UUID, zone: ZoneInfo) -> Training:
        """Its days and weeks are those of `zone`. Has runs measured that were not."""
        now = self._clock().astimezone(zone)
        first_day = monday(now.date()) - timedelta(weeks=WEEKS - 1) - _BEFORE
        since = datetime.combine(first_day, datetime.min.time(), zone)
        async with self._database.read(is_long=True) as tx:
            told = await find_runner(tx, account_id, now)
            read = _Read(
                replace(told, seen=await find_heart_bounds(tx, account_id)),
                runs=await figures_store.list_runs_since(tx, account_id, since),
                best=await figures_store.list_best_efforts(tx, account_id),
                recent=await figures_store.list_best_efforts(tx, account_id, now - RECENT),
                unmeasured=len(await figures_store.list_unmeasured(tx, account_id, METHOD)),
            )
        if read.unmeasured:
            async with self._database.write() as tx:
                await ask_to_measure(tx, account_id, self._clock())
        # Somebody else's belt may be waiting for this thread.
        return await asyncio.to_thread(_training, read, now, zone)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the page is made of; `best` and `recent` efforts."""

    runner: Runner
    runs: Sequence[AnyRow]
    best: Sequence[AnyRow]
    recent: Sequence[AnyRow]
    unmeasured: int


def _training(read: _Read, now: datetime, zone: ZoneInfo) -> Training:
    runner, heart = read.runner, population_heart(read.runner)
    totals = weekly_totals((_run(row) for row in read.runs), zone, now, WEEKS)
    loads = _daily_loads(read.runs, heart, runner.sex, now.date(), zone)
    weeks = _weeks(totals, loads)
    return Training(
        weeks=weeks,
        days=_days(loads, weeks[0].week_start),
        best_efforts=_best_efforts(read.best, read.recent),
        activities=sum(week.activities for week in weeks),
        with_heart_rate=sum(week.with_heart_rate for week in weeks),
        unmeasured=read.unmeasured,
        max_heart_rate_bpm=_answer(heart.max_heart_rate_bpm, 0),
        resting_heart_rate_bpm=_answer(heart.resting_heart_rate_bpm, 0),
        max_is=_max_is(runner),
        is_resting_told=runner.resting_heart_rate_bpm is not None,
    )


@dataclass(frozen=True, slots=True)
class _Loads:
    """Of each day from `first`, which has the first: a row per scenario, and how many runs."""

    first: date
    scenarios: Samples
    runs: Samples

    def of(self, day: date, days: int) -> tuple[Samples, int]:
        """Sum of the days, in each scenario, and of how many runs."""
        start = (day - self.first).days
        chosen = slice(max(start, 0), max(start + days, 0))
        return self.scenarios[:, chosen].sum(axis=1), int(self.runs[chosen].sum())


def _daily_loads(
    rows: Sequence[AnyRow], heart: HeartModel, sex: Sex | None, today: date, zone: ZoneInfo
) -> _Loads | None:
    known = [
        (day, row.heart_rate_s)
        for row in rows
        # A clock may be wrong, and a run of tomorrow.
        if (day := row.started_at.astimezone(zone).date()) <= today and row.heart_rate_s is not None
    ]
    if not known:
        return None
    days = [day for day, _ in known]
    of_runs = load_scenarios(unpacked([seconds for _, seconds in known]), heart, sex)
    first = days[0]
    length = (today - first).days + 1
    scenarios, runs = np.zeros((len(of_runs), length)), np.zeros(length)
    for day, of_run in zip(days, of_runs.T, strict=True):
        scenarios[:, (day - first).days] += of_run
        runs[(day - first).days] += 1.0
    return _Loads(first, scenarios, runs)


def _weeks(totals: Sequence[Total], loads: _Loads | None) -> list[TrainingWeek]:
    weeks = []
    for total in totals:
        load, with_heart_rate = None, 0
        if loads is not None:
            scenarios, with_heart_rate = loads.of(total.starts_on, _DAYS_A_WEEK)
            (load,) = estimates(scenarios[:, None])
        weeks.append(
            TrainingWeek(
                week_start=total.starts_on,
                activities=total.activities,
                with_heart_rate=with_heart_rate,
                distance_m=total.distance_m,
                moving_s=total.moving_s,
                load=_answer(load, 1) if load is not None and with_heart_rate else None,
            )
        )
    return weeks


def _days(loads: _Loads | None, first_day: date) -> list[LoadDay]:
    """From when the slow mean has seen as many days as it is named by."""
    if loads is None:
        return []
    slow, fast = (
        estimates(_DAYS_A_WEEK * fading_mean(loads.scenarios, days))
        for days in (SLOW_DAYS, FAST_DAYS)
    )
    start = max((first_day - loads.first).days, round(SLOW_DAYS))
    return [
        LoadDay(
            day=loads.first + timedelta(days=number),
            usual=_answer(slow[number], 1),
            lately=_answer(fast[number], 1),
        )
        for number in range(start, len(slow))
    ]


def _best_efforts(best: Sequence[AnyRow], recent: Sequence[AnyRow]) -> list[BestEfforts]:
    recents = {(row.is_indoor, row.distance_m): _effort(row) for row in recent}
    return [
        BestEfforts(
            distance_m=row.distance_m,
            surface="treadmill" if row.is_indoor else "outdoor",
            best=_effort(row),
            recent=recents.get((row.is_indoor, row.distance_m)),
        )
        for row in best
    ]


def _effort(row: AnyRow) -> Effort:
    return Effort.model_validate({**row._mapping, "lasted_s": round(row.lasted_s, 1)})


def _run(row: AnyRow) -> Run:
    return Run(row.started_at, row.distance_m or 0.0, row.moving_s)


def _max_is(runner: Runner) -> Literal["told", "seen", "predicted"]:
    if runner.max_heart_rate_bpm is not None:
        return "told"
    return "predicted" if runner.seen.max_bpm is None else "seen"


def _answer(estimate: Estimate, digits: int) -> EstimateAnswer:
    return EstimateAnswer.model_validate(estimate.rounded(digits))
