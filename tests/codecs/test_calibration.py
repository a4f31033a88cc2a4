"""Calibrations as files: read back as written, and refused when they are not what they say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.calibration import (
    CalibrationFileError,
    TreadmillCalibration,
    decode_calibration,
    encode_calibration,
)
from beatrunner.core.governor import Calibration

_names = st.text(min_size=1, max_size=100).filter(lambda name: name.isprintable())
_calibrations = st.builds(
    TreadmillCalibration,
    treadmill=_names,
    manufacturer=st.none() | _names,
    calibration=st.builds(
        Calibration,
        lag_s=st.floats(0, 10),
        ramp_up_kmh_s=st.floats(0.05, 10),
        ramp_down_kmh_s=st.floats(0.05, 10),
        overshoot_kmh=st.floats(0, 2),
        settle_s=st.floats(0, 20),
        speed_step_kmh=st.floats(0.01, 1),
        incline_step_pct=st.floats(0.1, 2),
    ),
    commands_in_mph=st.booleans(),
    data_in_mph=st.booleans(),
    is_honest=st.booleans(),
    starts_by_command=st.booleans(),
    echoes_targets=st.booleans(),
)

PLAIN = TreadmillCalibration("T1", "Acme", Calibration(0.5, 0.8, 1.2, 0.0))


@given(_calibrations)
def test_what_is_written_is_read_back(measured: TreadmillCalibration) -> None:
    assert decode_calibration(encode_calibration(measured)) == measured


def test_the_form() -> None:
    assert json.loads(encode_calibration(PLAIN)) == {
        "form": "beatrunner-treadmill-calibration",
        "version": 1,
        "treadmill": "T1",
        "manufacturer": "Acme",
        "lag_s": 0.5,
        "ramp_up_kmh_s": 0.8,
        "ramp_down_kmh_s": 1.2,
        "overshoot_kmh": 0.0,
        "settle_s": 5.0,
        "speed_step_kmh": 0.1,
        "incline_step_pct": 0.5,
        "commands_in_mph": False,
        "data_in_mph": False,
        "is_honest": True,
        "starts_by_command": True,
        "echoes_targets": True,
    }


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("form", "something", "form"),
        ("version", 2, "version"),
        ("treadmill", "", "treadmill"),
        ("treadmill", "x" * 101, "treadmill"),
        ("lag_s", 1000.0, "lag_s"),
        ("lag_s", -1, "lag_s"),
        ("lag_s", "0.5", "lag_s"),
        ("lag_s", None, "lag_s"),
        ("ramp_up_kmh_s", 0, "ramp_up_kmh_s"),
        ("ramp_down_kmh_s", 1e300, "ramp_down_kmh_s"),
        ("overshoot_kmh", 9, "overshoot_kmh"),
        ("speed_step_kmh", 0, "speed_step_kmh"),
        ("incline_step_pct", 50, "incline_step_pct"),
        ("is_honest", 1, "is_honest"),
        ("extra", True, "extra"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any, words: str) -> None:
    file = json.loads(encode_calibration(PLAIN)) | {field: value}
    with pytest.raises(CalibrationFileError, match=words):
        decode_calibration(json.dumps(file))


@pytest.mark.parametrize("field", list(json.loads(encode_calibration(PLAIN))))
def test_a_missing_field_is_named(field: str) -> None:
    file = json.loads(encode_calibration(PLAIN))
    del file[field]
    with pytest.raises(CalibrationFileError, match=field):
        decode_calibration(json.dumps(file))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"form":',
        encode_calibration(PLAIN).replace(b"0.5", b"NaN", 1),
        encode_calibration(PLAIN).replace(b"0.5", b"1e999", 1),
        encode_calibration(PLAIN) + b" " * 10_000,
        b"[" * 9_999,
    ],
)
def test_what_is_no_calibration_is_refused(text: bytes) -> None:
    with pytest.raises(CalibrationFileError):
        decode_calibration(text)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_else_is_ever_raised(text: bytes | str) -> None:
    with pytest.raises(CalibrationFileError):
        decode_calibration(text)


def test_no_figure_is_written_that_would_not_be_read() -> None:
    wild = TreadmillCalibration("T1", None, Calibration(0.5, 0.001, 1.2, 0.0))
    with pytest.raises(CalibrationFileError):
        encode_calibration(wild)
