"""The same sums as fitdecode, on generated files and on real ones where there are any."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fitdecode
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beatrunner.codecs.fit import read_fit
from beatrunner.core.recording import Lap, RawRecording, RepairCode
from beatrunner.core.sports import RUNNING
from tests.codecs.fit import odd_files
from tests.codecs.fit.odd_files import NOON, OddFile

RUNS = Path(__file__).parents[3] / ".." / "shared" / "data" / "runs"
REAL_FILES = sorted(RUNS.glob("*.fit"))

needs_real_files = pytest.mark.skipif(not REAL_FILES, reason="no real files here")


@dataclass(frozen=True)
class Sums:
    """Over all records of a file; cadence as the file has it, of one foot."""

    records: int
    heart_rate: float
    cadence: float
    distance_m: float


def records_by_fitdecode(data: bytes) -> Iterator[fitdecode.FitDataMessage]:
    """What fitdecode reads before it gives up."""
    with (
        contextlib.suppress(fitdecode.FitError),
        fitdecode.FitReader(
            data,
            check_crc=fitdecode.CrcCheck.DISABLED,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as reader,
    ):
        for message in reader:
            if isinstance(message, fitdecode.FitDataMessage) and message.name == "record":
                yield message


def sums_by_fitdecode(data: bytes) -> Sums:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        records = list(records_by_fitdecode(data))

    def total(*names: str) -> float:
        return math.fsum(r.get_value(name, fallback=0) or 0 for name in names for r in records)

    return Sums(
        len(records),
        total("heart_rate"),
        total("cadence", "fractional_cadence"),
        total("distance"),
    )


def sums_of(recordings: list[RawRecording]) -> Sums:
    def total(recording: RawRecording, name: str) -> float:
        return float(np.nansum(recording.columns.get(name, np.zeros(1))))

    return Sums(
        sum(len(recording.sample_s) for recording in recordings),
        sum(total(recording, "heart_rate_bpm") for recording in recordings),
        sum(total(r, "cadence_spm") / (2 if r.sport in RUNNING else 1) for r in recordings),
        sum(total(recording, "distance_m") for recording in recordings),
    )


def assert_agree(data: bytes) -> None:
    ours, theirs = sums_of(read_fit(data)), sums_by_fitdecode(data)
    assert (ours.records, ours.heart_rate) == (theirs.records, theirs.heart_rate)
    assert ours.cadence == pytest.approx(theirs.cadence, abs=1e-6)
    assert ours.distance_m == pytest.approx(theirs.distance_m, abs=1e-3)


FIELDS = {
    0: odd_files.SINT32,
    2: odd_files.UINT16,
    3: odd_files.UINT8,
    4: odd_files.UINT8,
    5: odd_files.UINT32,
    6: odd_files.UINT16,
    13: odd_files.SINT8,
    53: odd_files.UINT8,
    73: odd_files.UINT32,
    200: odd_files.FLOAT64,
}


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Records in several layouts, byte orders and header kinds, with invalid values between."""
    file = OddFile(big_endian=draw(st.booleans())).file_id().session(sport=1)
    small = st.integers(0, 100) | st.just(0x7F) | st.just(0xFF)
    time = NOON
    for slot in range(1, draw(st.integers(1, 3)) + 1):
        is_compressed = draw(st.booleans())
        numbers = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True))
        if 53 in numbers and 4 not in numbers:
            numbers.append(4)  # we deliver no fraction of a cadence that is not known
        fields = [(number, FIELDS[number]) for number in numbers]
        if not is_compressed:
            fields.insert(draw(st.integers(0, len(fields))), (253, odd_files.UINT32))
        sizes = draw(st.sampled_from([(), (2,), (1, 4)]))
        file.define(slot, odd_files.RECORD, *fields, developer_sizes=sizes)
        for _record in range(draw(st.integers(1, 8))):
            time += draw(st.integers(0, 31))
            values = [
                time if number == 253 else draw(st.integers(0, 99) if number in {4, 13} else small)
                for number, _ in fields
            ]
            extra = [b"x" * size for size in sizes]
            if is_compressed:
                file.compressed(slot, time, *values, *extra)
            else:
                file.data(slot, *values, *extra)
    return file.build(draw(st.sampled_from([12, 14])))


@given(files())
def test_generated_files(data: bytes) -> None:
    assert_agree(data)


@needs_real_files
@pytest.mark.parametrize("path", REAL_FILES, ids=lambda path: path.name)
def test_real_files(path: Path) -> None:
    assert_agree(path.read_bytes())


@dataclass(frozen=True)
class Stated:
    """What the projects that publish a file say is in it."""

    records: int
    distance_m: float
    timer_s: float
    heart_rate_mean: float | None
    heart_rate_max: float | None
    device_name: str | None


STATED = {
    "sloatsburg.fit": Stated(4988, 14004.85, 4989.112, 137.2, 167, "Garmin Forerunner 945"),
    "trosku.fit": Stated(2921, 10743.64, 2922.0, 160.0, 173, "COROS APEX Pro"),
    "6914538454.fit": Stated(1260, 4330.0, 1263.68, None, None, "Suunto 9"),
    "activity-small-fenix2-run.fit": Stated(2809, 9008.22, 2832.0, 154.0, 178, "Garmin fēnix 2"),
    "developer-types-sample.fit": Stated(3424, 6753.99, 3424.0, 130.8, 146, "Stryd"),
    "compressed-speed-distance.fit": Stated(
        755, 10248.67, 3772.75, 170.5, 189, "Garmin Forerunner 70"
    ),
    "garmin-stamina.fit": Stated(4488, 11232.7, 4487.819, 142.7, 199, "Garmin Forerunner 965"),
    "run_with_coordinates.fit": Stated(
        1945, 6001.89, 1953.485, 156.7, 184, "Garmin Forerunner 645 Music"
    ),
}


@needs_real_files
@pytest.mark.parametrize("name", STATED)
def test_stated_facts(name: str) -> None:
    (recording,) = read_fit((RUNS / name).read_bytes())
    heart_rate_bpm = recording.columns.get("heart_rate_bpm")
    stated = Stated(
        len(recording.sample_s),
        recording.totals.distance_m or 0.0,
        recording.totals.timer_s or 0.0,
        None if heart_rate_bpm is None else round(float(np.nanmean(heart_rate_bpm)), 1),
        None if heart_rate_bpm is None else float(np.nanmax(heart_rate_bpm)),
        recording.device_name,
    )
    assert stated == STATED[name]
    assert recording.sport == "run"
    assert recording.repairs == ()


@needs_real_files
def test_stated_climb_and_time_zone() -> None:
    (recording,) = read_fit((RUNS / "sloatsburg.fit").read_bytes())
    assert recording.totals.ascent_m == 347
    assert recording.utc_offset_s == -4 * 3600
    assert len(recording.laps) == 2


@needs_real_files
def test_stated_values_of_compressed_records() -> None:
    (recording,) = read_fit((RUNS / "compressed-speed-distance.fit").read_bytes())
    lines = (RUNS / "compressed-speed-distance-records.csv").read_text().splitlines()[1:]
    rows = [
        [math.nan if cell == "null" else float(cell) for cell in line.split(",")] for line in lines
    ]
    started = (recording.started_at - odd_files.EPOCH).total_seconds()
    columns = recording.columns
    actual = np.column_stack(
        [
            started + recording.sample_s,
            columns["heart_rate_bpm"],
            columns["speed_mps"],
            columns["distance_m"],
            columns["cadence_spm"] / 2,
        ]
    )
    # The list leaves out the first record, which is empty.
    np.testing.assert_allclose(actual[1:], rows)


@needs_real_files
def test_multisport_file_with_several_headers() -> None:
    recordings = read_fit((RUNS / "sample_mulitple_header.fit").read_bytes())
    assert [r.sport for r in recordings] == ["swim", "other", "ride", "other", "run"]
    run = recordings[-1]
    assert run.totals.distance_m == 9805.92
    assert run.started_at == datetime(2018, 5, 27, 9, 23, 41, tzinfo=UTC)


@needs_real_files
@pytest.mark.parametrize(
    ("name", "repair"),
    [
        ("activity-filecrc.fit", RepairCode.BAD_CHECKSUM),
        ("activity-settings-corruptheader.fit", RepairCode.STRAY_BYTES),
    ],
)
def test_stated_damage(name: str, repair: RepairCode) -> None:
    (recording,) = read_fit((RUNS / name).read_bytes())
    assert len(recording.sample_s) == 14
    assert [found.code for found in recording.repairs] == [repair]
    assert recording.laps == (Lap(0.0, 13.749, 5.73),)
    assert recording.started_at + timedelta(seconds=13) == datetime(
        2012, 4, 9, 21, 22, 39, tzinfo=UTC
    )
