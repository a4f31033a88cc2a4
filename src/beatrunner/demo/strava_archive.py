"""The demo's files in the shape of Strava's bulk export: `activities.csv` and a folder.

The header of `activities.csv` is the service's own, with its names that occur twice: the first
Distance is kilometres to two places, the second metres; the first Elapsed Time is whole seconds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from beatrunner.core.recording import RawRecording

_HEADER_LINE = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade,Average Grade,"
    "Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence,Max Heart Rate,"
    "Average Heart Rate,Max Watts,Average Watts,Calories,Media"
)
_HEADER = _HEADER_LINE.split(",")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPES: Mapping[str, str] = {"trail_run": "Trail Run", "walk": "Walk", "ride": "Ride"}


@dataclass(frozen=True, slots=True)
class ArchivedActivity:
    """One line of the archive: `file_name` as the archive has it, "activities/…"."""

    activity_id: int
    file_name: str
    recording: RawRecording
    gear: str


def activities_csv(activities: Iterable[ArchivedActivity]) -> bytes:
    """The table of contents, UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(_row(activity) for activity in activities)
    return text.getvalue().encode()


def english_date(moment: datetime) -> str:
    """As the export writes it: "May 6, 2024, 4:02:34 AM", in UTC without saying so."""
    half = "AM" if moment.hour < 12 else "PM"
    clock = f"{moment.hour % 12 or 12}:{moment:%M:%S} {half}"
    return f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year}, {clock}"


def _row(activity: ArchivedActivity) -> list[str]:
    cells = [""] * len(_HEADER)
    for title, values in _values(activity).items():
        places = [place for place, name in enumerate(_HEADER) if name == title]
        for place, value in zip(places, values, strict=False):
            cells[place] = value
    return cells


def _values(activity: ArchivedActivity) -> dict[str, tuple[str, ...]]:
    """Title of a column -> its values, in the order in which columns of that title come."""
    recording = activity.recording
    totals, columns = recording.totals, recording.columns
    elapsed_s, distance_m = totals.elapsed_s or 0.0, totals.distance_m or 0.0
    moving_s = totals.timer_s or elapsed_s
    values: dict[str, tuple[str, ...]] = {
        "Activity ID": (str(activity.activity_id),),
        "Activity Date": (english_date(recording.started_at),),
        "Activity Name": (recording.name or "",),
        "Activity Type": (_TYPES.get(recording.sport, "Run"),),
        "Activity Description": (recording.description or "",),
        "Elapsed Time": (f"{elapsed_s:.0f}", f"{elapsed_s:.1f}"),
        "Distance": (f"{distance_m / 1000.0:.2f}", f"{distance_m:.1f}"),
        "Commute": ("false",),
        "Activity Gear": (activity.gear,),
        "Filename": (activity.file_name,),
        "Moving Time": (f"{moving_s:.1f}",),
        "Average Speed": (f"{distance_m / moving_s:.3f}",),
        "Max Speed": (f"{float(np.nanmax(columns['speed_mps'])):.3f}",),
    }
    if "heart_rate_bpm" in columns:
        highest = f"{float(np.nanmax(columns['heart_rate_bpm'])):.0f}"
        values["Max Heart Rate"] = (highest, highest)
        values["Average Heart Rate"] = (f"{float(np.nanmean(columns['heart_rate_bpm'])):.3f}",)
    if totals.ascent_m is not None and totals.descent_m is not None:
        values["Elevation Gain"] = (f"{totals.ascent_m:.3f}",)
        values["Elevation Loss"] = (f"{totals.descent_m:.3f}",)
    return values
