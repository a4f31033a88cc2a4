"""How a stranger looks for a door, from nothing but what was shown of many runs, and from a map.

- the circle (Hassan et al. 2018): lines begin and end on circles; where is their middle?
- the gap (Dhondt et al. 2022): the run claims more than it shows; from where is it that far?
- the elevation (Meteriz et al.): the profile goes on where the line ends; which hills are these?
- knowing the code: the centre is off the door by so much; so guess one of the places it may be.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from benchmarks.zone_town import Metres, Town, town

_PITCH_M = 25.0
_REACH_M = 800.0
_MAP_M, _MAP_PITCH_M = 2500.0, 10.0
#: Profiles are compared at this many places, of this many runs.
_PLACES = 6
_PROFILES = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """What is seen of one run: its line, how long a way it claims before and after that, and the
    altitudes of those, from the line to the door, as far as they are shown besides."""

    line_m: Metres
    gaps_m: tuple[float, float]
    profiles_m: tuple[Metres, Metres]

    @property
    def ends_m(self) -> tuple[Metres, Metres]:
        return self.line_m[0], self.line_m[-1]


def circle_guesses(shown: Sequence[Shown]) -> list[Metres]:
    """Three ways to find the middle; the attack succeeds if one of them does."""
    ends_m = _ends_m(shown)
    return [np.median(ends_m, axis=0), _one_circle(ends_m), centre_of_circles(shown)]


def _one_circle(ends_m: Metres) -> Metres:
    """After Kåsa (1976): all ends lie on one circle."""
    system = np.column_stack([ends_m, np.ones(len(ends_m))])
    fit, *_ = np.linalg.lstsq(system, (ends_m**2).sum(axis=1), rcond=None)
    return np.asarray(fit[:2] / 2.0)


def centre_of_circles(shown: Sequence[Shown]) -> Metres:
    """Each run has a circle of its own size; its centre is as far from where the line begins as
    from where it ends. Least squares, again and again, with less weight for who does not agree."""
    begins, ends = (np.array([run.ends_m[side] for run in shown]) for side in (0, 1))
    across = begins - ends
    long_m = np.maximum(np.hypot(*across.T), 1e-6)
    across = across / long_m[:, None]
    middle = ((begins + ends) / 2.0 * across).sum(axis=1)
    # Two ends that are one say nothing.
    weights = np.minimum(long_m, 200.0)
    trust = weights
    found = np.median(begins, axis=0)
    for _ in range(20):
        found, *_ = np.linalg.lstsq(across * trust[:, None], middle * trust, rcond=None)
        trust = weights / np.maximum(np.abs(across @ found - middle), 5.0)
    return np.asarray(found)


def gap_guess(home: Town, shown: Sequence[Shown]) -> Metres:
    """The place from which the ways along the streets are as long as what is missing."""
    places_m = _places_m(shown)
    streets = home.to_streets(places_m)
    misfit = np.zeros(len(places_m))
    for run in shown:
        for end_m, gap_m in zip(run.ends_m, run.gaps_m, strict=True):
            way_m = np.abs(streets - home.to_streets(end_m[None])).sum(axis=1)
            misfit += np.minimum(np.abs(way_m - gap_m), 200.0)
    return np.asarray(places_m[misfit.argmin()])


def elevation_guess(home: Town, shown: Sequence[Shown]) -> Metres:
    """The place to which the hills rise and fall as the hidden ends of the profile do."""
    places_m = _places_m(shown)
    misfit = np.zeros(len(places_m))
    parts = np.linspace(0.0, 1.0, _PLACES)
    for run in shown[:_PROFILES]:
        for end_m, profile_m in zip(run.ends_m, run.profiles_m, strict=True):
            told_m = np.zeros(_PLACES)
            if len(profile_m):
                told_m = np.interp(parts, np.linspace(0, 1, len(profile_m)), profile_m)
                told_m = told_m - told_m[0]
            ways = [_profile_misfit(home, end_m, places_m, told_m, axis=axis) for axis in (0, 1)]
            misfit += np.minimum(np.minimum(*ways), 10.0)
    return np.asarray(places_m[misfit.argmin()])


def _profile_misfit(
    home: Town, end_m: Metres, places_m: Metres, told_m: Metres, *, axis: int
) -> Metres:
    """Along one street first, then along the other."""
    start, goals = home.to_streets(end_m[None])[0], home.to_streets(places_m)
    legs = np.abs(goals - start)
    whole = np.maximum(legs.sum(axis=1), 1e-6)
    misfit = np.zeros(len(places_m))
    for part, told in zip(np.linspace(0.0, 1.0, len(told_m)), told_m, strict=True):
        at = np.repeat(start[None], len(goals), axis=0)
        gone = part * whole
        for leg in (axis, 1 - axis):
            step = np.minimum(gone, legs[:, leg])
            at[:, leg] += step * np.sign(goals[:, leg] - start[leg])
            gone = gone - step
        rise_m = _altitude_m(home, at) - _altitude_m(home, start[None])
        misfit += np.abs(rise_m - told)
    return misfit / len(told_m)


@lru_cache(maxsize=1)
def _map(number: int) -> Metres:
    """Altitudes of a town about its door, every ten metres along the streets and across them."""
    steps = np.arange(-_MAP_M, _MAP_M + 1.0, _MAP_PITCH_M)
    squares = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    home = town(number)
    heights_m = home.altitude_m(home.from_streets(squares.reshape(-1, 2)))
    return np.asarray(heights_m.reshape(len(steps), len(steps)))


def _altitude_m(home: Town, streets_m: Metres) -> Metres:
    heights_m = _map(home.number)
    squares = np.rint((streets_m + _MAP_M) / _MAP_PITCH_M).astype(int)
    squares = np.clip(squares, 0, len(heights_m) - 1)
    return np.asarray(heights_m[squares[:, 0], squares[:, 1]])


def knowing_guess(
    shown: Sequence[Shown], shift_m: tuple[float, float], rng: np.random.Generator
) -> Metres:
    """One of all places that are as far off the centre as the code says."""
    away_m = math.sqrt(rng.uniform(shift_m[0] ** 2, shift_m[1] ** 2))
    bearing = rng.uniform(0.0, 2.0 * math.pi)
    off_m = away_m * np.array([math.cos(bearing), math.sin(bearing)])
    return np.asarray(centre_of_circles(shown) + off_m)


def _ends_m(shown: Sequence[Shown]) -> Metres:
    return np.array([end for run in shown for end in run.ends_m])


def _places_m(shown: Sequence[Shown]) -> Metres:
    """A grid about where the lines begin."""
    middle = np.median(_ends_m(shown), axis=0)
    steps = np.arange(-_REACH_M, _REACH_M + 1.0, _PITCH_M)
    return np.asarray(middle + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2))
