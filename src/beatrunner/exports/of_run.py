"""One run, in every form that other programs take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from beatrunner.activities.store import get_activity
from beatrunner.activities.streams import load_streams
from beatrunner.codecs.fit import write_fit
from beatrunner.codecs.gpx import write_gpx
from beatrunner.codecs.run_export import (
    ExportedRun,
    SongSpan,
    raw_of,
    write_geojson,
    write_seconds,
    write_songs,
)
from beatrunner.codecs.safe_text import file_name
from beatrunner.codecs.tcx import write_tcx
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording
from beatrunner.db.types import AnyRow
from beatrunner.kit.errors import RefusedError
from beatrunner.soundtracks.store import list_spans, list_tracks


@dataclass(frozen=True, slots=True)
class Form:
    """`write` gives the file's bytes, or its text in pieces."""

    media_type: str
    suffix: str
    write: Callable[[ExportedRun], bytes | Iterable[str]]


FORMS: Mapping[str, Form] = {
    "gpx": Form("application/gpx+xml", "gpx", lambda run: write_gpx(run.raw)),
    "tcx": Form("application/vnd.garmin.tcx+xml", "tcx", lambda run: write_tcx(run.raw)),
    "fit": Form("application/vnd.ant.fit", "fit", lambda run: write_fit(run.raw)),
    "geojson": Form("application/geo+json", "geojson", write_geojson),
    "csv": Form("text/csv; charset=utf-8", "csv", write_seconds),
    "songs": Form("text/csv; charset=utf-8", "songs.csv", write_songs),
}

_NOTHING_TO_WRITE = {
    "gpx": "This run has no way on the map, and GPX holds nothing else. Take FIT or CSV.",
    "fit": "This run has no recorded seconds.",
    "tcx": "This run has no recorded seconds.",
}


async def write_run(run: ExportedRun, form: str) -> Iterator[bytes]:
    """The file in pieces. Raises RefusedError when the form has no place for such a run."""
    try:
        written = await asyncio.to_thread(FORMS[form].write, run)
    except ValueError as error:
        raise RefusedError(_NOTHING_TO_WRITE[form], kind="nothing-to-write") from error
    return _pieces(written)


def _pieces(written: bytes | Iterable[str]) -> Iterator[bytes]:
    if isinstance(written, bytes):
        yield written
    else:
        yield from (text.encode() for text in written)


async def load_run(tx: AsyncConnection, account_id: UUID, activity_id: UUID) -> ExportedRun:
    """Raises NotFoundError."""
    activity = await get_activity(tx, account_id, activity_id)
    streams = await load_streams(tx, activity_id, activity.length_s)
    spans = await list_spans(tx, activity_id)
    track_ids = {span.track_id for span in spans if span.track_id is not None}
    tracks = {track.id: track for track in await list_tracks(tx, account_id, track_ids)}
    sample_s, columns = raw_of(streams)
    about = _about(activity)
    return ExportedRun(
        raw=replace(about, sample_s=sample_s, columns=columns),
        streams=streams,
        spans=[_span(span, tracks.get(span.track_id)) for span in spans],
    )


def name_of(run: ExportedRun) -> str:
    """Of its file, without a suffix."""
    return file_name(f"{run.raw.started_at:%Y-%m-%d %H%M} {run.raw.name}", "run")


def _about(activity: AnyRow) -> RawRecording:
    return RawRecording(
        sport=activity.sport,
        started_at=activity.started_at,
        sample_s=np.empty(0),
        columns={},
        is_indoor=activity.is_indoor,
        pauses=tuple((start_s, end_s) for start_s, end_s in activity.pauses),
        laps=tuple(_laps(activity.laps)),
        totals=DeviceTotals(
            distance_m=activity.distance_m,
            elapsed_s=activity.elapsed_s,
            ascent_m=activity.ascent_m,
            descent_m=activity.descent_m,
        ),
        device_name="BeatRunner",
        name=activity.name,
        description=activity.description,
        utc_offset_s=activity.utc_offset_s,
    )


def _laps(laps: Sequence[Mapping[str, Any]]) -> Iterator[Lap]:
    for lap in laps:
        yield Lap(lap["start_s"], lap["end_s"], lap["distance_m"])


_OF_TRACK = ("title", "artist", "album", "tempo_bpm")
_OF_SPAN = tuple(x.name for x in fields(SongSpan) if x.name not in _OF_TRACK)


def _span(span: AnyRow, track: AnyRow | None) -> SongSpan:
    values: dict[str, Any] = {name: getattr(span, name) for name in _OF_SPAN}
    values |= {name: None if track is None else getattr(track, name) for name in _OF_TRACK}
    return SongSpan(**values)
