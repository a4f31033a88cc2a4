"""Treadmill Data as readings: parts joined, units settled, stamped when they arrive."""

from __future__ import annotations

import math
from dataclasses import dataclass

from beatrunner.ble.quirks import Quirks
from beatrunner.codecs.ftms.data_record import DataRecord
from beatrunner.codecs.ftms.treadmill_data import decode_treadmill_data
from beatrunner.codecs.gatt import PacketError


@dataclass(frozen=True, slots=True)
class Reading:
    """What the belt does, by its own word; `at_s` is when it arrived, on the bridge's clock."""

    speed_kmh: float
    incline_pct: float | None
    distance_m: float | None
    elapsed_s: float | None
    heart_rate_bpm: float | None
    at_s: float


class Telemetry:
    """One connection's stream of data."""

    def __init__(self, quirks: Quirks) -> None:
        self._quirks = quirks
        self._record = DataRecord()
        self._moved_kmh = 0.0
        self._moved_s = -math.inf

    def hear(self, packet: bytes | bytearray, at_s: float) -> Reading | None:
        """The reading that this notification completes; None for parts, and without a speed."""
        try:
            part = decode_treadmill_data(packet, self._quirks.data_unit)
        except PacketError:
            return None
        record = self._record.add(part)
        if record is None or record.instantaneous_speed_kmh is None:
            return None
        return Reading(
            speed_kmh=self._debounced(record.instantaneous_speed_kmh, at_s),
            incline_pct=record.inclination_pct if self._quirks.reports_incline else None,
            distance_m=record.total_distance_m,
            elapsed_s=record.elapsed_time_s,
            heart_rate_bpm=record.heart_rate_bpm or None,
            at_s=at_s,
        )

    def _debounced(self, speed_kmh: float, at_s: float) -> float:
        """A zero in the middle of a run is the speed before it, for as long as the quirk says."""
        if speed_kmh > 0:
            self._moved_kmh, self._moved_s = speed_kmh, at_s
        elif at_s - self._moved_s < self._quirks.zero_debounce_s:
            return self._moved_kmh
        return speed_kmh
