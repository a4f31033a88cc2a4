"""The part of the FIT profile that a recording needs: names for its numbers.

Numbers, scales and offsets are those of the public FIT profile (Profile.xlsx of the FIT SDK).
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from beatrunner.core.sports import RUNNING

#: FIT counts seconds from 1989-12-31T00:00:00Z; this is that instant in Unix time.
EPOCH_UNIX_S: Final = 631_065_600

SEMICIRCLES_PER_DEGREE: Final = 2**31 / 180

#: The field of this number is the time in every message that has one.
TIMESTAMP: Final = 253


class Kind(IntEnum):
    """Global message numbers."""

    FILE_ID = 0
    SPORT = 12
    SESSION = 18
    LAP = 19
    RECORD = 20
    EVENT = 21
    DEVICE_INFO = 23
    ACTIVITY = 34


class FileId(IntEnum):
    TYPE = 0
    MANUFACTURER = 1
    PRODUCT = 2
    TIME_CREATED = 4
    PRODUCT_NAME = 8


class DeviceInfo(IntEnum):
    PRODUCT_NAME = 27


class Sport(IntEnum):
    SPORT = 0
    SUB_SPORT = 1


class Session(IntEnum):
    EVENT = 0
    EVENT_TYPE = 1
    START_TIME = 2
    SPORT = 5
    SUB_SPORT = 6
    TOTAL_ELAPSED_TIME = 7
    TOTAL_TIMER_TIME = 8
    TOTAL_DISTANCE = 9
    TOTAL_ASCENT = 22
    TOTAL_DESCENT = 23


class Lap(IntEnum):
    EVENT = 0
    EVENT_TYPE = 1
    START_TIME = 2
    TOTAL_ELAPSED_TIME = 7
    TOTAL_DISTANCE = 9
    SPORT = 25
    SUB_SPORT = 39


class Record(IntEnum):
    LATITUDE = 0
    LONGITUDE = 1
    ALTITUDE = 2
    HEART_RATE = 3
    CADENCE = 4
    DISTANCE = 5
    SPEED = 6
    COMPRESSED_SPEED_DISTANCE = 8
    CADENCE_256 = 52
    FRACTIONAL_CADENCE = 53
    ENHANCED_SPEED = 73
    ENHANCED_ALTITUDE = 78


class Event(IntEnum):
    EVENT = 0
    EVENT_TYPE = 1


class Activity(IntEnum):
    TOTAL_TIMER_TIME = 0
    NUM_SESSIONS = 1
    TYPE = 2
    EVENT = 3
    EVENT_TYPE = 4
    LOCAL_TIMESTAMP = 5


#: Values of `FileId.TYPE`, `Event.EVENT` and `Event.EVENT_TYPE`.
FILE_TYPE_ACTIVITY: Final = 4
EVENT_TIMER: Final = 0
EVENT_SESSION: Final = 8
EVENT_LAP: Final = 9
EVENT_ACTIVITY: Final = 26
EVENT_START: Final = 0
EVENT_STOP: Final = 1
EVENT_STOP_ALL: Final = 4
STOPPING_EVENT_TYPES: Final = frozenset({EVENT_STOP, EVENT_STOP_ALL, 8, 9})

#: The manufacturer number kept free for those who have none.
MANUFACTURER_DEVELOPMENT: Final = 255


class SportName(NamedTuple):
    """One of `core.sports.SPORTS`, and whether it happens indoors."""

    sport: str
    is_indoor: bool = False


#: FIT sports; those not listed are "other".
_SPORTS = {
    1: "run",
    2: "ride",
    5: "swim",
    11: "walk",
    12: "ski",
    13: "ski",
    15: "row",
    17: "hike",
    21: "ride",
}

#: FIT sub-sports that say more than the sport does: (sport, sub-sport) to name.
_SUB_SPORTS = {
    (1, 1): SportName("treadmill_run", is_indoor=True),
    (1, 3): SportName("trail_run"),
    (1, 4): SportName("track_run"),
    (1, 45): SportName("treadmill_run", is_indoor=True),
    (1, 58): SportName("virtual_run", is_indoor=True),
    (2, 5): SportName("indoor_ride", is_indoor=True),
    (2, 6): SportName("indoor_ride", is_indoor=True),
    (2, 58): SportName("indoor_ride", is_indoor=True),
    (10, 20): SportName("strength", is_indoor=True),
    (4, 1): SportName("treadmill_run", is_indoor=True),
    (4, 6): SportName("indoor_ride", is_indoor=True),
    (4, 14): SportName("row", is_indoor=True),
    (4, 20): SportName("strength", is_indoor=True),
    (5, 17): SportName("swim", is_indoor=True),
    (11, 1): SportName("walk", is_indoor=True),
    (11, 27): SportName("walk", is_indoor=True),
    (15, 14): SportName("row", is_indoor=True),
}


def sport_name(sport: int | None, sub_sport: int | None) -> SportName:
    """BeatRunner's name for a FIT sport; "other" where neither number says anything to us."""
    if sport is None:
        return SportName("other")
    named = _SUB_SPORTS.get((sport, sub_sport or 0))
    return named or SportName(_SPORTS.get(sport, "other"), is_indoor=sport == 4)


#: Sports whose FIT cadence counts the steps of one foot.
ON_FOOT: Final = RUNNING | {"walk", "hike"}


def sport_numbers(sport: str, *, is_indoor: bool) -> tuple[int, int]:
    """The (sport, sub-sport) that `sport_name` reads as this, or as nearly this as FIT can say."""
    names = _SUB_SPORTS | {(number, 0): SportName(name) for number, name in _SPORTS.items()}
    exact = [numbers for numbers, name in names.items() if name == (sport, is_indoor)]
    near = [numbers for numbers, name in names.items() if name.sport == sport]
    return (exact or near or [(0, 0)])[0]


_MANUFACTURERS = {
    1: "Garmin",
    15: "Garmin",
    16: "Timex",
    23: "Suunto",
    32: "Wahoo",
    40: "Concept2",
    71: "TomTom",
    85: "Woodway",
    89: "Tacx",
    95: "Stryd",
    111: "Technogym",
    115: "iGPSPORT",
    123: "Polar",
    260: "Zwift",
    265: "Strava",
    266: "Precor",
    267: "Bryton",
    289: "Hammerhead",
    294: "COROS",
    310: "Decathlon",
}

_GARMIN_PRODUCTS = {
    1018: "Forerunner 310XT",
    1124: "Forerunner 110",
    1328: "Forerunner 910XT",
    1345: "Forerunner 610",
    1436: "Forerunner 70",
    1551: "fēnix",
    1623: "Forerunner 620",
    1632: "Forerunner 220",
    1765: "Forerunner 920XT",
    1967: "fēnix 2",
    2050: "fēnix 3",
    2156: "Forerunner 630",
    2157: "Forerunner 230",
    2158: "Forerunner 735XT",
    2413: "fēnix 3 HR",
    2431: "Forerunner 235",
    2503: "Forerunner 35",
    2691: "Forerunner 935",
    2697: "fēnix 5",
    2886: "Forerunner 645",
    2888: "Forerunner 645 Music",
    3076: "Forerunner 245",
    3077: "Forerunner 245 Music",
    3113: "Forerunner 945",
    3226: "Venu",
    3282: "Forerunner 45",
    3290: "fēnix 6",
    3589: "Forerunner 745",
    3652: "Forerunner 945 LTE",
    3703: "Venu 2",
    3869: "Forerunner 55",
    3888: "Instinct 2",
    3906: "fēnix 7",
    3992: "Forerunner 255",
    3990: "Forerunner 255 Music",
    4024: "Forerunner 955",
    4257: "Forerunner 265",
    4258: "Forerunner 265S",
    4260: "Venu 3",
    4315: "Forerunner 965",
    4432: "Forerunner 165",
    4433: "Forerunner 165 Music",
    4536: "fēnix 8",
}


def device_name(
    manufacturer: int | None, product: int | None, product_name: str | None
) -> str | None:
    """The device in words, as far as they are known: "Garmin Forerunner 945", "Suunto 9"."""
    maker = _MANUFACTURERS.get(manufacturer) if manufacturer is not None else None
    if product_name is None and maker == "Garmin" and product is not None:
        product_name = _GARMIN_PRODUCTS.get(product)
    if maker is None or product_name is None:
        return product_name or maker
    already_named = product_name.casefold().startswith(maker.casefold())
    return product_name if already_named else f"{maker} {product_name}"
