"""GPX: what watches and apps write, and what goes wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.gpx import read_gpx, write_gpx
from beatrunner.core.recording import RawRecording, Repair, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError

START = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)


def point(second: int, inside: str = "", lat: str = "50.1", lon: str = "8.6") -> str:
    time = f"2026-03-01T06:{30 + second // 60:02}:{second % 60:02}Z"
    return f'<trkpt lat="{lat}" lon="{lon}"><time>{time}</time>{inside}</trkpt>'


def gpx(track: str, root: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" creator="Watch" {root}>'
        f"<trk><type>running</type>{track}</trk></gpx>"
    ).encode()


def extension(inside: str, prefix: str = "gpxtpx") -> str:
    return (
        f"<extensions><{prefix}:TrackPointExtension>{inside}"
        f"</{prefix}:TrackPointExtension></extensions>"
    )


GPXTPX = 'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"'


def refusal(data: bytes) -> Refusal:
    with pytest.raises(UnreadableFileError) as caught:
        read_gpx(data)
    return caught.value.reason


def codes(recording: RawRecording) -> dict[RepairCode, int]:
    return {repair.code: repair.count for repair in recording.repairs}


def run(count: int = 60) -> RawRecording:
    second = np.arange(count, dtype=float)
    return RawRecording(
        sport="trail_run",
        started_at=START,
        sample_s=second,
        columns={
            "latitude": 50.1 + second * 1e-5,
            "longitude": 8.6 + second * 1e-5,
            "altitude_m": 100 + second / 10,
            "speed_mps": 3 + second / 1000,
            "heart_rate_bpm": 120 + second,
            "cadence_spm": 160 + 2 * (second % 5),
        },
        pauses=((20.0, 25.0),),
        device_name="Watch & Co",
        name='Hills <"fast">',
        description="Two\nlines",
    )


def test_written_files_read_back() -> None:
    original = run()
    (again,) = read_gpx(write_gpx(original))
    assert again.sport == "trail_run"
    assert again.started_at == START
    assert (again.name, again.description, again.device_name) == (
        original.name,
        original.description,
        original.device_name,
    )
    assert again.repairs == ()
    assert list(again.columns) == list(original.columns)
    np.testing.assert_array_equal(again.sample_s, original.sample_s)
    for name, samples in original.columns.items():
        np.testing.assert_allclose(again.columns[name], samples, atol=0.051, err_msg=name)
    np.testing.assert_allclose(again.columns["latitude"], original.columns["latitude"], atol=6e-8)


def test_writing_leaves_out_points_without_position() -> None:
    original = run(10)
    latitude = original.columns["latitude"].copy()
    latitude[3:5] = np.nan
    gappy = replace(original, columns={**original.columns, "latitude": latitude})
    (again,) = read_gpx(write_gpx(gappy))
    assert again.sample_s.tolist() == [0, 1, 2, 5, 6, 7, 8, 9]
    with pytest.raises(ValueError, match="without positions"):
        write_gpx(replace(original, columns={}))


def test_a_pause_starts_a_new_segment() -> None:
    assert write_gpx(run()).count(b"<trkseg>") == 2


@pytest.mark.parametrize(
    ("inside", "root"),
    [
        (extension("<gpxtpx:hr>140</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad>"), GPXTPX),
        (
            extension("<ns3:hr>140</ns3:hr><ns3:cad>85</ns3:cad>", "ns3"),
            'xmlns:ns3="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"',
        ),
        (
            (
                "<extensions><gpxdata:hr>140</gpxdata:hr><gpxdata:cadence>85</gpxdata:cadence>"
                "</extensions>"
            ),
            'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0"',
        ),
        ("<extensions><hr>140</hr><RunCadence>85</RunCadence></extensions>", ""),
    ],
)
def test_extensions_of_every_dialect(inside: str, root: str) -> None:
    (recording,) = read_gpx(gpx(f"<trkseg>{point(0, inside)}{point(1, inside)}</trkseg>", root))
    assert recording.columns["heart_rate_bpm"].tolist() == [140, 140]
    assert recording.columns["cadence_spm"].tolist() == [170, 170]
    assert recording.repairs == ()


def test_a_byte_order_mark_needs_no_repair() -> None:
    (recording,) = read_gpx(b"\xef\xbb\xbf" + gpx(f"<trkseg>{point(0)}</trkseg>"))
    assert recording.repairs == ()


def test_an_undeclared_prefix_is_read_and_told() -> None:
    inside = extension("<gpxtpx:hr>140</gpxtpx:hr>")
    (recording,) = read_gpx(gpx(f"<trkseg>{point(0, inside)}</trkseg>"))
    assert recording.columns["heart_rate_bpm"].tolist() == [140]
    assert RepairCode.UNDECLARED_PREFIX in codes(recording)


def test_cadence_of_both_feet_is_not_doubled_again() -> None:
    inside = extension("<gpxtpx:cad>172</gpxtpx:cad>")
    (recording,) = read_gpx(gpx(f"<trkseg>{point(0, inside)}</trkseg>", GPXTPX))
    assert recording.columns["cadence_spm"].tolist() == [172]
    assert recording.repairs == ()


def test_pedal_cadence_is_not_doubled() -> None:
    inside = extension("<gpxtpx:cad>85</gpxtpx:cad>")
    data = gpx(f"<trkseg>{point(0, inside)}</trkseg>", GPXTPX).replace(b"running", b"cycling")
    (recording,) = read_gpx(data)
    assert (recording.sport, recording.columns["cadence_spm"].tolist()) == ("ride", [85])


def test_points_without_heart_rate_are_gaps() -> None:
    beats = [extension(f"<gpxtpx:hr>{text}</gpxtpx:hr>") for text in ("140", "", "1 4 2")]
    points = "".join(point(second, inside) for second, inside in enumerate([*beats, ""]))
    (recording,) = read_gpx(gpx(f"<trkseg>{points}</trkseg>", GPXTPX))
    np.testing.assert_array_equal(recording.columns["heart_rate_bpm"], [140, *[np.nan] * 3])


def test_segments_of_a_track_are_one_recording_and_empty_ones_nothing() -> None:
    (recording,) = read_gpx(
        gpx(f"<trkseg>{point(0)}</trkseg><trkseg/><trkseg>{point(50)}</trkseg><trkseg></trkseg>")
    )
    assert recording.sample_s.tolist() == [0, 50]
    assert recording.pauses == ()


def test_each_track_is_a_recording() -> None:
    data = gpx(
        f"<name>One</name><trkseg>{point(0)}</trkseg></trk><trk><type>9</type>"
        f"<name>Two</name><trkseg>{point(30)}</trkseg>"
    )
    assert [(r.name, r.sport) for r in read_gpx(data)] == [("One", "run"), ("Two", "run")]


@pytest.mark.parametrize(
    ("time", "expected_s", "offset_s"),
    [
        ("2026-03-01T06:30:00.5Z", 0.5, None),
        ("2026-03-01T07:30:00+01:00", 0.0, 3600),
        ("2026-03-01T06:30:00", 0.0, None),
        (" 2026-03-01T06:30:00.250000000Z\n", 0.25, None),
    ],
)
def test_forms_of_time(time: str, expected_s: float, offset_s: int | None) -> None:
    (recording,) = read_gpx(
        gpx(f'<trkseg><trkpt lat="1" lon="2"><time>{time}</time></trkpt></trkseg>')
    )
    assert (recording.started_at - START).total_seconds() == expected_s
    assert recording.utc_offset_s == offset_s


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9999"])
def test_times_that_no_device_writes_are_none(year: str) -> None:
    lost = point(1).replace("2026", year)
    (recording,) = read_gpx(gpx(f"<trkseg>{point(0)}{lost}{point(2)}</trkseg>"))
    assert recording.sample_s.tolist() == [0, 2]
    assert codes(recording) == {RepairCode.TIME_MISSING: 1}
    assert refusal(gpx(f"<trkseg>{lost}</trkseg>")) is Refusal.NO_TIMES


def test_a_clock_not_yet_set_is_not_when_the_run_began() -> None:
    unset = "".join(point(second).replace("2026", "1980") for second in range(3))
    (recording,) = read_gpx(gpx(f"<trkseg>{unset}{''.join(map(point, range(3, 9)))}</trkseg>"))
    assert recording.started_at == START + timedelta(seconds=3)
    assert recording.sample_s.tolist()[3:] == [0, 1, 2, 3, 4, 5]
    assert (recording.sample_s[:3] < -1).all()


def test_segments_in_the_wrong_order_begin_with_the_earliest() -> None:
    late, early = "".join(map(point, range(60, 70))), "".join(map(point, range(10)))
    (recording,) = read_gpx(gpx(f"<trkseg>{late}</trkseg><trkseg>{early}</trkseg>"))
    assert recording.started_at == START
    assert recording.sample_s.tolist() == [*range(60, 70), *range(10)]


def test_a_single_step_back_does_not_move_the_start() -> None:
    (recording,) = read_gpx(gpx(f"<trkseg>{point(600)}{point(0)}{point(601)}</trkseg>"))
    assert recording.started_at == START + timedelta(seconds=600)


def test_points_without_time_among_others_are_dropped_and_told() -> None:
    (recording,) = read_gpx(gpx(f'<trkseg>{point(0)}<trkpt lat="1" lon="2"/>{point(9)}</trkseg>'))
    assert recording.sample_s.tolist() == [0, 9]
    assert codes(recording) == {RepairCode.TIME_MISSING: 1}


def test_decimal_commas_and_blank_altitudes() -> None:
    points = point(0, "<ele></ele>") + point(1, "<ele>512,5</ele>") + point(2, "<ele>nan</ele>")
    (recording,) = read_gpx(gpx(f"<trkseg>{points}</trkseg>"))
    np.testing.assert_array_equal(recording.columns["altitude_m"], [np.nan, 512.5, np.nan])


def test_a_run_at_zero_zero_throughout_was_indoors() -> None:
    (recording,) = read_gpx(gpx(f"<trkseg>{point(0, lat='0', lon='0')}</trkseg>"))
    assert recording.is_indoor


def test_a_track_that_names_no_sport_is_judged_by_its_speed() -> None:
    def track(step: float) -> bytes:
        points = "".join(point(n, lat=f"{50 + n * step:.6f}") for n in range(20))
        return gpx(f"<trkseg>{points}</trkseg>").replace(b"<type>running</type>", b"")

    assert [read_gpx(track(step))[0].sport for step in (1e-5, 2.7e-5, 1e-4, 0)] == [
        "walk",
        "run",
        "other",
        "other",
    ]


def test_a_sport_that_only_a_title_or_the_pace_tells_is_guessed() -> None:
    typed = gpx(f"<trkseg>{point(0)}</trkseg>")
    titled = typed.replace(b"<type>running</type>", b"<name>Walk</name>")
    (by_type,), (by_title,) = read_gpx(typed), read_gpx(titled)
    assert (by_type.sport, by_type.is_sport_guessed) == ("run", False)
    assert (by_title.sport, by_title.is_sport_guessed) == ("walk", True)


def test_a_truncated_file_is_read_up_to_the_cut_point() -> None:
    whole = gpx("<trkseg>" + "".join(point(n, "<ele>100</ele>") for n in range(10)) + "</trkseg>")
    cut = whole.index(b"<ele>", whole.rindex(b"<trkpt")) + len(b"<ele>10")
    (recording,) = read_gpx(whole[:cut])
    assert recording.columns["altitude_m"].tolist() == [100.0] * 9
    assert codes(recording) == {RepairCode.TRUNCATED: 1}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Refusal.EMPTY),
        (b" \n", Refusal.EMPTY),
        (b"no xml at all", Refusal.DAMAGED),
        (gpx("<trkseg/>"), Refusal.NO_SAMPLES),
        (gpx('<trkseg><trkpt lat="1" lon="2"/></trkseg>'), Refusal.NO_TIMES),
        (b'<gpx><rte><rtept lat="1" lon="2"/></rte></gpx>', Refusal.NO_TIMES),
        (b'<gpx><wpt lat="1" lon="2"/></gpx>', Refusal.NO_SAMPLES),
        (b"<html><body/></html>", Refusal.NOT_AN_ACTIVITY),
        (b'<!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>', Refusal.UNSAFE_XML),
    ],
)
def test_refusals(data: bytes, reason: Refusal) -> None:
    assert refusal(data) is reason


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_only_unreadable_file_error_escapes(data: st.DataObject) -> None:
    mutant = bytearray(write_gpx(run(5)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(mutant) - 1))
        length = data.draw(st.integers(0, 40))
        mutant[at : at + length] = data.draw(st.binary(max_size=12))
        if not mutant:
            break
    try:
        recordings = read_gpx(bytes(mutant))
    except UnreadableFileError:
        return
    for recording in recordings:
        assert all(c.shape == recording.sample_s.shape for c in recording.columns.values())
        assert np.isfinite(recording.sample_s).all()


def test_repairs_are_counted_once_per_code() -> None:
    (recording,) = read_gpx(b" \n" + gpx(f"<trkseg>{point(0)}</trkseg>"))
    assert recording.repairs == (Repair(RepairCode.STRAY_BYTES, 2),)
