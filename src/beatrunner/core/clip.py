"""What of a run others may see: all but its ends and the runner's zones, and nothing from which
those follow.

Where somebody runs from tells where they live. `core.hiding` decides where nothing is shown. That
is not enough either: the distance or the time that a cut run still claims tells how far the door is
from where the line begins (Dhondt et al., CCS 2022), and its climbs tell which way. Hence

- everything within a hidden circle is hidden, whenever it was run: the last metres of a loop, and
  the middle of a run that comes by its start;
- a second without a position is hidden in a run that has positions: it may have been anywhere;
- what is left is put together without the time that is missing, and every figure is of that alone;
- a song of which a part is hidden is not whole (`shown_spans`): how long it really lasts everybody
  can look up, and the difference is the time that is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from beatrunner.core.align import Span
from beatrunner.core.ascent import ascent_descent_m
from beatrunner.core.hiding import HiddenCircle, PrivacyZone, hidden_circles, within
from beatrunner.core.recording import Samples, Streams

#: Pieces this short are what GPS draws along the edge of a circle.
LEAST_PIECE_S = 10
#: With less than this left there is nothing to show.
LEAST_SHOWN_S = 60

_Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """Of what is shown alone; None where nothing was measured in it."""

    elapsed_s: int
    moving_s: int
    distance_m: float | None
    ascent_m: float | None
    descent_m: float | None
    mean_speed_mps: float | None
    mean_heart_rate_bpm: float | None
    mean_cadence_spm: float | None


@dataclass(frozen=True, slots=True)
class ShownRun:
    """The visible seconds, one after the other, with one empty row between pieces.

    `source_rows` has for each row the second of the run that it was; an empty row has that of the
    row before it. It is for taking spans along, and is not to be shown.
    """

    streams: Streams
    figures: ShownFigures
    source_rows: _Rows
    is_clipped: bool


def clip(
    streams: Streams, zones: Sequence[PrivacyZone], key: bytes, activity: bytes
) -> ShownRun | None:
    """What others may see of a run; None when nothing is left.

    `key` is the runner's, and secret; `activity` names the run. A run without any position, on a
    treadmill for instance, has nothing to hide.
    """
    circles = hidden_circles(streams, zones, key, activity)
    pieces = _pieces(_is_visible(streams, circles))
    shown_s = sum(len(piece) for piece in pieces)
    if shown_s < min(LEAST_SHOWN_S, streams.length_s) or shown_s == 0:
        return None
    source_rows = np.concatenate([np.append(piece, piece[-1]) for piece in pieces])[:-1]
    joints = np.cumsum([len(piece) + 1 for piece in pieces])[:-1] - 1
    columns = {
        name: _put_together(values, pieces, is_running_total=name == "distance_m")
        for name, values in streams.columns.items()
    }
    is_moving = streams.is_moving[source_rows].copy()
    is_moving[joints] = False
    shown = Streams(len(source_rows), columns, is_moving)
    return ShownRun(shown, _figures(shown, pieces, streams.columns), source_rows, bool(circles))


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """`span` is in rows of what is shown; `index` says which of the run's it is."""

    index: int
    span: Span
    is_whole: bool


def shown_spans(spans: Sequence[Span], source_rows: _Rows) -> list[ShownSpan]:
    """The spans of which something is seen."""
    found = []
    for index, span in enumerate(spans):
        start, end = np.searchsorted(source_rows, (span.start_s, span.end_s)).tolist()
        if start < end:
            whole = np.arange(span.start_s, span.end_s)
            is_whole = np.array_equal(source_rows[start:end], whole)
            found.append(ShownSpan(index, replace(span, start_s=start, end_s=end), is_whole))
    return found


def _is_visible(streams: Streams, circles: Sequence[HiddenCircle]) -> npt.NDArray[np.bool_]:
    if not circles:
        return np.ones(streams.length_s, dtype=bool)
    latitude, longitude = streams.columns["latitude"], streams.columns["longitude"]
    is_visible = np.isfinite(latitude) & np.isfinite(longitude)
    for circle in circles:
        is_visible &= ~within(circle, latitude, longitude)
    return is_visible


def _pieces(is_visible: npt.NDArray[np.bool_]) -> list[_Rows]:
    rows = np.flatnonzero(is_visible)
    pieces = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return [piece for piece in pieces if len(piece) >= min(LEAST_PIECE_S, len(is_visible))]


def _put_together(values: Samples, pieces: list[_Rows], *, is_running_total: bool) -> Samples:
    parts: list[Samples] = []
    total = 0.0
    for piece in pieces:
        part = values[piece]
        if is_running_total and np.isfinite(part).any():
            part = part - part[np.isfinite(part)][0] + total
            total = float(np.nanmax(part))
        parts += [part, np.array([np.nan])]
    return np.concatenate(parts[:-1])


def _figures(
    shown: Streams, pieces: list[_Rows], hidden_and_shown: Mapping[str, Samples]
) -> ShownFigures:
    columns = shown.columns
    moving_s = int(shown.is_moving.sum())
    distance_m = _last(columns.get("distance_m"))
    climbs = None
    if "altitude_m" in columns:
        # Piece by piece: between two of them nothing was climbed that is shown.
        each = [ascent_descent_m(hidden_and_shown["altitude_m"][piece]) for piece in pieces]
        climbs = np.sum(each, axis=0).tolist()
    cadence_spm = columns.get("cadence_spm")
    if cadence_spm is not None:
        cadence_spm = cadence_spm[shown.is_moving & (cadence_spm > 0.0)]
    return ShownFigures(
        elapsed_s=sum(len(piece) for piece in pieces),
        moving_s=moving_s,
        distance_m=distance_m,
        ascent_m=climbs[0] if climbs else None,
        descent_m=climbs[1] if climbs else None,
        mean_speed_mps=distance_m / moving_s if distance_m is not None and moving_s else None,
        mean_heart_rate_bpm=_mean(columns.get("heart_rate_bpm")),
        mean_cadence_spm=_mean(cadence_spm),
    )


def _last(running_m: Samples | None) -> float | None:
    return None if running_m is None or np.isnan(running_m).all() else float(np.nanmax(running_m))


def _mean(values: Samples | None) -> float | None:
    return None if values is None or np.isnan(values).all() else float(np.nanmean(values))
