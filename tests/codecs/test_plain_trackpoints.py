"""The short cut gives what the general way gives, or stays out of the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beatrunner.codecs.plain_trackpoints import lift_trackpoints
from beatrunner.codecs.tcx import read_tcx, write_tcx
from beatrunner.core.recording import COLUMNS, Lap, RawRecording
from beatrunner.core.refusals import Refusal, UnreadableFileError

RUNS = Path(__file__).parents[3] / "shared" / "data" / "runs"


def recording(gap_every: int = 4) -> RawRecording:
    second = np.arange(12, dtype=float)
    columns = {}
    for place, name in enumerate(COLUMNS):
        columns[name] = 40 + second
        columns[name][place % gap_every :: gap_every] = np.nan
    columns["longitude"] = columns["latitude"]  # a position is both or neither
    start = datetime(2026, 3, 1, tzinfo=UTC)
    laps = (Lap(0.0, 6.0, 50.0), Lap(6.0, 11.0, 50.0))
    return RawRecording("run", start, second, columns, laps=laps, name="Läufe")


def outcome(data: bytes) -> list[RawRecording] | Refusal:
    try:
        return read_tcx(data)
    except UnreadableFileError as error:
        return error.reason


def assert_same(ours: list[RawRecording] | Refusal, theirs: list[RawRecording] | Refusal) -> None:
    if isinstance(ours, Refusal) or isinstance(theirs, Refusal):
        assert ours == theirs
        return
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert list(our.columns) == list(their.columns)
        np.testing.assert_array_equal(our.sample_s, their.sample_s)
        for name, samples in our.columns.items():
            np.testing.assert_array_equal(samples, their.columns[name], err_msg=name)
        for field in ("sport", "started_at", "laps", "totals", "name", "device_name", "repairs"):
            assert getattr(our, field) == getattr(their, field), field


def the_general_way(data: bytes) -> bytes:
    """The same file with a comment behind it, which the short cut does not touch."""
    return data + b"<!-- -->"


def test_ordinary_files_take_the_short_cut() -> None:
    data = write_tcx(recording())
    lifted = lift_trackpoints(data)
    assert lifted is not None
    assert len(lifted.skeleton) < len(data) / 3
    assert lift_trackpoints(the_general_way(data)) is None
    assert_same(outcome(data), outcome(the_general_way(data)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<Trackpoint><Time>", b'<Trackpoint a="b"><Time>'),
        (b"<Value>43</Value>", b"<Value>&#52;3</Value>"),
        (b"xmlns:ns3", b"xmlns:ns4"),
        (b"</Activity>", b"</Activity><Activity Sport='Running'><Id/></Activity>"),
        (b"<Activities>", b"<Courses><Course/></Courses><Activities>"),
    ],
)
def test_unusual_files_go_the_general_way(old: bytes, new: bytes) -> None:
    data = write_tcx(recording())
    assert old in data
    assert lift_trackpoints(data.replace(old, new, 1)) is None


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_files_read_the_same_either_way(data: st.DataObject) -> None:
    mutant = bytearray(write_tcx(recording(data.draw(st.integers(2, 6)))))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(mutant)))
        damage = st.sampled_from([b"", b" ", b"7", b"<", b">", b"x", b"\n", b"</Time>"])
        mutant[at : at + data.draw(st.integers(0, 5))] = data.draw(damage)
    if lift_trackpoints(bytes(mutant)):
        assert_same(outcome(bytes(mutant)), outcome(the_general_way(bytes(mutant))))


@pytest.mark.skipif(not RUNS.is_dir(), reason="the real files are not here")
def test_real_files_read_the_same_either_way() -> None:
    for path in sorted(RUNS.glob("*.tcx")):
        data = path.read_bytes()
        assert_same(outcome(data), outcome(the_general_way(data)))
