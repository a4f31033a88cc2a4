"""Garmin Training Center XML (v2), with the activity extension (TPX) for speed and run cadence.

Each `Activity` is one recording, in whichever `MultiSportSession` it stands. A trackpoint need
not have a position, so a treadmill run is an ordinary TCX. Time between two `Track`s of a lap is
a gap, not known to be a pause.

Sources: TrainingCenterDatabasev2.xsd and ActivityExtensionv2.xsd (Garmin).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from lxml import etree

from beatrunner.codecs.plain_trackpoints import Lifted, lift_trackpoints
from beatrunner.codecs.point_table import (
    PointColumns,
    PointTable,
    epoch_s,
    merged,
    timed_columns,
)
from beatrunner.codecs.sport_names import ON_FOOT, sport_in_title, sport_named
from beatrunner.codecs.xml_source import XmlSource, find_text, parse_xml
from beatrunner.codecs.xml_text import clean, decimals, utc_texts
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, RepairCode
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.sports import RUNNING

_COLUMN_BY_NAME = {
    "Time": "time",
    "LatitudeDegrees": "latitude",
    "LongitudeDegrees": "longitude",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "Value": "heart_rate_bpm",  # inside a trackpoint only HeartRateBpm has one
    "Cadence": "cadence_spm",
    "RunCadence": "run_cadence",
    "Speed": "speed_mps",
}
_MEASURED = (
    "latitude",
    "longitude",
    "altitude_m",
    "distance_m",
    "heart_rate_bpm",
    "cadence_spm",
    "speed_mps",
)
_LONGEST_TITLE = 120


def read_tcx(data: bytes) -> list[RawRecording]:
    """Every activity with timed trackpoints.

    Raises `UnreadableFileError`: NO_TIMES for a course or an activity without times, NO_SAMPLES
    for activities without trackpoints, NOT_AN_ACTIVITY for workouts and other XML, and what
    `parse_xml` raises.
    """
    source, lifted = _parsed(data)
    activities = list(source.root.iter("{*}Activity"))
    recordings = []
    point_count = 0
    for activity in activities:
        table = PointTable("Trackpoint", _COLUMN_BY_NAME)
        if lifted:
            table.add_texts(lifted.texts)
        else:
            for track in activity.iter("{*}Track"):
                table.add_points(track)
        if source.is_truncated and activity is activities[-1]:
            table.drop_last()
        point_count += table.row_count
        if recording := _recording(activity, table, source):
            recordings.append(recording)
    if recordings:
        return recordings
    if point_count or next(source.root.iter("{*}Course"), None) is not None:
        raise UnreadableFileError(Refusal.NO_TIMES)
    if activities:
        raise UnreadableFileError(Refusal.NO_SAMPLES)
    raise UnreadableFileError(Refusal.NOT_AN_ACTIVITY, f"root is {source.root.tag}")


def write_tcx(recording: RawRecording) -> bytes:
    """A TCX v2 file as a watch writes it: run cadence of one leg, a lap for each lap.

    Name and description go into `Notes`, the name as its first line. Samples outside every lap
    belong to the nearest one.
    """
    points = _point_texts(recording)
    notes = "\n".join(text for text in (recording.name, recording.description) if text)
    times = utc_texts(recording.started_at, np.zeros(1))
    sport = "Running" if recording.sport in RUNNING else "Other"
    if recording.sport in {"ride", "indoor_ride"}:
        sport = "Biking"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        "<TrainingCenterDatabase"
        ' xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"\n'
        ' xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"\n'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f'<Activities><Activity Sport="{sport}"><Id>{times[0]}</Id>\n'
        f"{''.join(_lap_texts(recording, points))}"
        f"{f'<Notes>{clean(notes)}</Notes>' if notes else ''}"
        f"{_creator_text(recording.device_name)}"
        "</Activity></Activities>\n</TrainingCenterDatabase>\n"
    )
    return text.encode()


def _parsed(data: bytes) -> tuple[XmlSource, Lifted | None]:
    """The whole file as a tree, or if it is sound its skeleton and its trackpoints."""
    if lifted := lift_trackpoints(data):
        source = parse_xml(lifted.skeleton)
        if all(repair.code is RepairCode.STRAY_BYTES for repair in source.repairs):
            return source, lifted
    return parse_xml(data), None


def _recording(
    activity: etree._Element, table: PointTable, source: XmlSource
) -> RawRecording | None:
    columns = {name: table.numbers(name) for name in _MEASURED}
    run_cadence = table.numbers("run_cadence")
    columns["cadence_spm"] = np.where(np.isfinite(run_cadence), run_cadence, columns["cadence_spm"])
    name, description = _name_and_description(activity)
    named_sport = sport_named(activity.get("Sport"))
    sport = named_sport or sport_in_title(name) or "other"
    timed = timed_columns(*table.times("time"), columns, sport)
    if timed is None:
        return None
    is_indoor = not timed.has_path
    if is_indoor:
        sport = {"run": "treadmill_run", "ride": "indoor_ride"}.get(sport, sport)
    laps, totals = _laps(activity, timed)
    return RawRecording(
        sport=sport,
        started_at=timed.started_at,
        sample_s=timed.sample_s,
        columns=timed.columns,
        is_sport_guessed=named_sport is None,
        is_indoor=is_indoor,
        laps=laps,
        totals=totals,
        device_name=_device_name(activity),
        name=name,
        description=description,
        utc_offset_s=timed.utc_offset_s,
        repairs=merged((*source.repairs, *timed.repairs)),
    )


def _name_and_description(activity: etree._Element) -> tuple[str | None, str | None]:
    """Some devices write `Name`; the rest of us put it into the first line of `Notes`."""
    name, notes = find_text(activity, "Name"), find_text(activity, "Notes")
    if name or not notes:
        return name, notes
    first, _, rest = notes.partition("\n")
    if len(first) > _LONGEST_TITLE:
        return None, notes
    return first.strip(), rest.strip() or None


def _device_name(activity: etree._Element) -> str | None:
    creator = next(activity.iterchildren("{*}Creator"), None)
    return find_text(creator, "Name") if creator is not None else None


def _laps(activity: etree._Element, timed: PointColumns) -> tuple[tuple[Lap, ...], DeviceTotals]:
    """Laps end where the next one starts; the last with the recording, or its own timer."""
    start_s = timed.started_at.timestamp()
    last_s = float(timed.sample_s.max())
    starts, timers, distances = [], [], []
    for lap in activity.iterchildren("{*}Lap"):
        lap_start_s = epoch_s(lap.get("StartTime")) - start_s
        if math.isnan(lap_start_s):
            continue
        starts.append(max(0.0, lap_start_s))
        timers.append(_positive(find_text(lap, "TotalTimeSeconds")))
        distances.append(_positive(find_text(lap, "DistanceMeters")))
    if not starts:
        return (), DeviceTotals()
    ends = [*starts[1:], max(last_s, starts[-1] + (timers[-1] or 0.0))]
    laps = tuple(
        Lap(start, max(start, end), distance)
        for start, end, distance in zip(starts, ends, distances, strict=True)
    )
    return laps, DeviceTotals(distance_m=_sum(distances), timer_s=_sum(timers))


def _positive(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < math.inf else None


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _lap_texts(recording: RawRecording, points: list[str]) -> Iterator[str]:
    sample_s = recording.sample_s
    last_s = float(sample_s.max(initial=0.0))
    distance = recording.columns.get("distance_m")
    covered_m = recording.totals.distance_m
    if covered_m is None and distance is not None and np.isfinite(distance).any():
        covered_m = float(np.nanmax(distance))
    whole = Lap(0.0, recording.totals.timer_s or last_s, covered_m)
    laps = recording.laps or (whole,)
    ordinals = np.searchsorted([lap.start_s for lap in laps[1:]], sample_s, side="right")
    starts = utc_texts(recording.started_at, np.array([lap.start_s for lap in laps]))
    for ordinal, (lap, started) in enumerate(zip(laps, starts, strict=True)):
        rows = np.flatnonzero(ordinals == ordinal).tolist()
        paused_s = sum(
            max(0.0, min(lap.end_s, end) - max(lap.start_s, start))
            for start, end in recording.pauses
        )
        timer_s = lap.end_s - lap.start_s - (paused_s if recording.laps else 0.0)
        yield (
            f'<Lap StartTime="{started}"><TotalTimeSeconds>{timer_s:.3f}</TotalTimeSeconds>'
            f"<DistanceMeters>{lap.distance_m or 0.0:.2f}</DistanceMeters><Calories>0</Calories>"
            "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>\n"
            f"<Track>\n{''.join(points[row] for row in rows)}</Track></Lap>\n"
        )


def _point_texts(recording: RawRecording) -> list[str]:
    """One `Trackpoint` for each sample, its parts in the order the schema demands."""
    columns = recording.columns
    count = recording.sample_s.size
    on_foot = recording.sport in ON_FOOT
    cadence = columns.get("cadence_spm")
    run_cadence = cadence / 2 if cadence is not None and on_foot else None
    tpx = zip(
        decimals("ns3:Speed", columns.get("speed_mps"), 3, count),
        decimals("ns3:RunCadence", run_cadence, 0, count),
        strict=True,
    )
    positions = zip(
        decimals("LatitudeDegrees", columns.get("latitude"), 7, count),
        decimals("LongitudeDegrees", columns.get("longitude"), 7, count),
        strict=True,
    )
    pulses = decimals("Value", columns.get("heart_rate_bpm"), 0, count)
    parts = zip(
        utc_texts(recording.started_at, recording.sample_s),
        (_wrapped("<Position>", "".join(position), "</Position>") for position in positions),
        decimals("AltitudeMeters", columns.get("altitude_m"), 1, count),
        decimals("DistanceMeters", columns.get("distance_m"), 2, count),
        (_wrapped("<HeartRateBpm>", pulse, "</HeartRateBpm>") for pulse in pulses),
        decimals("Cadence", None if on_foot else cadence, 0, count),
        (
            _wrapped("<Extensions><ns3:TPX>", "".join(extra), "</ns3:TPX></Extensions>")
            for extra in tpx
        ),
        strict=True,
    )
    return [
        f"<Trackpoint><Time>{time}</Time>{''.join(rest)}</Trackpoint>\n" for time, *rest in parts
    ]


def _wrapped(opening: str, text: str, closing: str) -> str:
    return f"{opening}{text}{closing}" if text else ""


def _creator_text(device_name: str | None) -> str:
    if not device_name:
        return ""
    return (
        f'<Creator xsi:type="Device_t"><Name>{clean(device_name)}</Name><UnitId>0</UnitId>'
        "<ProductID>0</ProductID><Version><VersionMajor>1</VersionMajor>"
        "<VersionMinor>0</VersionMinor></Version></Creator>"
    )
