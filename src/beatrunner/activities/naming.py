"""What an activity is called when nobody has named it."""

from __future__ import annotations

from datetime import datetime, timedelta

_SPORT_NAMES = {
    "run": "run",
    "trail_run": "trail run",
    "treadmill_run": "treadmill run",
    "track_run": "track run",
    "virtual_run": "virtual run",
    "walk": "walk",
    "hike": "hike",
    "ride": "ride",
    "indoor_ride": "indoor ride",
    "swim": "swim",
    "row": "row",
    "ski": "ski",
    "strength": "strength training",
    "other": "activity",
}
_PARTS_OF_DAY = frozenset({"morning", "lunch", "afternoon", "evening", "night"})


def default_name(sport: str, started_at: datetime, utc_offset_s: int | None) -> str:
    """Such as "Morning run"; by the runner's own clock when the file tells it, else UTC."""
    hour = (started_at + timedelta(seconds=utc_offset_s or 0)).hour
    if 4 <= hour < 11:
        part_of_day = "Morning"
    elif 11 <= hour < 14:
        part_of_day = "Lunch"
    elif 14 <= hour < 18:
        part_of_day = "Afternoon"
    elif 18 <= hour < 22:
        part_of_day = "Evening"
    else:
        part_of_day = "Night"
    return f"{part_of_day} {_SPORT_NAMES.get(sport, 'activity')}"


def without_part_of_day(name: str) -> str:
    """A default name without the time, such as "Run", and any other name as it is.

    Of whatever sport and hour: both may have been set right since the run was named.
    """
    part_of_day, _, sport = name.lower().partition(" ")
    is_default = part_of_day in _PARTS_OF_DAY and sport in _SPORT_NAMES.values()
    return sport.capitalize() if is_default else name
