"""What the bridge remembers of devices, and what becomes of a file that is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from beatrunner.bridge.memory import Choice, Memory
from beatrunner.codecs.calibration import TreadmillCalibration, encode_calibration
from beatrunner.codecs.live import KeptCalibration
from beatrunner.core.governor import Calibration

NOW = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
EARLIER = NOW - timedelta(hours=1)
ADDRESS = "AA:BB:CC:DD:EE:FF"
MEASURED = TreadmillCalibration("Belt", None, Calibration(1.2, 0.5, 0.6, 0.1), data_in_mph=True)
OTHER = replace(MEASURED, data_in_mph=False)


def _told(at: datetime, measured: TreadmillCalibration | None) -> KeptCalibration:
    form = None if measured is None else msgspec.json.decode(encode_calibration(measured))
    return KeptCalibration(address=ADDRESS, calibrated_at=at, calibration=form)


def _measured(memory: Memory) -> TreadmillCalibration | None:
    kept = memory.calibration(ADDRESS.lower())
    return None if kept is None else kept.measured


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bridge-devices.json"


def test_it_outlives_the_process(path: Path) -> None:
    memory = Memory(path, lambda: NOW)
    memory.keep(ADDRESS, MEASURED)
    memory.choose("treadmill", Choice(ADDRESS, "Belt"))
    memory.choose("heart", Choice("11:22", "Strap"))
    memory.choose("heart", None)
    again = Memory(path, lambda: LATER)
    assert _measured(again) == MEASURED
    kept = again.calibration(ADDRESS)
    assert kept is not None
    assert (kept.at, kept.is_from_here) == (NOW, True)
    assert again.chosen("treadmill") == Choice(ADDRESS, "Belt")
    assert again.chosen("heart") is None


def test_without_a_path_it_is_of_this_process_alone() -> None:
    memory = Memory(None, lambda: NOW)
    memory.keep(ADDRESS, MEASURED)
    assert _measured(memory) == MEASURED
    assert Memory(None, lambda: NOW).calibration(ADDRESS) is None


@pytest.mark.parametrize(
    ("at", "expected", "is_from_here"),
    [(EARLIER, MEASURED, True), (NOW, MEASURED, True), (LATER, OTHER, False)],
)
def test_the_newest_holds(
    path: Path, at: datetime, expected: TreadmillCalibration, is_from_here: bool
) -> None:
    memory = Memory(path, lambda: NOW)
    memory.keep(ADDRESS, MEASURED)
    memory.take([_told(at, OTHER)])
    for each in (memory, Memory(path, lambda: NOW)):
        assert _measured(each) == expected
        kept = each.calibration(ADDRESS)
        assert kept is not None
        assert kept.is_from_here is is_from_here


def test_what_was_removed_does_not_come_back(path: Path) -> None:
    memory = Memory(path, lambda: NOW)
    memory.take([_told(EARLIER, OTHER)])
    memory.take([_told(NOW, None)])
    assert _measured(memory) is None
    memory.take([_told(EARLIER, OTHER)])
    assert _measured(Memory(path, lambda: NOW)) is None
    memory.take([_told(LATER, OTHER)])
    assert _measured(memory) == OTHER
    memory.keep(ADDRESS, None)
    assert _measured(memory) is None


def test_what_is_known_already_is_not_written_again(path: Path) -> None:
    memory = Memory(path, lambda: NOW)
    memory.take([_told(NOW, MEASURED)])
    path.unlink()
    memory.take([_told(NOW, MEASURED), _told(EARLIER, OTHER)])
    assert not path.exists()


def test_what_is_no_calibration_is_not_taken() -> None:
    memory = Memory(None, lambda: NOW)
    memory.keep(ADDRESS, MEASURED)
    nonsense = KeptCalibration(address=ADDRESS, calibrated_at=LATER, calibration={"lag_s": -1})
    memory.take([nonsense, _told(EARLIER, OTHER)])
    assert _measured(memory) == MEASURED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        (
            b'{"calibrations": {"aa": {"at": "2026-03-01T06:30:00Z", "calibration": {},'
            b' "is_from_here": true}}}'
        ),
    ],
)
def test_a_file_that_is_none_is_written_anew(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    memory = Memory(path, lambda: NOW)
    assert memory.chosen("treadmill") is None
    memory.keep(ADDRESS, MEASURED)
    assert _measured(Memory(path, lambda: NOW)) == MEASURED


def test_a_disk_that_takes_nothing_costs_the_memory_alone(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", "utf-8")
    memory = Memory(tmp_path / "data" / "devices.json", lambda: NOW)
    memory.keep(ADDRESS, MEASURED)
    assert _measured(memory) == MEASURED
