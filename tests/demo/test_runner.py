"""The planted effects, measured by running the same outing (same seed) to other music."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from beatrunner.core.recording import COLUMNS, RawRecording
from beatrunner.demo.listening import Play
from beatrunner.demo.outing import Outing, Watch
from beatrunner.demo.routes import STEP_M, course, degrees
from beatrunner.demo.runner import ENTRAINMENT_SHARE, folded_tempo, simulate_run
from beatrunner.demo.songs import PACE_EFFECTS_PCT, Song, songs

START = datetime(2026, 5, 3, 6, 30, tzinfo=UTC)
TREADMILL = Outing("treadmill_run", START, 8000.0, 2.9)
ROAD = Outing("run", START, 9000.0, 2.9, course=course("town"))


def run(outing: Outing, *plays: Play, seed: int = 1) -> RawRecording:
    return simulate_run(outing, plays, np.random.default_rng(seed))


def song(tempo_bpm: float, title: str = "Metronome") -> Song:
    return Song(title, "Anybody", "Anything", tempo_bpm, 600.0, "spotify:track:0")


def mean(recording: RawRecording, column: str, start_s: float, end_s: float) -> float:
    is_within = (recording.sample_s >= start_s) & (recording.sample_s < end_s)
    return float(np.nanmean(recording.columns[column][is_within]))


@pytest.mark.parametrize("title", PACE_EFFECTS_PCT)
def test_a_song_with_an_effect_changes_the_pace_while_it_plays(title: str) -> None:
    chosen = next(one for one in songs() if one.title == title)
    silent = run(TREADMILL)
    with_song = run(TREADMILL, Play(chosen, 600.0, 900.0))
    ratio = mean(with_song, "speed_mps", 605, 895) / mean(silent, "speed_mps", 605, 895)
    assert 100 * (ratio - 1) == pytest.approx(chosen.pace_effect_pct, abs=0.1)
    assert chosen.pace_effect_pct == PACE_EFFECTS_PCT[title] + chosen.tempo_effect_pct
    assert mean(with_song, "speed_mps", 0, 590) == mean(silent, "speed_mps", 0, 590)


@pytest.mark.parametrize("folding", [1.0, 0.5, 2.0])
@pytest.mark.parametrize("away_spm", [-3.0, 2.0])
def test_a_beat_near_the_cadence_draws_the_steps_to_it(folding: float, away_spm: float) -> None:
    silent = run(replace(TREADMILL, noise_pct=0.0))
    natural_spm = 154.0 + 6.0 * mean(silent, "speed_mps", 1200, 1500)
    beat = Play(song((natural_spm + away_spm) * folding), 1200.0, 1500.0)
    drawn = run(replace(TREADMILL, noise_pct=0.0), beat)
    shift = mean(drawn, "cadence_spm", 1200, 1500) - mean(silent, "cadence_spm", 1200, 1500)
    assert shift == pytest.approx(ENTRAINMENT_SHARE * away_spm, abs=0.2)


def test_a_beat_far_from_the_cadence_draws_nothing() -> None:
    silent = run(replace(TREADMILL, noise_pct=0.0))
    far = run(replace(TREADMILL, noise_pct=0.0), Play(song(155.0), 1200.0, 1500.0))
    faster_mps = mean(far, "speed_mps", 1200, 1500) - mean(silent, "speed_mps", 1200, 1500)
    shift = mean(far, "cadence_spm", 1200, 1500) - mean(silent, "cadence_spm", 1200, 1500)
    assert shift == pytest.approx(6.0 * faster_mps, abs=0.2)


def test_tempi_fold_by_two_in_either_direction_only() -> None:
    tempi = np.array([86.0, 172.0, 344.0, 57.0, np.nan])
    folded = folded_tempo(tempi, np.full(5, 172.0))
    assert folded[:4].tolist() == [172.0, 172.0, 172.0, 114.0]
    assert np.isnan(folded[4])


def test_the_heart_follows_the_effort_with_a_lag() -> None:
    step = replace(TREADMILL, pieces=((900.0, 1.0), (9000.0, 1.2)), noise_pct=0.0)
    recording = run(step)
    before = mean(recording, "heart_rate_bpm", 800, 900)
    soon = mean(recording, "heart_rate_bpm", 930, 950)
    settled = mean(recording, "heart_rate_bpm", 1200, 1400)
    assert settled - before == pytest.approx(24 * 0.2 * 2.9, abs=4.0)
    assert 0.2 < (soon - before) / (settled - before) < 0.8


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    once, again, other = run(ROAD), run(ROAD), run(ROAD, seed=2)
    for name, values in once.columns.items():
        assert np.array_equal(values, again.columns[name], equal_nan=True)
    assert once.totals == again.totals != other.totals


def test_a_road_run_follows_its_course() -> None:
    recording = run(ROAD)
    assert set(recording.columns) == set(COLUMNS)
    assert recording.totals.distance_m == pytest.approx(9000.0, rel=0.03)
    latitude = recording.columns["latitude"]
    assert float(np.ptp(latitude)) * 111_320 == pytest.approx(
        float(np.ptp(course("town").north_m)), abs=25.0
    )
    assert sum(lap.distance_m or 0.0 for lap in recording.laps) == pytest.approx(
        recording.totals.distance_m
    )


def test_a_treadmill_knows_no_place() -> None:
    recording = run(TREADMILL)
    assert recording.is_indoor
    assert set(recording.columns) == {"distance_m", "speed_mps", "heart_rate_bpm", "cadence_spm"}


def test_hills_slow_the_runner_but_not_the_heart() -> None:
    ridge = course("ridge")
    hilly = run(Outing("trail_run", START, ridge.length_m, 2.9, course=ridge, noise_pct=0.0))
    speed = hilly.columns["speed_mps"][900:]
    uphill = np.gradient(np.convolve(hilly.columns["altitude_m"], np.full(31, 1 / 31), "same"))[
        900:
    ]
    assert speed[uphill > 0.15].mean() < 0.9 * speed[np.abs(uphill) < 0.03].mean()
    assert float(np.std(hilly.columns["heart_rate_bpm"][900:])) < 4.0


def test_waiting_at_a_light_is_a_pause_or_standing_still() -> None:
    pausing = run(replace(ROAD, watch=Watch(does_auto_pause=True)), seed=3)
    enduring = run(replace(ROAD, watch=Watch(does_auto_pause=False)), seed=3)
    assert pausing.pauses
    assert enduring.pauses == ()
    for start_s, end_s in pausing.pauses:
        inside = (pausing.sample_s > start_s) & (pausing.sample_s < end_s)
        assert not inside.any()
        assert mean(enduring, "cadence_spm", start_s + 1, end_s) == 0.0
    waited_s = sum(end - start for start, end in pausing.pauses)
    assert pausing.totals.timer_s == (pausing.totals.elapsed_s or 0.0) - waited_s


@pytest.mark.parametrize("is_reversed", [False, True])
def test_waiting_happens_where_the_lights_are(is_reversed: bool) -> None:
    town = course("town")
    latitude, longitude = degrees(town.east_m, town.north_m)
    recording = run(replace(ROAD, is_reversed=is_reversed), seed=3)
    assert recording.pauses
    for start_s, _ in recording.pauses:
        here = recording.sample_s == start_s
        north_m = 111_320.0 * (recording.columns["latitude"][here] - latitude)
        east_m = 73_900.0 * (recording.columns["longitude"][here] - longitude)
        along_m = STEP_M * float(np.hypot(north_m, east_m).argmin())
        assert min(abs(along_m - light_m) for light_m in town.lights_m) < 20.0


def test_a_smart_watch_writes_seldom_but_from_first_to_last() -> None:
    recording = run(replace(ROAD, watch=Watch(is_smart=True, does_auto_pause=False)))
    gaps_s = np.diff(recording.sample_s)
    assert 1 <= gaps_s.min() < gaps_s.max() <= 7
    assert recording.sample_s[0] == 0
    assert recording.sample_s[-1] == recording.totals.elapsed_s


def test_sensors_drop_out_and_satellites_take_their_time() -> None:
    watch = Watch(heart_dropouts=1, path_dropouts=1, cold_start_s=15)
    columns = run(replace(ROAD, watch=watch)).columns
    assert 20 <= np.isnan(columns["heart_rate_bpm"]).sum() < 90
    assert np.isnan(columns["latitude"][:15]).all()
    assert 35 <= np.isnan(columns["latitude"]).sum() < 105
    assert np.array_equal(np.isnan(columns["latitude"]), np.isnan(columns["longitude"]))


def test_a_walker_takes_no_notice_of_the_music() -> None:
    walk = Outing("walk", START, 2000.0, 1.4, course=course("town"), easy_mps=1.4)
    assert run(walk).totals == run(walk, Play(songs()[1], 0.0, 900.0)).totals
