"""Who has 50 shared runs of somebody, and a map: for how many homes do they find the door?

As they are shown: with a zone on the door; of a runner who did nothing, where the place of several
runs is hidden; with the ends cut alone, as they are where the runner wants no zone; and so of two
runs, which tells why a place of two is hidden. The controls: uncut, and cut as one would at first,
at 200 m about the door, with figures and profile of the whole run.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from beatrunner.core.clip import ShownRun, clip
from beatrunner.core.hiding import SHIFT_M, ZONE_SHIFT_M, PrivacyZone
from beatrunner.core.recording import Streams
from beatrunner.core.usual_places import usual_places
from benchmarks.figures import Figure, Report, at_least, at_most, plain
from benchmarks.zone_attacks import (
    Shown,
    circle_guesses,
    elevation_guess,
    gap_guess,
    knowing_guess,
)
from benchmarks.zone_town import Metres, Town, runs, town

HOMES = 1000
RUNS = 50
FOUND_M = 50.0
_NAIVE_CUT_M = 200.0
_ZONE_M = 200.0
_ATTACKS = ("circle", "gap", "elevation", "knows the code")
_NOTHING: Metres = np.zeros(0)

#: How runs are shown.
Show = Callable[[Town, Sequence[Streams]], Sequence[Shown | None]]


def main() -> Report:
    return {"bench": "zones", "figures": figures(HOMES, RUNS)}


def figures(homes: int, count: int) -> list[Figure]:
    found: Counter[tuple[str, str]] = Counter()
    for number in range(homes):
        home = town(number)
        recorded = list(runs(home, count))
        for way, show in _WAYS.items():
            shown = [run for run in show(home, recorded) if run is not None]
            found.update((way, attack) for attack in _successes(home, way, shown))
        if number % 50 == 49:
            print(f"  {number + 1} homes", file=sys.stderr, flush=True)
    rate = {key: 100.0 * hits / homes for key, hits in found.items()}
    told = [
        at_most(f"{way}: {attack}", rate.get((way, attack), 0.0), "%", 1.0)
        for way in ("zone", "did nothing")
        for attack in _ATTACKS
    ]
    # What hides less than 0.8 km² cannot do better than some percent.
    told += [
        plain(f"{way}: {attack}", rate.get((way, attack), 0.0), "%")
        for way in ("ends alone", "ends of two")
        for attack in _ATTACKS
    ]
    told.append(at_least("control: circle, uncut", rate.get(("uncut", "circle"), 0.0), "%", 90))
    told += [
        at_least(f"control: {attack}, 200 m cut", rate.get(("naive", attack), 0.0), "%", 50)
        for attack in _ATTACKS[:3]
    ]
    return told


def _successes(home: Town, way: str, shown: Sequence[Shown]) -> list[str]:
    """By which attacks the door, which is the origin, is found."""
    if len(shown) < 2:
        return []
    guesses = {"circle": circle_guesses(shown)}
    if way != "uncut":
        guesses["gap"] = [gap_guess(home, shown)]
        guesses["elevation"] = [elevation_guess(home, shown)]
    if way in _SHIFTS:
        rng = np.random.default_rng((home.number, 13))
        guesses["knows the code"] = [knowing_guess(shown, _SHIFTS[way], rng)]
    return [
        attack
        for attack, tried in guesses.items()
        if min(math.hypot(*guess) for guess in tried) <= FOUND_M
    ]


def _uncut(home: Town, recorded: Sequence[Streams]) -> list[Shown]:
    nothing = _NOTHING, _NOTHING
    return [Shown(_line_m(home, streams), (0.0, 0.0), nothing) for streams in recorded]


def _naive(home: Town, recorded: Sequence[Streams]) -> list[Shown]:
    """The line alone is cut."""
    return [_cut_at_the_door(home, streams) for streams in recorded]


def _cut_at_the_door(home: Town, streams: Streams) -> Shown:
    line_m = _line_m(home, streams)
    out = np.flatnonzero(np.hypot(*line_m.T) > _NAIVE_CUT_M)
    altitude_m, distance_m = streams.columns["altitude_m"], streams.columns["distance_m"]
    return Shown(
        line_m[out],
        (float(distance_m[out[0]]), float(distance_m[-1] - distance_m[out[-1]])),
        (altitude_m[out[0] :: -1], altitude_m[out[-1] :]),
    )


def _with_a_zone(home: Town, recorded: Sequence[Streams]) -> list[Shown | None]:
    return _projected(home, recorded, [PrivacyZone(*home.door, _ZONE_M)])


def _did_nothing(home: Town, recorded: Sequence[Streams]) -> list[Shown | None]:
    ends = [
        [[streams.columns[name][row] for name in ("latitude", "longitude")] for row in (0, -1)]
        for streams in recorded
    ]
    return _projected(home, recorded, [each.zone for each in usual_places(np.array(ends))])


def _ends_alone(home: Town, recorded: Sequence[Streams]) -> list[Shown | None]:
    return _projected(home, recorded, [])


def _ends_of_two(home: Town, recorded: Sequence[Streams]) -> list[Shown | None]:
    return _projected(home, recorded[:2], [])


def _projected(
    home: Town, recorded: Sequence[Streams], zones: Sequence[PrivacyZone]
) -> list[Shown | None]:
    key = home.number.to_bytes(8, "big")
    return [
        _as_shown(home, clip(streams, zones, key, run.to_bytes(8, "big")))
        for run, streams in enumerate(recorded)
    ]


def _as_shown(home: Town, shown: ShownRun | None) -> Shown | None:
    if shown is None or shown.figures.distance_m is None:
        return None
    line_m, distance_m = _line_m(home, shown.streams), shown.streams.columns["distance_m"]
    gaps_m = float(distance_m[0]), shown.figures.distance_m - float(distance_m[-1])
    return Shown(line_m[np.isfinite(line_m[:, 0])], gaps_m, (_NOTHING, _NOTHING))


def _line_m(home: Town, streams: Streams) -> Metres:
    return home.metres(streams.columns["latitude"], streams.columns["longitude"])


_WAYS: dict[str, Show] = {
    "uncut": _uncut,
    "naive": _naive,
    "ends alone": _ends_alone,
    "ends of two": _ends_of_two,
    "did nothing": _did_nothing,
    "zone": _with_a_zone,
}
_SHIFTS = {
    "ends alone": SHIFT_M,
    "ends of two": SHIFT_M,
    "did nothing": ZONE_SHIFT_M,
    "zone": ZONE_SHIFT_M,
}
