"""A run with its songs for other programs: GeoJSON, and tables of its seconds and of its songs.

GPX, TCX and FIT, which have no place for songs, are written by the modules that read them. Every
name of a property or column carries its unit, figures are written as finely as streams are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np

from beatrunner.codecs.safe_text import cell, write_rows
from beatrunner.codecs.sealed_streams import STEPS_PER_UNIT
from beatrunner.core.recording import COLUMNS, RawRecording, Samples, Streams

_EXPORTED = (*COLUMNS, "grade_pct", "grade_adjusted_speed_mps")
_UNITED = {"latitude": "latitude_deg", "longitude": "longitude_deg"}


@dataclass(frozen=True, slots=True)
class SongSpan:
    """A stretch of a run under one song; `title` None is silence. Heart rate answers late, and
    is that of 40 s after the stretch (`core.span_figures`)."""

    start_s: int
    end_s: int
    start_uncertainty_s: float
    title: str | None
    artist: str | None
    album: str | None
    tempo_bpm: float | None
    moving_s: float
    distance_m: float | None
    speed_mps: float | None
    grade_adjusted_speed_mps: float | None
    heart_rate_bpm: float | None
    cadence_spm: float | None
    grade_pct: float | None
    in_step_pct: float | None


@dataclass(frozen=True, slots=True)
class ExportedRun:
    """`raw` is the run as a device would have written it; `spans` tile it."""

    raw: RawRecording
    streams: Streams
    spans: Sequence[SongSpan]


def raw_of(streams: Streams) -> tuple[Samples, dict[str, Samples]]:
    """`sample_s` and columns of a recording of these streams: the seconds of which anything is
    known, and the columns that hold anything."""
    columns = {
        name: streams.columns[name]
        for name in COLUMNS
        if name in streams.columns and np.isfinite(streams.columns[name]).any()
    }
    known = np.zeros(streams.length_s, bool)
    for samples in columns.values():
        known |= np.isfinite(samples)
    rows = np.flatnonzero(known)
    return rows.astype(float), {name: samples[rows] for name, samples in columns.items()}


def write_geojson(run: ExportedRun) -> bytes:
    """A FeatureCollection (RFC 7946): the whole way, then each song in the order it played.

    A way with gaps is a MultiLineString. A song under which no way was recorded has no geometry.
    """
    raw, streams = run.raw, run.streams
    whole = {
        "kind": "run",
        "name": raw.name,
        "sport": raw.sport,
        "started_at": _time(raw.started_at),
        "elapsed_s": streams.length_s,
        "distance_m": raw.totals.distance_m,
        "ascent_m": raw.totals.ascent_m,
        "descent_m": raw.totals.descent_m,
    }
    features = [_feature(_lines(streams, 0, streams.length_s), whole, is_whole=True)]
    features += [
        _feature(
            # With the first point of the next one, so that no piece of the way is left out.
            _lines(streams, span.start_s, span.end_s + 1),
            {"kind": "song", "started_at": _time(_at(run, span.start_s)), **_properties(span)},
        )
        for span in run.spans
        if span.title is not None
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def write_seconds(run: ExportedRun) -> Iterator[str]:
    """CSV with one row a second, and in it the song that played."""
    streams = run.streams
    names = [name for name in _EXPORTED if name in streams.columns]
    columns = [_texts(name, streams.columns[name]) for name in names]
    titles, artists = [""] * streams.length_s, [""] * streams.length_s
    for span in run.spans:
        length = max(0, min(span.end_s, streams.length_s) - span.start_s)
        titles[span.start_s : span.end_s] = [cell(span.title or "")] * length
        artists[span.start_s : span.end_s] = [cell(span.artist or "")] * length
    moving = ["1" if is_moving else "0" for is_moving in streams.is_moving.tolist()]
    seconds = range(streams.length_s)
    times = (_time(_at(run, second)) for second in seconds)
    header = ("elapsed_s", "time_utc", *(_UNITED.get(x, x) for x in names))
    return write_rows(
        (*header, "is_moving", "title", "artist"),
        zip(seconds, times, *columns, moving, titles, artists, strict=True),
    )


SONG_COLUMNS = ("started_at_utc", *(field.name for field in fields(SongSpan)))


def song_rows(run: ExportedRun) -> Iterator[tuple[object, ...]]:
    """For each stretch of the soundtrack, silence too, the values of `SONG_COLUMNS`."""
    for span in run.spans:
        values = (getattr(span, field.name) for field in fields(SongSpan))
        yield (_time(_at(run, span.start_s)), *map(_value, values))


def write_songs(run: ExportedRun) -> Iterator[str]:
    """The soundtrack as CSV."""
    return write_rows(SONG_COLUMNS, song_rows(run))


def _at(run: ExportedRun, second: int) -> datetime:
    return run.raw.started_at + timedelta(seconds=second)


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(value: object) -> object:
    if isinstance(value, str):
        return cell(value)
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else value


def _texts(name: str, samples: Samples) -> list[str]:
    digits = len(str(STEPS_PER_UNIT[name])) - 1
    return ["" if value != value else f"{value:.{digits}f}" for value in samples.tolist()]


def _properties(span: SongSpan) -> dict[str, Any]:
    values = ((field.name, getattr(span, field.name)) for field in fields(SongSpan))
    return {name: round(x, 2) if isinstance(x, float) else x for name, x in values}


def _lines(streams: Streams, start_s: int, end_s: int) -> list[list[list[float]]]:
    """The way between two seconds, in as many pieces as were recorded; [longitude, latitude] and
    the altitude where all points of a piece have one."""
    if "latitude" not in streams.columns or "longitude" not in streams.columns:
        return []
    nothing = np.full(streams.length_s, np.nan)
    points = np.column_stack(
        [
            streams.columns["longitude"][start_s:end_s],
            streams.columns["latitude"][start_s:end_s],
            streams.columns.get("altitude_m", nothing)[start_s:end_s],
        ]
    )
    known = np.flatnonzero(np.isfinite(points[:, :2]).all(axis=1))
    pieces = np.split(known, np.flatnonzero(np.diff(known) > 1) + 1)
    found = []
    for piece in pieces:
        if piece.size > 1:
            way = points[piece]
            way = way if np.isfinite(way[:, 2]).all() else way[:, :2]
            found.append(np.round(way, 6).tolist())
    return found


def _feature(
    lines: list[list[list[float]]], properties: dict[str, Any], *, is_whole: bool = False
) -> dict[str, Any]:
    geometry: dict[str, Any] | None = None
    if len(lines) == 1 and not is_whole:
        geometry = {"type": "LineString", "coordinates": lines[0]}
    elif lines:
        geometry = {"type": "MultiLineString", "coordinates": lines}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
