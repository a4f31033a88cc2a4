"""Heart-rate straps and foot pods: the latest reading of each, with its time of arrival."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Generic, TypeVar

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beatrunner.ble.connection import Connection, DeviceLink, Pacing, UnfitDeviceError, listen
from beatrunner.ble.radio import Radio
from beatrunner.codecs.footpod import (
    RSC_MEASUREMENT,
    RUNNING_SPEED_AND_CADENCE_SERVICE,
    decode_rsc_measurement,
)
from beatrunner.codecs.gatt import PacketError
from beatrunner.codecs.heart_rate import (
    HEART_RATE_MEASUREMENT,
    HEART_RATE_SERVICE,
    SensorContact,
    decode_heart_rate_measurement,
)

_Reading = TypeVar("_Reading")

_CONTACTS = MappingProxyType(
    {
        SensorContact.NOT_SUPPORTED: None,
        SensorContact.NOT_DETECTED: False,
        SensorContact.DETECTED: True,
    }
)


@dataclass(frozen=True, slots=True)
class HeartReading:
    """As the strap sent it; `contact` is None where it cannot tell."""

    heart_rate_bpm: float
    contact: bool | None
    at_s: float


@dataclass(frozen=True, slots=True)
class PodReading:
    """Steps of both feet; `is_doubled` if the pod counts one foot and was doubled."""

    cadence_spm: float
    speed_mps: float | None
    is_doubled: bool
    at_s: float


class _SensorLink(DeviceLink, Generic[_Reading]):
    """What straps and pods have in common.

    Keeps the one at `address`, or the only one in reach, connected while `run` runs; `clock` gives
    monotonic seconds. `reading` is the last one, however old.
    """

    _service: ClassVar[str]
    _measurement: ClassVar[str]

    def __init__(
        self,
        radio: Radio,
        clock: Callable[[], float],
        *,
        address: str | None = None,
        pacing: Pacing | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.reading: _Reading | None = None
        self._clock = clock
        self._connection = Connection(
            radio, self._fits, self._serve, pacing or Pacing(), chance or random.Random(), address
        )

    def choose(self, address: str | None) -> None:
        """Connect this one and no other; None: whichever is the only one in reach."""
        self.reading = None
        self._connection.choose(address)

    def _read(self, packet: bytes, at_s: float) -> _Reading | None:
        """Raises `PacketError`."""
        raise NotImplementedError

    def _fits(self, device: BLEDevice, advertisement: AdvertisementData) -> bool:
        return self._service in advertisement.service_uuids

    async def _serve(self, client: BleakClient, ready: Callable[[], None]) -> None:
        if client.services.get_characteristic(self._measurement) is None:
            raise UnfitDeviceError(f"{self.name or 'The sensor'} sends no measurements.")
        await listen(client, self._measurement, self._hear)
        ready()
        await asyncio.Event().wait()

    def _hear(self, packet: bytes) -> None:
        with suppress(PacketError):
            self.reading = self._read(packet, self._clock()) or self.reading


class HeartLink(_SensorLink[HeartReading]):
    """A heart-rate strap."""

    _service = HEART_RATE_SERVICE
    _measurement = HEART_RATE_MEASUREMENT

    def _read(self, packet: bytes, at_s: float) -> HeartReading | None:
        heard = decode_heart_rate_measurement(packet)
        if heard.heart_rate_bpm is None:
            return None
        return HeartReading(heard.heart_rate_bpm, _CONTACTS[heard.sensor_contact], at_s)


class PodLink(_SensorLink[PodReading]):
    """A foot pod."""

    _service = RUNNING_SPEED_AND_CADENCE_SERVICE
    _measurement = RSC_MEASUREMENT

    def _read(self, packet: bytes, at_s: float) -> PodReading | None:
        heard = decode_rsc_measurement(packet)
        if heard.cadence_spm is None:
            return None
        return PodReading(heard.cadence_spm, heard.speed_mps, heard.counts_one_foot, at_s)
