"""Whether two recordings are of one run.

Theory of operation. A runner runs one run at a time, so two recordings of the same hours are most
likely of the same run: a watch's file and its copy from a service, a watch and a phone, a belt and
a watch. They are the same when nearly all of the shorter one's moving time falls into the longer
one, of which it is at least half, and nothing speaks against it: not the sport, not the distance
covered meanwhile, and, where both know it, not the path. Half, so that of the legs of a triathlon
at most one is ever taken for the whole, in whatever order the files come.

A clock may be wrong by whole hours: a zone, or summer time, taken for another. Then nothing but the
path tells, and it has to agree closely, second by second, and in every change of pace besides: the
same way in the morning and in the evening, or laps of a track, are close but not together.

A wrong "same" hides a run, a wrong "different" shows one twice: the bounds are on the side of
"different", and the runner joins by hand what is not sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from beatrunner.core.clock_match import best_shift_s, correlation, has_path, path_match
from beatrunner.core.grade import smoothed
from beatrunner.core.recording import Samples, Streams
from beatrunner.core.sports import ON_FOOT

#: Of the moving time of the shorter and of the longer one.
_LEAST_OF_SHORTER, _LEAST_OF_LONGER = 0.8, 0.5
#: Distances covered meanwhile; a watch's guess on a treadmill may be far off.
_LEAST_RATIO, _LEAST_RATIO_INDOORS = 0.6, 0.5
#: Satellites between houses.
_MOST_APART_M = 50.0
_MOST_ZONE_H = 14
_HOUR_S = 3600
#: With a clock that is wrong by hours: how far from whole hours, how far apart, how alike.
_ZONE_WITHIN_S = 5
_ZONE_APART_M, _ZONE_FARTHEST_M = 20.0, 40.0
_LEAST_ALIKE = 0.5
_TREND_S = 121

_WHEELS = frozenset({"ride", "indoor_ride"})


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """What a recording says of when and what, and its streams."""

    started_at: datetime
    sport: str
    is_sport_guessed: bool
    is_indoor: bool
    streams: Streams


@dataclass(frozen=True, slots=True)
class Match:
    """`shift_s` from row 0 of the one to row 0 of the other; `share` of the shorter one's moving
    time that is the other's, too."""

    shift_s: int
    share: float


def same_run(a: RecordedRun, b: RecordedRun) -> Match | None:
    """None when they are of two runs, or it is not sure that they are of one.

    Symmetric, but for the sign of the shift.
    """
    if not _may_be_one_sport(a, b):
        return None
    about_s = round((b.started_at - a.started_at).total_seconds())
    found = _on_their_clocks(a, b, about_s)
    return found or _with_a_wrong_zone(a, b, about_s)


def shift_between(a: RecordedRun, b: RecordedRun) -> int | None:
    """Seconds from row 0 of `a` to row 0 of `b` when they are said to be of one run.

    None when they share not a second, whatever the zone.
    """
    found = same_run(a, b)
    if found is not None:
        return found.shift_s
    about_s = round((b.started_at - a.started_at).total_seconds())
    if -b.streams.length_s < about_s < a.streams.length_s:
        return best_shift_s(a.streams, b.streams, about_s)
    return None


def _may_be_one_sport(a: RecordedRun, b: RecordedRun) -> bool:
    if a.sport == b.sport or {a.sport, b.sport} <= ON_FOOT or {a.sport, b.sport} <= _WHEELS:
        return True
    return any(each.is_sport_guessed or each.sport == "other" for each in (a, b))


def _on_their_clocks(a: RecordedRun, b: RecordedRun, about_s: int) -> Match | None:
    share = _share(a.streams, b.streams, about_s)
    if share is None or not _cover_the_same(a, b, about_s):
        return None
    if has_path(a.streams) and has_path(b.streams) and not (a.is_indoor or b.is_indoor):
        shift_s, apart_m = path_match(a.streams, b.streams, about_s)
        if len(apart_m) and np.median(apart_m) > _MOST_APART_M:
            return None
        return Match(shift_s, share)
    return Match(best_shift_s(a.streams, b.streams, about_s), share)


def _with_a_wrong_zone(a: RecordedRun, b: RecordedRun, about_s: int) -> Match | None:
    if not (has_path(a.streams) and has_path(b.streams)):
        return None
    for hours in range(-_MOST_ZONE_H, _MOST_ZONE_H + 1):
        shift_s = about_s + hours * _HOUR_S
        if hours and -b.streams.length_s < shift_s < a.streams.length_s:
            share = _share(a.streams, b.streams, shift_s)
            if share is not None and _cover_the_same(a, b, shift_s):
                found_s = _together(a.streams, b.streams, shift_s)
                if found_s is not None:
                    return Match(found_s, share)
    return None


def _together(a: Streams, b: Streams, about_s: int) -> int | None:
    """The shift at which both were in the same place all the time and changed pace together."""
    shift_s, apart_m = path_match(a, b, about_s, _ZONE_WITHIN_S)
    if not len(apart_m) or np.median(apart_m) > _ZONE_APART_M:
        return None
    if np.quantile(apart_m, 0.9) > _ZONE_FARTHEST_M:
        return None
    if "speed_mps" not in a.columns or "speed_mps" not in b.columns:
        return None
    alike = correlation(_changes(a.columns["speed_mps"]), _changes(b.columns["speed_mps"]), shift_s)
    return shift_s if alike >= _LEAST_ALIKE else None


def _changes(speed_mps: Samples) -> Samples:
    """Speed without its slow rises and falls, which two runs of one way share."""
    is_known = np.isfinite(speed_mps)
    result = np.full(len(speed_mps), np.nan)
    known = speed_mps[is_known]
    if len(known):
        result[is_known] = known - smoothed(known, _TREND_S)
    return result


def _share(a: Streams, b: Streams, shift_s: int) -> float | None:
    """Of the shorter one's moving time, in the other's time; None when it is too little."""
    shares = [
        (each.is_moving.sum(), each.is_moving[max(0, first) : max(0, first + other)].sum())
        for each, first, other in ((a, shift_s, b.length_s), (b, -shift_s, a.length_s))
    ]
    shares.sort()
    (shorter, of_shorter), (longer, of_longer) = shares
    if not shorter or of_longer < _LEAST_OF_LONGER * longer:
        return None
    share = float(of_shorter / shorter)
    return share if share >= _LEAST_OF_SHORTER else None


def _cover_the_same(a: RecordedRun, b: RecordedRun, shift_s: int) -> bool:
    """Whether the distances in the time that both recorded may be one distance."""
    one_m = _covered_m(a.streams, shift_s, b.streams.length_s)
    other_m = _covered_m(b.streams, -shift_s, a.streams.length_s)
    if one_m is None or other_m is None:
        return True
    least = _LEAST_RATIO_INDOORS if a.is_indoor or b.is_indoor else _LEAST_RATIO
    return min(one_m, other_m) >= least * max(one_m, other_m)


def _covered_m(streams: Streams, first: int, rows: int) -> float | None:
    distance_m = streams.columns.get("distance_m")
    if distance_m is None:
        return None
    known_m = distance_m[max(0, first) : max(0, first + rows)]
    known_m = known_m[np.isfinite(known_m)]
    return float(known_m[-1] - known_m[0]) if len(known_m) else None
