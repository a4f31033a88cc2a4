from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.recording import RepairCode
from tests.core.recordings import device_columns, gridded, run, steady_columns

SECONDS = np.arange(600.0)


def test_missing_distance_comes_from_the_path() -> None:
    streams, repairs = gridded(run(SECONDS, steady_columns(SECONDS)))
    assert repairs == {RepairCode.DISTANCE_FROM_PATH: 1}
    np.testing.assert_allclose(streams.columns["distance_m"], 3.0 * SECONDS, rtol=1e-6)
    np.testing.assert_allclose(streams.columns["speed_mps"][10:-10], 3.0, rtol=1e-6)


def test_a_distance_that_stays_zero_was_not_measured() -> None:
    columns = steady_columns(SECONDS) | {"distance_m": np.zeros(600)}
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.DISTANCE_FROM_PATH: 1}
    assert streams.columns["distance_m"][-1] == pytest.approx(3.0 * 599)


def test_a_walk_during_a_pause_is_not_counted() -> None:
    seconds = np.r_[0:201, 300:600].astype(np.float64)
    streams, _ = gridded(run(seconds, steady_columns(seconds), pauses=((200.0, 300.0),)))
    assert np.nanmax(streams.columns["distance_m"]) == pytest.approx(3.0 * (200 + 299))


def test_without_a_path_distance_comes_from_speed() -> None:
    columns = {"speed_mps": np.full(600, 2.5)}
    streams, repairs = gridded(run(SECONDS, columns, sport="treadmill_run", is_indoor=True))
    assert repairs == {RepairCode.DISTANCE_FROM_SPEED: 1}
    np.testing.assert_allclose(streams.columns["distance_m"], 2.5 * SECONDS)


def test_speed_says_nothing_about_a_long_gap() -> None:
    seconds = np.r_[0:100, 400:500].astype(np.float64)
    streams, _ = gridded(run(seconds, {"speed_mps": np.full(200, 2.5)}))
    assert np.nanmax(streams.columns["distance_m"]) == pytest.approx(2.5 * 198)


def test_one_sample_of_zero_is_a_dropout() -> None:
    columns = device_columns(SECONDS)
    columns["distance_m"][300] = 0.0
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.DISTANCE_BACKWARDS: 1}
    np.testing.assert_allclose(streams.columns["distance_m"], 3.0 * SECONDS)


def test_an_odometer_reset_goes_on_counting() -> None:
    columns = device_columns(SECONDS)
    columns["distance_m"][300:] -= 900.0
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.DISTANCE_BACKWARDS: 1}
    assert streams.columns["distance_m"][-1] == pytest.approx(3.0 * 598)


def test_small_steps_back_are_flattened() -> None:
    columns = device_columns(SECONDS)
    columns["distance_m"][300:] -= 5.0
    streams, repairs = gridded(run(SECONDS, columns))
    assert set(repairs) == {RepairCode.DISTANCE_BACKWARDS}
    assert (np.diff(streams.columns["distance_m"]) >= 0).all()
    assert streams.columns["distance_m"][-1] == pytest.approx(3.0 * 599 - 5.0)


def test_a_session_cut_from_a_longer_file_starts_at_zero() -> None:
    columns = device_columns(SECONDS)
    columns["distance_m"] += 4000.0
    streams, _ = gridded(run(SECONDS, columns))
    np.testing.assert_allclose(streams.columns["distance_m"], 3.0 * SECONDS)
