"""Fitness Machine Feature, 0x2ACC: what a machine says it can do (FTMS v1.0, section 4.3).

A hint, no more: FitShow modules claim resistance and power targets on treadmills, others do what
they do not claim. Reserved bits occur and are ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from beatrunner.codecs.gatt import Decoded, Number, Oddity, PacketReader

_UINT32 = Number(4)


class FitnessMachineFeatures(IntFlag):
    """What the machine can report."""

    AVERAGE_SPEED = 1 << 0
    CADENCE = 1 << 1
    TOTAL_DISTANCE = 1 << 2
    INCLINATION = 1 << 3
    ELEVATION_GAIN = 1 << 4
    PACE = 1 << 5
    STEP_COUNT = 1 << 6
    RESISTANCE_LEVEL = 1 << 7
    STRIDE_COUNT = 1 << 8
    EXPENDED_ENERGY = 1 << 9
    HEART_RATE_MEASUREMENT = 1 << 10
    METABOLIC_EQUIVALENT = 1 << 11
    ELAPSED_TIME = 1 << 12
    REMAINING_TIME = 1 << 13
    POWER_MEASUREMENT = 1 << 14
    FORCE_ON_BELT_AND_POWER_OUTPUT = 1 << 15
    USER_DATA_RETENTION = 1 << 16


class TargetSettingFeatures(IntFlag):
    """What the machine can be told."""

    SPEED = 1 << 0
    INCLINATION = 1 << 1
    RESISTANCE = 1 << 2
    POWER = 1 << 3
    HEART_RATE = 1 << 4
    EXPENDED_ENERGY = 1 << 5
    STEP_NUMBER = 1 << 6
    STRIDE_NUMBER = 1 << 7
    DISTANCE = 1 << 8
    TRAINING_TIME = 1 << 9
    TIME_IN_TWO_HEART_RATE_ZONES = 1 << 10
    TIME_IN_THREE_HEART_RATE_ZONES = 1 << 11
    TIME_IN_FIVE_HEART_RATE_ZONES = 1 << 12
    INDOOR_BIKE_SIMULATION = 1 << 13
    WHEEL_CIRCUMFERENCE = 1 << 14
    SPIN_DOWN_CONTROL = 1 << 15
    CADENCE = 1 << 16


@dataclass(frozen=True, slots=True)
class FitnessMachineFeature(Decoded):
    features: FitnessMachineFeatures
    targets: TargetSettingFeatures


def decode_fitness_machine_feature(packet: bytes | bytearray) -> FitnessMachineFeature:
    """Read the features; target setting features that are cut off count as not supported.

    Raises `PacketError` if not even the first four bytes are there.
    """
    reader = PacketReader(packet)
    features = reader.flags(_UINT32.size, sum(FitnessMachineFeatures))
    targets = 0
    if reader.remaining >= _UINT32.size:
        targets = reader.flags(_UINT32.size, sum(TargetSettingFeatures))
    else:
        reader.note(Oddity.TOO_SHORT)
        reader.rest()
    return FitnessMachineFeature(
        FitnessMachineFeatures(features), TargetSettingFeatures(targets), oddities=reader.finish()
    )


def encode_fitness_machine_feature(feature: FitnessMachineFeature) -> bytes:
    """The eight bytes of the features, reserved bits zero."""
    return _UINT32.encode(feature.features & sum(FitnessMachineFeatures)) + _UINT32.encode(
        feature.targets & sum(TargetSettingFeatures)
    )
