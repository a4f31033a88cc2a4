from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.core.best_efforts import DISTANCES_M, best_efforts


def test_a_steady_run_is_as_fast_over_every_distance() -> None:
    efforts = best_efforts(np.full(1800, 3.0))
    assert [effort.distance_m for effort in efforts] == [400.0, 1000.0, 1609.344, 3000.0, 5000.0]
    for effort in efforts:
        assert effort.speed_mps == pytest.approx(3.0)
        assert effort.start_s == 0.0


def test_the_fast_stretch_is_found_to_a_part_of_a_second() -> None:
    speed_mps = np.concatenate([np.full(300, 2.5), np.full(110, 4.1), np.full(300, 2.5)])
    (short, long) = best_efforts(speed_mps)[:2]
    assert short.lasted_s == pytest.approx(400.0 / 4.1)
    assert 300.0 <= short.start_s <= 313.0
    # 451 m at 4.1, the rest at 2.5
    assert long.lasted_s == pytest.approx(110.0 + 549.0 / 2.5)


def test_a_gap_and_a_stop_take_their_time() -> None:
    speed_mps = np.full(500, 3.0)
    speed_mps[200:260] = np.nan
    speed_mps[300:310] = 0.0
    long = best_efforts(speed_mps)[-1]
    assert long.distance_m == 1000.0
    assert long.lasted_s == pytest.approx(1000.0 / 3.0 + 70.0)


def test_what_nobody_runs_is_no_effort_and_a_short_run_has_none() -> None:
    assert best_efforts(np.full(1000, 9.0)) == []
    assert best_efforts(np.full(100, 3.0)) == []
    assert best_efforts(np.empty(0)) == []
    assert best_efforts(np.full(900, np.nan)) == []


@given(st.lists(st.floats(0.0, 7.0), min_size=1, max_size=900))
def test_no_stretch_of_whole_seconds_is_faster(speeds_mps: list[float]) -> None:
    speed_mps = np.array(speeds_mps)
    way_m = np.concatenate(([0.0], np.cumsum(speed_mps)))
    efforts = {effort.distance_m: effort for effort in best_efforts(speed_mps)}
    for distance_m in DISTANCES_M[:2]:
        if distance_m not in efforts:
            assert way_m[-1] < distance_m
            continue
        effort = efforts[distance_m]
        whole_s = int(np.floor(effort.lasted_s - 1e-6))
        covered_m = way_m[whole_s:] - way_m[: len(way_m) - whole_s]
        assert covered_m.max() < distance_m + 1e-6
