"""UUIDs of the Fitness Machine Service, as far as treadmills use it (FTMS v1.0, section 4)."""

from __future__ import annotations

from typing import Final

from beatrunner.codecs.gatt import assigned_uuid

FITNESS_MACHINE_SERVICE: Final = assigned_uuid(0x1826)

FITNESS_MACHINE_FEATURE: Final = assigned_uuid(0x2ACC)
TREADMILL_DATA: Final = assigned_uuid(0x2ACD)
TRAINING_STATUS: Final = assigned_uuid(0x2AD3)
SUPPORTED_SPEED_RANGE: Final = assigned_uuid(0x2AD4)
SUPPORTED_INCLINATION_RANGE: Final = assigned_uuid(0x2AD5)
SUPPORTED_HEART_RATE_RANGE: Final = assigned_uuid(0x2AD7)
FITNESS_MACHINE_CONTROL_POINT: Final = assigned_uuid(0x2AD9)
FITNESS_MACHINE_STATUS: Final = assigned_uuid(0x2ADA)
