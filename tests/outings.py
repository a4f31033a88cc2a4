"""One outing as several devices would have recorded it, each with its own errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from beatrunner.core.grade import smoothed
from beatrunner.core.recording import RawRecording, Samples
from beatrunner.core.resample import to_grid
from beatrunner.core.same_run import RecordedRun

MORNING = datetime(2026, 5, 3, 6, 0, tzinfo=UTC)
_METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Outing:
    """What really happened, second by second."""

    started_at: datetime
    north_m: Samples
    east_m: Samples
    distance_m: Samples
    altitude_m: Samples
    heart_rate_bpm: Samples
    cadence_spm: Samples


def _wander(chance: np.random.Generator, length_s: int, window_s: int) -> Samples:
    """Smooth, of mean 0 and deviation about 1."""
    noise = chance.normal(size=length_s + window_s)
    return np.asarray(smoothed(noise, window_s)[:length_s] * np.sqrt(window_s / 1.5))


def outing(
    seed: int = 1,
    *,
    way: int | None = None,
    started_at: datetime = MORNING,
    length_s: int = 1500,
    speed_mps: float = 3.0,
    lap_m: float | None = None,
) -> Outing:
    """Along a winding way (the same for the same `way`), or on a round track of `lap_m`."""
    chance = np.random.default_rng(seed)
    speeds_mps = speed_mps + 0.25 * _wander(chance, length_s, 20)
    distance_m = np.concatenate(([0.0], np.cumsum(speeds_mps)[:-1]))
    if lap_m is None:
        path = np.random.default_rng(seed if way is None else way)
        headings = np.cumsum(0.05 * _wander(path, 12_000, 60))
        north_m = np.interp(distance_m, np.arange(12_000), np.cumsum(np.cos(headings)))
        east_m = np.interp(distance_m, np.arange(12_000), np.cumsum(np.sin(headings)))
    else:
        angle = 2 * np.pi * distance_m / lap_m
        north_m, east_m = lap_m / 2 / np.pi * np.sin(angle), lap_m / 2 / np.pi * np.cos(angle)
    return Outing(
        started_at,
        north_m,
        east_m,
        distance_m,
        400.0 + 15.0 * np.sin(distance_m / 400.0),
        140.0 + 8.0 * _wander(chance, length_s, 40),
        170.0 + 4.0 * _wander(chance, length_s, 30),
    )


def recorded(
    truth: Outing,
    seed: int = 1,
    *,
    first: int = 0,
    end: int | None = None,
    clock_s: float = 0.0,
    without: tuple[str, ...] = (),
    sport: str = "run",
    is_indoor: bool = False,
    noise_m: float = 3.0,
    rough_m: float = 0.0,
    device_name: str | None = None,
) -> RawRecording:
    """What a device that was on from second `first` to `end`, its clock `clock_s` ahead, wrote.

    Indoors it has no path, and guesses the distance.
    """
    chance = np.random.default_rng(1000 + seed)
    rows = slice(first, end)
    length = len(truth.distance_m[rows])

    def off(window_s: int) -> Samples:
        return noise_m * _wander(chance, length, window_s)

    distance_m = truth.distance_m[rows] - truth.distance_m[rows][0]
    columns = {
        "latitude": 47.0 + (truth.north_m[rows] + off(60)) / _METRES_A_DEGREE,
        "longitude": 8.0
        + (truth.east_m[rows] + off(60)) / _METRES_A_DEGREE / np.cos(np.radians(47.0)),
        "distance_m": distance_m * (0.85 if is_indoor else 1.0 + 0.005 * chance.normal()),
        "altitude_m": truth.altitude_m[rows] + rough_m * chance.normal(size=length),
        "heart_rate_bpm": np.round(truth.heart_rate_bpm[rows] + chance.normal(size=length)),
        "cadence_spm": np.round(truth.cadence_spm[rows]),
    }
    left_out = {*without, *(("latitude", "longitude", "altitude_m") if is_indoor else ())}
    return RawRecording(
        sport=sport,
        started_at=truth.started_at + timedelta(seconds=first + clock_s),
        sample_s=np.arange(length, dtype=np.float64),
        columns={name: column for name, column in columns.items() if name not in left_out},
        is_indoor=is_indoor,
        device_name=device_name,
    )


def recorded_run(raw: RawRecording) -> RecordedRun:
    streams, _ = to_grid(raw)
    return RecordedRun(raw.started_at, raw.sport, raw.is_sport_guessed, raw.is_indoor, streams)
