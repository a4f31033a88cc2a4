"""What is known of a treadmill once it is connected: its name, limits and quirks.

Features and ranges are what the machine says of itself, and machines lie: features are a hint,
ranges are held to what a treadmill can be, and what is missing gets narrow defaults.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from bleak import BleakClient
from bleak.exc import BleakError

from beatrunner.ble.quirks import Quirks, QuirkTable
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.quantities import SpeedUnit
from beatrunner.codecs.ftms.ranges import (
    decode_supported_inclination_range,
    decode_supported_speed_range,
)
from beatrunner.codecs.gatt import PacketError, assigned_uuid
from beatrunner.core.governor import Bounds, Calibration
from beatrunner.core.governor.bounds import step_down, step_up

_MANUFACTURER_NAME: Final = assigned_uuid(0x2A29)

DISHONEST: Final = (
    "This treadmill said yes to speeds that it did not run, when it was calibrated: "
    "BeatRunner only listens."
)

#: No treadmill for people is faster or steeper; whoever says so does not mean it.
_FASTEST_KMH = 25.0
_STEEPEST_PCT = 40.0
_SLOWEST_KMH = 5.0
"""No treadmill's slowest speed is faster than a walk."""
_HUNDREDTH_MILE_KMH = SpeedUnit.MPH.value / 100
_COARSEST_KMH = 1.0
_COARSEST_PCT = 2.0


@dataclass(frozen=True, slots=True)
class MachineLimits:
    """What may be asked of a treadmill. An incline that cannot be controlled is 0 to 0."""

    min_speed_kmh: float = 1.0
    max_speed_kmh: float = 12.0
    speed_step_kmh: float = 0.1
    min_incline_pct: float = 0.0
    max_incline_pct: float = 0.0
    incline_step_pct: float = 0.5

    def has_speed(self, speed_kmh: float) -> bool:
        return self.min_speed_kmh <= speed_kmh <= self.max_speed_kmh

    def has_incline(self, incline_pct: float) -> bool:
        return self.min_incline_pct <= incline_pct <= self.max_incline_pct

    @property
    def bounds(self) -> Bounds:
        """As the governor wants them."""
        return Bounds(self.max_speed_kmh, self.min_incline_pct, self.max_incline_pct)

    @property
    def uncalibrated(self) -> Calibration:
        """How a machine with these limits follows, as long as nobody has measured it: sluggishly.

        Wide enough for the overshoot of five seconds and more that is known of some.
        """
        return Calibration(
            lag_s=2.0,
            ramp_up_kmh_s=0.3,
            ramp_down_kmh_s=0.3,
            overshoot_kmh=0.5,
            settle_s=6.0,
            speed_step_kmh=self.speed_step_kmh,
            incline_step_pct=self.incline_step_pct,
        )


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """One connected treadmill; `control_refused` says in words why it cannot be driven.

    `measured` is its calibration, None where nobody has calibrated it.
    """

    name: str
    address: str
    manufacturer: str | None
    limits: MachineLimits
    quirks: Quirks
    control_refused: str | None = None
    measured: TreadmillCalibration | None = None

    @property
    def calibration(self) -> Calibration:
        """How it follows, for the governor: as measured, or as any treadmill may."""
        return self.measured.calibration if self.measured else self.limits.uncalibrated


async def read_machine(
    client: BleakClient,
    name: str,
    address: str,
    table: QuirkTable,
    measured: TreadmillCalibration | None,
) -> MachineFacts:
    """Ask a connected treadmill what it is. Characteristics that are missing or odd are no error.

    Raises what bleak raises when the link breaks.
    """
    raw = await _read(client, _MANUFACTURER_NAME)
    manufacturer = raw.decode("utf-8", "replace").strip("\0 ") or None if raw else None
    quirks = with_measured(table.of(name, manufacturer), measured)
    return MachineFacts(
        name=name,
        address=address,
        manufacturer=manufacturer,
        limits=limits_of(
            await _read(client, uuids.SUPPORTED_SPEED_RANGE),
            await _read(client, uuids.SUPPORTED_INCLINATION_RANGE),
            quirks,
        ),
        quirks=quirks,
        control_refused=_refusal(client, quirks),
        measured=measured,
    )


def with_measured(quirks: Quirks, measured: TreadmillCalibration | None) -> Quirks:
    """What was measured of this machine counts more than what is known of its like."""
    if measured is None:
        return quirks
    refusal = quirks.speed_refused if measured.is_honest else DISHONEST
    return msgspec.structs.replace(
        quirks,
        commands_in_mph=measured.commands_in_mph,
        data_in_mph=measured.data_in_mph,
        speed_step_kmh=measured.calibration.speed_step_kmh,
        start_by_hand=not measured.starts_by_command,
        speed_refused=refusal,
    )


async def _read(client: BleakClient, uuid: str) -> bytes | None:
    characteristic = client.services.get_characteristic(uuid)
    if characteristic is None:
        return None
    try:
        return bytes(await client.read_gatt_char(characteristic))
    except BleakError:
        if client.is_connected:
            return None
        raise


def _refusal(client: BleakClient, quirks: Quirks) -> str | None:
    if client.services.get_characteristic(uuids.FITNESS_MACHINE_CONTROL_POINT) is None:
        return "This treadmill cannot be controlled over Bluetooth: BeatRunner only listens."
    return quirks.speed_refused


def limits_of(speeds: bytes | None, inclines: bytes | None, quirks: Quirks) -> MachineLimits:
    """The limits from the two supported ranges, None where there is no such characteristic.

    The speed range of a machine that takes miles per hour is read as km/h, which is the lower.
    """
    limits = MachineLimits()
    low_kmh, high_kmh, step_kmh = _speeds(speeds, limits)
    step_kmh = quirks.speed_step_kmh or step_kmh
    low_kmh = max(low_kmh, quirks.min_speed_kmh or 0.0, step_kmh)
    if quirks.commands_in_mph:
        low_kmh += _HUNDREDTH_MILE_KMH  # Else rounding to miles could go below it.
    high_kmh = min(high_kmh, quirks.max_speed_kmh or high_kmh)
    low_pct, high_pct, step_pct = 0.0, 0.0, limits.incline_step_pct
    if inclines is not None and quirks.incline_refused is None:
        low_pct, high_pct, step_pct = _inclines(inclines, limits)
    step_pct = quirks.incline_step_pct or step_pct
    return MachineLimits(
        min_speed_kmh=step_up(low_kmh, step_kmh),
        max_speed_kmh=max(step_down(high_kmh, step_kmh), step_up(low_kmh, step_kmh)),
        speed_step_kmh=step_kmh,
        min_incline_pct=low_pct,
        max_incline_pct=high_pct,
        incline_step_pct=step_pct,
    )


def _speeds(raw: bytes | None, default: MachineLimits) -> tuple[float, float, float]:
    """Lowest, highest and step in km/h, believed as far as they can be true."""
    low, high, step = default.min_speed_kmh, default.max_speed_kmh, default.speed_step_kmh
    try:
        said = decode_supported_speed_range(raw or b"")
    except PacketError:
        return low, high, step
    if said.minimum_increment_kmh and said.minimum_increment_kmh <= _COARSEST_KMH:
        step = said.minimum_increment_kmh
    if said.minimum_speed_kmh < min(said.maximum_speed_kmh, _SLOWEST_KMH):
        low, high = said.minimum_speed_kmh, min(said.maximum_speed_kmh, _FASTEST_KMH)
    return low, high, step


def _inclines(raw: bytes, default: MachineLimits) -> tuple[float, float, float]:
    """Lowest, highest and step in percent; 0 to 0 where nothing can be believed."""
    step = default.incline_step_pct
    try:
        said = decode_supported_inclination_range(raw)
    except PacketError:
        return 0.0, 0.0, step
    if said.minimum_increment_pct and said.minimum_increment_pct <= _COARSEST_PCT:
        step = said.minimum_increment_pct
    low, high = said.minimum_inclination_pct, said.maximum_inclination_pct
    if -_STEEPEST_PCT <= low <= high <= _STEEPEST_PCT:
        return min(low, 0.0), max(high, 0.0), step
    return 0.0, 0.0, step
