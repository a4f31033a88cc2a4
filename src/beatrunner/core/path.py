"""Lines over the ground: length, a few points that keep the shape, and a short text form.

Thumbnails need 80 points, not 4,000. Points are dropped by Visvalingam and Whyatt's effective
area (Cartographic Journal 30, 1993): again and again the point that spans the smallest triangle
with its neighbours goes. The text form is Google's encoded polyline algorithm format, which map
libraries read.
"""

from __future__ import annotations

import numpy as np

from beatrunner.core.recording import Samples

EARTH_RADIUS_M = 6_371_008.8
THUMBNAIL_POINTS = 80


def haversine_m(
    latitude_1: Samples, longitude_1: Samples, latitude_2: Samples, longitude_2: Samples
) -> Samples:
    """Great-circle distances between points in degrees, elementwise; NaN where one is NaN."""
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = np.radians(longitude_2 - longitude_1) / 2
    a = np.sin(half_phi) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lambda) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(a, 0.0, 1.0))))
