"""What of an export is about one workout, in Apple's words, and the same in every export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from beatrunner.codecs.apple_health.times import utc_of
from beatrunner.codecs.xml_text import clean

Attributes = Mapping[str, str]

#: Quantities that say something of a run.
KEPT_TYPES = {
    f"HKQuantityTypeIdentifier{name}": name
    for name in (
        "HeartRate",
        "StepCount",
        "DistanceWalkingRunning",
        "DistanceCycling",
        "RunningSpeed",
    )
}
_WORKOUT = (
    *("workoutActivityType", "startDate", "endDate", "sourceName", "device"),
    *("duration", "durationUnit", "totalDistance", "totalDistanceUnit"),
)
_CHILDREN = {
    "MetadataEntry": ("key", "value"),
    "WorkoutEvent": ("type", "date", "duration", "durationUnit"),
    "WorkoutStatistics": ("type", "startDate", "endDate", "sum", "unit"),
    # Until 2018 the places stood in the export itself.
    "Location": ("date", "latitude", "longitude", "altitude", "speed"),
}
_METADATA = frozenset({"HKIndoorWorkout", "HKTimeZone", "HKElevationAscended"})
_TIMES = frozenset({"startDate", "endDate", "date"})
_POINTER = re.compile(r"<<HKDevice: 0x[0-9a-fA-F]+>, |>$")
_TRACKS = re.compile(rb"<trk>.*</trk>", re.DOTALL)
_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<HealthWorkout>\n'
_TAIL = b"</HealthWorkout>\n"


def record_text(record: Attributes, started_at: datetime) -> str:
    """`started_at` is what its `startDate` says."""
    ended_at = utc_of(record.get("endDate")) or started_at
    return (
        f'<Record type="{record["type"]}" startDate="{started_at.isoformat()}Z"'
        f' endDate="{ended_at.isoformat()}Z" sourceName="{_clean(record.get("sourceName", ""))}"'
        f' unit="{_clean(record.get("unit", ""))}" value="{_clean(record.get("value", ""))}"/>'
    )


def workout_text(workout: Attributes, children: Iterable[tuple[str, Attributes]]) -> str:
    """With what it is told to have, but for routes, which are files of their own."""
    lines = {
        f" <{tag}{_attributes(attributes, _CHILDREN[tag])}/>\n"
        for tag, attributes in children
        if tag in _CHILDREN
        if tag != "MetadataEntry" or attributes.get("key") in _METADATA
    }
    return f"<Workout{_attributes(workout, _WORKOUT)}>\n{''.join(sorted(lines))}</Workout>\n"


def route_paths(children: Iterable[tuple[str, Attributes]]) -> tuple[str, ...]:
    """The files of a workout's routes, below the export's folder."""
    paths = {
        attributes.get("path", "").lstrip("/")
        for tag, attributes in children
        if tag == "FileReference"
    }
    return tuple(sorted(paths - {""}))


def excerpt(workout: bytes, records: Iterable[bytes], routes: Iterable[bytes]) -> bytes:
    """The file. What may be damaged, the routes, stands last."""
    tracks = [found[0] for route in routes if (found := _TRACKS.search(route))]
    # The rest of a route's file is when it was written.
    bodies = [b"<gpx>\n%s\n</gpx>\n" % track for track in tracks if b"<!" not in track]
    return b"".join([_HEAD, workout, *(b"%s\n" % record for record in records), *bodies, _TAIL])


def _attributes(found: Attributes, names: Iterable[str]) -> str:
    return "".join(f' {name}="{_told(name, found[name])}"' for name in names if name in found)


def _told(name: str, value: str) -> str:
    if name in _TIMES and (moment := utc_of(value)):
        return f"{moment.isoformat()}Z"
    return _clean(_POINTER.sub("", value) if name == "device" else value)


@lru_cache(maxsize=4096)
def _clean(value: str) -> str:
    """On one line, as `splitting` tells records apart by their lines."""
    return clean(value.replace("\n", " "))
