"""What a runner may ask of the list of runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SortKey(StrEnum):
    STARTED_AT = "started_at"
    DISTANCE = "distance_m"
    MOVING_TIME = "moving_s"
    SPEED = "speed_mps"
    HEART_RATE = "heart_rate_bpm"


class Kind(StrEnum):
    RUNS = "runs"
    OTHER = "other"
    ALL = "all"


class Surface(StrEnum):
    ANY = "any"
    INDOOR = "indoor"
    OUTDOOR = "outdoor"
    TRAIL = "trail"


class Music(StrEnum):
    ANY = "any"
    WITH = "with"
    WITHOUT = "without"


class Order(StrEnum):
    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters and order of a list. `after` and `before` are whole days, both included."""

    q: str = ""
    kind: Kind = Kind.RUNS
    surface: Surface = Surface.ANY
    music: Music = Music.ANY
    after: date | None = None
    before: date | None = None
    min_distance_m: float | None = None
    max_distance_m: float | None = None
    sort: SortKey = SortKey.STARTED_AT
    order: Order = Order.DESCENDING
