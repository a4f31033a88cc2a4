from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beatrunner.core.best_efforts import DISTANCES_M, FASTEST_MPS, best_efforts
from beatrunner.core.recording import Samples, Streams


def streams(speed_mps: Samples, **others: Samples) -> Streams:
    columns = {"speed_mps": speed_mps, "grade_adjusted_speed_mps": speed_mps, **others}
    return Streams(len(speed_mps), columns, np.nan_to_num(speed_mps) > 0.0)


def paced(most_mps: float) -> st.SearchStrategy[Samples]:
    """A speed for each second, the same for a while."""
    pieces = st.tuples(st.floats(0.0, most_mps), st.integers(1, 120))
    return st.lists(pieces, min_size=1, max_size=20).map(
        lambda found: np.repeat(*map(np.array, zip(*found, strict=True)))
    )


def test_a_steady_run_is_as_fast_over_every_distance() -> None:
    efforts = best_efforts(streams(np.full(1800, 3.0)))
    assert [effort.distance_m for effort in efforts] == [1000.0, 1609.344, 5000.0]
    for effort in efforts:
        assert effort.speed_mps == pytest.approx(3.0)
        assert effort.start_s == 0.0


def test_the_fast_stretch_is_found_to_a_part_of_a_second() -> None:
    speed_mps = np.concatenate([np.full(300, 2.5), np.full(260, 4.1), np.full(300, 2.5)])
    (kilometre, mile) = best_efforts(streams(speed_mps))
    assert kilometre.lasted_s == pytest.approx(1000.0 / 4.1)
    assert 300.0 <= kilometre.start_s <= 317.0
    # 1066 m at 4.1, the rest at 2.5
    assert mile.lasted_s == pytest.approx(260.0 + (1609.344 - 1066.0) / 2.5)


def test_hills_count_by_what_they_cost() -> None:
    speed_mps = np.full(600, 2.5)
    (uphill,) = best_efforts(streams(speed_mps, grade_adjusted_speed_mps=1.2 * speed_mps))[:1]
    assert uphill.speed_mps == pytest.approx(3.0)
    unknown = np.full(600, np.nan)
    (level,) = best_efforts(streams(speed_mps, grade_adjusted_speed_mps=unknown))[:1]
    assert level.speed_mps == pytest.approx(2.5)


def test_a_gap_and_a_stop_take_their_time() -> None:
    speed_mps = np.full(500, 3.0)
    speed_mps[200:260] = np.nan
    speed_mps[300:310] = 0.0
    (kilometre,) = best_efforts(streams(speed_mps))
    assert kilometre.lasted_s == pytest.approx(1000.0 / 3.0 + 70.0)


def test_a_leap_of_the_satellites_makes_no_record() -> None:
    speed_mps = np.full(900, 3.0)
    speed_mps[400:430] = 9.0
    (kilometre, _) = best_efforts(streams(speed_mps))
    assert kilometre.lasted_s == pytest.approx(1000.0 / 3.0)
    # Slower than that, the steps tell.
    speed_mps[400:430] = 5.2
    cadence_spm = np.full(900, 170.0)
    cadence_spm[400:430] = 115.0
    (kilometre, _) = best_efforts(streams(speed_mps, cadence_spm=cadence_spm))
    assert kilometre.lasted_s == pytest.approx(1000.0 / 3.0)


def test_steps_that_were_not_counted_say_nothing() -> None:
    cadence_spm = np.zeros(500)
    (kilometre,) = best_efforts(streams(np.full(500, 3.0), cadence_spm=cadence_spm))
    assert kilometre.speed_mps == pytest.approx(3.0)


def test_walking_breaks_make_no_mistake_of_running() -> None:
    speed_mps = np.where(np.arange(3000) < 2400, 1.4, 4.0)
    (kilometre, *_) = best_efforts(streams(speed_mps))
    assert kilometre.speed_mps == pytest.approx(4.0)


def test_who_is_faster_than_the_world_was_not_running() -> None:
    assert best_efforts(streams(np.full(2400, 6.6))) == []  # a kilometre of it might be
    assert len(best_efforts(streams(np.full(600, 6.6)))) == 2


def test_a_short_run_and_one_without_speed_have_none() -> None:
    assert best_efforts(streams(np.full(100, 3.0))) == []
    assert best_efforts(streams(np.empty(0))) == []
    assert best_efforts(streams(np.full(900, np.nan))) == []
    assert best_efforts(Streams(900, {}, np.ones(900, dtype=bool))) == []


@given(paced(5.4))
def test_no_stretch_of_whole_seconds_is_faster(speed_mps: Samples) -> None:
    way_m = np.concatenate(([0.0], np.cumsum(speed_mps)))
    efforts = {effort.distance_m: effort for effort in best_efforts(streams(speed_mps))}
    for distance_m in DISTANCES_M[:2]:
        if distance_m not in efforts:
            assert way_m[-1] < distance_m
            continue
        effort = efforts[distance_m]
        whole_s = int(np.floor(effort.lasted_s - 1e-6))
        covered_m = way_m[whole_s:] - way_m[: len(way_m) - whole_s]
        assert covered_m.max() < distance_m + 1e-6


@given(paced(5.0), st.integers(0, 399), st.integers(1, 60), st.floats(5.6, 40.0))
def test_a_mistake_never_makes_a_stretch_faster(
    speed_mps: Samples, at_s: int, length_s: int, wrong_mps: float
) -> None:
    honest = {each.distance_m: each for each in best_efforts(streams(speed_mps))}
    # Much faster than a slow runner, as a fast one may sprint.
    spoilt = np.minimum(speed_mps, 3.0)
    clean = {each.distance_m: each for each in best_efforts(streams(spoilt))}
    spoilt[at_s : at_s + length_s] = wrong_mps
    assume(5 * length_s < np.count_nonzero(spoilt))  # else the mistake is what the run is like
    for effort in best_efforts(streams(spoilt)):
        assert effort.distance_m in clean
        assert effort.lasted_s >= clean[effort.distance_m].lasted_s - 1e-6
        assert effort.lasted_s >= honest[effort.distance_m].lasted_s - 1e-6


def test_longer_is_not_faster_in_the_world_either() -> None:
    assert sorted(FASTEST_MPS.values(), reverse=True) == list(FASTEST_MPS.values())
