"""An invented runner to measure with: noisy one-hour runs, and a day of listening around each.

It is the demo's runner, but every run lasts an hour to the second and is written every second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from beatrunner.core.listening import RawListen
from beatrunner.core.recording import DeviceTotals, RawRecording
from beatrunner.demo.listening import everyday_listens, listen_of, run_playlist, until
from beatrunner.demo.outing import Outing, Watch
from beatrunner.demo.plan import ZONE
from beatrunner.demo.routes import course
from beatrunner.demo.runner import simulate_run

HOUR_S = 3600
LATEST_DAY = date(2026, 10, 1)
_COURSES = ("town", "river", "hill streets", "ridge")
_LISTENS_A_DAY = 60


def one_hour_run(number: int, latest_day: date = LATEST_DAY) -> RawRecording:
    """The run that many days before `latest_day`; the same for the same arguments."""
    rng = np.random.default_rng(number)
    began_at = datetime(latest_day.year, latest_day.month, latest_day.day, 15, 30, tzinfo=UTC)
    outing = Outing(
        sport="run",
        started_at=began_at - timedelta(days=number),
        distance_m=4.5 * HOUR_S,
        speed_mps=2.9,
        course=course(_COURSES[number % len(_COURSES)]),
        watch=Watch(does_auto_pause=False),
        utc_offset_s=7200,
    )
    whole = simulate_run(outing, (), rng)
    hour = whole.sample_s <= HOUR_S
    return replace(
        whole,
        sample_s=whole.sample_s[hour],
        columns={name: samples[hour] for name, samples in whole.columns.items()},
        laps=tuple(lap for lap in whole.laps if lap.end_s <= HOUR_S),
        pauses=(),
        totals=DeviceTotals(elapsed_s=float(HOUR_S)),
    )


def listening(started_at: Iterable[datetime]) -> list[RawListen]:
    """Songs throughout the hours that begin at these times, and everyday ones on those days."""
    rng = np.random.default_rng(1)
    starts = sorted(started_at)
    in_runs = [
        listen_of(play, start, is_shuffled=True, is_offline=False)
        for start in starts
        for play in until(run_playlist(HOUR_S, rng), HOUR_S + 30.0)
    ]
    hour = timedelta(seconds=HOUR_S + 600)
    busy = [(start - timedelta(seconds=600), start + hour) for start in starts]
    days = sorted({start.date() for start in starts})
    everyday = everyday_listens(days, busy, ZONE, _LISTENS_A_DAY * len(days), rng)
    return sorted([*in_runs, *everyday], key=lambda listen: listen.ended_at)
