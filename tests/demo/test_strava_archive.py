import csv
import io
from datetime import UTC, datetime

import numpy as np
import pytest

from beatrunner.core.recording import DeviceTotals, RawRecording
from beatrunner.demo.strava_archive import ArchivedActivity, activities_csv, english_date

RECORDING = RawRecording(
    sport="trail_run",
    started_at=datetime(2026, 5, 6, 4, 2, 34, tzinfo=UTC),
    sample_s=np.array([0.0, 1.0]),
    columns={"speed_mps": np.array([2.0, 3.0]), "heart_rate_bpm": np.array([100.0, np.nan])},
    totals=DeviceTotals(10_021.34, 3600.0, 3700.0, 120.0, 119.0),
    name='Up, over "the hill"',
    description="Mud.\nMore mud.",
)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2024, 5, 6, 4, 2, 34, tzinfo=UTC), "May 6, 2024, 4:02:34 AM"),
        (datetime(2026, 12, 31, 12, 0, 5, tzinfo=UTC), "Dec 31, 2026, 12:00:05 PM"),
        (datetime(2026, 1, 1, 0, 30, 0, tzinfo=UTC), "Jan 1, 2026, 12:30:00 AM"),
        (datetime(2026, 9, 9, 18, 7, 9, tzinfo=UTC), "Sep 9, 2026, 6:07:09 PM"),
    ],
)
def test_dates_are_written_as_the_export_writes_them(moment: datetime, text: str) -> None:
    assert english_date(moment) == text


def test_columns_of_the_same_name_hold_their_own_figures() -> None:
    archived = ArchivedActivity(7, "activities/12.fit.gz", RECORDING, "Mudlark")
    header, row = csv.reader(io.StringIO(activities_csv([archived]).decode(), newline=""))
    cells = [(title, value) for title, value in zip(header, row, strict=True) if value]
    assert [value for title, value in cells if title == "Distance"] == ["10.02", "10021.3"]
    assert [value for title, value in cells if title == "Elapsed Time"] == ["3700", "3700.0"]
    assert [value for title, value in cells if title == "Max Heart Rate"] == ["100", "100"]
    assert dict(cells) | {
        "Activity ID": "7",
        "Activity Date": "May 6, 2026, 4:02:34 AM",
        "Activity Name": 'Up, over "the hill"',
        "Activity Type": "Trail Run",
        "Activity Description": "Mud.\nMore mud.",
        "Activity Gear": "Mudlark",
        "Filename": "activities/12.fit.gz",
        "Moving Time": "3600.0",
        "Elevation Gain": "120.000",
    } == dict(cells)
