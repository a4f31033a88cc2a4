"""What of a run others may see: all but its ends, and nothing from which the ends follow.

Where somebody runs from tells where they live. Cutting the ends of the line off is not enough: the
cuts of many runs lie on a circle whose centre is the door (Thomas 2016; Hassan et al., USENIX
Security 2018), and the distance or the time that a cut run still claims tells how far the door is
from where the line begins (Dhondt et al., CCS 2022). Hence

- everything within a circle around either end is hidden, whenever it was run: the last metres of
  a loop, and the middle of a run that comes by its start;
- the circle holds all within 100 to 300 m of the end, by a keyed hash of the run, so that its size
  differs between runs and never for one run;
- its centre lies 100 to 150 m off the end, by a keyed hash of the place, so that the centre of
  many circles is not the door, and the mean of the points where runs begin still 50 m off it;
- a second without a position is hidden in a run that has positions: it may have been anywhere;
- what is left is put together without the time that is missing, and every figure is of that alone.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from beatrunner.core.align import Span
from beatrunner.core.ascent import ascent_descent_m
from beatrunner.core.path import EARTH_RADIUS_M, haversine_m
from beatrunner.core.recording import Samples, Streams

#: Nothing this close to an end ever comes out; which of them, a hash decides.
CUT_M = (100.0, 300.0)
SHIFT_M = (100.0, 150.0)
#: Pieces this short are what GPS draws along the edge of a circle.
LEAST_PIECE_S = 10
#: With less than this left there is nothing to show.
LEAST_SHOWN_S = 60
#: Starts this close together count as one place: about a street.
_PLACE_DEG = 0.004

_Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Zone:
    """A circle in which nothing is shown; all within `cut_m` of the run's end is in it."""

    latitude: float
    longitude: float
    radius_m: float
    cut_m: float


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


def clip(streams: Streams, key: bytes, activity: bytes) -> ShownRun | None:
    """What others may see of a run; None when nothing is left.

    `key` is the runner's, and secret; `activity` names the run. A run without any position, on a
    treadmill for instance, has nothing to hide.
    """
    zones = hidden_zones(streams, key, activity)
    pieces = _pieces(_is_visible(streams, zones))
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
    return ShownRun(shown, _figures(shown, pieces, streams.columns), source_rows, bool(zones))


def shown_spans(spans: Sequence[Span], source_rows: _Rows) -> list[tuple[int, Span]]:
    """The spans that are seen, in rows of what is shown, each with its index in `spans`."""
    found = []
    for index, span in enumerate(spans):
        start, end = np.searchsorted(source_rows, (span.start_s, span.end_s)).tolist()
        if start < end:
            found.append((index, replace(span, start_s=start, end_s=end)))
    return found


def hidden_zones(streams: Streams, key: bytes, activity: bytes) -> tuple[Zone, ...]:
    """A circle for the first and for the last known position; none without positions."""
    latitude, longitude = streams.columns.get("latitude"), streams.columns.get("longitude")
    if latitude is None or longitude is None:
        return ()
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if len(known) == 0:
        return ()
    return tuple(
        _zone(float(latitude[row]), float(longitude[row]), key, activity, end)
        for end, row in ((b"start", known[0]), (b"end", known[-1]))
    )


def _zone(latitude: float, longitude: float, key: bytes, activity: bytes, end: bytes) -> Zone:
    cut_m = _between(CUT_M, _draws(key, b"cut", activity, end)[0])
    place = f"{round(latitude / _PLACE_DEG)} {round(longitude / _PLACE_DEG)}".encode()
    far, turn, _ = _draws(key, b"place", place)
    shift_m, bearing = _between(SHIFT_M, far), 2.0 * math.pi * turn
    north_m, east_m = shift_m * math.cos(bearing), shift_m * math.sin(bearing)
    stretch = max(math.cos(math.radians(latitude)), 1e-6)
    centre = (
        latitude + math.degrees(north_m / EARTH_RADIUS_M),
        longitude + math.degrees(east_m / EARTH_RADIUS_M / stretch),
    )
    # As far as the centre really came out, which near a pole is not what was meant.
    away_m = haversine_m(*(np.array([degrees]) for degrees in (latitude, longitude, *centre)))
    return Zone(*centre, radius_m=cut_m + float(away_m[0]), cut_m=cut_m)


def _draws(key: bytes, *words: bytes) -> tuple[float, float, float]:
    """Three numbers in [0, 1) that only who has the key can tell."""
    digest = hmac.new(key, b"\0".join(words), hashlib.sha256).digest()
    first, second, third = (int.from_bytes(digest[i : i + 8], "big") / 2**64 for i in (0, 8, 16))
    return first, second, third


def _between(bounds: tuple[float, float], draw: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * draw


def _is_visible(streams: Streams, zones: tuple[Zone, ...]) -> npt.NDArray[np.bool_]:
    if not zones:
        return np.ones(streams.length_s, dtype=bool)
    latitude, longitude = streams.columns["latitude"], streams.columns["longitude"]
    is_visible = np.isfinite(latitude) & np.isfinite(longitude)
    for zone in zones:
        centre = np.array([zone.latitude]), np.array([zone.longitude])
        # NaN is greater than nothing.
        is_visible &= haversine_m(latitude, longitude, *centre) > zone.radius_m
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
