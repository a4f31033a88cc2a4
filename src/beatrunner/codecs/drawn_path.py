"""A drawn path as some 400 bytes, which travel to the map of all runs as they are stored.

Per point: the differences to the point before (0 before the first) in latitude and longitude
(1e-5 degrees) and in time (seconds), each a zigzag varint (LEB128, the sign in the lowest bit),
then one byte of speed in steps of 0.05 m/s, 255 where it is not known. The page's
`lib/atlas/decode.ts` reads it.
"""

from __future__ import annotations

import numpy as np

from beatrunner.core.drawn_path import DrawnPath
from beatrunner.core.recording import Samples

_DEGREE = 1e5
_STEP_MPS = 0.05
_UNKNOWN = 255


def pack_drawn_path(path: DrawnPath) -> bytes:
    packed = bytearray()
    deltas = (
        _deltas(path.latitudes * _DEGREE),
        _deltas(path.longitudes * _DEGREE),
        _deltas(path.seconds),
        _speed_steps(path.speeds_mps),
    )
    for latitude, longitude, second, speed in zip(*deltas, strict=True):
        for delta in (latitude, longitude, second):
            put_varint(packed, delta << 1 if delta >= 0 else ~(delta << 1))
        packed.append(speed)
    return bytes(packed)


def put_varint(packed: bytearray, number: int) -> None:
    """Seven bits a byte, the lowest first, 0x80 = more follows; for numbers from 0."""
    while number >= 0x80:
        packed.append(0x80 | (number & 0x7F))
        number >>= 7
    packed.append(number)


def _deltas(values: Samples) -> list[int]:
    whole: list[int] = np.diff(np.rint(values).astype(np.int64), prepend=0).tolist()
    return whole


def _speed_steps(speeds_mps: Samples) -> list[int]:
    steps = np.minimum(np.rint(speeds_mps / _STEP_MPS), _UNKNOWN - 1)
    known: list[int] = np.where(np.isfinite(steps), steps, _UNKNOWN).astype(np.int64).tolist()
    return known
