"""Who has 50 shared runs of somebody, and a map: for how many homes do they find the door?

As they are shown, with a zone on the door, and with the ends cut alone; the controls: uncut, and
cut as one would at first, at 200 m about the door, with figures and profile of the whole run.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from beatrunner.core.clip import clip
from beatrunner.core.hiding import SHIFT_M, ZONE_SHIFT_M, PrivacyZone
from beatrunner.core.recording import Streams
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

#: How a run is shown, by its number.
Show = Callable[[Town, Streams, int], Shown | None]


def main() -> Report:
    return {"bench": "zones", "figures": figures(HOMES, RUNS)}


def figures(homes: int, count: int) -> list[Figure]:
    found: Counter[tuple[str, str]] = Counter()
    for number in range(homes):
        home = town(number)
        recorded = list(runs(home, count))
        for way, show in _WAYS.items():
            shown = [show(home, streams, run) for run, streams in enumerate(recorded)]
            found.update((way, attack) for attack in _successes(home, way, _seen(shown)))
        if number % 50 == 49:
            print(f"  {number + 1} homes", file=sys.stderr, flush=True)
    rate = {key: 100.0 * hits / homes for key, hits in found.items()}
    told = [
        at_most(f"zone: {attack}", rate.get(("zone", attack), 0.0), "%", 1.0) for attack in _ATTACKS
    ]
    # What hides less than 0.8 km² cannot do better than some percent of who shares 50 runs.
    told += [
        plain(f"ends alone: {attack}", rate.get(("ends", attack), 0.0), "%") for attack in _ATTACKS
    ]
    told.append(at_least("control: circle, uncut", rate.get(("uncut", "circle"), 0.0), "%", 90))
    told += [
        at_least(f"control: {attack}, 200 m cut", rate.get(("naive", attack), 0.0), "%", 50)
        for attack in _ATTACKS[:3]
    ]
    return told


def _seen(shown: Sequence[Shown | None]) -> list[Shown]:
    return [run for run in shown if run is not None]


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


def _uncut(home: Town, streams: Streams, _: int) -> Shown:
    line_m = _line_m(home, streams)
    return Shown(line_m, (0.0, 0.0), (_NOTHING, _NOTHING))


def _naive(home: Town, streams: Streams, _: int) -> Shown:
    """The line alone is cut."""
    line_m = _line_m(home, streams)
    out = np.flatnonzero(np.hypot(*line_m.T) > _NAIVE_CUT_M)
    altitude_m, distance_m = streams.columns["altitude_m"], streams.columns["distance_m"]
    return Shown(
        line_m[out],
        (float(distance_m[out[0]]), float(distance_m[-1] - distance_m[out[-1]])),
        (altitude_m[out[0] :: -1], altitude_m[out[-1] :]),
    )


def _projected(zones: Callable[[Town], Sequence[PrivacyZone]]) -> Show:
    def show(home: Town, streams: Streams, run: int) -> Shown | None:
        key, name = home.number.to_bytes(8, "big"), run.to_bytes(8, "big")
        shown = clip(streams, zones(home), key, name)
        if shown is None or shown.figures.distance_m is None:
            return None
        line_m, distance_m = _line_m(home, shown.streams), shown.streams.columns["distance_m"]
        gaps_m = float(distance_m[0]), shown.figures.distance_m - float(distance_m[-1])
        return Shown(line_m[np.isfinite(line_m[:, 0])], gaps_m, (_NOTHING, _NOTHING))

    return show


def _line_m(home: Town, streams: Streams) -> Metres:
    return home.metres(streams.columns["latitude"], streams.columns["longitude"])


_WAYS: dict[str, Show] = {
    "uncut": _uncut,
    "naive": _naive,
    "ends": _projected(lambda home: ()),
    "zone": _projected(lambda home: (PrivacyZone(*home.door, _ZONE_M),)),
}
_SHIFTS = {"ends": SHIFT_M, "zone": ZONE_SHIFT_M}
