from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from beatrunner.codecs.export_table import is_export_table, read_export_table
from beatrunner.codecs.garmin_export import read_summarized_activities
from beatrunner.codecs.told_run import ToldRun
from beatrunner.core.provenance import Provenance
from beatrunner.core.refusals import Refusal, UnreadableFileError

START = datetime(2026, 5, 3, 6, 12, 5, tzinfo=UTC)
ROW: dict[str, Any] = {
    "activityId": 1,
    "name": "Berlin\0 Running ",
    "activityType": "trail_running",
    "beginTimestamp": START.timestamp() * 1000 + 400,
    "duration": 1_800_000.0,
    "splits": [{"startTimeGMT": 1}],
}
TOLD = ToldRun("Berlin Running", None, None, "trail_run")
PATH = "garmin.zip/DI_CONNECT/DI-Connect-Fitness/me_0_summarizedActivities.json"


@pytest.mark.parametrize(
    "shape", [[{"summarizedActivitiesExport": [ROW]}], {"summarizedActivitiesExport": [ROW]}, [ROW]]
)
def test_names_and_sports_by_the_second_of_the_start(shape: object) -> None:
    found = read_summarized_activities(json.dumps(shape).encode())
    assert found == {round(START.timestamp()): TOLD}


def test_a_start_may_stand_elsewhere_or_nowhere() -> None:
    rows = [{"name": "GMT", "startTimeGmt": 1000.0}, {"name": "nowhere"}]
    found = read_summarized_activities(json.dumps(rows).encode())
    assert {second: told.name for second, told in found.items()} == {1: "GMT"}


@pytest.mark.parametrize("data", [b"", b"[1]", b'[{"name": 1}]', b"[" * 100_000, b"\xff\xfe"])
def test_what_is_no_table(data: bytes) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_summarized_activities(data)
    assert caught.value.reason is Refusal.DAMAGED
    assert read_export_table(data, PATH) is None


@pytest.mark.parametrize(("off_s", "is_known"), [(0, True), (2, True), (-2, True), (3, False)])
def test_a_watch_and_garmin_may_differ_by_two_seconds(off_s: int, is_known: bool) -> None:
    table = read_export_table(json.dumps([ROW]).encode(), PATH)
    assert table is not None
    assert table.provenance is Provenance.GARMIN_EXPORT
    started_at = datetime.fromtimestamp(START.timestamp() + off_s, UTC)
    assert table.about("any.fit", 1, started_at) == (TOLD if is_known else None)


@pytest.mark.parametrize(
    ("path", "is_covered"),
    [
        ("garmin.zip/DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0.zip/1.fit", True),
        ("garmin.zip/customer_data/customer.json", True),
        ("other.zip/1.fit", False),
        ("1.fit", False),
    ],
)
def test_a_table_covers_its_whole_export(path: str, is_covered: bool) -> None:
    assert is_export_table(PATH)
    table = read_export_table(json.dumps([ROW]).encode(), PATH)
    assert table is not None
    assert table.covers(path) == is_covered
