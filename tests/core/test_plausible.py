from __future__ import annotations

import numpy as np
import pytest

from beatrunner.core.recording import RepairCode
from tests.core.recordings import device_columns, gridded, run, steady_columns

SECONDS = np.arange(300.0)


def test_heart_rate_of_nothing_but_zeros_was_not_measured() -> None:
    columns = device_columns(SECONDS) | {"heart_rate_bpm": np.zeros(300)}
    streams, repairs = gridded(run(SECONDS, columns))
    assert "heart_rate_bpm" not in streams.columns
    assert repairs == {RepairCode.ZERO_HEART_RATE: 300}


def test_heart_rate_nobody_has_is_a_gap() -> None:
    columns = device_columns(SECONDS)
    columns["heart_rate_bpm"][100:120] = 0.0
    columns["heart_rate_bpm"][150:170] = 255.0
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.ZERO_HEART_RATE: 20, RepairCode.IMPLAUSIBLE_VALUES: 20}
    assert np.isnan(streams.columns["heart_rate_bpm"]).sum() == 40
    assert np.nanmax(streams.columns["heart_rate_bpm"]) == 150.0


@pytest.mark.parametrize(
    ("written_spm", "speed_mps", "sport", "expected_spm", "repair"),
    [
        (85.5, 3.0, "run", 171.0, RepairCode.CADENCE_PER_LEG),
        (342.0, 3.0, "trail_run", 171.0, RepairCode.CADENCE_DOUBLED_TWICE),
        (171.0, 3.0, "run", 171.0, None),
        (115.0, 3.0, "run", 115.0, None),
        (100.0, 1.4, "run", 100.0, None),  # A walk recorded as a run.
        (85.0, 8.0, "ride", 85.0, None),
        (85.0, 1.4, "walk", 85.0, None),
    ],
)
def test_cadence_counts_both_feet(
    written_spm: float,
    speed_mps: float,
    sport: str,
    expected_spm: float,
    repair: RepairCode | None,
) -> None:
    columns = device_columns(SECONDS, speed_mps)
    columns["cadence_spm"] = np.full(300, written_spm)
    streams, repairs = gridded(run(SECONDS, columns, sport=sport))
    np.testing.assert_allclose(streams.columns["cadence_spm"], expected_spm)
    assert set(repairs) == ({repair} if repair else set())


def test_cadence_of_one_leg_shows_without_speed_too() -> None:
    streams, repairs = gridded(
        run(SECONDS, {"cadence_spm": np.full(300, 84.0)}, sport="treadmill_run", is_indoor=True)
    )
    np.testing.assert_allclose(streams.columns["cadence_spm"], 168.0)
    assert repairs == {RepairCode.CADENCE_PER_LEG: 1}
    assert streams.is_moving.all()


def test_walking_breaks_do_not_decide_about_legs() -> None:
    columns = device_columns(SECONDS)
    columns["speed_mps"][:200] = 1.4
    columns["cadence_spm"][:200] = 105.0
    _, repairs = gridded(run(SECONDS, columns))
    assert repairs == {}


def test_impossible_places_are_gaps() -> None:
    columns = device_columns(SECONDS)
    for name, value in (("latitude", 0.0), ("longitude", 0.0)):
        columns[name][:20] = value
    columns["latitude"][100:120] = 95.0
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.IMPLAUSIBLE_VALUES: 40}
    assert np.isnan(streams.columns["latitude"]).sum() == 20 + 20
    assert np.nanmin(streams.columns["latitude"]) > 49.0


@pytest.mark.parametrize("row", [0, 150, 299])
def test_a_point_that_leaps_away_and_back_is_dropped(row: int) -> None:
    columns = steady_columns(SECONDS)
    columns["longitude"][row] += 0.1
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.IMPLAUSIBLE_VALUES: 1, RepairCode.DISTANCE_FROM_PATH: 1}
    assert np.nanmax(streams.columns["distance_m"]) == pytest.approx(3.0 * 299, abs=4.0)
    np.testing.assert_allclose(
        streams.columns["longitude"][np.isfinite(streams.columns["longitude"])], 8.0
    )


def test_speed_beyond_any_runner_is_a_gap_and_a_rider_may() -> None:
    columns = device_columns(SECONDS)
    columns["speed_mps"][100:115] = 20.0
    on_foot, repairs = gridded(run(SECONDS, columns))
    assert np.isnan(on_foot.columns["speed_mps"][100:115]).all()
    assert repairs == {RepairCode.IMPLAUSIBLE_VALUES: 15}
    riding, _ = gridded(run(SECONDS, columns, sport="ride"))
    assert riding.columns["speed_mps"][107] == 20.0


def test_an_invalid_first_altitude_is_a_gap() -> None:
    columns = device_columns(SECONDS)
    columns["altitude_m"][:2] = [-500.0, 0.0]
    streams, repairs = gridded(run(SECONDS, columns))
    assert repairs == {RepairCode.IMPLAUSIBLE_VALUES: 2}
    assert np.isnan(streams.columns["altitude_m"][0])
    assert np.nanmin(streams.columns["altitude_m"]) == 120.0


def test_a_cliff_later_on_stays() -> None:
    columns = device_columns(SECONDS)
    columns["altitude_m"][150:] += 40.0
    streams, _ = gridded(run(SECONDS, columns))
    assert np.isfinite(streams.columns["altitude_m"]).all()
