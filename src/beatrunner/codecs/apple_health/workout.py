"""One workout of Apple Health, as `excerpt` wrote it, to a recording.

- Several sources may have counted the same thing, the watch and the phone in the pocket: of each
  quantity the source of the workout is taken, or else the one that has the most records.
- Steps and distance are told for stretches of time, so each has the same pace within; they are
  written out every few seconds, as a grid of seconds does not bridge longer gaps.
- A pause is told by its two ends, by the runner's hand or by the watch's own sense.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from lxml import etree

from beatrunner.codecs.apple_health.excerpt import KEPT_TYPES
from beatrunner.codecs.point_table import PointTable, epoch_s
from beatrunner.codecs.xml_source import parse_xml
from beatrunner.core.recording import DeviceTotals, RawRecording, Samples
from beatrunner.core.refusals import Refusal, UnreadableFileError

#: (start_s, end_s, value) by row.
_Rows = Samples

_SPORTS = {
    "Running": "run",
    "Walking": "walk",
    "Hiking": "hike",
    "Cycling": "ride",
    "HandCycling": "ride",
    "Swimming": "swim",
    "Rowing": "row",
    "CrossCountrySkiing": "ski",
    "DownhillSkiing": "ski",
    "Snowboarding": "ski",
    "TraditionalStrengthTraining": "strength",
    "FunctionalStrengthTraining": "strength",
}
_INDOORS = {"run": "treadmill_run", "ride": "indoor_ride"}
_METRES = {"km": 1000.0, "mi": 1609.344, "m": 1.0, "yd": 0.9144, "ft": 0.3048, "cm": 0.01}
_MPS = {"m/s": 1.0, "km/hr": 1 / 3.6, "km/h": 1 / 3.6, "mi/hr": 0.44704, "mph": 0.44704}
_SECONDS = {"min": 60.0, "s": 1.0, "sec": 1.0, "hr": 3600.0}
_DISTANCES = ("DistanceWalkingRunning", "DistanceCycling")
_PAUSES = (
    ("HKWorkoutEventTypePause", "HKWorkoutEventTypeResume"),
    ("HKWorkoutEventTypeMotionPaused", "HKWorkoutEventTypeMotionResumed"),
)
_STEP_S = 5.0
#: A stretch that is told in one is not written out any finer beyond this.
_LONGEST_STRETCH_S = 15 * 60.0
_POINT_ELEMENTS = {"time": "time", "ele": "altitude_m", "speed": "speed_mps"}
_POINT_ATTRIBUTES = {"lat": "latitude", "lon": "longitude"}
_DEVICE = re.compile(r"name:([^,]*).*?(?:hardware:([^\s]*?))?(?:, software|$)")


def read_workout(data: bytes) -> list[RawRecording]:
    """The one recording of an excerpt.

    Raises `UnreadableFileError`: BY_HAND when nothing was recorded, NOT_AN_ACTIVITY for other XML,
    and what `parse_xml` raises.
    """
    source = parse_xml(data)
    workout = next(source.root.iter("Workout"), None)
    if workout is None:
        raise UnreadableFileError(Refusal.NOT_AN_ACTIVITY, f"root is {source.root.tag}")
    start_s, end_s = epoch_s(workout.get("startDate")), epoch_s(workout.get("endDate"))
    if not start_s < end_s:
        raise UnreadableFileError(Refusal.NO_TIMES)
    parts = [_route(source.root, workout), *_measured(source.root, workout, end_s)]
    seconds, columns = _joined(parts, start_s, end_s)
    if seconds.size == 0:
        raise UnreadableFileError(Refusal.BY_HAND)
    metadata = {e.get("key"): e.get("value") for e in workout.iter("MetadataEntry")}
    started_at = datetime.fromtimestamp(start_s, UTC)
    sport, is_indoor = _sport(workout, metadata, has_path="latitude" in columns)
    return [
        RawRecording(
            sport=sport,
            started_at=started_at,
            sample_s=seconds,
            columns=columns,
            is_indoor=is_indoor,
            pauses=_pauses(workout, start_s, end_s),
            totals=_totals(workout, end_s - start_s),
            device_name=_device_name(workout),
            utc_offset_s=_utc_offset_s(metadata.get("HKTimeZone"), started_at),
            repairs=source.repairs,
        )
    ]


def _measured(
    root: etree._Element, workout: etree._Element, end_s: float
) -> Iterable[tuple[Samples, dict[str, Samples]]]:
    by_type: dict[str, list[etree._Element]] = {}
    for record in root.iter("Record"):
        by_type.setdefault(KEPT_TYPES.get(record.get("type") or "", ""), []).append(record)
    for name, records in by_type.items():
        chosen = _of_one_source(records, workout.get("sourceName"))
        rows = _rows(chosen, _SCALES.get(name))
        rows = rows[rows[:, 0] < end_s]  # what begins where the workout ends belongs to after it
        if rows.size == 0:
            continue
        if name == "HeartRate":
            yield rows[:, 0], {"heart_rate_bpm": rows[:, 2]}
        elif name == "RunningSpeed":
            yield rows[:, 0], {"speed_mps": rows[:, 2]}
        elif name == "StepCount":
            yield _as_rate(rows)
        elif name in _DISTANCES:
            yield _as_distance(rows)


_SCALES: Mapping[str, Mapping[str, float]] = {
    "RunningSpeed": _MPS,
    **dict.fromkeys(_DISTANCES, _METRES),
}


def _of_one_source(records: list[etree._Element], wanted: str | None) -> list[etree._Element]:
    counts = Counter(record.get("sourceName") for record in records)
    source = wanted if wanted in counts else max(sorted(counts, key=str), key=counts.__getitem__)
    return [record for record in records if record.get("sourceName") == source]


def _rows(records: list[etree._Element], scales: Mapping[str, float] | None) -> _Rows:
    """In order of time; what has no time, no number or no known unit is left out."""
    rows = [
        (epoch_s(e.get("startDate")), epoch_s(e.get("endDate")), _number(e.get("value")) * scale)
        for e in records
        if (scale := 1.0 if scales is None else scales.get(e.get("unit") or ""))
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    table = table[np.isfinite(table).all(axis=1) & (table[:, 1] >= table[:, 0])]
    return table[np.argsort(table[:, 0], kind="stable")]


def _stretches(rows: _Rows) -> _Rows:
    """Those that last, one after the other: what overlaps with the one before is left out."""
    lasting = rows[(rows[:, 1] > rows[:, 0]) & (rows[:, 1] - rows[:, 0] <= _LONGEST_STRETCH_S)]
    kept: list[int] = []
    end_s = -np.inf
    for number, (start_s, stop_s, _) in enumerate(lasting.tolist()):
        if start_s >= end_s:
            kept.append(number)
            end_s = stop_s
    return lasting[kept]


def _steps_between(start_s: float, end_s: float) -> Samples:
    return np.linspace(start_s, end_s, max(2, int(np.ceil((end_s - start_s) / _STEP_S)) + 1))


def _as_rate(rows: _Rows) -> tuple[Samples, dict[str, Samples]]:
    """Steps in a stretch to steps a minute all along it."""
    seconds, values = [], []
    for start_s, end_s, count in _stretches(rows).tolist():
        times = _steps_between(start_s, end_s)[:-1]
        seconds.append(times)
        values.append(np.full(times.size, count / (end_s - start_s) * 60.0))
    return _concatenated(seconds), {"cadence_spm": _concatenated(values)}


def _as_distance(rows: _Rows) -> tuple[Samples, dict[str, Samples]]:
    """Metres in each stretch to metres since the start."""
    seconds, values = [], []
    done_m = 0.0
    for start_s, end_s, length_m in _stretches(rows).tolist():
        times = _steps_between(start_s, end_s)
        seconds.append(times)
        values.append(done_m + (times - start_s) / (end_s - start_s) * length_m)
        done_m += length_m
    return _concatenated(seconds), {"distance_m": _concatenated(values)}


def _concatenated(parts: list[Samples]) -> Samples:
    return np.concatenate(parts) if parts else np.empty(0)


def _route(root: etree._Element, workout: etree._Element) -> tuple[Samples, dict[str, Samples]]:
    table = PointTable("trkpt", _POINT_ELEMENTS, _POINT_ATTRIBUTES)
    for track in root.iter("{*}trkseg"):
        table.add_points(track)
    if not table.row_count:
        return _locations(workout)
    seconds, _ = table.times("time")
    names = ("latitude", "longitude", "altitude_m", "speed_mps")
    return seconds, {name: table.numbers(name) for name in names}


def _locations(workout: etree._Element) -> tuple[Samples, dict[str, Samples]]:
    """A route as it stood in the export itself until 2018."""
    points = list(workout.iter("Location"))
    columns = {
        "latitude": "latitude",
        "longitude": "longitude",
        "altitude_m": "altitude",
        "speed_mps": "speed",
    }
    return np.array([epoch_s(point.get("date")) for point in points]), {
        name: np.array([_number(point.get(attribute)) for point in points])
        for name, attribute in columns.items()
    }


def _joined(
    parts: list[tuple[Samples, dict[str, Samples]]], start_s: float, end_s: float
) -> tuple[Samples, dict[str, Samples]]:
    """Everything on one row of times. Of what two parts tell, the first counts: the route."""
    inside = [(seconds >= start_s) & (seconds <= end_s) for seconds, _ in parts]
    times = np.unique(
        np.concatenate([part[0][rows] for part, rows in zip(parts, inside, strict=True)])
    )
    joined: dict[str, Samples] = {}
    for (seconds, columns), is_inside in zip(parts, inside, strict=True):
        rows = np.searchsorted(times, seconds[is_inside])
        for name, values in columns.items():
            told = values[is_inside]
            if name not in joined and np.isfinite(told).any():
                joined[name] = np.full(times.size, np.nan)
                joined[name][rows] = told
    # Apple writes -1 for a speed it does not know.
    if "speed_mps" in joined:
        joined["speed_mps"][joined["speed_mps"] < 0] = np.nan
    return times - start_s, joined


def _sport(
    workout: etree._Element, metadata: Mapping[str | None, str | None], *, has_path: bool
) -> tuple[str, bool]:
    """The sport, and whether it was indoors."""
    word = (workout.get("workoutActivityType") or "").removeprefix("HKWorkoutActivityType")
    sport = _SPORTS.get(word, "other")
    told = metadata.get("HKIndoorWorkout")
    is_indoor = told == "1" if told is not None else not has_path
    return (_INDOORS.get(sport, sport), True) if told == "1" else (sport, is_indoor)


def _pauses(
    workout: etree._Element, start_s: float, end_s: float
) -> tuple[tuple[float, float], ...]:
    events = sorted(
        (moment, event.get("type") or "")
        for event in workout.iter("WorkoutEvent")
        if np.isfinite(moment := epoch_s(event.get("date")))
    )
    pauses = []
    for pause, resume in _PAUSES:
        since: float | None = None
        for moment, kind in [*events, (end_s, resume)]:
            if kind == pause and since is None:
                since = moment
            elif kind == resume and since is not None:
                pauses.append((since - start_s, moment - start_s))
                since = None
    return tuple(sorted(pauses))


def _totals(workout: etree._Element, elapsed_s: float) -> DeviceTotals:
    distance_m = _quantity(workout.get("totalDistance"), workout.get("totalDistanceUnit"), _METRES)
    for statistics in workout.iter("WorkoutStatistics"):
        name = (statistics.get("type") or "").removeprefix("HKQuantityTypeIdentifier")
        if distance_m is None and name in _DISTANCES:
            distance_m = _quantity(statistics.get("sum"), statistics.get("unit"), _METRES)
    timer_s = _quantity(workout.get("duration"), workout.get("durationUnit"), _SECONDS)
    return DeviceTotals(distance_m=distance_m or None, timer_s=timer_s, elapsed_s=elapsed_s)


def _device_name(workout: etree._Element) -> str | None:
    """Such as "Apple Watch (Watch6,10)"; an app tells only its own name."""
    found = _DEVICE.search(workout.get("device") or "")
    if found is None or not found[1].strip():
        return workout.get("sourceName")
    return f"{found[1].strip()} ({found[2]})" if found[2] else found[1].strip()


def _utc_offset_s(zone: str | None, started_at: datetime) -> int | None:
    try:
        offset = started_at.astimezone(ZoneInfo(zone or "")).utcoffset()
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return None
    return None if offset is None else int(offset.total_seconds())


def _quantity(text: str | None, unit: str | None, scales: Mapping[str, float]) -> float | None:
    value = _number(text) * scales.get(unit or "", np.nan)
    return value if np.isfinite(value) else None


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return float("nan")
