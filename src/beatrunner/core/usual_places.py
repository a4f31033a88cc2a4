"""Places where runs start or end again, which are hidden from others though nobody drew a zone.

The ends of each run are cut (`core.hiding`), by so little that many a door from which several runs
were shown is found. Most people draw no zone, so one is put wherever more than one run starts or
ends: in the middle of those ends, as large as the one that the page proposes, and shifted like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beatrunner.core.hiding import PrivacyZone, within
from beatrunner.core.recording import Samples

#: A place of one run is a race, or a hotel.
LEAST_RUNS = 2
RADIUS_M = 200
MOST_PLACES = 20
_TURN_DEG = 360.0
_CELL_DEG = 0.002
_CELLS_AROUND = round(_TURN_DEG / _CELL_DEG)

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class UsualPlace:
    zone: PrivacyZone
    runs: int


def usual_places(ends: Samples, settled: Sequence[PrivacyZone] = ()) -> list[UsualPlace]:
    """The place of most runs first.

    `ends` is [run, start or end, latitude or longitude]; those in a `settled` circle, of which the
    runner has said what is to be, do not count.
    """
    latitude, longitude = ends.reshape(-1, 2).T
    run = np.repeat(np.arange(len(ends)), 2)
    is_left = np.ones(len(run), dtype=bool)
    for zone in settled:
        is_left &= ~within(zone, latitude, longitude)
    found: list[UsualPlace] = []
    while len(found) < MOST_PLACES:
        is_in = is_left & _in_fullest_cell(latitude, longitude, run, is_left)
        if len(np.unique(run[is_in])) < LEAST_RUNS:
            break
        # Twice, as a door may lie at the edge of its cell.
        for _ in range(2):
            middle_deg = float(np.median(latitude[is_in])), _middle_deg(longitude[is_in])
            zone = PrivacyZone(*middle_deg, RADIUS_M)
            is_in |= is_left & within(zone, latitude, longitude)
        found.append(UsualPlace(zone, len(np.unique(run[is_in]))))
        is_left &= ~is_in
    return sorted(found, key=lambda place: -place.runs)


def _middle_deg(longitude: Samples) -> float:
    """Also of places on both sides of where the degrees begin anew."""
    first = longitude[:1]
    return _unwound(first + np.median(_unwound(longitude - first))).item()


def _unwound(degrees: Samples) -> Samples:
    """The same, within half a turn of zero."""
    return degrees - _TURN_DEG * np.round(degrees / _TURN_DEG)


def _in_fullest_cell(
    latitude: Samples, longitude: Samples, run: npt.NDArray[np.intp], is_left: _Flags
) -> _Flags:
    """Which ends lie in the cell where most runs have one that is left."""
    rows, columns = (np.rint(each / _CELL_DEG).astype(np.int64) for each in (latitude, longitude))
    cells = rows * _CELLS_AROUND + columns % _CELLS_AROUND
    # Once for a run that starts and ends there.
    visits = np.unique(np.stack((cells, run))[:, is_left], axis=1)[0]
    if len(visits) == 0:
        return is_left
    visited, runs = np.unique(visits, return_counts=True)
    return np.asarray(cells == visited[runs.argmax()])
