from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beatrunner.bridge.picture import Picture
from beatrunner.bridge.recorder import MOST_WAITING, RUN_DOWN_S, Recorder
from beatrunner.codecs import live
from beatrunner.core.governor import Shown, Start
from tests.bridge.belt import FakeClock
from tests.bridge.ride import Ride

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STANDING = Ride().tick()


class Run:
    """A recorder that is shown a picture at each tick."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.recorder = Recorder(lambda: NOON, self.clock)

    def see(self, seconds: float = 0.25, tick_s: float = 0.25, **values: Any) -> list[live.Sample]:
        """The samples of these seconds."""
        found = []
        for _tick in range(round(seconds / tick_s)):
            self.clock.now_s += tick_s
            picture = moving(self.clock.now_s, **values)
            sample = self.recorder.see(picture)
            if sample is not None:
                found.append(sample)
        return found


def moving(now_s: float, **values: Any) -> Picture:
    told: dict[str, Any] = {"speed_kmh": 9.0, "shown": Shown.AUTOMATIC, "command": None} | values
    return replace(STANDING, now_s=now_s, **told)


def begun() -> Run:
    run = Run()
    run.recorder.begin("a", 0)
    return run


def numbers(samples: Sequence[live.Sample]) -> list[int]:
    return [sample.number for sample in samples]


def test_a_sample_a_second_with_time_and_distance() -> None:
    run = begun()
    samples = run.see(3)
    assert numbers(samples) == [1, 2, 3]
    assert [sample.elapsed_s for sample in samples] == [0, 1, 2]
    assert [sample.at - samples[0].at for sample in samples] == [
        timedelta(seconds=second) for second in range(3)
    ]
    assert samples[0].at == NOON + timedelta(seconds=0.25)
    assert [sample.distance_m for sample in samples] == [0, 2.5, 5]
    assert run.recorder.elapsed_s(run.clock()) == 2.75


def test_nothing_before_the_workout_and_before_the_first_step() -> None:
    run = Run()
    assert run.see(2) == []
    run.recorder.begin("a", 0)
    assert run.see(2, speed_kmh=0.0) == []
    assert run.see(2, speed_kmh=None) == []
    assert run.recorder.distance_m is None
    assert numbers(run.see(0.25, speed_kmh=0.0, command=Start(1))) == [1]


def test_what_waits_goes_when_it_is_acknowledged_and_in_its_order() -> None:
    run = begun()
    run.see(5)
    run.recorder.acknowledge(2)
    assert numbers(run.recorder.waiting) == [3, 4, 5]
    run.recorder.acknowledge(1)
    run.recorder.begin("a", 4)
    assert numbers(run.recorder.waiting) == [5]
    assert numbers(run.see(1)) == [6]
    run.recorder.acknowledge(99)
    assert run.recorder.waiting == ()


def test_another_workout_begins_at_its_own_number() -> None:
    run = begun()
    run.see(5)
    run.recorder.begin("b", 7)
    assert run.recorder.waiting == ()
    assert numbers(run.see(1)) == [8]


def test_a_process_that_stood_still_leaves_a_gap_and_makes_up_nothing() -> None:
    run = begun()
    run.see(2)
    run.clock.now_s += 100
    samples = run.see(2)
    assert numbers(samples) == [3, 4]
    assert samples[0].elapsed_s == pytest.approx(102, abs=1)
    assert samples[0].distance_m is not None
    assert samples[0].distance_m < 10


def test_a_server_that_stays_away_fills_the_memory_to_its_bound() -> None:
    run = begun()
    assert len(run.see(MOST_WAITING, tick_s=1.0)) == MOST_WAITING
    assert not run.recorder.is_full
    assert run.see(3) == []
    assert run.recorder.is_full
    run.recorder.acknowledge(100)
    assert not run.recorder.is_full
    later = run.see(1)
    assert numbers(later) == [MOST_WAITING + 1]
    assert later[0].elapsed_s == MOST_WAITING + 3


def test_the_run_down_belongs_to_the_run() -> None:
    run = begun()
    run.see(2)
    run.recorder.end()
    assert len(run.see(3, speed_kmh=4.0, shown=Shown.STOPPING)) == 3
    assert not run.recorder.is_done
    last = run.see(1, speed_kmh=0.0, shown=Shown.STOPPED)
    assert [sample.speed_kmh for sample in last] == [0]
    assert run.recorder.is_done
    assert run.see(5) == []


def test_an_end_before_the_beginning_is_done_at_once() -> None:
    run = begun()
    run.recorder.end()
    assert run.recorder.is_done


@pytest.mark.parametrize(
    "values", [{"speed_kmh": None, "shown": Shown.UNKNOWN}, {"shown": Shown.CONSOLE}]
)
def test_a_belt_that_is_not_ours_or_not_seen_is_not_waited_for(values: dict[str, Any]) -> None:
    run = begun()
    run.see(2)
    run.recorder.end()
    run.see(1, **values)
    assert run.recorder.is_done


def test_a_belt_that_does_not_stop_is_not_waited_for_long() -> None:
    run = begun()
    run.see(2)
    run.recorder.end()
    run.see(RUN_DOWN_S - 1, shown=Shown.STOPPING)
    assert not run.recorder.is_done
    run.see(2, shown=Shown.STOPPING)
    assert run.recorder.is_done


@pytest.mark.parametrize("odd", [-1.0, 655.35, math.nan, math.inf])
def test_what_no_machine_can_mean_is_left_out(odd: float) -> None:
    """The server would close on a message with it, and be sent it again for ever."""
    run = begun()
    run.see(1)
    (sample,) = run.see(1, speed_kmh=odd, incline_pct=odd * 100, cadence_spm=odd)
    assert (sample.speed_kmh, sample.incline_pct, sample.cadence_spm) == (None, None, None)
    (sample,) = run.see(1)
    assert isinstance(live.FROM_BRIDGE.read(live.encode(live.Samples([sample]))), live.Samples)


def test_a_heart_rate_that_cannot_be_believed_is_left_out() -> None:
    run = begun()
    (unfit,) = run.see(1, heart_rate_bpm=180.0, heart_fit=False)
    (fit,) = run.see(1, heart_rate_bpm=150.0, heart_fit=True)
    assert (unfit.heart_rate_bpm, fit.heart_rate_bpm) == (None, 150)


def test_the_next_process_goes_on_where_the_last_one_was() -> None:
    """By the time of day: numbers, time and distance go on, what waits is there."""
    before = begun()
    kept = before.see(10)
    after = Run()
    after.clock.now_s = 60.0  # the clock of another process
    gap_s = 30.0
    after.recorder = Recorder(
        lambda: kept[-1].at + timedelta(seconds=gap_s), after.clock, {"a": kept}
    )
    after.recorder.begin("a", 4)
    assert numbers(after.recorder.waiting) == [5, 6, 7, 8, 9, 10]
    sample = after.see(0.25, speed_kmh=0.0)[0]
    assert sample.number == 11
    assert sample.elapsed_s == kept[-1].elapsed_s + gap_s + 0.25
    assert sample.distance_m == kept[-1].distance_m


@pytest.mark.parametrize("gap", [timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_was_set_neither_turns_time_back_nor_days_ahead(gap: timedelta) -> None:
    kept = begun().see(10)
    after = Run()
    after.recorder = Recorder(lambda: kept[-1].at + gap, after.clock, {"a": kept})
    after.recorder.begin("a", 10)
    sample = after.see(0.25)[0]
    assert kept[-1].elapsed_s < sample.elapsed_s < 2000


def test_what_was_kept_of_another_workout_is_not_taken() -> None:
    after = Run()
    after.recorder = Recorder(lambda: NOON, after.clock, {"a": begun().see(10)})
    after.recorder.begin("b", 0)
    assert after.recorder.waiting == ()
    assert numbers(after.see(1)) == [1]


def test_what_nobody_wants_is_forgotten() -> None:
    run = begun()
    run.see(5)
    run.recorder.forget()
    assert run.recorder.waiting == ()
    assert run.see(5) == []
