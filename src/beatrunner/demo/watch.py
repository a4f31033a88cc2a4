"""What the demo runner's watch writes of what really happened: noise, gaps and manners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, Samples
from beatrunner.demo.noise import wander
from beatrunner.demo.outing import Outing
from beatrunner.demo.routes import STEP_M, Course, degrees

Seconds = npt.NDArray[np.int64]

_LAP_M = 1000.0
_PATH_NOISE_M = 2.2
_SPEED_NOISE_MPS = 0.05
_DISTANCE_ERROR_SHARE = 0.006


@dataclass(frozen=True, slots=True)
class Motion:
    """The truth at every second since the start; `cadence_spm` is None where steps do not count."""

    distance_m: Samples
    speed_mps: Samples
    heart_rate_bpm: Samples
    cadence_spm: Samples | None


def record(outing: Outing, motion: Motion, rng: np.random.Generator) -> RawRecording:
    """The recording that `outing.watch` makes of the motion."""
    length_s = len(motion.distance_m)
    pauses = _pauses(motion) if outing.watch.does_auto_pause else ()
    rhythm_rng, sensors_rng = rng.spawn(2)
    kept_s = _kept_seconds(outing, length_s, pauses, rhythm_rng)
    columns = _columns(outing, motion, sensors_rng)
    distance_m = columns["distance_m"]
    return RawRecording(
        sport=outing.sport,
        started_at=outing.started_at,
        sample_s=kept_s.astype(np.float64),
        columns={name: values[kept_s] for name, values in columns.items()},
        is_indoor=outing.course is None,
        pauses=pauses,
        laps=_laps(distance_m),
        totals=_totals(columns, pauses, length_s),
        device_name=outing.watch.name,
        name=outing.name,
        description=outing.description,
        utc_offset_s=outing.utc_offset_s,
    )


def _pauses(motion: Motion) -> tuple[tuple[float, float], ...]:
    """Stretches without movement, as (last moving second, next moving second)."""
    is_still = np.concatenate([[False], motion.speed_mps[1:] <= 0.0, [False]])
    edges = np.flatnonzero(np.diff(is_still.astype(np.int8)))
    return tuple((float(start), float(end)) for start, end in edges.reshape(-1, 2))


def _kept_seconds(
    outing: Outing, length_s: int, pauses: tuple[tuple[float, float], ...], rng: np.random.Generator
) -> Seconds:
    """The seconds at which the watch writes; the first and the last are always among them."""
    is_kept = np.ones(length_s, dtype=np.bool_)
    if outing.watch.is_smart:
        is_kept[:] = False
        written_s = np.cumsum(rng.integers(1, 8, length_s))
        is_kept[written_s[written_s < length_s]] = True
    for start_s, end_s in pauses:
        is_kept[int(start_s)] = True
        is_kept[int(start_s) + 1 : int(end_s)] = False
    is_kept[[0, -1]] = True
    return np.flatnonzero(is_kept)


def _columns(outing: Outing, motion: Motion, rng: np.random.Generator) -> dict[str, Samples]:
    place_rng, pod_rng, strap_rng = rng.spawn(3)
    watch = outing.watch
    columns: dict[str, Samples] = {}
    if outing.course is not None:
        columns |= _places(outing, outing.course, motion, place_rng)
    scale = 1.0 + float(pod_rng.normal(0.0, _DISTANCE_ERROR_SHARE))
    columns["distance_m"] = motion.distance_m * scale
    smooth_mps = np.convolve(np.pad(motion.speed_mps, 2, mode="edge"), np.full(5, 0.2), "valid")
    noise_mps = wander(pod_rng, len(smooth_mps), _SPEED_NOISE_MPS, 6.0)
    columns["speed_mps"] = np.maximum(smooth_mps * scale + noise_mps * (smooth_mps > 0.3), 0.0)
    if watch.has_heart_rate:
        columns["heart_rate_bpm"] = np.round(motion.heart_rate_bpm)
        _drop_out([columns["heart_rate_bpm"]], watch.heart_dropouts, strap_rng)
    if watch.has_cadence and motion.cadence_spm is not None:
        columns["cadence_spm"] = np.round(motion.cadence_spm)
    return columns


def _places(
    outing: Outing, course: Course, motion: Motion, rng: np.random.Generator
) -> dict[str, Samples]:
    """Latitude, longitude and altitude, each with the errors of its sensor."""
    east_rng, north_rng, height_rng, gap_rng = rng.spawn(4)
    length_s = len(motion.distance_m)
    along = motion.distance_m / STEP_M
    if outing.is_reversed:
        along = len(course.east_m) - along
    place = along % len(course.east_m)

    def here(values: Samples) -> Samples:
        around = np.append(values, values[0])
        return np.asarray(np.interp(place, np.arange(len(around)), around))

    latitude, longitude = degrees(
        here(course.east_m) + wander(east_rng, length_s, _PATH_NOISE_M, 40.0),
        here(course.north_m) + wander(north_rng, length_s, _PATH_NOISE_M, 40.0),
    )
    latitude[: outing.watch.cold_start_s] = np.nan
    longitude[: outing.watch.cold_start_s] = np.nan
    _drop_out([latitude, longitude], outing.watch.path_dropouts, gap_rng)
    bias_m = float(height_rng.normal(0.0, 4.0))
    altitude = here(course.altitude_m) + bias_m + wander(height_rng, length_s, 0.8, 300.0)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "altitude_m": np.round(altitude * 5.0) / 5.0,
    }


def _drop_out(columns: Sequence[Samples], count: int, rng: np.random.Generator) -> None:
    """Blank the same `count` stretches in all columns."""
    for _ in range(count):
        start = int(rng.integers(60, max(61, len(columns[0]) - 120)))
        end = start + int(rng.integers(20, 90))
        for values in columns:
            values[start:end] = np.nan


def _laps(distance_m: Samples) -> tuple[Lap, ...]:
    """A lap for every kilometre and one for the rest."""
    crossed = np.searchsorted(distance_m, np.arange(_LAP_M, distance_m[-1], _LAP_M))
    edges = [0, *crossed.tolist(), len(distance_m) - 1]
    return tuple(
        Lap(float(start), float(end), float(distance_m[end] - distance_m[start]))
        for start, end in pairwise(edges)
        if end > start
    )


def _totals(
    columns: dict[str, Samples], pauses: tuple[tuple[float, float], ...], length_s: int
) -> DeviceTotals:
    elapsed_s = float(length_s - 1)
    ascent_m = descent_m = None
    if "altitude_m" in columns:
        smooth = np.convolve(columns["altitude_m"], np.full(21, 1 / 21), mode="valid")
        climb = np.diff(smooth)
        ascent_m, descent_m = float(climb[climb > 0].sum()), float(-climb[climb < 0].sum())
    return DeviceTotals(
        distance_m=float(columns["distance_m"][-1]),
        timer_s=elapsed_s - sum(end - start for start, end in pauses),
        elapsed_s=elapsed_s,
        ascent_m=ascent_m,
        descent_m=descent_m,
    )
