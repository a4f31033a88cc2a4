"""From a file's bytes to everything about its activities that is stored.

Runs in a parser's child process, so that the worker only writes rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from beatrunner.codecs.apple_health import read_workout
from beatrunner.codecs.fit import read_fit
from beatrunner.codecs.gpx import read_gpx
from beatrunner.codecs.sealed_streams import GROUPS, seal
from beatrunner.codecs.tcx import read_tcx
from beatrunner.core.path import encode_polyline, simplify
from beatrunner.core.recording import RawRecording, Repair, Samples, Streams
from beatrunner.core.resample import to_grid
from beatrunner.core.summary import Summary, summarise


@dataclass(frozen=True, slots=True)
class PreparedActivity:
    """One activity of one file, ready to be stored."""

    sport: str
    is_sport_guessed: bool
    is_indoor: bool
    name: str | None
    description: str | None
    device_name: str | None
    started_at: datetime
    utc_offset_s: int | None
    length_s: int
    summary: Summary
    pauses: tuple[tuple[float, float], ...]
    repairs: tuple[Repair, ...]
    thumbnail: str | None
    #: Sealed streams by part: location, body, motion.
    parts: Mapping[str, bytes]


def prepare_fit(data: bytes) -> list[PreparedActivity]:
    return _prepare(read_fit, data)


def prepare_gpx(data: bytes) -> list[PreparedActivity]:
    return _prepare(read_gpx, data)


def prepare_tcx(data: bytes) -> list[PreparedActivity]:
    return _prepare(read_tcx, data)


def prepare_apple_workout(data: bytes) -> list[PreparedActivity]:
    return _prepare(read_workout, data)


def _prepare(read: Callable[[bytes], list[RawRecording]], data: bytes) -> list[PreparedActivity]:
    return [prepare(raw) for raw in read(data)]


def prepare(raw: RawRecording) -> PreparedActivity:
    """What is stored of a recording. Raises UnreadableFileError as `to_grid` does."""
    streams, repairs = to_grid(raw)
    return PreparedActivity(
        sport=raw.sport,
        is_sport_guessed=raw.is_sport_guessed,
        is_indoor=raw.is_indoor,
        name=raw.name,
        description=raw.description,
        device_name=raw.device_name,
        started_at=raw.started_at,
        utc_offset_s=raw.utc_offset_s,
        length_s=streams.length_s,
        summary=summarise(raw, streams),
        pauses=raw.pauses,
        repairs=(*raw.repairs, *repairs),
        thumbnail=_thumbnail(streams),
        parts=_seal(streams),
    )


def tells_of_body(prepared: PreparedActivity) -> bool:
    """Whether there is a heart rate in it."""
    return "body" in prepared.parts or prepared.summary.max_heart_rate_bpm is not None


def without_body(prepared: PreparedActivity) -> PreparedActivity:
    """All but the heart rate."""
    return replace(
        prepared,
        summary=replace(prepared.summary, mean_heart_rate_bpm=None, max_heart_rate_bpm=None),
        parts={part: blob for part, blob in prepared.parts.items() if part != "body"},
    )


def _seal(streams: Streams) -> dict[str, bytes]:
    columns: dict[str, Samples] = {
        **streams.columns,
        "is_moving": streams.is_moving.astype(np.float64),
    }
    parts = {}
    for part, names in GROUPS.items():
        present = {name: columns[name] for name in names if name in columns}
        if present:
            parts[part] = seal(present)
    return parts


def _thumbnail(streams: Streams) -> str | None:
    if "latitude" not in streams.columns:
        return None
    latitudes, longitudes = streams.columns["latitude"], streams.columns["longitude"]
    return encode_polyline(*simplify(latitudes, longitudes))
