"""Recordings made in code: a steady run, to be spoiled by each test in its own way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from beatrunner.core.recording import RawRecording, RepairCode, Samples, Streams
from beatrunner.core.resample import to_grid

METRES_PER_DEGREE = 111_195.08


def run(sample_s: Samples, columns: Mapping[str, Samples], **other: Any) -> RawRecording:
    return RawRecording(
        sport=other.pop("sport", "run"),
        started_at=datetime(2026, 3, 1, 6, 30, tzinfo=UTC),
        sample_s=np.asarray(sample_s, dtype=np.float64),
        columns=columns,
        **other,
    )


def steady_columns(sample_s: Samples, speed_mps: float = 3.0) -> dict[str, Samples]:
    """Northwards on the flat, without distance and speed."""
    sample_s = np.asarray(sample_s, dtype=np.float64)
    return {
        "latitude": 50.0 + sample_s * speed_mps / METRES_PER_DEGREE,
        "longitude": np.full(len(sample_s), 8.0),
        "altitude_m": np.full(len(sample_s), 120.0),
        "heart_rate_bpm": np.full(len(sample_s), 150.0),
        "cadence_spm": np.full(len(sample_s), 170.0),
    }


def device_columns(sample_s: Samples, speed_mps: float = 3.0) -> dict[str, Samples]:
    """The same with the device's own distance and speed."""
    return steady_columns(sample_s, speed_mps) | {
        "distance_m": np.asarray(sample_s, dtype=np.float64) * speed_mps,
        "speed_mps": np.full(len(sample_s), speed_mps),
    }


def gridded(raw: RawRecording) -> tuple[Streams, dict[RepairCode, int]]:
    streams, repairs = to_grid(raw)
    return streams, {repair.code: repair.count for repair in repairs}
