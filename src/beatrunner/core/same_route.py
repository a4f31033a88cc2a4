"""How much of a way two runs share, told by their drawn lines of a few dozen points.

Two runs are compared metre by metre only where they went the same way in the same direction, so the
order along the way counts: a place of the one line is shared when the other line comes near it at
about the same part of its own length. About, since satellites lengthen every line by a little, and
somebody starts the watch at the next corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from beatrunner.core.path import EARTH_RADIUS_M
from beatrunner.core.recording import Samples

#: From here two runs are called runs of one route.
LEAST_SHARED = 0.8
#: Streets have two sides, satellites err, and a drawn line cuts corners.
_NEAR_M = 70.0
_PLACES = 200
_ABOUT = 0.05


@dataclass(frozen=True, slots=True)
class Route:
    """Places at even distances along a line, in degrees; both columns of one length."""

    latitudes: Samples
    longitudes: Samples


def route_of(latitudes: Samples, longitudes: Samples) -> Route | None:
    """None for fewer than two points, or for a line without length. No NaN."""
    if len(latitudes) < 2:
        return None
    x_m, y_m = _plane_m(latitudes, longitudes, float(latitudes[0]), float(longitudes[0]))
    along_m = np.concatenate((np.zeros(1), np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))))
    if along_m[-1] <= 0:
        return None
    places_m = np.linspace(0.0, along_m[-1], _PLACES)
    return Route(
        np.interp(places_m, along_m, latitudes),
        np.interp(places_m, along_m, np.unwrap(longitudes, period=360.0)),
    )


def shared_way(a: Route, b: Route) -> float:
    """Part of the way that the two share, 0 to 1: of the one that shares less of its own.

    Symmetric; 1 for a route and itself.
    """
    latitude, longitude = float(a.latitudes[0]), float(a.longitudes[0])
    ax_m, ay_m = _plane_m(a.latitudes, a.longitudes, latitude, longitude)
    bx_m, by_m = _plane_m(b.latitudes, b.longitudes, latitude, longitude)
    apart_m = np.hypot(ax_m[:, None] - bx_m[None, :], ay_m[:, None] - by_m[None, :])
    part = np.linspace(0.0, 1.0, _PLACES)
    is_shared = (apart_m <= _NEAR_M) & (np.abs(part[:, None] - part[None, :]) <= _ABOUT)
    return float(min(is_shared.any(axis=1).mean(), is_shared.any(axis=0).mean()))


def _plane_m(
    latitudes: Samples, longitudes: Samples, latitude: float, longitude: float
) -> tuple[Samples, Samples]:
    """East and north of a place, good enough for the reach of a run."""
    east = (longitudes - longitude + 180.0) % 360.0 - 180.0
    metres = EARTH_RADIUS_M * np.pi / 180.0
    return east * metres * np.cos(np.radians(latitude)), (latitudes - latitude) * metres
