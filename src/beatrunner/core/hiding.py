"""Where a run is hidden from others: circles that lie off what they hide.

Cutting a circle around the door off is not enough: where many runs come out of it shows the circle,
and its middle is the door (Thomas 2016; Hassan et al., USENIX Security 2018). Hence each circle

- holds all within 100 to 300 m of what it hides, by a keyed hash of the run, so that its size
  differs between runs and never for one run;
- has its centre off what it hides, by a keyed hash of the place, so that runs that were cut again
  and again, or a zone that was drawn anew, tell no more than one did;
- is as large as the farthest such centre needs, so that its size does not tell how far off this
  one is.

Who has many runs finds the centre, and knows this file. So it matters among how many places the
hidden one then is. Around the end of a run the centre lies 100 to 150 m off, which beats who takes
it for the door and does for a place of one run. Around a zone, drawn or put where several runs
start (`core.usual_places`), it lies 100 to 550 m off: a circle of 50 m covers less than one in a
hundred of the places where the middle of the zone may be, and no scheme that hides a smaller area
can do that.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beatrunner.core.path import EARTH_RADIUS_M, haversine_m
from beatrunner.core.recording import Samples, Streams

#: Nothing this close to an end or to a zone ever comes out; which of them, a hash decides.
CUT_M = (100.0, 300.0)
SHIFT_M = (100.0, 150.0)
ZONE_SHIFT_M = (100.0, 550.0)
#: About a street.
_PLACE_DEG = 0.004
_PLACES_AROUND = round(360.0 / _PLACE_DEG)


@dataclass(frozen=True, slots=True)
class PrivacyZone:
    """A circle that the runner drew, or that was put where several runs start or end."""

    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class HiddenCircle:
    """Nothing is shown in it. All within `cut_m` of an end, or of a zone, lies in it."""

    latitude: float
    longitude: float
    radius_m: float
    cut_m: float


def hidden_circles(
    streams: Streams, zones: Sequence[PrivacyZone], key: bytes, activity: bytes
) -> tuple[HiddenCircle, ...]:
    """One for each zone, and one for the first and the last known position; none without positions.

    An end in a zone has none of its own: beyond the zone's it would show what that hides.
    """
    latitude, longitude = streams.columns.get("latitude"), streams.columns.get("longitude")
    if latitude is None or longitude is None:
        return ()
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if len(known) == 0:
        return ()
    circles = [_around_zone(zone, key, activity) for zone in zones]
    for end, row in ((b"start", known[0]), (b"end", known[-1])):
        at = float(latitude[row]), float(longitude[row])
        if not any(
            _apart_m(at, (zone.latitude, zone.longitude)) <= zone.radius_m for zone in zones
        ):
            circles.append(_around_end(at, key, activity, end))
    return tuple(circles)


def within(
    circle: HiddenCircle | PrivacyZone, latitude: Samples, longitude: Samples
) -> npt.NDArray[np.bool_]:
    """Which positions lie in it; one that is not known does not."""
    centre = np.array([circle.latitude]), np.array([circle.longitude])
    return np.asarray(haversine_m(latitude, longitude, *centre) <= circle.radius_m)


def _around_end(at: tuple[float, float], key: bytes, activity: bytes, end: bytes) -> HiddenCircle:
    cut_m = _between(CUT_M, _draws(key, b"cut", activity, end)[0])
    far, bearing = _drift(at, key)
    return _circle(at, 0.0, cut_m, SHIFT_M[1], (_between(SHIFT_M, far), bearing))


def _around_zone(zone: PrivacyZone, key: bytes, activity: bytes) -> HiddenCircle:
    at = zone.latitude, zone.longitude
    place = f"{round(at[0] / _PLACE_DEG)} {round(at[1] / _PLACE_DEG)}".encode()
    cut_m = _between(CUT_M, _draws(key, b"zone cut", activity, place)[0])
    far, turn, _ = _draws(key, b"zone", place)
    # By area, so that every place is as likely as another.
    least, most = ZONE_SHIFT_M
    shift_m = math.sqrt(_between((least**2, most**2), far))
    return _circle(at, zone.radius_m, cut_m, most, (shift_m, 2.0 * math.pi * turn))


def _circle(
    at: tuple[float, float],
    hidden_m: float,
    cut_m: float,
    most_shift_m: float,
    shift: tuple[float, float],
) -> HiddenCircle:
    shift_m, bearing = shift
    north_m, east_m = shift_m * math.cos(bearing), shift_m * math.sin(bearing)
    stretch = max(math.cos(math.radians(at[0])), 1e-6)
    centre = (
        at[0] + math.degrees(north_m / EARTH_RADIUS_M),
        at[1] + math.degrees(east_m / EARTH_RADIUS_M / stretch),
    )
    # Near a pole the centre comes out elsewhere than was meant.
    room_m = max(most_shift_m, _apart_m(at, centre))
    return HiddenCircle(*centre, radius_m=hidden_m + cut_m + room_m, cut_m=cut_m)


def _drift(at: tuple[float, float], key: bytes) -> tuple[float, float]:
    """How far, of 1, and in which direction the centre lies off a run's end.

    It changes smoothly from street to street: where it leaped, a door on that line would have two
    centres, by the scatter of GPS, and lie between them.
    """
    row, column = at[0] / _PLACE_DEG, at[1] / _PLACE_DEG
    far = north = east = 0.0
    for i in (math.floor(row), math.floor(row) + 1):
        for j in (math.floor(column), math.floor(column) + 1):
            place = f"{i} {j % _PLACES_AROUND}".encode()
            drawn, turn, _ = _draws(key, b"place", place)
            weight = (1.0 - abs(row - i)) * (1.0 - abs(column - j))
            far += weight * drawn
            north += weight * math.cos(2.0 * math.pi * turn)
            east += weight * math.sin(2.0 * math.pi * turn)
    return far, math.atan2(east, north)


def _draws(key: bytes, *words: bytes) -> tuple[float, float, float]:
    """Three numbers in [0, 1) that only who has the key can tell."""
    digest = hmac.new(key, b"\0".join(words), hashlib.sha256).digest()
    first, second, third = (int.from_bytes(digest[i : i + 8], "big") / 2**64 for i in (0, 8, 16))
    return first, second, third


def _between(bounds: tuple[float, float], draw: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * draw


def _apart_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(haversine_m(*(np.array([degrees]) for degrees in (*one, *other)))[0])
