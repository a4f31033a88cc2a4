"""What a runner may ask of the list of runs, and the cursor that goes on where a page ended."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from beatrunner.kit.errors import RefusedError


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


#: Microseconds since 1970 for the year 9000; no other value comes near.
_LARGEST = 2.2e17


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The last row of a page: its sort key, its value there, its identifier."""

    sort: str
    value: float
    id: UUID

    def encode(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: SortKey) -> Cursor:
        """Raises RefusedError for what is no cursor of this order."""
        try:
            padded = text + "=" * (-len(text) % 4)
            cursor = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=cls)
        except (msgspec.DecodeError, binascii.Error, ValueError) as error:
            raise RefusedError("The page asked for does not exist.", kind="bad-cursor") from error
        if abs(cursor.value) > _LARGEST:
            raise RefusedError("The page asked for does not exist.", kind="bad-cursor")
        if cursor.sort != sort:
            raise RefusedError("The page belongs to another order.", kind="bad-cursor")
        return cursor
