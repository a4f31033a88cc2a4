"""Which recording gives each column of a run that was recorded several times.

Theory of operation. One recording leads: it gives the clock, the path, distance, speed and what of
it was moving, so that these never contradict each other. It is the one that recorded the belt
itself, else the one with the path, with a distance that the device measured, with the most
columns; among those that were there for nearly the whole run. Heart rate, steps and altitude come
from the leading one, too, unless another knows clearly more of the run, or the leading one's are no
good: a wrist that counted steps for beats, altitude as rough as satellites make it. A column is one
device's from end to end; the gaps of one are not filled from another, whose offset nobody knows.

Everything follows from the set of recordings, in whatever order they came: ties are settled by
their content. So a recording that is taken away again leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from beatrunner.core.cadence_lock import is_cadence_locked
from beatrunner.core.clock_match import has_path
from beatrunner.core.pace import grade_adjusted_speed_mps
from beatrunner.core.provenance import Provenance
from beatrunner.core.recording import COLUMNS, RepairCode, Samples, Streams
from beatrunner.core.same_run import RecordedRun, shift_between

#: Of the longest recording's moving time, to lead; of the best path, to have one.
_NEARLY_ALL = 0.9
#: Another's column is taken when it knows this much more of the run's moving time.
_CLEARLY_MORE = 0.05
#: Altitude this rough, and so many times as rough as another's, is that of satellites.
_ROUGH_M, _ROUGHER = 0.3, 2.0
_FORMATS = ("gpx", "tcx", "fit")
_DERIVED_DISTANCE = {RepairCode.DISTANCE_FROM_PATH, RepairCode.DISTANCE_FROM_SPEED}
#: What goes together: a slope is that of its altitude, a speed that of its distance.
_POSITION = ("latitude", "longitude")
_MOTION = ("distance_m", "speed_mps")
_ALTITUDE = ("altitude_m", "grade_pct")
_ADJUSTED = "grade_adjusted_speed_mps"
IS_MOVING = "is_moving"


@dataclass(frozen=True, slots=True)
class Source:
    """A recording to choose from. `key` tells it from the others, by what is in it."""

    key: str
    run: RecordedRun
    provenance: str
    format: str
    repairs: frozenset[RepairCode]

    @property
    def streams(self) -> Streams:
        return self.run.streams


@dataclass(frozen=True, slots=True)
class Part:
    """What a recording gives: columns, and the second of the run at which its row 0 is."""

    shift_s: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`parts` by key; a recording that gives nothing has no columns."""

    leading: str
    parts: Mapping[str, Part]

    def giver(self, column: str) -> str | None:
        return next((key for key, part in self.parts.items() if column in part.columns), None)


def choose(sources: Sequence[Source]) -> Choice:
    """At least one source, all of one run; the order does not matter."""
    sources = _by_merit(sources)
    leading = sources[0]
    shifts_s = {each.key: shift_between(leading.run, each.run) or 0 for each in sources}
    is_moving = leading.streams.is_moving
    columns: dict[str, list[str]] = {each.key: [] for each in sources}

    def give(group: tuple[str, ...], giver: Source | None) -> None:
        if giver is not None:
            columns[giver.key] += [name for name in group if name in giver.streams.columns]

    def covering(name: str, others: Sequence[Source] = sources) -> Source | None:
        return _covering(name, others, shifts_s, is_moving)

    outdoors = [each for each in sources if not leading.run.is_indoor or each is leading]
    give(_POSITION, covering("latitude", outdoors))
    give(_MOTION, leading if "distance_m" in leading.streams.columns else covering("distance_m"))
    give(("heart_rate_bpm",), covering("heart_rate_bpm", _hearts(sources)))
    give(("cadence_spm",), covering("cadence_spm"))
    give(_ALTITUDE, _smooth_altitude(covering("altitude_m", outdoors), outdoors))
    if not any("grade_pct" in given for given in columns.values()):
        give(("grade_pct",), leading)
    for given in columns.values():
        if {"speed_mps", "grade_pct"} <= set(given):
            given.append(_ADJUSTED)
    columns[leading.key].append(IS_MOVING)
    return Choice(
        leading.key, {key: Part(shifts_s[key], tuple(given)) for key, given in columns.items()}
    )


def put_together(length_s: int, given: Sequence[tuple[Part, Mapping[str, Samples]]]) -> Streams:
    """The streams of a run from the columns of its recordings; of each, those of its part.

    `is_moving` is a column like the others here, 1 while moving. What lies outside of the run is
    left out, what it does not reach is a gap.
    """
    columns: dict[str, Samples] = {}
    for part, known in given:
        for name in part.columns:
            if name in known:
                column = _shifted(known[name], part.shift_s, length_s)
                if np.isfinite(column).any():
                    columns[name] = column
    is_moving = columns.pop(IS_MOVING, None)
    if _ADJUSTED not in columns and {"speed_mps", "grade_pct"} <= columns.keys():
        columns[_ADJUSTED] = grade_adjusted_speed_mps(columns["speed_mps"], columns["grade_pct"])
    return Streams(
        length_s=length_s,
        columns=columns,
        is_moving=np.zeros(length_s, bool) if is_moving is None else is_moving > 0.5,
    )


def _shifted(column: Samples, shift_s: int, length_s: int) -> Samples:
    if shift_s == 0 and len(column) == length_s:
        return column
    result = np.full(length_s, np.nan)
    start, end = max(0, shift_s), min(length_s, shift_s + len(column))
    if start < end:
        result[start:end] = column[start - shift_s : end - shift_s]
    return result


def _by_merit(sources: Sequence[Source]) -> list[Source]:
    """The leading one first."""
    longest_s = max(each.streams.is_moving.sum() for each in sources)
    paths_s = [_known_s(each, "latitude") for each in sources if not each.run.is_indoor]
    longest_path_s = max(paths_s, default=0)

    def merit(source: Source) -> tuple[object, ...]:
        names = source.streams.columns
        return (
            source.streams.is_moving.sum() < _NEARLY_ALL * longest_s,
            source.provenance != Provenance.LIVE,
            not has_path(source.streams)
            or _known_s(source, "latitude") < _NEARLY_ALL * longest_path_s,
            "distance_m" not in names,
            not source.repairs.isdisjoint(_DERIVED_DISTANCE),
            -sum(name in names for name in COLUMNS),
            -_FORMATS.index(source.format) if source.format in _FORMATS else 1,
            -sum(_known_s(source, name) for name in COLUMNS),
            source.key,
        )

    return sorted(sources, key=merit)


def _known_s(source: Source, name: str) -> int:
    column = source.streams.columns.get(name)
    return 0 if column is None else int(np.isfinite(column).sum())


def _covering(
    name: str,
    sources: Sequence[Source],
    shifts_s: Mapping[str, int],
    is_moving: npt.NDArray[np.bool_],
) -> Source | None:
    """The first that knows about as much of the moving time as any; None when nobody knows."""
    shares = []
    for each in sources:
        column = each.streams.columns.get(name)
        if column is not None:
            known = np.isfinite(_shifted(column, shifts_s[each.key], len(is_moving)))
            shares.append((each, float((known & is_moving).sum()) / max(1, is_moving.sum())))
    most = max((share for _, share in shares), default=0.0)
    if not most:
        return None
    return next((each for each, share in shares if share >= most - _CLEARLY_MORE), None)


def _hearts(sources: Sequence[Source]) -> Sequence[Source]:
    """Without those that counted steps, if another counted beats."""
    beating = [
        each
        for each in sources
        if "heart_rate_bpm" in each.streams.columns and not is_cadence_locked(each.streams)
    ]
    return beating or sources


def _smooth_altitude(found: Source | None, sources: Sequence[Source]) -> Source | None:
    """Another one's when it is there for as long and much smoother: that of a barometer."""
    if found is None:
        return None
    rough_m, known_s = _roughness_m(found), _known_s(found, "altitude_m")
    smoother = [
        other
        for other in sources
        if _known_s(other, "altitude_m") >= _NEARLY_ALL * known_s
        and _ROUGHER * _roughness_m(other) < rough_m
    ]
    return smoother[0] if smoother and rough_m > _ROUGH_M else found


def _roughness_m(source: Source) -> float:
    """How much altitude changes its mind from second to second."""
    changes_m = np.abs(np.diff(source.streams.columns["altitude_m"], 2))
    changes_m = changes_m[np.isfinite(changes_m)]
    return float(changes_m.mean()) if len(changes_m) else 0.0
