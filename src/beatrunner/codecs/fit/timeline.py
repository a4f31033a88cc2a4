"""What a FIT file says about its records as a whole: sessions, laps, pauses, time zone.

Times here are seconds since the FIT epoch, as floats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from beatrunner.codecs.fit import profile
from beatrunner.codecs.fit.messages import Messages
from beatrunner.codecs.fit.profile import Kind, SportName
from beatrunner.codecs.fit.scanner import Part
from beatrunner.core.recording import DeviceTotals, Samples

#: More of these than any runner can produce come from damage, and cost time.
_MOST_SESSIONS = 100
_MOST_LAPS = 10_000

_QUARTER_HOUR_S = 900
_LARGEST_UTC_OFFSET_S = 14 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """One session message; `start` is None if the device did not say."""

    sport: SportName
    start: float | None
    totals: DeviceTotals


@dataclass(frozen=True, slots=True)
class Stretch:
    """A pause or a lap, from `start` to `end`."""

    start: float
    end: float
    distance_m: float | None = None


def read_sessions(part: Part) -> list[Session]:
    """The sessions by start time. Of several, those without one are left out."""
    messages = part.messages(Kind.SESSION)
    fields = profile.Session
    columns = (
        messages.numbers(fields.SPORT),
        messages.numbers(fields.SUB_SPORT),
        messages.numbers(fields.START_TIME),
        messages.numbers(fields.TOTAL_DISTANCE) / 100,
        messages.numbers(fields.TOTAL_TIMER_TIME) / 1000,
        messages.numbers(fields.TOTAL_ELAPSED_TIME) / 1000,
        messages.numbers(fields.TOTAL_ASCENT),
        messages.numbers(fields.TOTAL_DESCENT),
    )
    fallback = read_sport(part)
    sessions = []
    for row in zip(*(column[:_MOST_SESSIONS].tolist() for column in columns), strict=True):
        sport, sub_sport, start, *totals = map(_known, row)
        name = fallback if sport is None else profile.sport_name(_whole(sport), _whole(sub_sport))
        sessions.append(Session(name, start, DeviceTotals(*totals)))
    if len(sessions) > 1:
        timed = [session for session in sessions if session.start is not None]
        sessions = sorted(timed or sessions[:1], key=lambda session: session.start or 0.0)
    return sessions


def read_sport(part: Part) -> SportName:
    """The sport as the sport message or the first lap has it, for files that lack a session."""
    for kind, sport_field, sub_sport_field in (
        (Kind.SPORT, profile.Sport.SPORT, profile.Sport.SUB_SPORT),
        (Kind.LAP, profile.Lap.SPORT, profile.Lap.SUB_SPORT),
    ):
        messages = part.messages(kind)
        sport = first_number(messages, sport_field)
        if sport is not None:
            return profile.sport_name(sport, first_number(messages, sub_sport_field))
    return profile.sport_name(None, None)


def read_laps(part: Part) -> list[Stretch]:
    """Laps in the order of the file; those without a start or an end are left out."""
    messages = part.messages(Kind.LAP)
    start = messages.numbers(profile.Lap.START_TIME)
    elapsed_s = messages.numbers(profile.Lap.TOTAL_ELAPSED_TIME) / 1000
    end = np.where(np.isnan(elapsed_s), part.times(messages), start + elapsed_s)
    distance_m = messages.numbers(profile.Lap.TOTAL_DISTANCE) / 100
    usable = np.flatnonzero(end >= start)[:_MOST_LAPS]
    return [Stretch(float(start[i]), float(end[i]), _known(float(distance_m[i]))) for i in usable]


def read_pauses(part: Part) -> tuple[list[Stretch], int]:
    """The times the timer stood still, and how many of them ended before they began.

    A pause lasts from the first stop event to the next start; a stop that nothing follows is the
    end of the activity.
    """
    messages = part.messages(Kind.EVENT)
    is_timer = messages.numbers(profile.Event.EVENT) == profile.EVENT_TIMER
    types = messages.numbers(profile.Event.EVENT_TYPE)[is_timer]
    times = part.times(messages)[is_timer]
    pauses: list[Stretch] = []
    backwards = 0
    stopped: float | None = None
    for event_type, time in zip(types.tolist(), times.tolist(), strict=True):
        if math.isnan(time):
            continue
        if event_type in profile.STOPPING_EVENT_TYPES and stopped is None:
            stopped = time
        elif event_type == profile.EVENT_START and stopped is not None:
            if time > stopped:
                pauses.append(Stretch(stopped, time))
            elif time < stopped:
                backwards += 1
            stopped = None
    return pauses[:_MOST_LAPS], backwards


def read_utc_offset_s(part: Part) -> int | None:
    """Local time minus UTC, from the activity message; whole quarters of an hour."""
    messages = part.messages(Kind.ACTIVITY)
    local = messages.numbers(profile.Activity.LOCAL_TIMESTAMP)
    offsets_s: list[float] = (local - part.times(messages)).tolist()
    for offset_s in offsets_s:
        if abs(offset_s) <= _LARGEST_UTC_OFFSET_S + _QUARTER_HOUR_S / 2:
            return round(offset_s / _QUARTER_HOUR_S) * _QUARTER_HOUR_S
    return None


def read_device_name(part: Part) -> str | None:
    messages = part.messages(Kind.FILE_ID)
    name = messages.text(profile.FileId.PRODUCT_NAME)
    if name is None:
        name = part.messages(Kind.DEVICE_INFO).text(profile.DeviceInfo.PRODUCT_NAME)
    return profile.device_name(
        first_number(messages, profile.FileId.MANUFACTURER),
        first_number(messages, profile.FileId.PRODUCT),
        name,
    )


def first_number(messages: Messages, field: int) -> int | None:
    """The first valid value of the field, as a whole number."""
    values: Samples = messages.numbers(field)
    known = np.flatnonzero(~np.isnan(values))
    return int(values[known[0]]) if len(known) else None


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
