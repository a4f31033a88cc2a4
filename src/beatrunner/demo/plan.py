"""Half a year of training: what the demo runner set out to do on which day.

Four weeks repeat, with one week lost to a cold; three days belong to other sports. The easy speed
rises a little over the half year, and the old watch gives way to a new one after two months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from beatrunner.core.sports import RUNNING
from beatrunner.demo.names import NAMES, NOTES, WEEKDAYS
from beatrunner.demo.outing import ROAD_NOISE_PCT, Outing, Watch
from beatrunner.demo.routes import course

#: How many days before today the files reach back.
DAYS = 182
#: Where the demo runner lives.
ZONE = ZoneInfo("Europe/Berlin")

_FIRST_EASY_MPS = 2.80
_LAST_EASY_MPS = 2.98
_DAY_TO_DAY = 0.025
_OLD_WATCH_DAYS = 60
_COLD_WEEK = 9
#: Runs end this far from where they began.
_DOORSTEP_M = 30.0
_PAUSED_S = 38.0
#: Share of outings with a note.
_NOTED = 0.4


class Music(StrEnum):
    SHUFFLED = "shuffled"
    OFFLINE = "offline"
    PODCAST = "podcast"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PlannedOuting:
    """An outing with everything that is not the body's business. `paused_s` is how long the
    runner stops the music inside a song."""

    kind: str
    outing: Outing
    form: Literal["fit", "gpx", "tcx"]
    is_gzipped: bool
    gear: str
    music: Music
    paused_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Kind:
    """`ways` are (course, laps) or, on a treadmill, (None, kilometres)."""

    sport: str
    ways: tuple[tuple[str | None, float], ...]
    speed_factor: float = 1.0
    pieces: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    noise_pct: float = ROAD_NOISE_PCT
    gear: str = "Otter Glide"


_HOLD = 36_000.0
_TEMPO = ((600.0, 0.96), (1500.0, 1.15), (_HOLD, 0.92))
_REPEATS = ((720.0, 0.95), *(((180.0, 1.3), (120.0, 0.72)) * 6), (_HOLD, 0.9))
_ROADS = (("town", 1), ("station", 2), ("river", 1), ("hill streets", 1), ("town", 2))

_KINDS: Mapping[str, _Kind] = {
    "easy": _Kind("run", _ROADS),
    "easy_treadmill": _Kind("treadmill_run", ((None, 6.0), (None, 7.0)), 0.98, noise_pct=2.5),
    "tempo_treadmill": _Kind("treadmill_run", ((None, 8.0),), 1.0, _TEMPO, 2.5, "Otter Dart"),
    "tempo_road": _Kind("run", (("river", 1),), 1.0, _TEMPO, gear="Otter Dart"),
    "intervals": _Kind("track_run", (("track", 22),), 1.0, _REPEATS, gear="Otter Dart"),
    "long": _Kind("run", (("villages", 1), ("river", 2)), 0.97),
    "trail": _Kind("trail_run", (("ridge", 1), ("quarry", 1)), 0.95, noise_pct=7.0, gear="Mudlark"),
    "walk": _Kind("walk", (("town", 1),), 0.48, noise_pct=3.0, gear=""),
    "ride": _Kind("ride", (("villages", 2),), 2.35, noise_pct=6.0, gear="Grey touring bike"),
}

#: Week of four -> weekday (Monday 0) -> what kind of run.
_WEEKS: tuple[Mapping[int, str], ...] = (
    {1: "tempo_treadmill", 3: "easy", 6: "long"},
    {1: "intervals", 5: "easy", 6: "trail"},
    {2: "easy", 4: "easy_treadmill"},
    {1: "tempo_road", 6: "trail"},
)
#: Week -> what else was done on its Saturday.
_OTHER_SPORTS = {6: "walk", 12: "ride", 19: "ride"}
_SATURDAY = 5
#: Local start by weekday, in hours.
_START_H = (18.2, 6.6, 18.1, 6.7, 12.3, 8.8, 9.2)

_OLD_WATCH = Watch("Sandpiper 10", is_smart=True, does_auto_pause=False)
_NEW_WATCH = Watch("Tern 3")
_PHONE = Watch("Pocket Pacer", has_heart_rate=False, has_cadence=False, cold_start_s=8)
_TREADMILL = Watch("Gym treadmill")


@dataclass(frozen=True, slots=True)
class _Slot:
    """The `nth` outing of its kind and the `ordinal`th of all, `number` days into the half year."""

    kind: str
    nth: int
    ordinal: int
    number: int
    day: date


def plan(today: date, rng: np.random.Generator) -> list[PlannedOuting]:
    """The outings of the `DAYS` days before `today`, oldest first."""
    texts = _Texts(rng)
    outings: list[PlannedOuting] = []
    seen: Counter[str] = Counter()
    for number in range(DAYS):
        day = today - timedelta(days=DAYS - number)
        kind = _kind_on(day, number // 7)
        if kind is not None:
            slot = _Slot(kind, seen[kind], len(outings), number, day)
            outings.append(_planned(slot, texts, rng))
            seen[kind] += 1
    return outings


def _kind_on(day: date, week: int) -> str | None:
    if week == _COLD_WEEK:
        return None
    if day.weekday() == _SATURDAY and week in _OTHER_SPORTS:
        return _OTHER_SPORTS[week]
    return _WEEKS[week % len(_WEEKS)].get(day.weekday())


def _planned(slot: _Slot, texts: _Texts, rng: np.random.Generator) -> PlannedOuting:
    terms, music, form = _KINDS[slot.kind], _music(slot), _form(slot)
    where, laps = terms.ways[slot.nth % len(terms.ways)]
    route = None if where is None else course(where)
    easy_mps = _FIRST_EASY_MPS + (_LAST_EASY_MPS - _FIRST_EASY_MPS) * slot.number / DAYS
    speed_mps = easy_mps * terms.speed_factor
    started_at, utc_offset_s = _start(slot.day, rng)
    outing = Outing(
        sport=terms.sport,
        started_at=started_at,
        distance_m=1000.0 * laps if route is None else route.length_m * laps - _DOORSTEP_M,
        speed_mps=speed_mps * (1.0 + float(rng.normal(0.0, _DAY_TO_DAY))),
        course=route,
        is_reversed=where != "track" and bool(rng.random() < 0.35),
        pieces=terms.pieces,
        noise_pct=terms.noise_pct,
        easy_mps=easy_mps if terms.sport in RUNNING else speed_mps,
        watch=_watch(slot, form),
        name=texts.name(slot.kind, where, slot.day),
        description=texts.note(slot.kind, music),
        utc_offset_s=utc_offset_s,
    )
    is_gzipped = slot.ordinal % 13 != 6 and (form != "gpx" or slot.ordinal % 8 == 1)
    paused_s = _PAUSED_S if (slot.kind, slot.nth) == ("long", 2) else 0.0
    return PlannedOuting(slot.kind, outing, form, is_gzipped, terms.gear, music, paused_s)


def _start(day: date, rng: np.random.Generator) -> tuple[datetime, int]:
    """(start, seconds that local time was ahead of UTC)"""
    late_s = float(rng.normal(0.0, 600.0))
    local = datetime.combine(day, time(), ZONE)
    local += timedelta(seconds=round(3600 * _START_H[day.weekday()] + late_s))
    return local.astimezone(UTC), int((local.utcoffset() or timedelta()).total_seconds())


def _form(slot: _Slot) -> Literal["fit", "gpx", "tcx"]:
    if slot.kind == "easy_treadmill" or (slot.kind == "long" and slot.nth % 3 == 1):
        return "tcx"
    is_with_phone = slot.kind == "walk" or (
        slot.kind in ("easy", "trail") and slot.ordinal % 4 == 1
    )
    return "gpx" if is_with_phone else "fit"


def _watch(slot: _Slot, form: str) -> Watch:
    if form == "gpx":
        return _PHONE
    if slot.kind == "easy_treadmill":
        return _TREADMILL
    return replace(
        _OLD_WATCH if slot.number < _OLD_WATCH_DAYS else _NEW_WATCH,
        heart_dropouts=2 if slot.ordinal % 7 == 3 else 0,
        path_dropouts=1 if slot.ordinal % 9 == 4 else 0,
        cold_start_s=15 if slot.ordinal % 5 == 2 else 0,
    )


def _music(slot: _Slot) -> Music:
    if slot.kind in ("walk", "ride") or (slot.kind == "trail" and slot.nth % 4 == 3):
        return Music.NONE
    if slot.kind == "trail" and slot.nth % 4 == 1:
        return Music.OFFLINE
    if slot.kind == "easy_treadmill" and slot.nth % 3 == 1:
        return Music.PODCAST
    return Music.SHUFFLED


class _Texts:
    """Names and notes in shuffled order, each once before any comes back."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._names = _Shuffled(NAMES, rng)
        self._notes = _Shuffled(NOTES, rng)

    def name(self, kind: str, where: str | None, day: date) -> str:
        special = f"{kind} {where}"
        text = self._names.next(special if special in NAMES else kind)
        return text.format(weekday=WEEKDAYS[day.weekday()])

    def note(self, kind: str, music: Music) -> str | None:
        if self._rng.random() > _NOTED:
            return None
        return self._notes.next(music if music in NOTES else kind)


class _Shuffled:
    """Texts by key, handed out in random order."""

    def __init__(self, texts: Mapping[str, tuple[str, ...]], rng: np.random.Generator) -> None:
        self._texts = texts
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def next(self, key: str) -> str:
        left = self._left.setdefault(key, [])
        if not left:
            texts = self._texts[key]
            left += [texts[index] for index in self._rng.permutation(len(texts)).tolist()]
        return left.pop()
