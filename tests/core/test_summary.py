from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from beatrunner.codecs.fit import read_fit
from beatrunner.codecs.gpx import read_gpx
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording
from beatrunner.core.resample import to_grid
from beatrunner.core.summary import Summary, summarise
from tests.core.recordings import device_columns, run


def summary(raw: RawRecording) -> Summary:
    return summarise(raw, to_grid(raw)[0])


def real(folder: Path, name: str) -> Summary:
    path = folder / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    read = read_fit if path.suffix == ".fit" else read_gpx
    (raw,) = read(path.read_bytes())
    return summary(raw)


def an_hour(**other: object) -> RawRecording:
    seconds = np.arange(3601.0)
    return run(seconds, device_columns(seconds), **other)


def test_an_hour_at_three_metres_a_second() -> None:
    laps = (Lap(0.0, 1800.0, 5400.0), Lap(1800.0, 4000.0, None), Lap(5000.0, 6000.0, None))
    figures = summary(an_hour(laps=laps))
    assert (figures.elapsed_s, figures.moving_s) == (3600.0, 3600.0)
    assert figures.distance_m == pytest.approx(10_800.0)
    assert figures.mean_speed_mps == pytest.approx(3.0)
    assert figures.grade_adjusted_speed_mps == pytest.approx(3.0)
    assert (figures.ascent_m, figures.descent_m) == (0.0, 0.0)
    assert (figures.mean_heart_rate_bpm, figures.max_heart_rate_bpm) == (150.0, 150.0)
    assert figures.mean_cadence_spm == 170.0
    assert figures.laps == (laps[0], Lap(1800.0, 3601.0, None))
    assert figures.has_path


def test_the_devices_totals_are_preferred_when_its_samples_agree() -> None:
    totals = DeviceTotals(distance_m=10_630.37, elapsed_s=3600.8, ascent_m=31.0, descent_m=29.0)
    figures = summary(an_hour(totals=totals))
    assert figures.distance_m == 10_630.37
    assert figures.elapsed_s == 3600.8
    assert (figures.ascent_m, figures.descent_m) == (31.0, 29.0)


def test_totals_that_contradict_the_samples_are_not_believed() -> None:
    figures = summary(an_hour(totals=DeviceTotals(distance_m=42_195.0, elapsed_s=9000.0)))
    assert figures.distance_m == pytest.approx(10_800.0)
    assert figures.elapsed_s == 3600.0


def test_totals_that_are_no_numbers_are_not_believed() -> None:
    nan = float("nan")
    totals = DeviceTotals(distance_m=nan, elapsed_s=nan, ascent_m=nan, descent_m=float("inf"))
    figures = summary(an_hour(totals=totals))
    assert figures.distance_m == pytest.approx(10_800.0)
    assert (figures.elapsed_s, figures.ascent_m, figures.descent_m) == (3600.0, 0.0, 0.0)
    assert summary(run(np.arange(60.0), {}, totals=totals)).distance_m is None


def test_a_treadmill_run_has_no_path_and_no_climb() -> None:
    seconds = np.arange(600.0)
    columns = device_columns(seconds)
    del columns["latitude"], columns["longitude"]
    raw = run(seconds, columns, sport="treadmill_run", is_indoor=True)
    figures = summary(replace(raw, totals=DeviceTotals(ascent_m=12.0)))
    assert not figures.has_path
    assert figures.ascent_m is None
    assert figures.grade_adjusted_speed_mps is None
    assert figures.distance_m == pytest.approx(3.0 * 599)


def test_a_recording_of_times_alone_has_figures_of_none() -> None:
    figures = summary(run(np.arange(60.0), {}))
    assert figures.elapsed_s == 59.0
    assert figures.moving_s == 0.0
    assert figures.distance_m is None
    assert figures.mean_speed_mps is None
    assert figures.mean_heart_rate_bpm is None


def test_cadence_is_of_the_steps_while_moving() -> None:
    seconds = np.arange(600.0)
    columns = device_columns(seconds)
    columns["cadence_spm"][100:200] = 0.0
    assert summary(run(seconds, columns)).mean_cadence_spm == pytest.approx(170.0, abs=0.5)


def test_a_hilly_run_as_its_source_states_it(shared_runs: Path) -> None:
    figures = real(shared_runs, "sloatsburg.fit")
    assert figures.distance_m == 14_004.85
    assert figures.elapsed_s == pytest.approx(4989, abs=0.5)  # 1:23:09
    assert figures.moving_s == pytest.approx(4785, abs=15)  # 1:19:45
    assert figures.ascent_m == 347.0
    assert figures.mean_heart_rate_bpm == pytest.approx(137, abs=0.5)
    assert figures.max_heart_rate_bpm == 167
    assert figures.grade_adjusted_speed_mps == pytest.approx(1000 / 298, rel=0.02)  # 4:58


def test_the_same_hilly_run_from_its_gpx(shared_runs: Path) -> None:
    figures = real(shared_runs, "6782987395.gpx")
    assert figures.elapsed_s == pytest.approx(4989, abs=0.5)
    assert figures.distance_m == pytest.approx(14_004.85, rel=0.015)
    assert figures.ascent_m == pytest.approx(347, rel=0.06)  # 347 by the watch, 363 by Elevate
    assert figures.grade_adjusted_speed_mps == pytest.approx(1000 / 298, rel=0.03)


def test_a_fast_run_as_its_source_states_it(shared_runs: Path) -> None:
    figures = real(shared_runs, "trosku.fit")
    assert figures.distance_m == 10_743.64
    assert figures.elapsed_s == pytest.approx(2922, abs=0.5)  # 48:42
    assert figures.moving_s == pytest.approx(2906, abs=12)  # 48:23 to 48:30
    assert figures.ascent_m == pytest.approx(139, abs=3)  # 136 to 142
    assert figures.mean_heart_rate_bpm == pytest.approx(160, abs=0.5)
    assert figures.max_heart_rate_bpm == 173
    assert figures.mean_cadence_spm == pytest.approx(2 * 92, abs=1)
    assert figures.grade_adjusted_speed_mps == pytest.approx(1000 / 261, rel=0.02)  # 4:21


def test_a_run_without_gps(shared_runs: Path) -> None:
    figures = real(shared_runs, "compressed-speed-distance.fit")
    assert figures.distance_m == 10_248.67
    assert not figures.has_path
    assert figures.mean_heart_rate_bpm == pytest.approx(170.5, abs=0.5)
    assert figures.max_heart_rate_bpm == 189
