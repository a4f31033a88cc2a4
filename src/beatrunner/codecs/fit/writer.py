"""Recordings as FIT activity files, for programs that take no other and for the demo.

The smallest file that the FIT activity specification allows: file_id, timer events, records, at
least one lap, one session, one activity message.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from beatrunner.codecs.fit import profile
from beatrunner.codecs.fit.crc import crc16
from beatrunner.codecs.fit.profile import (
    EPOCH_UNIX_S,
    ON_FOOT,
    SEMICIRCLES_PER_DEGREE,
    TIMESTAMP,
    Kind,
)
from beatrunner.core.recording import DeviceTotals, Lap, RawRecording, Samples

#: Protocol 1.0 (no developer fields), and the profile version whose numbers are used.
_PROTOCOL_VERSION = 0x10
_PROFILE_VERSION = 2100


class _Type(NamedTuple):
    number: int
    code: str
    invalid: int | bytes


_ENUM = _Type(0x00, "B", 0xFF)
_UINT8 = _Type(0x02, "B", 0xFF)
_UINT16 = _Type(0x84, "H", 0xFFFF)
_SINT32 = _Type(0x85, "i", 0x7FFFFFFF)
_UINT32 = _Type(0x86, "I", 0xFFFFFFFF)
_NAME = _Type(0x07, "64s", b"")

_RECORD_FIELDS: Mapping[str, Mapping[int, _Type]] = {
    "latitude": {profile.Record.LATITUDE: _SINT32},
    "longitude": {profile.Record.LONGITUDE: _SINT32},
    "distance_m": {profile.Record.DISTANCE: _UINT32},
    "altitude_m": {profile.Record.ENHANCED_ALTITUDE: _UINT32},
    "speed_mps": {profile.Record.ENHANCED_SPEED: _UINT32},
    "heart_rate_bpm": {profile.Record.HEART_RATE: _UINT8},
    "cadence_spm": {profile.Record.CADENCE: _UINT8, profile.Record.FRACTIONAL_CADENCE: _UINT8},
}
_FILE_ID_FIELDS: Mapping[int, _Type] = {
    profile.FileId.TYPE: _ENUM,
    profile.FileId.MANUFACTURER: _UINT16,
    profile.FileId.PRODUCT: _UINT16,
    profile.FileId.TIME_CREATED: _UINT32,
    profile.FileId.PRODUCT_NAME: _NAME,
}
_EVENT_FIELDS: Mapping[int, _Type] = {
    TIMESTAMP: _UINT32,
    profile.Event.EVENT: _ENUM,
    profile.Event.EVENT_TYPE: _ENUM,
}
_LAP_FIELDS: Mapping[int, _Type] = {
    TIMESTAMP: _UINT32,
    profile.Lap.START_TIME: _UINT32,
    profile.Lap.TOTAL_ELAPSED_TIME: _UINT32,
    profile.Lap.TOTAL_DISTANCE: _UINT32,
    profile.Lap.EVENT: _ENUM,
    profile.Lap.EVENT_TYPE: _ENUM,
}
_SESSION_FIELDS: Mapping[int, _Type] = {
    TIMESTAMP: _UINT32,
    profile.Session.START_TIME: _UINT32,
    profile.Session.SPORT: _ENUM,
    profile.Session.SUB_SPORT: _ENUM,
    profile.Session.TOTAL_ELAPSED_TIME: _UINT32,
    profile.Session.TOTAL_TIMER_TIME: _UINT32,
    profile.Session.TOTAL_DISTANCE: _UINT32,
    profile.Session.TOTAL_ASCENT: _UINT16,
    profile.Session.TOTAL_DESCENT: _UINT16,
    profile.Session.EVENT: _ENUM,
    profile.Session.EVENT_TYPE: _ENUM,
}
_ACTIVITY_FIELDS: Mapping[int, _Type] = {
    TIMESTAMP: _UINT32,
    profile.Activity.TOTAL_TIMER_TIME: _UINT32,
    profile.Activity.NUM_SESSIONS: _UINT16,
    profile.Activity.TYPE: _ENUM,
    profile.Activity.EVENT: _ENUM,
    profile.Activity.EVENT_TYPE: _ENUM,
    profile.Activity.LOCAL_TIMESTAMP: _UINT32,
}


@dataclass(frozen=True, slots=True)
class _Message:
    """One kind of message in its slot: its definition, and the messages themselves."""

    slot: int
    kind: Kind
    fields: Mapping[int, _Type]

    def definition(self) -> bytes:
        triples = b"".join(
            struct.pack("<BBB", number, struct.calcsize(kind.code), kind.number)
            for number, kind in self.fields.items()
        )
        head = struct.pack("<BBBHB", 0x40 | self.slot, 0, 0, self.kind, len(self.fields))
        return head + triples

    def data(self, values: Mapping[int, float | bytes | None]) -> bytes:
        """A message with these values, rounded; what is None, missing or too large is invalid."""
        stored = (_stored(values.get(number), kind) for number, kind in self.fields.items())
        codes = "".join(kind.code for kind in self.fields.values())
        return struct.pack("<B" + codes, self.slot, *stored)


def write_fit(recording: RawRecording) -> bytes:
    """`recording` as a FIT activity file.

    FIT keeps whole seconds, centimetres, millimetres per second, fifths of a metre of altitude
    and whole heart beats. Totals and a lap that are missing are taken from the samples. Raises
    ValueError if the recording has no samples or began before FIT's epoch (1990).
    """
    if not len(recording.sample_s):
        raise ValueError("a FIT activity needs records")
    body = b"".join(_messages(recording))
    header = struct.pack("<BBHI4s", 14, _PROTOCOL_VERSION, _PROFILE_VERSION, len(body), b".FIT")
    header += struct.pack("<H", crc16(header))
    return header + body + struct.pack("<H", crc16(header + body))


def _messages(recording: RawRecording) -> Iterator[bytes]:
    start = recording.started_at.timestamp() - EPOCH_UNIX_S
    if start < 0:
        raise ValueError("FIT cannot tell times before 1990")
    totals = _summed_up(recording)
    end = start + (totals.elapsed_s or 0.0)
    yield from _file_id(recording.device_name, start)
    yield from _records_and_events(recording, start, end)
    yield from _laps(recording.laps or (Lap(0.0, end - start, totals.distance_m),), start)
    yield from _session(recording, totals, start, end)
    yield from _activity(recording.utc_offset_s, totals, end)


def _file_id(device_name: str | None, start: float) -> Iterator[bytes]:
    file_id = _Message(0, Kind.FILE_ID, _FILE_ID_FIELDS)
    yield file_id.definition()
    # A name cut within a character would not be UTF-8.
    name = (device_name or "").encode()[:63].decode(errors="ignore").encode()
    yield file_id.data(
        {
            profile.FileId.TYPE: profile.FILE_TYPE_ACTIVITY,
            profile.FileId.MANUFACTURER: profile.MANUFACTURER_DEVELOPMENT,
            profile.FileId.PRODUCT: 0,
            profile.FileId.TIME_CREATED: start,
            profile.FileId.PRODUCT_NAME: name,
        }
    )


def _laps(laps: Sequence[Lap], start: float) -> Iterator[bytes]:
    lap = _Message(3, Kind.LAP, _LAP_FIELDS)
    yield lap.definition()
    for one in laps:
        yield lap.data(
            {
                TIMESTAMP: start + one.end_s,
                profile.Lap.EVENT: profile.EVENT_LAP,
                profile.Lap.EVENT_TYPE: profile.EVENT_STOP,
                profile.Lap.START_TIME: start + one.start_s,
                profile.Lap.TOTAL_ELAPSED_TIME: _scaled(one.end_s - one.start_s, 1000),
                profile.Lap.TOTAL_DISTANCE: _scaled(one.distance_m, 100),
            }
        )


def _session(
    recording: RawRecording, totals: DeviceTotals, start: float, end: float
) -> Iterator[bytes]:
    session = _Message(4, Kind.SESSION, _SESSION_FIELDS)
    yield session.definition()
    sport, sub_sport = profile.sport_numbers(recording.sport, is_indoor=recording.is_indoor)
    yield session.data(
        {
            TIMESTAMP: end,
            profile.Session.EVENT: profile.EVENT_SESSION,
            profile.Session.EVENT_TYPE: profile.EVENT_STOP,
            profile.Session.START_TIME: start,
            profile.Session.SPORT: sport,
            profile.Session.SUB_SPORT: sub_sport,
            profile.Session.TOTAL_ELAPSED_TIME: _scaled(totals.elapsed_s, 1000),
            profile.Session.TOTAL_TIMER_TIME: _scaled(totals.timer_s, 1000),
            profile.Session.TOTAL_DISTANCE: _scaled(totals.distance_m, 100),
            profile.Session.TOTAL_ASCENT: totals.ascent_m,
            profile.Session.TOTAL_DESCENT: totals.descent_m,
        }
    )


def _activity(utc_offset_s: int | None, totals: DeviceTotals, end: float) -> Iterator[bytes]:
    activity = _Message(5, Kind.ACTIVITY, _ACTIVITY_FIELDS)
    yield activity.definition()
    yield activity.data(
        {
            TIMESTAMP: end,
            profile.Activity.TOTAL_TIMER_TIME: _scaled(totals.timer_s, 1000),
            profile.Activity.NUM_SESSIONS: 1,
            profile.Activity.TYPE: 0,
            profile.Activity.EVENT: profile.EVENT_ACTIVITY,
            profile.Activity.EVENT_TYPE: profile.EVENT_STOP,
            profile.Activity.LOCAL_TIMESTAMP: None if utc_offset_s is None else end + utc_offset_s,
        }
    )


def _records_and_events(recording: RawRecording, start: float, end: float) -> Iterator[bytes]:
    """Records in their order, with each timer event before the first record not older than it."""
    names = [name for name in _RECORD_FIELDS if name in recording.columns]
    fields = {TIMESTAMP: _UINT32}
    columns = [(start + recording.sample_s).tolist()]
    for name in names:
        fields |= _RECORD_FIELDS[name]
        columns += _stored_columns(name, recording.columns[name], recording.sport)
    event = _Message(1, Kind.EVENT, _EVENT_FIELDS)
    record = _Message(2, Kind.RECORD, fields)
    yield event.definition()
    yield record.definition()

    events = [(start, profile.EVENT_START)]
    for pause_start_s, pause_end_s in recording.pauses:
        events.append((start + pause_start_s, profile.EVENT_STOP_ALL))
        events.append((start + pause_end_s, profile.EVENT_START))
    events.append((end, profile.EVENT_STOP_ALL))
    written = 0
    for row in zip(*columns, strict=True):
        while written < len(events) - 1 and events[written][0] <= row[0]:
            time, event_type = events[written]
            yield event.data(_timer_event(time, event_type))
            written += 1
        yield record.data(dict(zip(fields, row, strict=True)))
    for time, event_type in events[written:]:
        yield event.data(_timer_event(time, event_type))


def _stored_columns(name: str, column: Samples, sport: str) -> list[list[float]]:
    """The column in FIT's scale; cadence takes two."""
    match name:
        case "latitude" | "longitude":
            return [(column * SEMICIRCLES_PER_DEGREE).tolist()]
        case "distance_m":
            return [(column * 100).tolist()]
        case "altitude_m":
            return [((column + 500) * 5).tolist()]
        case "speed_mps":
            return [(column * 1000).tolist()]
        case "cadence_spm":
            fine = np.round(column * 128 / (2 if sport in ON_FOOT else 1))
            return [(fine // 128).tolist(), (fine % 128).tolist()]
        case _:
            return [column.tolist()]


def _timer_event(time: float, event_type: int) -> dict[int, float | bytes | None]:
    return {
        TIMESTAMP: time,
        profile.Event.EVENT: profile.EVENT_TIMER,
        profile.Event.EVENT_TYPE: event_type,
    }


def _summed_up(recording: RawRecording) -> DeviceTotals:
    """The device's totals, with those that FIT demands added up where the device had none."""
    totals = recording.totals
    elapsed_s = totals.elapsed_s
    if elapsed_s is None:
        elapsed_s = max(0.0, float(np.max(recording.sample_s)))
    timer_s = totals.timer_s
    if timer_s is None:
        timer_s = elapsed_s - sum(end_s - start_s for start_s, end_s in recording.pauses)
    distance_m = totals.distance_m
    if distance_m is None and "distance_m" in recording.columns:
        known = recording.columns["distance_m"]
        known = known[~np.isnan(known)]
        distance_m = float(known[-1]) if len(known) else None
    return replace(totals, elapsed_s=elapsed_s, timer_s=timer_s, distance_m=distance_m)


def _stored(value: float | bytes | None, kind: _Type) -> int | bytes:
    if isinstance(value, bytes):
        return value
    if value is None or not math.isfinite(value):
        return kind.invalid
    whole = round(value)
    bits = 8 * struct.calcsize(kind.code)
    lowest = -(2 ** (bits - 1)) if kind.code.islower() else 0
    highest = 2 ** (bits - 1) if kind.code.islower() else 2**bits
    return whole if lowest <= whole < highest else kind.invalid


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
