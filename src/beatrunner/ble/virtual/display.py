"""What a virtual treadmill shows to whoever asks or listens: features, ranges, status and data."""

from __future__ import annotations

from beatrunner.codecs.ftms.advertising import (
    FitnessMachineType,
    ServiceData,
    encode_service_data,
)
from beatrunner.codecs.ftms.data_record import split_treadmill_data
from beatrunner.codecs.ftms.features import (
    FitnessMachineFeature,
    FitnessMachineFeatures,
    TargetSettingFeatures,
    encode_fitness_machine_feature,
)
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.ranges import (
    SupportedInclinationRange,
    SupportedSpeedRange,
    encode_supported_inclination_range,
    encode_supported_speed_range,
)
from beatrunner.codecs.ftms.training_status import (
    TrainingStatus,
    TrainingStatusCode,
    encode_training_status,
)
from beatrunner.codecs.ftms.treadmill_data import TreadmillData
from beatrunner.core.simulation.belt import Belt, BeltState

_SMALLEST_PAYLOAD_BYTES = 20
_LONGEST_S = 0xFFFF
_RESERVED_BITS = 1 << 31
_RESERVED_STATUS = bytes([0x00, 0xF0])


class Display:
    """The packets of one belt, as its quirks have them."""

    def __init__(self, belt: Belt) -> None:
        self._belt = belt
        self._packets_sent = 0
        self._was_started = False

    def service_data(self) -> bytes | None:
        """For advertising."""
        if self._belt.quirks.hides_machine_type:
            return None
        return encode_service_data(ServiceData(True, FitnessMachineType.TREADMILL))

    def features(self) -> bytes:
        quirks = self._belt.quirks
        features = FitnessMachineFeatures.TOTAL_DISTANCE | FitnessMachineFeatures.ELAPSED_TIME
        targets = TargetSettingFeatures(0)
        if not quirks.hides_incline:
            features |= FitnessMachineFeatures.INCLINATION
        if not quirks.refuses_speed:
            targets |= TargetSettingFeatures.SPEED
        if not quirks.refuses_incline:
            targets |= TargetSettingFeatures.INCLINATION
        if quirks.claims_everything:
            targets |= TargetSettingFeatures.RESISTANCE | TargetSettingFeatures.POWER
        packet = encode_fitness_machine_feature(FitnessMachineFeature(features, targets))
        if quirks.sets_reserved_bits:
            packet = (int.from_bytes(packet, "little") | _RESERVED_BITS).to_bytes(8, "little")
        return packet

    def speed_range(self) -> bytes:
        belt = self._belt.characteristics
        limits = SupportedSpeedRange(belt.min_speed_kmh, belt.max_speed_kmh, belt.speed_step_kmh)
        return encode_supported_speed_range(limits, _unit(self._belt.quirks.range_in_mph))

    def inclination_range(self) -> bytes:
        belt, factor = self._belt.characteristics, self._belt.quirks.incline_factor
        return encode_supported_inclination_range(
            SupportedInclinationRange(
                belt.min_incline_pct * factor,
                belt.max_incline_pct * factor,
                belt.incline_step_pct * factor,
            )
        )

    def training_status(self) -> bytes:
        quirks = self._belt.quirks
        is_moving = self._belt.is_wanted_to_move
        self._was_started |= is_moving
        if quirks.has_empty_training_status and not self._was_started:
            return b""
        if quirks.has_reserved_training_status:
            return _RESERVED_STATUS
        status = TrainingStatusCode.MANUAL_MODE if is_moving else TrainingStatusCode.IDLE
        return encode_training_status(TrainingStatus(status))

    def data(self, step_count: float) -> tuple[bytes, ...]:
        """The packets of one record of Treadmill Data, about the belt as it is now."""
        quirks = self._belt.quirks
        self._packets_sent += 1
        packets = split_treadmill_data(
            self._record(step_count), _SMALLEST_PAYLOAD_BYTES, _unit(quirks.data_in_mph)
        )
        end = quirks.cuts_packets_to or None
        return tuple((packet + quirks.appends_bytes)[:end] for packet in packets)

    def _record(self, step_count: float) -> TreadmillData:
        belt, quirks = self._belt, self._belt.quirks
        number = self._packets_sent
        is_zero = quirks.zero_frame_every and number % quirks.zero_frame_every == 0
        has_less = quirks.changes_fields and number % 2 == 0
        has_incline = not quirks.hides_incline and not has_less
        has_more = quirks.splits_records
        return TreadmillData(
            instantaneous_speed_kmh=0.0 if is_zero else round(belt.reported_speed_kmh, 2),
            total_distance_m=belt.distance_m,
            inclination_pct=belt.incline_pct * quirks.incline_factor if has_incline else None,
            elapsed_time_s=None if has_less else min(belt.elapsed_s, _LONGEST_S),
            average_speed_kmh=_average_kmh(belt) if has_more else None,
            positive_elevation_gain_m=0.0 if has_more else None,
            negative_elevation_gain_m=0.0 if has_more else None,
            metabolic_equivalent=1.0 if has_more else None,
            remaining_time_s=0.0 if has_more else None,
            step_count=step_count if quirks.sends_steps else None,
        )


def _unit(is_mph: bool) -> SpeedUnit:
    return SpeedUnit.MPH if is_mph else SpeedUnit.KMH


def _average_kmh(belt: Belt) -> float:
    if belt.state is BeltState.STOPPED or not belt.elapsed_s:
        return 0.0
    return belt.distance_m / belt.elapsed_s * 3.6
