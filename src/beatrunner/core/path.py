"""Lines over the ground: length, a few points that keep the shape, and a short text form.

Thumbnails need 80 points, not 4,000. Points are dropped by Visvalingam and Whyatt's effective
area (Cartographic Journal 30, 1993): again and again the point that spans the smallest triangle
with its neighbours goes. The text form is Google's encoded polyline algorithm format, which map
libraries read.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from beatrunner.core.recording import Samples

EARTH_RADIUS_M = 6_371_008.8
THUMBNAIL_POINTS = 80
_THINNED_POINTS = 2000
Rows = NDArray[np.intp]


def haversine_m(
    latitude_1: Samples, longitude_1: Samples, latitude_2: Samples, longitude_2: Samples
) -> Samples:
    """Great-circle distances between points in degrees, elementwise; NaN where one is NaN."""
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = np.radians(longitude_2 - longitude_1) / 2
    a = np.sin(half_phi) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0))))


def simplify(
    latitudes: Samples, longitudes: Samples, most_points: int = THUMBNAIL_POINTS
) -> tuple[Samples, Samples]:
    """The points of `shape_rows`."""
    rows = shape_rows(latitudes, longitudes, most_points)
    return latitudes[rows], longitudes[rows]


def shape_rows(latitudes: Samples, longitudes: Samples, most_points: int) -> Rows:
    """Rows of at most `most_points` (>= 2) of the known points, in order, that keep the line's
    shape.

    Points with NaN are left out; the first and the last known point stay.
    """
    rows = np.flatnonzero(np.isfinite(latitudes) & np.isfinite(longitudes))
    # Thinning evenly first bounds the work and loses nothing that a thumbnail can show.
    if len(rows) > _THINNED_POINTS:
        rows = rows[np.linspace(0, len(rows) - 1, _THINNED_POINTS).astype(np.intp)]
    if len(rows) > most_points:
        rows = rows[_visvalingam(latitudes[rows], longitudes[rows], most_points)]
    return rows


def _visvalingam(latitudes: Samples, longitudes: Samples, most_points: int) -> list[int]:
    x: list[float] = (
        np.unwrap(longitudes, period=360.0) * np.cos(np.radians(latitudes.mean()))
    ).tolist()
    y: list[float] = latitudes.tolist()
    before = list(range(-1, len(x) - 1))
    after = list(range(1, len(x) + 1))

    def area(point: int) -> float:
        a, c = before[point], after[point]
        return abs((x[a] - x[point]) * (y[c] - y[point]) - (x[c] - x[point]) * (y[a] - y[point]))

    areas = [0.0, *(area(point) for point in range(1, len(x) - 1)), 0.0]
    heap = [(areas[point], point) for point in range(1, len(x) - 1)]
    heapq.heapify(heap)
    gone: set[int] = set()
    while len(x) - len(gone) > max(most_points, 2):
        smallest, point = heapq.heappop(heap)
        if point in gone or smallest != areas[point]:
            continue  # An entry from before a neighbour went.
        gone.add(point)
        before[after[point]], after[before[point]] = before[point], after[point]
        for neighbour in (before[point], after[point]):
            if 0 < neighbour < len(x) - 1:
                # Never below the area just removed, or a smooth curve unravels from one end.
                areas[neighbour] = max(area(neighbour), smallest)
                heapq.heappush(heap, (areas[neighbour], neighbour))
    return [point for point in range(len(x)) if point not in gone]


def encode_polyline(latitudes: Samples, longitudes: Samples, precision: int = 5) -> str:
    """The points as encoded polyline text; NaN is not allowed (ValueError)."""
    points = np.column_stack((latitudes, longitudes))
    if not np.isfinite(points).all():
        raise ValueError("a polyline has no gaps")
    whole = np.rint(points * 10**precision).astype(np.int64)
    deltas = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    return "".join(_encode_number(delta) for delta in deltas.ravel().tolist())


def decode_polyline(text: str, precision: int = 5) -> tuple[Samples, Samples]:
    """(latitudes, longitudes) of encoded polyline text; ValueError when it is cut off."""
    steps, _ = _decode_steps(text)
    points = np.cumsum(steps, axis=0) / 10**precision
    return points[:, 0], points[:, 1]


def decode_ends(texts: Sequence[str], precision: int = 5) -> Samples:
    """[text, first or last point, latitude or longitude] of encoded polylines, none of them empty:
    those of a whole library in some milliseconds. ValueError when one is cut off."""
    steps, stops = _decode_steps("".join(texts))
    after = np.searchsorted(stops, np.cumsum([len(text) for text in texts]), side="right")
    # They lie one behind the other, and each counts from zero.
    sums = np.concatenate((np.zeros((1, 2), dtype=np.int64), np.cumsum(steps, axis=0)))
    before = np.append(0, after)[:-1]
    first, last = sums[before + 1] - sums[before], sums[after] - sums[before]
    return np.asarray(np.stack((first, last), axis=1) / 10**precision)


def _decode_steps(text: str) -> tuple[NDArray[np.int64], Rows]:
    """Rows of differences in latitude and longitude, and after which characters each row ends."""
    chunks = np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.int64) - 63
    stops = np.flatnonzero(chunks < 0x20) + 1
    if len(stops) % 2 or (stops[-1] if len(stops) else 0) != len(chunks):
        raise ValueError("the polyline is cut off")
    starts = np.concatenate(([0], stops))[:-1]
    place = np.arange(len(chunks)) - np.repeat(starts, stops - starts)
    sums = np.concatenate(([0], np.cumsum((chunks & 0x1F) << 5 * place)))
    values = sums[stops] - sums[starts]
    numbers = np.where(values & 1, ~(values >> 1), values >> 1)
    return numbers.reshape(-1, 2), stops[1::2]


def _encode_number(number: int) -> str:
    """Sign in the lowest bit, then five bits a character, lowest first, 0x20 = more follows."""
    rest = ~(number << 1) if number < 0 else number << 1
    characters = []
    while rest >= 0x20:
        characters.append(chr((0x20 | (rest & 0x1F)) + 63))
        rest >>= 5
    characters.append(chr(rest + 63))
    return "".join(characters)
