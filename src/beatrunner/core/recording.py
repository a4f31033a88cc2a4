"""What one file says about one activity, before any interpretation.

A codec turns bytes into `RawRecording`s: samples at the times at which the device wrote them, in
canonical units, NaN where the device wrote nothing. `core.resample` turns a `RawRecording` into
`Streams` on a 1 Hz grid. Both carry `Repair`s: what was wrong with the file and mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float64]

#: The measured columns a codec may deliver, in this order. Cadence counts both feet.
COLUMNS = (
    "latitude",
    "longitude",
    "distance_m",
    "altitude_m",
    "speed_mps",
    "heart_rate_bpm",
    "cadence_spm",
)


class RepairCode(StrEnum):
    """What was wrong with a file; each has a sentence for the runner in the message catalogue."""

    BAD_CHECKSUM = "bad_checksum"
    BAD_HEADER = "bad_header"
    TRUNCATED = "truncated"
    UNDEFINED_MESSAGE = "undefined_message"
    STRAY_BYTES = "stray_bytes"
    UNDECLARED_PREFIX = "undeclared_prefix"
    MALFORMED_XML = "malformed_xml"
    TIME_BACKWARDS = "time_backwards"
    TIME_JUMP = "time_jump"
    TIME_MISSING = "time_missing"
    ZERO_HEART_RATE = "zero_heart_rate"
    CADENCE_PER_LEG = "cadence_per_leg"
    CADENCE_DOUBLED_TWICE = "cadence_doubled_twice"
    DISTANCE_FROM_PATH = "distance_from_path"
    DISTANCE_FROM_SPEED = "distance_from_speed"
    DISTANCE_BACKWARDS = "distance_backwards"
    IMPLAUSIBLE_VALUES = "implausible_values"
    NO_SUMMARY = "no_summary"


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of mending; `count` says how many samples (or bytes, or messages) it touched."""

    code: RepairCode
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lap:
    """A lap in seconds since the recording's start; figures are the device's, or None."""

    start_s: float
    end_s: float
    distance_m: float | None = None


@dataclass(frozen=True, slots=True)
class DeviceTotals:
    """What the device itself summed up; None where it did not."""

    distance_m: float | None = None
    timer_s: float | None = None
    elapsed_s: float | None = None
    ascent_m: float | None = None
    descent_m: float | None = None


@dataclass(frozen=True, slots=True)
class RawRecording:
    """One activity as one file tells it.

    `sample_s` holds seconds since `started_at` as written by the device: possibly uneven,
    repeated or stepping backwards. Every array of `columns` has its length; a column that
    the device never wrote is absent. A treadmill has `grade_pct` besides, its incline.
    `pauses` are (start_s, end_s) pairs during which the device's timer stood still. `sport` is
    one of `core.sports.SPORTS`; it is guessed when the file has no word for it that we know,
    only a title or a pace.
    """

    sport: str
    started_at: datetime
    sample_s: Samples
    columns: Mapping[str, Samples]
    is_sport_guessed: bool = False
    is_indoor: bool = False
    pauses: tuple[tuple[float, float], ...] = ()
    laps: tuple[Lap, ...] = ()
    totals: DeviceTotals = field(default_factory=DeviceTotals)
    device_name: str | None = None
    name: str | None = None
    description: str | None = None
    utc_offset_s: int | None = None
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Streams:
    """An activity on a 1 Hz grid: row i is second i since the start; NaN is a gap.

    `columns` has `COLUMNS` that were measured or could be derived, plus `grade_pct` and
    `grade_adjusted_speed_mps`; all of length `length_s`. `is_moving` is False in pauses and
    while standing.
    """

    length_s: int
    columns: Mapping[str, Samples]
    is_moving: npt.NDArray[np.bool_]
