"""Invented homes and the runs from their doors, in metres, on streets and over hills of their own.

Who attacks knows the streets' direction and the hills, as everybody has a map.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beatrunner.core.path import EARTH_RADIUS_M
from beatrunner.core.recording import Streams

Metres = npt.NDArray[np.float64]

_ORIGIN = (52.5, 13.4)
_HILLS = 24
_SPEED_MPS = 3.0
_GPS_M = 3.0


@dataclass(frozen=True, slots=True)
class Town:
    """Streets at right angles, turned by `turn`; the door is the origin of its metres."""

    number: int
    door: tuple[float, float]  # latitude, longitude
    turn: float
    block_m: tuple[float, float]
    #: Where the door is between the crossings of its street.
    along: float
    hills: Metres  # rows of wave north, wave east, phase, height
    favourites: Metres  # rows of metres along the streets and across them

    def altitude_m(self, points_m: Metres) -> Metres:
        waves = points_m @ self.hills[:, :2].T + self.hills[:, 2]
        return np.asarray(np.sin(waves) @ self.hills[:, 3])

    def degrees(self, points_m: Metres) -> tuple[Metres, Metres]:
        """Latitudes and longitudes of rows of metres north and east."""
        squeeze = math.cos(math.radians(self.door[0]))
        return (
            self.door[0] + np.degrees(points_m[:, 0] / EARTH_RADIUS_M),
            self.door[1] + np.degrees(points_m[:, 1] / EARTH_RADIUS_M / squeeze),
        )

    def metres(self, latitude: Metres, longitude: Metres) -> Metres:
        squeeze = math.cos(math.radians(self.door[0]))
        north_m = np.radians(latitude - self.door[0]) * EARTH_RADIUS_M
        east_m = np.radians(longitude - self.door[1]) * EARTH_RADIUS_M * squeeze
        return np.column_stack([north_m, east_m])

    def to_streets(self, points_m: Metres) -> Metres:
        """Turned so that streets run along the axes; a detour is then a sum of two differences."""
        return points_m @ _turned(self.turn)

    def from_streets(self, points_m: Metres) -> Metres:
        return points_m @ _turned(self.turn).T


def town(number: int) -> Town:
    rng = np.random.default_rng((number, 11))
    length_m = np.exp(rng.uniform(math.log(150.0), math.log(3000.0), _HILLS))
    heading = rng.uniform(0.0, 2.0 * math.pi, _HILLS)
    hills = np.column_stack(
        [
            2.0 * math.pi / length_m * np.cos(heading),
            2.0 * math.pi / length_m * np.sin(heading),
            rng.uniform(0.0, 2.0 * math.pi, _HILLS),
            length_m * rng.uniform(0.001, 0.004, _HILLS),
        ]
    )
    count = int(rng.integers(3, 7))
    away_m, bearing = rng.uniform(1200.0, 2600.0, count), rng.uniform(0.0, 2.0 * math.pi, count)
    return Town(
        number,
        (_ORIGIN[0] + rng.uniform(-0.2, 0.2), _ORIGIN[1] + rng.uniform(-0.2, 0.2)),
        rng.uniform(0.0, math.pi / 2.0),
        (rng.uniform(60.0, 160.0), rng.uniform(60.0, 160.0)),
        rng.uniform(0.0, 1.0),
        hills,
        np.column_stack([away_m * np.cos(bearing), away_m * np.sin(bearing)]),
    )


def runs(home: Town, count: int) -> Iterator[Streams]:
    """To favourite places by ways that differ, and back to the door."""
    rng = np.random.default_rng((home.number, 12))
    for _ in range(count):
        goal = home.favourites[rng.integers(len(home.favourites))] + rng.normal(0.0, 150.0, 2)
        there = _way(home, goal, rng)
        back = _way(home, goal, rng)[::-1]
        yield _recorded(home, np.concatenate([there, back[1:]]), rng)


def _way(home: Town, goal: Metres, rng: np.random.Generator) -> Metres:
    """Corners from the door to the crossing next to `goal`, in metres along the streets."""
    block = np.array(home.block_m)
    first = np.array([-home.along * block[0], 0.0])
    if rng.random() < 0.5:
        first[0] += block[0]
    left = np.rint((goal - first) / block).astype(int)
    axes = np.repeat([0, 1], np.abs(left))
    rng.shuffle(axes)
    # People keep to a street for a while.
    axes = np.concatenate([np.sort(part) for part in np.array_split(axes, max(len(axes) // 6, 1))])
    steps = np.eye(2)[axes] * np.sign(left) * block
    return np.concatenate([np.zeros((1, 2)), first[None], first + np.cumsum(steps, axis=0)])


def _recorded(home: Town, corners: Metres, rng: np.random.Generator) -> Streams:
    away_m = np.append(0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T)))
    # The watch starts some steps from the door, and stops some before it.
    begun_m, ended_m = rng.uniform(0.0, 20.0), away_m[-1] - rng.uniform(0.0, 20.0)
    speed_mps = _SPEED_MPS * rng.uniform(0.85, 1.15)
    distance_m = np.arange(begun_m, ended_m, speed_mps)
    on_street = np.column_stack([np.interp(distance_m, away_m, corners[:, k]) for k in (0, 1)])
    points_m = home.from_streets(on_street)
    altitude_m = home.altitude_m(points_m) + rng.normal(0.0, 2.0)
    wander = rng.normal(0.0, 1.0, (len(points_m) + 19, 2))
    smooth = np.column_stack([np.convolve(wander[:, k], np.ones(20), "valid") for k in (0, 1)])
    latitude, longitude = home.degrees(points_m + smooth * (_GPS_M / math.sqrt(20.0)))
    columns = {
        "latitude": latitude,
        "longitude": longitude,
        "distance_m": distance_m - distance_m[0],
        "altitude_m": altitude_m,
    }
    return Streams(len(distance_m), columns, np.ones(len(distance_m), dtype=bool))


def _turned(turn: float) -> Metres:
    return np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
