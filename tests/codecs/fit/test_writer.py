"""Round trips through our own reader, and through a strict foreign one."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import fitdecode
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.fit import read_fit, write_fit
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, Samples
from beatrunner.core.sports import SPORTS

STARTED_AT = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)

RUN = RawRecording(
    sport="trail_run",
    started_at=STARTED_AT,
    sample_s=np.arange(5.0),
    columns={
        "latitude": np.array([48.1, 48.1001, math.nan, 48.1003, 48.1004]),
        "longitude": np.array([-11.5, -11.5001, math.nan, -11.5003, -11.5004]),
        "distance_m": np.array([0, 3.1, 6.3, 9.4, 12.55]),
        "altitude_m": np.array([math.nan, 519.8, 520.0, 520.2, -12.4]),
        "speed_mps": np.array([0, 3.125, 3.2, 3.1, 3.15]),
        "heart_rate_bpm": np.array([120, 121, math.nan, 123, 124]),
        "cadence_spm": np.array([0, 171, 171.5, math.nan, 170]),
    },
    pauses=((1.0, 2.0), (3.0, 4.0)),
    laps=(Lap(0.0, 2.5, 7.5), Lap(3.0, 4.0, None)),
    totals=DeviceTotals(12.55, 2.0, 4.0, 10.0, 8.0),
    device_name="Läufer One",
    utc_offset_s=3600,
)


def read_one(data: bytes) -> RawRecording:
    (recording,) = read_fit(data)
    return recording


def assert_same_samples(actual: RawRecording, expected: RawRecording) -> None:
    np.testing.assert_array_equal(actual.sample_s, expected.sample_s)
    assert actual.columns.keys() == expected.columns.keys()
    for name, column in expected.columns.items():
        step = {"altitude_m": 0.2, "latitude": 1e-7, "longitude": 1e-7}.get(name, 0.016)
        np.testing.assert_allclose(actual.columns[name], column, rtol=0, atol=step / 2 + 1e-9)


def test_everything_comes_back() -> None:
    recording = read_one(write_fit(RUN))
    assert_same_samples(recording, RUN)
    assert replace(recording, sample_s=RUN.sample_s, columns=RUN.columns) == RUN


def test_a_strict_foreign_reader_agrees() -> None:
    with fitdecode.FitReader(
        write_fit(RUN),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        messages = [m for m in reader if isinstance(m, fitdecode.FitDataMessage)]
    kinds = [message.name for message in messages]
    assert kinds[0] == "file_id"
    assert kinds[-4:] == ["lap", "lap", "session", "activity"]
    session, activity = messages[-2:]
    records = [message for message in messages if message.name == "record"]
    assert session.get_value("sport") == "running"
    assert session.get_value("sub_sport") == "trail"
    assert session.get_value("start_time") == STARTED_AT
    assert session.get_value("total_distance") == 12.55
    assert activity.get_value("local_timestamp") - activity.get_value("timestamp") == timedelta(
        hours=1
    )
    assert [r.get_value("heart_rate") for r in records] == [120, 121, None, 123, 124]
    assert [r.get_value("cadence") for r in records] == [0, 85, 85, None, 85]
    timer = [
        (m.get_value("timestamp"), m.get_value("event_type"))
        for m in messages
        if m.name == "event" and m.get_value("event") == "timer"
    ]
    seconds = [((at - STARTED_AT).total_seconds(), kind) for at, kind in timer]
    assert seconds == [
        (0, "start"),
        (1, "stop_all"),
        (2, "start"),
        (3, "stop_all"),
        (4, "start"),
        (4, "stop_all"),
    ]


@pytest.mark.parametrize("sport", sorted(SPORTS))
def test_every_sport_comes_back(sport: str) -> None:
    assert read_one(write_fit(replace(RUN, sport=sport))).sport == sport


@pytest.mark.parametrize("is_indoor", [False, True])
def test_indoors_comes_back(is_indoor: bool) -> None:
    written = write_fit(replace(RUN, sport="walk", is_indoor=is_indoor))
    assert read_one(written).is_indoor is is_indoor


def test_missing_totals_and_laps_are_added_up() -> None:
    recording = read_one(write_fit(replace(RUN, totals=DeviceTotals(), laps=())))
    assert recording.totals == DeviceTotals(12.55, 2.0, 4.0, None, None)
    assert recording.laps == (Lap(0.0, 4.0, 12.55),)


def test_recording_with_nothing_but_times() -> None:
    bare = RawRecording("run", STARTED_AT, np.array([0.0]), {})
    recording = read_one(write_fit(bare))
    assert recording.columns == {}
    assert recording.device_name is None
    assert recording.utc_offset_s is None


def test_device_name_is_cut_between_characters() -> None:
    recording = read_one(write_fit(replace(RUN, device_name="ü" * 50)))
    assert recording.device_name == "ü" * 31


def test_values_that_fit_cannot_hold_are_gaps() -> None:
    columns = {"heart_rate_bpm": np.array([300.0, 120, math.inf, -5, 255])}
    recording = read_one(write_fit(replace(RUN, columns=columns)))
    expected = [math.nan, 120, math.nan, math.nan, math.nan]
    assert recording.columns["heart_rate_bpm"] == pytest.approx(expected, nan_ok=True)


def test_no_samples_or_no_epoch_are_errors() -> None:
    with pytest.raises(ValueError, match="records"):
        write_fit(replace(RUN, sample_s=np.array([]), columns={}))
    with pytest.raises(ValueError, match="1990"):
        write_fit(replace(RUN, started_at=datetime(1985, 1, 1, tzinfo=UTC)))


@st.composite
def recordings(draw: st.DrawFn) -> RawRecording:
    length = draw(st.integers(1, 40))
    steps = draw(st.lists(st.integers(-2, 300), min_size=length - 1, max_size=length - 1))
    limits = {
        "latitude": (-89.0, 89.0),
        "longitude": (-179.0, 179.0),
        "distance_m": (0.0, 1e6),
        "altitude_m": (-499.0, 9000.0),
        "speed_mps": (0.0, 60.0),
        "heart_rate_bpm": (1.0, 250.0),
        "cadence_spm": (0.0, 250.0),
    }

    def column(low: float, high: float) -> Samples:
        values = st.floats(low, high) | st.just(math.nan)
        first = draw(st.floats(low, high))
        return np.array([first, *draw(st.lists(values, min_size=length - 1, max_size=length - 1))])

    names = draw(st.sets(st.sampled_from(sorted(limits))))
    columns = {name: column(*limits[name]) for name in sorted(names)}
    if "heart_rate_bpm" in columns:
        columns["heart_rate_bpm"] = np.round(columns["heart_rate_bpm"])
    return RawRecording(
        sport=draw(st.sampled_from(sorted(SPORTS))),
        started_at=STARTED_AT + timedelta(seconds=draw(st.integers(0, 10**8))),
        sample_s=np.cumsum([0.0, *steps]).clip(min=0),
        columns=columns,
    )


@given(recordings())
def test_any_recording_comes_back(recording: RawRecording) -> None:
    actual = read_one(write_fit(recording))
    assert actual.sport == recording.sport
    assert actual.started_at == recording.started_at
    assert actual.repairs == ()
    assert_same_samples(actual, recording)
