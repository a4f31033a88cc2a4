"""TCX: laps, extensions, treadmills, and the real files' stated facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.gpx import read_gpx
from beatrunner.codecs.tcx import read_tcx, write_tcx
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
RUNS = Path(__file__).parents[3] / "shared" / "data" / "runs"


def run(count: int = 60) -> RawRecording:
    second = np.arange(count, dtype=float)
    return RawRecording(
        sport="run",
        started_at=START,
        sample_s=second,
        columns={
            "latitude": 50.1 + second * 1e-5,
            "longitude": 8.6 + second * 1e-5,
            "distance_m": second * 3,
            "altitude_m": 100 + second / 10,
            "speed_mps": 3 + second / 1000,
            "heart_rate_bpm": 120 + second,
            "cadence_spm": 160 + 2 * (second % 5),
        },
        laps=(Lap(0.0, 30.0, 90.0), Lap(30.0, 59.0, 87.0)),
        device_name="Watch & Co",
        name="Morning <easy>",
        description="Two\nlines",
    )


def treadmill(count: int = 20) -> RawRecording:
    outside = run(count)
    kept = ("distance_m", "speed_mps", "heart_rate_bpm", "cadence_spm")
    columns = {name: outside.columns[name] for name in kept}
    return replace(outside, sport="treadmill_run", columns=columns, laps=(), is_indoor=True)


def activity(inside: str, sport: str = "Running") -> str:
    return f'<Activity Sport="{sport}"><Id>2026-03-01T06:30:00Z</Id>{inside}</Activity>'


def tcx(inside: str) -> bytes:
    namespace = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
    return f'<TrainingCenterDatabase xmlns="{namespace}">{inside}</TrainingCenterDatabase>'.encode()


def lap(points: str, at: str = "06:30:00") -> str:
    return (
        f'<Lap StartTime="2026-03-01T{at}Z"><TotalTimeSeconds>60</TotalTimeSeconds>'
        f"<DistanceMeters>180</DistanceMeters><Track>{points}</Track></Lap>"
    )


def point(second: int, inside: str = "") -> str:
    return f"<Trackpoint><Time>2026-03-01T06:30:{second:02}Z</Time>{inside}</Trackpoint>"


@pytest.mark.parametrize("original", [run(), treadmill()], ids=["outside", "treadmill"])
def test_written_files_read_back(original: RawRecording) -> None:
    (again,) = read_tcx(write_tcx(original))
    assert again.started_at == START
    for field in ("sport", "is_indoor", "name", "description", "device_name"):
        assert getattr(again, field) == getattr(original, field), field
    assert again.laps == (original.laps or (Lap(0.0, 19.0, 57.0),))
    assert again.repairs == ()
    assert set(again.columns) == set(original.columns)
    np.testing.assert_array_equal(again.sample_s, original.sample_s)
    for name, samples in original.columns.items():
        np.testing.assert_allclose(again.columns[name], samples, atol=0.051, err_msg=name)


def test_pauses_are_not_counted_in_a_lap_s_timer() -> None:
    (again,) = read_tcx(write_tcx(replace(run(), pauses=((20.0, 35.0),))))
    assert again.totals == DeviceTotals(distance_m=177.0, timer_s=44.0)


def test_a_sport_that_is_none_of_the_formats_is_guessed() -> None:
    named, other = activity(lap(point(0))), activity(lap(point(0)), sport="Other")
    sports = [read_tcx(tcx(one))[0].is_sport_guessed for one in (named, other)]
    assert sports == [False, True]


def test_every_activity_of_a_multisport_session() -> None:
    ride = activity(lap(point(0, "<Cadence>80</Cadence>")), "Biking")
    jog = activity(lap(point(9, "<Cadence>80</Cadence>")))
    data = tcx(
        f"<Activities><MultiSportSession><FirstSport>{ride}</FirstSport>"
        f"<NextSport>{jog}</NextSport></MultiSportSession></Activities>"
    )
    first, second = read_tcx(data)
    assert (first.sport, first.columns["cadence_spm"].tolist()) == ("indoor_ride", [80])
    assert (second.sport, second.columns["cadence_spm"].tolist()) == ("treadmill_run", [160])


def test_run_cadence_of_the_extension_wins() -> None:
    extension = "<Extensions><TPX><Speed>3.5</Speed><RunCadence>88</RunCadence></TPX></Extensions>"
    data = tcx(activity(lap(point(0, "<Cadence>20</Cadence>" + extension) + point(1))))
    (recording,) = read_tcx(data)
    np.testing.assert_array_equal(recording.columns["cadence_spm"], [176, np.nan])
    np.testing.assert_array_equal(recording.columns["speed_mps"], [3.5, np.nan])


def test_tracks_of_a_lap_are_one_recording_and_a_gap_is_no_pause() -> None:
    (recording,) = read_tcx(tcx(activity(lap(f"{point(0)}</Track><Track/><Track>{point(50)}"))))
    assert recording.sample_s.tolist() == [0, 50]
    assert recording.pauses == ()


def test_laps_end_where_the_next_begins() -> None:
    data = tcx(activity(lap(point(0)) + lap(point(20), "06:30:20")))
    (recording,) = read_tcx(data)
    assert recording.laps == (Lap(0.0, 20.0, 180.0), Lap(20.0, 80.0, 180.0))
    assert recording.totals == DeviceTotals(distance_m=360.0, timer_s=120.0)


def test_undeclared_prefixes_and_a_missing_root_are_mended() -> None:
    extension = "<Extensions><ns3:TPX><ns3:RunCadence>88</ns3:RunCadence></ns3:TPX></Extensions>"
    data = f"<Activities>{activity(lap(point(0, extension)))}</Activities>".encode()
    (recording,) = read_tcx(data)
    assert recording.columns["cadence_spm"].tolist() == [176]
    assert [repair.code for repair in recording.repairs] == [RepairCode.UNDECLARED_PREFIX]


def test_a_truncated_file_is_read_up_to_the_cut_point() -> None:
    whole = write_tcx(run(10))
    (recording,) = read_tcx(whole[: whole.rindex(b"<LatitudeDegrees>") + 22])
    assert recording.sample_s.size == 9
    assert [repair.code for repair in recording.repairs] == [RepairCode.TRUNCATED]


def test_a_long_note_is_a_description() -> None:
    note = "word " * 50
    (recording,) = read_tcx(tcx(activity(lap(point(0)) + f"<Notes>{note}</Notes>")))
    assert (recording.name, recording.description) == (None, note.strip())


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (activity(lap("")), Refusal.NO_SAMPLES),
        (activity(lap("<Trackpoint><AltitudeMeters>1</AltitudeMeters></Trackpoint>")),
         Refusal.NO_TIMES),
        (f"<Courses><Course><Track>{point(0)}</Track></Course></Courses>", Refusal.NO_TIMES),
        ("<Workouts/>", Refusal.NOT_AN_ACTIVITY),
    ],
)  # fmt: skip
def test_refusals(inside: str, reason: Refusal) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_tcx(tcx(inside))
    assert caught.value.reason is reason


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_only_unreadable_file_error_escapes(data: st.DataObject) -> None:
    mutant = bytearray(write_tcx(run(5)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutant)))
        mutant[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    try:
        recordings = read_tcx(bytes(mutant))
    except UnreadableFileError:
        return
    for recording in recordings:
        assert all(c.shape == recording.sample_s.shape for c in recording.columns.values())
        assert np.isfinite(recording.sample_s).all()
        assert all(0 <= lap.start_s <= lap.end_s for lap in recording.laps)


@pytest.mark.skipif(not RUNS.is_dir(), reason="the real files are not here")
class TestRealFiles:
    """Facts stated by the source repositories' own tests, or counted by hand."""

    @pytest.mark.parametrize(
        ("name", "points", "elapsed_s", "lap_m", "timer_s", "has_pulse"),
        [
            ("python-tcxparser-test.tcx", 384, 1992.0, 4689.24267578, 1992.78, True),
            ("no_hr.tcx", 384, 1992.0, 4689.24267578, 1992.78, False),
            ("malformed.tcx", 384, 1992.0, 4689.24267578, 1992.78, True),
            ("activereader-testdata.tcx", 49, 222.0, 158.71, 190.355, True),
            ("17611540601.tcx", 200, 978.0, 2998.98, 976.0, True),
            ("3173437224.tcx", 3507, 3903.719, 4508.500091552734, 3510.0, True),
        ],
    )
    def test_tcx(
        self,
        name: str,
        points: int,
        elapsed_s: float,
        lap_m: float,
        timer_s: float,
        *,
        has_pulse: bool,
    ) -> None:
        (recording,) = read_tcx((RUNS / name).read_bytes())
        assert recording.sport == "run"
        assert recording.sample_s.size == points
        assert recording.sample_s[-1] == elapsed_s
        assert recording.totals.distance_m == pytest.approx(lap_m)
        assert recording.totals.timer_s == pytest.approx(timer_s)
        assert ("heart_rate_bpm" in recording.columns) == has_pulse

    def test_python_tcxparser_facts(self) -> None:
        (recording,) = read_tcx((RUNS / "python-tcxparser-test.tcx").read_bytes())
        assert recording.started_at == datetime(2012, 12, 26, 21, 29, 53, tzinfo=UTC)
        assert np.nanmax(recording.columns["distance_m"]) == pytest.approx(4686.31103516)
        assert recording.columns["heart_rate_bpm"][[0, -2]].tolist() == [62, 180]
        assert recording.device_name == "Forerunner 410 Software Version 2.20"

    @pytest.mark.parametrize(
        ("name", "points", "elapsed_s"),
        [
            ("6782987395.gpx", 4967, 4989.0),
            ("activereader-testdata.gpx", 46, 222.0),
            ("strava_export.gpx", 1697, 5127.0),
            ("track-with-empty-segment.gpx", 9, 76.0),
        ],
    )
    def test_gpx(self, name: str, points: int, elapsed_s: float) -> None:
        (recording,) = read_gpx((RUNS / name).read_bytes())
        assert recording.sample_s.size == points
        assert recording.sample_s[-1] == elapsed_s
        assert recording.repairs == ()

    def test_gpx_of_waypoints_alone_is_refused(self) -> None:
        with pytest.raises(UnreadableFileError) as caught:
            read_gpx((RUNS / "unicode_with_bom.gpx").read_bytes())
        assert caught.value.reason is Refusal.NO_SAMPLES

    def test_the_same_run_in_both_formats_agrees(self) -> None:
        (ours,) = read_tcx((RUNS / "activereader-testdata.tcx").read_bytes())
        (theirs,) = read_gpx((RUNS / "activereader-testdata.gpx").read_bytes())
        shared = np.isin(ours.sample_s, theirs.sample_s)
        assert ours.started_at == theirs.started_at
        assert np.median(ours.columns["heart_rate_bpm"][shared]) == pytest.approx(
            np.median(theirs.columns["heart_rate_bpm"]), abs=1
        )
