"""A page of the map of all runs, as bytes for the page's `lib/atlas/decode.ts`.

The length of the head, the head as JSON, then columns of 32-bit numbers, all little-endian: the
length of each run's path, how many spans each has, and for each span in turn when it ends (seconds
since the run's start) and the place of its track in the head from 1, 0 for silence. Then the paths
as they are stored (`codecs.drawn_path`). Of 10,000 runs with 17 songs each it is some 700 bytes a
run, two thirds of that when gzipped.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import numpy as np

_NUMBER = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class MapRun:
    """`told` is what the head has of it; `spans` are seconds since the start at which they end and
    the keys of their tracks, in order, from the start of the run."""

    told: Sequence[Any]
    path: bytes
    spans: Sequence[tuple[int, str | None]]


@dataclass(frozen=True, slots=True)
class MapTrack:
    key: str
    id: UUID
    title: str
    artist: str


def pack_run_map(head: dict[str, Any], runs: Sequence[MapRun], tracks: Sequence[MapTrack]) -> bytes:
    """`tracks` has all that are named in spans; a span of any other is silence."""
    places: dict[str | None, int] = {track.key: place for place, track in enumerate(tracks, 1)}
    told = {
        **head,
        "runs": [run.told for run in runs],
        "tracks": [(track.id, track.title, track.artist) for track in tracks],
    }
    spans = [span for run in runs for span in run.spans]
    words = msgspec.json.encode(told)
    return b"".join(
        (
            struct.pack("<I", len(words)),
            words,
            _column(len(run.path) for run in runs),
            _column(len(run.spans) for run in runs),
            _column(end_s for end_s, _ in spans),
            _column(places.get(track, 0) for _, track in spans),
            *(run.path for run in runs),
        )
    )


def _column(numbers: Iterable[int]) -> bytes:
    return np.fromiter(numbers, _NUMBER).tobytes()
