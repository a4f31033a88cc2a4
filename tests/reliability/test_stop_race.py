"""`./dev bench stop-race`, small: nothing overtakes a stop."""

from __future__ import annotations

from benchmarks.stop_race import Raced, race, race_in_order


def test_nothing_is_written_after_a_stop() -> None:
    seen = race(0) + race(1)
    assert seen.races == 40
    assert (seen.late, seen.unstopped) == (0, 0)
    assert seen.slowest_s <= 0.5


def test_the_experiment_would_see_a_queue_that_keeps_its_order() -> None:
    assert sum((race_in_order(seed) for seed in range(2)), Raced()).late > 0
