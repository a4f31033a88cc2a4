"""GPX 1.0/1.1, with the extensions watches and apps put heart rate, cadence and speed into.

Each `trk` with times is one recording; its segments are stretches of the same activity, and the
time between them is a gap, not known to be a pause.

Sources: GPX 1.1 schema (Topografix), Garmin TrackPointExtension v1 and v2, Cluetrust gpxdata.
"""

from __future__ import annotations

from html import escape

import numpy as np
from lxml import etree

from beatrunner.codecs.point_table import PointTable, merged, timed_columns
from beatrunner.codecs.sport_names import ON_FOOT, sport_in_title, sport_named
from beatrunner.codecs.xml_source import XmlSource, find_text, local_name, parse_xml
from beatrunner.codecs.xml_text import clean, decimals, utc_texts
from beatrunner.core.recording import RawRecording, Samples
from beatrunner.core.refusals import Refusal, UnreadableFileError

_COLUMN_BY_NAME = {
    "time": "time",
    "ele": "altitude_m",
    "speed": "speed_mps",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "distance": "distance_m",
}
_COLUMN_BY_ATTRIBUTE = {"lat": "latitude", "lon": "longitude"}
_MEASURED = ("altitude_m", "speed_mps", "heart_rate_bpm", "cadence_spm", "distance_m")
_EARTH_RADIUS_M = 6_371_008.8
#: Median speeds between which a track that names no sport is taken for a run.
_RUNNING_MPS = (1.7, 6.5)


def read_gpx(data: bytes) -> list[RawRecording]:
    """Every track with times.

    Raises `UnreadableFileError`: NO_TIMES for a route or a track without times, NO_SAMPLES for
    a file without points, NOT_AN_ACTIVITY for other XML, and what `parse_xml` raises.
    """
    source = parse_xml(data)
    tracks = list(source.root.iter("{*}trk"))
    recordings = []
    point_count = 0
    for track in tracks:
        table = PointTable("trkpt", _COLUMN_BY_NAME, _COLUMN_BY_ATTRIBUTE)
        for segment in track.iter("{*}trkseg"):
            table.add_points(segment)
        if source.is_truncated and track is tracks[-1]:
            table.drop_last()
        point_count += table.row_count
        if recording := _recording(track, table, source):
            recordings.append(recording)
    if recordings:
        return recordings
    if point_count or next(source.root.iter("{*}rtept"), None) is not None:
        raise UnreadableFileError(Refusal.NO_TIMES)
    if tracks or local_name(source.root.tag) == "gpx":
        raise UnreadableFileError(Refusal.NO_SAMPLES)
    raise UnreadableFileError(Refusal.NOT_AN_ACTIVITY, f"root is {source.root.tag}")


def write_gpx(recording: RawRecording) -> bytes:
    """A GPX 1.1 file as a watch writes it: cadence of one leg on foot, a segment after each pause.

    Points without a position cannot stand in GPX and are left out. Raises `ValueError` when no
    point has one.
    """
    columns = recording.columns
    absent = np.full(recording.sample_s.size, np.nan)
    latitude = columns.get("latitude", absent)
    placed = np.isfinite(latitude)
    if not placed.any():
        raise ValueError("a recording without positions cannot be written as GPX")
    pause_starts = [start for start, _ in recording.pauses]
    segments = np.searchsorted(pause_starts, recording.sample_s, side="left")
    points = _point_texts(recording)
    body: list[str] = []
    previous = None
    for row in np.flatnonzero(placed).tolist():
        if segments[row] != previous:
            body.append("</trkseg>\n<trkseg>\n" if body else "<trkseg>\n")
            previous = segments[row]
        body.append(points[row])
    title = f"<name>{clean(recording.name)}</name>" if recording.name else ""
    if recording.description:
        title += f"<desc>{clean(recording.description)}</desc>"
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx creator="{escape(recording.device_name or "BeatRunner")}" version="1.1"\n'
        ' xmlns="http://www.topografix.com/GPX/1/1"\n'
        ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2">\n'
        f"<trk>{title}<type>{recording.sport}</type>\n{''.join(body)}</trkseg>\n</trk>\n</gpx>\n"
    )
    return text.encode()


def _recording(track: etree._Element, table: PointTable, source: XmlSource) -> RawRecording | None:
    seconds, offset_s = table.times("time")
    columns = {name: table.numbers(name) for name in ("latitude", "longitude", *_MEASURED)}
    name = find_text(track, "name")
    named_sport = sport_named(find_text(track, "type"))
    sport = (
        named_sport
        or sport_in_title(name)
        or _sport_by_speed(seconds, columns["latitude"], columns["longitude"])
    )
    timed = timed_columns(seconds, offset_s, columns, sport)
    if timed is None:
        return None
    return RawRecording(
        sport=sport,
        started_at=timed.started_at,
        sample_s=timed.sample_s,
        columns=timed.columns,
        is_sport_guessed=named_sport is None,
        is_indoor=not timed.has_path,
        device_name=source.root.get("creator"),
        name=name,
        description=find_text(track, "desc"),
        utc_offset_s=timed.utc_offset_s,
        repairs=merged((*source.repairs, *timed.repairs)),
    )


def _sport_by_speed(seconds: Samples, latitude: Samples, longitude: Samples) -> str:
    """What a track that does not name its sport most likely is."""
    north_m = np.diff(np.radians(latitude)) * _EARTH_RADIUS_M
    east_m = np.diff(np.radians(longitude)) * _EARTH_RADIUS_M * np.cos(np.radians(latitude[1:]))
    with np.errstate(divide="ignore", invalid="ignore"):
        speeds = np.hypot(north_m, east_m) / np.diff(seconds)
    speeds = speeds[np.isfinite(speeds) & (speeds > 0.3)]
    slowest, fastest = _RUNNING_MPS
    if not speeds.size:
        return "other"
    median = float(np.median(speeds))
    if median < slowest:
        return "walk"
    return "run" if median < fastest else "other"


def _point_texts(recording: RawRecording) -> list[str]:
    """One `trkpt` for each sample."""
    columns = recording.columns
    count = recording.sample_s.size
    cadence = columns.get("cadence_spm")
    if cadence is not None and recording.sport in ON_FOOT:
        cadence = cadence / 2
    extras = zip(
        decimals("gpxtpx:hr", columns.get("heart_rate_bpm"), 0, count),
        decimals("gpxtpx:cad", cadence, 0, count),
        decimals("gpxtpx:speed", columns.get("speed_mps"), 3, count),
        strict=True,
    )
    rows = zip(
        columns["latitude"].tolist(),
        columns["longitude"].tolist(),
        decimals("ele", columns.get("altitude_m"), 1, count),
        utc_texts(recording.started_at, recording.sample_s),
        map("".join, extras),
        strict=True,
    )
    return [
        f'<trkpt lat="{latitude:.7f}" lon="{longitude:.7f}">{altitude}<time>{time}</time>'
        + (
            "<extensions><gpxtpx:TrackPointExtension>"
            f"{extra}</gpxtpx:TrackPointExtension></extensions>"
            if extra
            else ""
        )
        + "</trkpt>\n"
        for latitude, longitude, altitude, time, extra in rows
    ]
