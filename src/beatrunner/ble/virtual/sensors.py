"""The virtual heart-rate strap and foot pod on the air."""

from __future__ import annotations

from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.peripheral import Peripheral, notifying, readable
from beatrunner.codecs import footpod, heart_rate


class Strap:
    """A chest strap. `tell` sends what it measured."""

    def __init__(self, air: Air, name: str) -> None:
        self.peripheral = Peripheral(air, name, max_clients=2)
        self._measurement = notifying(heart_rate.HEART_RATE_MEASUREMENT)
        location = heart_rate.encode_body_sensor_location(heart_rate.BodySensorLocation.CHEST)
        self.peripheral.add_service(
            heart_rate.HEART_RATE_SERVICE,
            self._measurement,
            readable(heart_rate.BODY_SENSOR_LOCATION, lambda: location),
        )

    async def switch_on(self) -> None:
        await self.peripheral.switch_on(heart_rate.HEART_RATE_SERVICE)

    async def tell(self, heart_rate_bpm: float, *, has_contact: bool) -> None:
        contact = heart_rate.SensorContact
        measurement = heart_rate.HeartRateMeasurement(
            heart_rate_bpm=heart_rate_bpm,
            sensor_contact=contact.DETECTED if has_contact else contact.NOT_DETECTED,
            rr_intervals_s=(60 / heart_rate_bpm,) if heart_rate_bpm else (),
        )
        packet = heart_rate.encode_heart_rate_measurement(measurement)
        await self.peripheral.notify(self._measurement, packet)


class Pod:
    """A foot pod. `counts_one_foot`: it sends half of the steps, as some do."""

    def __init__(self, air: Air, name: str, *, counts_one_foot: bool = False) -> None:
        self.peripheral = Peripheral(air, name, max_clients=2)
        self.counts_one_foot = counts_one_foot
        self._measurement = notifying(footpod.RSC_MEASUREMENT)
        feature = footpod.encode_rsc_feature(footpod.RscFeature.WALKING_OR_RUNNING_STATUS)
        location = footpod.encode_sensor_location(footpod.SensorLocation.TOP_OF_SHOE)
        self.peripheral.add_service(
            footpod.RUNNING_SPEED_AND_CADENCE_SERVICE,
            self._measurement,
            readable(footpod.RSC_FEATURE, lambda: feature),
            readable(footpod.SENSOR_LOCATION, lambda: location),
        )

    async def switch_on(self) -> None:
        await self.peripheral.switch_on(footpod.RUNNING_SPEED_AND_CADENCE_SERVICE)

    async def tell(self, speed_mps: float, cadence_spm: float) -> None:
        measurement = footpod.RscMeasurement(
            speed_mps=speed_mps,
            cadence_per_min=cadence_spm / 2 if self.counts_one_foot else cadence_spm,
            is_running=cadence_spm >= _LEAST_RUNNING_SPM,
        )
        packet = footpod.encode_rsc_measurement(measurement)
        await self.peripheral.notify(self._measurement, packet)


_LEAST_RUNNING_SPM = 140
