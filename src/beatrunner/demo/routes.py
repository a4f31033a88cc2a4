"""The courses of the demo runner: closed lines over an invented but smooth landscape.

Courses are drawn by hand as corners in metres east and north of the market square of a small
town that does not exist, put down on the (real, dry) high land of the Swabian Alb. Corners are
rounded as a runner rounds them, and the height of every point comes from one landscape: a river
valley north of the town and a wooded ridge south of it. So two courses that cross agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from beatrunner.core.pace import grade_adjusted_speed_mps
from beatrunner.core.recording import Samples

Corners = tuple[tuple[float, float], ...]

#: Distance between two points of a course.
STEP_M = 5.0

_ORIGIN_LATITUDE = 48.42
_ORIGIN_LONGITUDE = 9.62
_M_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Course:
    """A closed line: arrays hold a point every `STEP_M`; the last is one step before the first.

    `lights_m` are distances at which a runner may have to wait. `effort` is the speed on the
    flat, per m/s here, that costs the runner the same; `reverse_effort` has the same for running
    the other way round, in that order.
    """

    name: str
    east_m: Samples
    north_m: Samples
    altitude_m: Samples
    effort: Samples
    reverse_effort: Samples
    lights_m: tuple[float, ...]

    @property
    def length_m(self) -> float:
        return len(self.east_m) * STEP_M


def altitude_m(east_m: Samples, north_m: Samples) -> Samples:
    """The landscape: valley floor, town terrace, ridge, and hollows that only trails notice."""
    valley = -18.0 * np.exp(-(((north_m - _river_north_m(east_m)) / 350.0) ** 2))
    ridge = 190.0 / (1.0 + np.exp((north_m + 2600.0) / 330.0))
    ridge = ridge * (1.0 + 0.25 * np.sin(east_m / 900.0))
    rolling = 12.0 * np.sin(east_m / 520.0 + 1.0) * np.cos(north_m / 610.0)
    hollows = 7.0 * np.sin(east_m / 130.0) * np.sin(north_m / 150.0) * ridge / 190.0
    height: Samples = 628.0 + valley + ridge + rolling + hollows
    return height


def degrees(east_m: Samples, north_m: Samples) -> tuple[Samples, Samples]:
    """(latitude, longitude) of points given in metres from the market square."""
    latitude = _ORIGIN_LATITUDE + north_m / _M_PER_DEGREE
    metres = _M_PER_DEGREE * np.cos(np.radians(_ORIGIN_LATITUDE))
    return latitude, _ORIGIN_LONGITUDE + east_m / metres


@cache
def course(name: str) -> Course:
    """One of `COURSES`. Raises KeyError for a name that is not there."""
    corners, lights_m = COURSES[name]
    east, north = _even_steps(*_rounded(corners))
    height = altitude_m(east, north)
    if name in _LEVELLED:
        height = np.full(len(height), height.mean())
    around = np.concatenate([height[-4:], height, height[:4]])
    grade_pct = 100.0 * (around[8:] - around[:-8]) / (8 * STEP_M)
    flat_mps = np.ones(len(grade_pct))
    effort = grade_adjusted_speed_mps(flat_mps, grade_pct)
    reverse_effort = grade_adjusted_speed_mps(flat_mps, -grade_pct[::-1])
    return Course(name, east, north, height, effort, reverse_effort, lights_m)


def _rounded(corners: Corners, cuts: int = 3) -> tuple[Samples, Samples]:
    """Corner cutting (Chaikin): each cut replaces a corner by two nearer to its neighbours."""
    line = np.array(corners, dtype=np.float64)
    for _ in range(cuts):
        after = np.roll(line, -1, axis=0)
        line = np.stack([0.8 * line + 0.2 * after, 0.2 * line + 0.8 * after], axis=1)
        line = line.reshape(-1, 2)
    return line[:, 0], line[:, 1]


def _even_steps(east_m: Samples, north_m: Samples) -> tuple[Samples, Samples]:
    east, north = np.append(east_m, east_m[0]), np.append(north_m, north_m[0])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
    wanted = np.arange(int(along[-1] / STEP_M)) * STEP_M
    return np.interp(wanted, along, east), np.interp(wanted, along, north)


def _river_north_m(east_m: Samples) -> Samples:
    north: Samples = 900.0 + 160.0 * np.sin(east_m / 640.0) + 60.0 * np.sin(east_m / 230.0)
    return north


def _along_river(from_east_m: int, to_east_m: int, bank_m: float) -> Corners:
    step_m = 120 if to_east_m > from_east_m else -120
    east = np.arange(from_east_m, to_east_m, step_m, dtype=np.float64)
    return tuple(zip(east.tolist(), (_river_north_m(east) + bank_m).tolist(), strict=True))


def _oval() -> Corners:
    """A 400 m track: two straights of 84.39 m, two half circles of 36.5 m radius."""
    turn = np.linspace(-np.pi / 2, np.pi / 2, 13)
    right = [(42.2 + 36.8 * float(np.cos(a)), 36.8 * float(np.sin(a))) for a in turn]
    left = [(-east, -north) for east, north in right]
    return tuple((1250.0 + east, 420.0 + north) for east, north in right + left)


_TOWN: Corners = (
    (0, 0), (310, 60), (640, 120), (610, 330), (930, 390), (880, 700), (560, 640), (250, 700),
    (210, 480), (-150, 410), (-460, 350), (-500, 560), (-820, 500), (-760, 180), (-730, -60),
    (-420, 0), (-380, -210), (-60, -150),
)  # fmt: skip
_STATION: Corners = (
    (0, 0), (-60, -150), (270, -90), (330, -420), (650, -360), (980, -300), (1310, -240),
    (1250, 80), (1560, 160), (1500, 480), (1180, 420), (1120, 740), (800, 680), (850, 390),
    (610, 330), (640, 120), (310, 60),
)  # fmt: skip
_HILL_STREETS: Corners = (
    (0, 0), (-60, -150), (-110, -470), (-430, -530), (-380, -880), (-620, -1250), (-400, -1620),
    (-60, -1760), (250, -2050), (560, -1900), (700, -1560), (980, -1380), (920, -980),
    (600, -1040), (650, -700), (330, -760), (380, -440), (270, -90), (160, 30),
)  # fmt: skip
_RIDGE: Corners = (
    (-380, -880), (-640, -1400), (-560, -1900), (-900, -2250), (-820, -2620), (-1240, -2800),
    (-1180, -3160), (-1600, -3300), (-1450, -3620), (-960, -3500), (-520, -3720), (-80, -3480),
    (300, -3650), (760, -3420), (1180, -3560), (1500, -3220), (1240, -2980), (1420, -2640),
    (1050, -2480), (1120, -2100), (700, -1980), (430, -1600), (0, -1450), (-150, -1050),
)  # fmt: skip
_QUARRY: Corners = (
    (600, -1040), (900, -1500), (820, -1960), (1150, -2180), (1050, -2560), (1420, -2620),
    (1700, -2900), (1560, -3250), (1160, -3120), (860, -3330), (520, -3080), (640, -2700),
    (300, -2520), (420, -2080), (130, -1780), (330, -1320),
)  # fmt: skip
_VILLAGES: Corners = (
    (0, 0), (-460, 350), (-820, 500), (-1500, 420), (-2300, 760), (-3100, 600), (-3900, 1050),
    (-4300, 1800), (-3700, 2500), (-2900, 2700), (-2100, 3150), (-1200, 2850), (-500, 3200),
    (400, 2900), (1300, 3050), (2000, 2500), (2600, 1900), (2300, 1200), (1560, 900),
    (1250, 80), (650, -360), (270, -90),
)  # fmt: skip

#: Courses that were built flat, whatever the land was before.
_LEVELLED = {"track"}

#: Name of a course -> its corners, and where along it the traffic lights stand.
COURSES: dict[str, tuple[Corners, tuple[float, ...]]] = {
    "town": (_TOWN, (620.0, 1850.0, 2900.0, 4100.0)),
    "station": (_STATION, (480.0, 1700.0, 3300.0, 4300.0)),
    "river": (_along_river(-1900, 2300, -40.0) + _along_river(2300, -1900, 45.0), ()),
    "hill streets": (_HILL_STREETS, (330.0, 5600.0)),
    "villages": (_VILLAGES, (900.0, 14_000.0)),
    "track": (_oval(), ()),
    "ridge": (_RIDGE, ()),
    "quarry": (_QUARRY, ()),
}
