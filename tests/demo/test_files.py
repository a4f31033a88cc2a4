"""The demo's archives, read back with the project's own decoders."""

import gzip
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from beatrunner.codecs.fit import read_fit
from beatrunner.codecs.gpx import read_gpx
from beatrunner.codecs.spotify_export import read_extended_history
from beatrunner.codecs.strava_export import read_activities_csv
from beatrunner.codecs.tcx import read_tcx
from beatrunner.core.listening import ListenKind, RawListen
from beatrunner.core.recording import RawRecording, RepairCode, Samples
from beatrunner.core.resample import to_grid
from beatrunner.core.sports import RUNNING
from beatrunner.demo.files import DemoManifest, DemoOuting, write_demo_files
from beatrunner.demo.plan import Music
from beatrunner.demo.songs import PACE_EFFECTS_PCT

TODAY = date(2026, 11, 21)
READERS: dict[str, Callable[[bytes], list[RawRecording]]] = {
    "fit": read_fit,
    "gpx": read_gpx,
    "tcx": read_tcx,
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoManifest:
    return write_demo_files(tmp_path_factory.mktemp("demo") / "made", TODAY)


@pytest.fixture(scope="module")
def recordings(demo: DemoManifest) -> dict[str, RawRecording]:
    """What the decoders make of every file."""
    found = {}
    with zipfile.ZipFile(demo.strava_export) as archive:
        for name in archive.namelist():
            if name.startswith("activities/"):
                data = archive.read(name)
                data = gzip.decompress(data) if name.endswith(".gz") else data
                (found[name],) = READERS[name.split(".")[1]](data)
    return found


@pytest.fixture(scope="module")
def listens(demo: DemoManifest) -> list[RawListen]:
    with zipfile.ZipFile(demo.spotify_export) as archive:
        (name,) = archive.namelist()
        assert name == ("Spotify Extended Streaming History/Streaming_History_Audio_2026_0.json")
        history = read_extended_history(archive.read(name))
    assert not history.dropped
    return history.listens


def digest(manifest: DemoManifest) -> list[str]:
    files = (manifest.strava_export, manifest.spotify_export, manifest.effects_file)
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def test_same_seed_and_day_same_bytes(demo: DemoManifest, tmp_path: Path) -> None:
    again = write_demo_files(tmp_path / "again", TODAY)
    assert digest(again) == digest(demo)


def test_another_seed_another_runner(demo: DemoManifest, tmp_path: Path) -> None:
    other = write_demo_files(tmp_path, TODAY, seed=2)
    assert not set(digest(other)) & set(digest(demo))


def test_every_file_is_read_back_as_it_was(
    demo: DemoManifest, recordings: dict[str, RawRecording]
) -> None:
    assert list(recordings) == [one.file_name for one in demo.outings]
    for one in demo.outings:
        was, read = one.recording, recordings[one.file_name]
        assert read.sport == was.sport
        assert read.is_indoor == was.is_indoor
        assert read.started_at == was.started_at or "gpx" in one.file_name
        assert read.device_name == was.device_name
        if "gpx" not in one.file_name:
            assert len(read.sample_s) == len(was.sample_s)
            assert np.allclose(
                read.columns["distance_m"], was.columns["distance_m"], atol=0.01, equal_nan=True
            )


def test_only_what_the_service_does_needs_mending(recordings: dict[str, RawRecording]) -> None:
    mended = {
        (name.split(".")[1], repair.code)
        for name, recording in recordings.items()
        for repair in recording.repairs
    }
    assert mended == {("tcx", RepairCode.STRAY_BYTES)}


def test_the_table_tells_of_every_file(demo: DemoManifest) -> None:
    with zipfile.ZipFile(demo.strava_export) as archive:
        names = archive.namelist()
        table = read_activities_csv(archive.read("activities.csv"))
    assert set(table) == set(names) - {"activities.csv"}
    assert len({row.activity_id for row in table.values()}) == len(table)
    for one in demo.outings:
        row, recording = table[one.file_name], one.recording
        assert (row.name, row.description) == (recording.name, recording.description)
        assert row.started_at == recording.started_at
        assert row.distance_m == pytest.approx(recording.totals.distance_m, abs=0.1)
        assert bool(row.gear) is (recording.sport != "walk")


def test_listens_are_about_six_thousand_and_of_every_manner(listens: list[RawListen]) -> None:
    assert len(listens) == pytest.approx(6000, rel=0.1)
    kinds = Counter(listen.kind for listen in listens)
    assert kinds[ListenKind.PODCAST] > 30
    assert any(listen.is_offline for listen in listens)
    assert 0.03 < np.mean([bool(listen.is_skipped) for listen in listens]) < 0.15
    music = {(one.artist, one.title) for one in listens if one.kind is ListenKind.MUSIC}
    assert len(music) == 120


def test_listens_lie_within_the_half_year(listens: list[RawListen]) -> None:
    midnight = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    assert listens[-1].ended_at < midnight + timedelta(hours=6)
    assert listens[0].started_at > midnight - timedelta(days=183)


def test_the_file_tells_what_played_in_a_run_to_the_second(
    demo: DemoManifest, listens: list[RawListen]
) -> None:
    known = {(one.title, round(one.ended_at.timestamp())) for one in listens}
    for one in demo.outings:
        for play in one.plays:
            ended_at = one.recording.started_at + timedelta(seconds=play.end_s)
            assert (play.song.title, int(ended_at.timestamp())) in known


def test_runs_are_covered_by_music_except_where_there_was_none(demo: DemoManifest) -> None:
    for one in demo.outings:
        elapsed_s = one.recording.totals.elapsed_s or 0.0
        if one.music is Music.NONE:
            assert one.plays == ()
        else:
            heard_s = sum(
                max(0.0, min(play.end_s, elapsed_s) - max(play.start_s, 0.0)) for play in one.plays
            )
            assert heard_s > 0.98 * elapsed_s
            assert one.plays[0].start_s < 0 < elapsed_s < one.plays[-1].end_s


def test_one_play_was_paused_and_is_written_down(demo: DemoManifest) -> None:
    (paused,) = json.loads(demo.effects_file.read_text())["paused_plays"]
    (one,) = [one for one in demo.outings if one.file_name == paused["file"]]
    (play,) = [play for play in one.plays if play.paused_s]
    assert play.song.title == paused["title"]
    assert play.end_s - play.start_s > paused["paused_s"]


def test_the_truth_beside_the_files_has_effects_and_tempi(demo: DemoManifest) -> None:
    truth = json.loads(demo.effects_file.read_text())
    assert truth["pace_effects_pct"] == PACE_EFFECTS_PCT
    assert truth["pace_effect_of_tempo"] == {"pct_per_bpm": 0.05, "stepped_to_at_spm": 170.0}
    assert len(truth["songs"]) == 120
    assert all(80 <= song["tempo_bpm"] <= 190 for song in truth["songs"])


def test_every_song_with_an_effect_is_run_to_often_enough_to_tell(demo: DemoManifest) -> None:
    runs = Counter(
        play.song.title for one in demo.outings for play in one.plays if not play.is_skipped
    )
    assert all(runs[title] >= 20 for title in PACE_EFFECTS_PCT)


def residual_pct(one: DemoOuting, read: RawRecording) -> Samples:
    """Percent by which every second is faster than a quadratic trend of its piece of the run."""
    streams, _ = to_grid(read)
    speed = streams.columns["speed_mps"]
    speed = streams.columns.get("grade_adjusted_speed_mps", speed)
    log_pct = 100 * np.log(np.where(streams.is_moving & (speed > 1.0), speed, np.nan))
    edges = [0, len(log_pct)]
    if one.kind.startswith("tempo"):
        edges = [0, 600, 2100, len(log_pct)]
    for start, end in pairwise(edges):
        second = np.linspace(-1.0, 1.0, end - start)
        known = np.isfinite(log_pct[start:end])
        trend = np.polyfit(second[known], log_pct[start:end][known], 2)
        log_pct[start:end] -= np.polyval(trend, second)
    return log_pct


def test_the_planted_effects_can_be_found_in_the_files(
    demo: DemoManifest, recordings: dict[str, RawRecording]
) -> None:
    """Slope of measured on planted effect. Taking out the trend of a run of some fifteen plays
    takes about 15 % of the effects with it; the standard error is 0.15."""
    planted_pct, measured_pct = [], []
    for one in demo.outings:
        if one.recording.sport not in RUNNING - {"track_run"}:
            continue
        excess_pct = residual_pct(one, recordings[one.file_name])
        for play in one.plays:
            heard = excess_pct[max(0, round(play.start_s) + 5) : max(0, round(play.end_s))]
            if np.isfinite(heard).sum() > 60:
                planted_pct.append(play.song.pace_effect_pct)
                measured_pct.append(float(np.nanmean(heard)))
    slope = np.polyfit(planted_pct, measured_pct, 1)[0]
    assert slope == pytest.approx(0.85, abs=0.45)


def test_the_noise_on_steady_roads_is_as_planned(
    demo: DemoManifest, recordings: dict[str, RawRecording]
) -> None:
    blocks: list[float] = []
    for one in demo.outings:
        if one.kind in ("easy", "long"):
            excess_pct = residual_pct(one, recordings[one.file_name])
            whole = excess_pct[: len(excess_pct) // 210 * 210].reshape(-1, 210)
            blocks += np.nanmean(whole, axis=1).tolist()
    assert 3.0 < np.std(blocks) < 4.5


def test_trails_climb_for_real(demo: DemoManifest) -> None:
    climbs = [one.recording.totals.ascent_m or 0.0 for one in demo.outings if one.kind == "trail"]
    assert min(climbs) > 150


def test_half_a_year_of_fitness_shows(demo: DemoManifest) -> None:
    easy = [one.recording for one in demo.outings if one.kind == "easy"]
    speeds = [float(np.nanmean(one.columns["speed_mps"])) for one in easy]
    half = len(speeds) // 2
    assert np.mean(speeds[half:]) > np.mean(speeds[:half])
