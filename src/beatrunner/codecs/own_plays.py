"""A table of plays of the runner's own making, as docs/importing.md describes it.

The first row names the columns, in any order and with any of the usual names; what is not known is
left out. Times are ISO 8601 with a zone (`2024-05-04T12:00:00+02:00`, `…Z`), or without one beside
a column `time_zone` (`Europe/Berlin`, `+02:00`, `UTC`), or Unix times in seconds or milliseconds. A
time without a zone names no moment, so its row is counted and left out.

`started_at` is the START, `ended_at` the END; one of them is needed, and with the end alone a
length. A time without seconds is taken for one that was cut off, and put into the middle of its
minute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from beatrunner.codecs.text_table import Columns, cell, folded, read_table
from beatrunner.codecs.told_plays import MINUTE_S, Telling, unix_ms
from beatrunner.core.listening import ListeningHistory
from beatrunner.core.refusals import Refusal, UnreadableFileError
from beatrunner.core.track_identity import isrc_identity, mbid_identity, spotify_identity

_TITLE = ("title", "track", "song", "track_name", "track_title", "song_name", "name")
_START = (
    *("started_at", "start", "start_time", "played_at", "listened_at"),
    *("timestamp", "time", "datetime", "date_time", "date", "uts"),
)
_END = ("ended_at", "end", "end_time")
_ARTIST = ("artist", "artists", "artist_name", "band")
_COLUMNS = {
    "title": _TITLE,
    "artist": _ARTIST,
    "album": ("album", "album_name", "release"),
    "start": _START,
    "end": _END,
    "length_s": ("length_s", "duration_s", "length", "duration", "seconds"),
    "length_ms": ("duration_ms", "length_ms", "ms_played", "milliseconds"),
    "zone": ("time_zone", "tz", "zone", "utc_offset"),
    "spotify": ("spotify_uri", "spotify_id", "spotify_url"),
    "isrc": ("isrc",),
    "mbid": ("mbid", "recording_mbid", "musicbrainz_id"),
}
_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?")
_TO_THE_MINUTE = re.compile(r"^[^:]*\d:\d\d(?:$|[^:\d])")


def is_table_of_plays(header: Sequence[str]) -> bool:
    """Whether a table with these columns can be read here."""
    columns = Columns(header)
    needed = (_TITLE, _ARTIST, (*_START, *_END))
    return all(columns.find(*names) is not None for names in needed)


def read_own_plays(data: bytes) -> ListeningHistory:
    """Dropped are also no_zone: rows whose time names no moment.

    Raises UnreadableFileError: EMPTY, DAMAGED, NO_LISTENS, NO_TIME_ZONE (no row names a zone).
    """
    told = Telling()
    rows = read_table(data, told.dropped)
    columns = Columns(header := next(rows, []))
    if not is_table_of_plays(header):
        raise UnreadableFileError(Refusal.NO_LISTENS, "no columns of plays")
    places = {field: columns.find(*names) for field, names in _COLUMNS.items()}
    for row in rows:
        _tell(told, {field: cell(row, place) for field, place in places.items()})
    if not told.plays and told.dropped["no_zone"]:
        raise UnreadableFileError(Refusal.NO_TIME_ZONE)
    return told.history()


def _tell(told: Telling, found: dict[str, str]) -> None:
    zone = _zone(found["zone"])
    text = found["start"] or found["end"]
    if _is_without_zone(text, zone):
        told.dropped["no_zone"] += 1
        return
    start_ms, end_ms = _time_ms(found["start"], zone), _time_ms(found["end"], zone)
    length_s = _number(found["length_s"]) or (_number(found["length_ms"]) or 0) / 1000
    if start_ms is None and end_ms is not None and length_s:
        start_ms = end_ms - length_s * 1000
    elif start_ms is not None and end_ms is not None:
        length_s = (end_ms - start_ms) / 1000
    told.add(
        found["title"],
        found["artist"],
        found["album"],
        start_ms,
        length_s=length_s,
        source_id=_identity(found),
        uncertainty_s=MINUTE_S / 2 if _TO_THE_MINUTE.match(text) else 1.0,
    )


def _time_ms(text: str, zone: tzinfo | None) -> float | None:
    if (unix := unix_ms(text)) is not None:
        return unix
    try:
        time = datetime.fromisoformat(text)
        if (time := time if time.tzinfo else time.replace(tzinfo=zone)).tzinfo is None:
            return None
        middle_s = MINUTE_S / 2 if _TO_THE_MINUTE.match(text) else 0.0
        return (time.timestamp() + middle_s) * 1000
    except (ValueError, OverflowError):
        return None


def _is_without_zone(text: str, zone: tzinfo | None) -> bool:
    if zone is not None or unix_ms(text) is not None:
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


@lru_cache(maxsize=64)
def _zone(text: str) -> tzinfo | None:
    """None for what is no zone."""
    if folded(text) in {"utc", "z", "gmt"}:
        return UTC
    if offset := _OFFSET.fullmatch(text):
        sign, hours, minutes = offset.groups()
        shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-shift if sign == "-" else shift) if shift < timedelta(days=1) else None
    try:
        return ZoneInfo(text) if text else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _number(text: str) -> float | None:
    """With decimal point or comma, or as minutes and seconds (`3:45`)."""
    minutes, colon, seconds = text.rpartition(":")
    try:
        number = float(seconds.replace(",", ".")) + (60 * int(minutes) if colon else 0)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


def _identity(found: dict[str, str]) -> str | None:
    return (
        spotify_identity(found["spotify"])
        or isrc_identity(found["isrc"])
        or mbid_identity(found["mbid"])
    )
