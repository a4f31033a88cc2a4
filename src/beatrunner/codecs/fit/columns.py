"""FIT record messages as columns in canonical units.

Cadence is left as FIT has it, in revolutions or strides (one leg) per minute: how to count it is
for the one who knows the sport.
"""

from __future__ import annotations

import numpy as np

from beatrunner.codecs.fit.messages import Messages
from beatrunner.codecs.fit.profile import SEMICIRCLES_PER_DEGREE, Record
from beatrunner.core.recording import Samples


def read_columns(records: Messages) -> dict[str, Samples]:
    """Every column of `core.recording.COLUMNS`, NaN where a record lacks it."""
    speed_mps, distance_m = _compressed_speed_distance(records)
    return {
        "latitude": records.numbers(Record.LATITUDE) / SEMICIRCLES_PER_DEGREE,
        "longitude": records.numbers(Record.LONGITUDE) / SEMICIRCLES_PER_DEGREE,
        "distance_m": _first_known(records.numbers(Record.DISTANCE) / 100, distance_m),
        "altitude_m": _first_known(
            records.numbers(Record.ENHANCED_ALTITUDE) / 5 - 500,
            records.numbers(Record.ALTITUDE) / 5 - 500,
        ),
        "speed_mps": _first_known(
            records.numbers(Record.ENHANCED_SPEED) / 1000,
            records.numbers(Record.SPEED) / 1000,
            speed_mps,
        ),
        "heart_rate_bpm": records.numbers(Record.HEART_RATE),
        "cadence_spm": _cadence(records),
    }


def _cadence(records: Messages) -> Samples:
    whole = records.numbers(Record.CADENCE)
    fraction = np.nan_to_num(records.numbers(Record.FRACTIONAL_CADENCE) / 128)
    return _first_known(whole + fraction, records.numbers(Record.CADENCE_256) / 256)


def _compressed_speed_distance(records: Messages) -> tuple[Samples, Samples]:
    """Speed and distance from three bytes: 12 bits of 1/100 m/s, then 12 bits of 1/16 m.

    The distance wraps every 256 m and is summed up again, from its first value on.
    """
    speed_mps = np.full(len(records), np.nan)
    distance_m = np.full(len(records), np.nan)
    rows, cells = records.cells(Record.COMPRESSED_SPEED_DISTANCE, 3)
    is_known = ~np.all(cells == 0xFF, axis=1)
    rows, (low, middle, high) = rows[is_known], cells[is_known].astype(np.int64).T
    speed_mps[rows] = (low | (middle & 0x0F) << 8) / 100
    steps = np.diff(middle >> 4 | high << 4, prepend=0) % 4096
    distance_m[rows] = np.cumsum(steps) / 16
    return speed_mps, distance_m


def _first_known(first: Samples, *others: Samples) -> Samples:
    for other in others:
        first = np.where(np.isnan(first), other, first)
    return first
