"""What devices write wrong, and what becomes of it on the grid."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from beatrunner.core.recording import COLUMNS, DeviceTotals, RawRecording, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.resample import to_grid
from beatrunner.core.sports import SPORTS
from tests.core.recordings import device_columns, gridded, run, steady_columns

ANY_FLOATS = st.floats() | st.floats(-10.0, 5000.0)


@st.composite
def garbage(draw: st.DrawFn) -> RawRecording:
    """What no device writes, but a damaged file may."""
    count = draw(st.integers(0, 30))
    floats = hnp.arrays(np.float64, count, elements=ANY_FLOATS)
    names = draw(st.sets(st.sampled_from(COLUMNS)))
    return run(
        draw(floats),
        {name: draw(floats) for name in names},
        sport=draw(st.sampled_from(sorted(SPORTS))),
        is_indoor=draw(st.booleans()),
        pauses=tuple(draw(st.lists(st.tuples(ANY_FLOATS, ANY_FLOATS), max_size=4))),
        totals=DeviceTotals(elapsed_s=draw(st.none() | ANY_FLOATS)),
    )


@settings(deadline=None)  # A damaged file may seem to last a week.
@given(garbage())
def test_any_recording_is_gridded_or_refused(raw: RawRecording) -> None:
    try:
        streams, _ = to_grid(raw)
    except UnreadableFileError as error:
        assert error.reason in {Refusal.NO_SAMPLES, Refusal.TOO_LONG}  # noqa: PT017
        return
    assert 1 <= streams.length_s <= 7 * 24 * 3600 + 60
    assert len(streams.is_moving) == streams.length_s
    for values in streams.columns.values():
        assert len(values) == streams.length_s
        assert not np.isinf(values).any()
        assert np.isfinite(values).any()
    along_m = streams.columns.get("distance_m", np.zeros(1))
    assert (np.diff(along_m[np.isfinite(along_m)]) >= 0).all()


def test_a_clean_run_keeps_its_values_and_needs_no_repair() -> None:
    seconds = np.arange(3601.0)
    streams, repairs = gridded(run(seconds, device_columns(seconds)))
    assert repairs == {}
    assert streams.length_s == 3601
    assert streams.is_moving.all()
    for name, values in device_columns(seconds).items():
        np.testing.assert_allclose(streams.columns[name], values)
    np.testing.assert_allclose(streams.columns["grade_pct"], 0.0, atol=1e-9)
    np.testing.assert_allclose(streams.columns["grade_adjusted_speed_mps"], 3.0)


def test_smart_recording_is_bridged() -> None:
    seconds = np.cumsum([0, 4, 8, 5, 7, 10, 6] * 20).astype(np.float64)
    streams, _ = gridded(run(seconds, device_columns(seconds)))
    np.testing.assert_allclose(
        streams.columns["distance_m"], 3.0 * np.arange(streams.length_s), atol=1e-9
    )


def test_samples_between_seconds_land_on_the_seconds() -> None:
    tenths = np.arange(0.4, 60.0, 0.1)
    streams, _ = gridded(run(tenths, device_columns(tenths)))
    np.testing.assert_allclose(streams.columns["distance_m"][1:], 3.0 * np.arange(1, 60))
    assert streams.columns["distance_m"][0] == pytest.approx(1.2)


def test_a_longer_gap_stays_a_gap() -> None:
    seconds = np.r_[0:100, 111:200].astype(np.float64)
    streams, _ = gridded(run(seconds, device_columns(seconds)))
    missing = np.flatnonzero(np.isnan(streams.columns["heart_rate_bpm"]))
    np.testing.assert_array_equal(missing, np.arange(100, 111))
    # The runner went on: 36 m lie between the two sides.
    assert streams.is_moving.all()


def test_a_gap_without_ground_covered_is_standing() -> None:
    seconds = np.r_[0:100, 400:500].astype(np.float64)
    columns = device_columns(seconds)
    columns["distance_m"][100:] -= columns["distance_m"][100] - columns["distance_m"][99]
    streams, _ = gridded(run(seconds, columns))
    assert not streams.is_moving[100:399].any()
    assert streams.is_moving[:99].all()
    assert streams.is_moving[400:].all()


def test_a_column_missing_on_some_points_has_its_own_gaps() -> None:
    seconds = np.arange(200.0)
    columns = device_columns(seconds)
    columns["heart_rate_bpm"][50:54] = np.nan
    columns["heart_rate_bpm"][100:130] = np.nan
    streams, _ = gridded(run(seconds, columns))
    np.testing.assert_array_equal(
        np.flatnonzero(np.isnan(streams.columns["heart_rate_bpm"])), np.arange(100, 130)
    )
    assert np.isfinite(streams.columns["distance_m"]).all()


def test_pauses_are_gaps_in_which_nobody_moves() -> None:
    lengths_s = [14, 53, 73, 35, 51, 9]  # The six pauses of a public run with 2810 s of 3046 s.
    starts_s = [200, 600, 1000, 1500, 2000, 2500]
    pauses = tuple(
        (float(start), float(start + length))
        for start, length in zip(starts_s, lengths_s, strict=True)
    )
    seconds = np.array(
        [s for s in range(3046) if not any(a < s < b for a, b in pauses)], dtype=np.float64
    )
    paused_before_s = np.array([sum(b - a for a, b in pauses if b <= s) for s in seconds])
    columns = device_columns(seconds)
    columns["distance_m"] = 3.0 * (seconds - paused_before_s)
    streams, _ = gridded(run(seconds, columns, pauses=pauses))
    assert streams.length_s - streams.is_moving.sum() == sum(lengths_s) == 235
    for start, end in pauses:
        inside = slice(int(start) + 1, int(end))
        assert np.isnan(streams.columns["speed_mps"][inside]).all()
        assert np.isfinite(streams.columns["speed_mps"][[int(start), int(end)]]).all()


def test_negative_and_endless_pauses_do_no_harm() -> None:
    seconds = np.arange(100.0)
    pauses = ((50.0, 40.0), (math.nan, 60.0), (90.0, math.inf), (-50.0, -10.0))
    streams, _ = gridded(run(seconds, device_columns(seconds), pauses=pauses))
    np.testing.assert_array_equal(np.flatnonzero(~streams.is_moving), np.arange(90, 100))


def test_time_stepping_back_a_second_is_sorted() -> None:
    seconds = np.arange(100.0)
    seconds[[40, 41]] = seconds[[41, 40]]
    columns = device_columns(seconds)
    streams, repairs = gridded(run(seconds, columns))
    assert repairs == {RepairCode.TIME_BACKWARDS: 1}
    np.testing.assert_allclose(streams.columns["distance_m"], 3.0 * np.arange(100))


def test_of_the_same_second_twice_the_last_counts() -> None:
    seconds = np.array([0.0, 1.0, 1.0, 2.0, 3.0])
    columns = device_columns(seconds)
    columns["heart_rate_bpm"][:] = [150, 150, 160, 150, np.nan]
    streams, repairs = gridded(run(seconds, columns))
    np.testing.assert_array_equal(streams.columns["heart_rate_bpm"], [150, 160, 150, np.nan])
    assert repairs == {}


@pytest.mark.parametrize("hours", [3, 30, 24 * 365 * 20])
def test_one_sample_hours_away_is_dropped(hours: int) -> None:
    seconds = np.arange(100.0)
    seconds[50] += 3600.0 * hours
    streams, repairs = gridded(run(seconds, device_columns(np.arange(100.0))))
    assert repairs == {RepairCode.TIME_JUMP: 1}
    assert streams.length_s == 100


@pytest.mark.parametrize("hours", [-8, -1, 13, 24 * 365 * 20])
def test_a_jump_of_the_clock_is_closed_up(hours: int) -> None:
    seconds = np.arange(100.0)
    seconds[50:] += 3600.0 * hours
    streams, repairs = gridded(run(seconds, device_columns(np.arange(100.0))))
    assert repairs == {RepairCode.TIME_JUMP: 1}
    assert streams.length_s == 100
    np.testing.assert_allclose(streams.columns["distance_m"], 3.0 * np.arange(100))


def test_a_long_rest_is_a_gap_unless_the_device_knows_better() -> None:
    seconds = np.r_[0:100, 18_000:18_100].astype(np.float64)
    columns = device_columns(np.arange(200.0))
    rest, no_repairs = gridded(run(seconds, columns))
    assert (rest.length_s, no_repairs) == (18_100, {})
    jump, repairs = gridded(run(seconds, columns, totals=DeviceTotals(elapsed_s=199.0)))
    assert (jump.length_s, repairs) == (200, {RepairCode.TIME_JUMP: 1})


def test_samples_of_a_clock_not_yet_set_are_dropped() -> None:
    seconds = np.arange(-2.0, 100.0)
    seconds[:2] -= 1e9
    streams, repairs = gridded(run(seconds, device_columns(np.arange(-2.0, 100.0))))
    assert repairs == {RepairCode.TIME_JUMP: 2}
    assert streams.length_s == 100


def test_more_than_a_week_is_refused() -> None:
    seconds = np.arange(0.0, 8 * 24 * 3600, 3600.0)
    with pytest.raises(UnreadableFileError) as caught:
        to_grid(run(seconds, {}))
    assert caught.value.reason is Refusal.TOO_LONG


@pytest.mark.parametrize("seconds", [[], [math.nan, math.nan]])
def test_no_times_are_refused(seconds: list[float]) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        to_grid(run(np.array(seconds), {}))
    assert pickle.loads(pickle.dumps(caught.value)).reason is Refusal.NO_SAMPLES  # noqa: S301


@pytest.mark.parametrize(
    ("elapsed_s", "expected"), [(None, 100), (130.0, 130), (5000.0, 100), (50.0, 100)]
)
def test_the_device_may_end_shortly_after_its_last_sample(
    elapsed_s: float | None, expected: int
) -> None:
    seconds = np.arange(100.0)
    totals = DeviceTotals(elapsed_s=elapsed_s)
    streams, _ = gridded(run(seconds, device_columns(seconds), totals=totals))
    assert streams.length_s == expected
    assert not streams.is_moving[100:].any()


def test_the_date_line_is_crossed_eastwards() -> None:
    seconds = np.arange(0.0, 61.0, 5.0)
    columns = steady_columns(seconds)
    columns["latitude"][:] = 0.5
    columns["longitude"] = (179.9995 + seconds * 3e-5 + 180.0) % 360.0 - 180.0
    streams, _ = gridded(run(seconds, columns))
    assert np.abs(streams.columns["longitude"]).min() > 179.99
    assert streams.columns["distance_m"][-1] == pytest.approx(60 * 3e-5 * 111_195, rel=1e-3)


def test_without_altitude_or_indoors_there_is_no_grade() -> None:
    seconds = np.arange(200.0)
    columns = device_columns(seconds)
    indoors, _ = gridded(run(seconds, columns, is_indoor=True))
    del columns["altitude_m"]
    level, _ = gridded(run(seconds, columns))
    for streams in (indoors, level):
        assert "grade_pct" not in streams.columns
        assert "grade_adjusted_speed_mps" not in streams.columns


def test_a_column_never_measured_is_absent() -> None:
    seconds = np.arange(100.0)
    columns = device_columns(seconds)
    columns["heart_rate_bpm"][:] = np.nan
    streams, _ = gridded(run(seconds, columns))
    assert "heart_rate_bpm" not in streams.columns


def test_missing_speed_comes_from_distance() -> None:
    seconds = np.arange(300.0)
    columns = device_columns(seconds)
    del columns["speed_mps"]
    columns["distance_m"] = 3.0 * np.clip(seconds, 0, 100) + 4.0 * np.clip(seconds - 100, 0, 200)
    streams, _ = gridded(run(seconds, columns))
    np.testing.assert_allclose(streams.columns["speed_mps"][10:90], 3.0)
    np.testing.assert_allclose(streams.columns["speed_mps"][110:290], 4.0)
