"""The virtual heart-rate strap and foot pod on the air."""

from __future__ import annotations

from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.peripheral import Peripheral, notifying, readable
from beatrunner.codecs import footpod, heart_rate
from beatrunner.core.simulation.strap import StrapFault, VirtualStrap

_CONTACT = {
    None: heart_rate.SensorContact.NOT_SUPPORTED,
    False: heart_rate.SensorContact.NOT_DETECTED,
    True: heart_rate.SensorContact.DETECTED,
}


class Strap:
    """A chest strap. Set `fault` at any time."""

    def __init__(self, air: Air, name: str, *, seed: int, tells_contact: bool = True) -> None:
        self.peripheral = Peripheral(air, name, max_clients=2)
        self._strap = VirtualStrap(seed, tells_contact)
        self._measurement = notifying(heart_rate.HEART_RATE_MEASUREMENT)
        location = heart_rate.encode_body_sensor_location(heart_rate.BodySensorLocation.CHEST)
        self.peripheral.add_service(
            heart_rate.HEART_RATE_SERVICE,
            self._measurement,
            readable(heart_rate.BODY_SENSOR_LOCATION, lambda: location),
        )

    @property
    def fault(self) -> StrapFault:
        return self._strap.fault

    @fault.setter
    def fault(self, fault: StrapFault) -> None:
        self._strap.fault = fault

    async def switch_on(self) -> None:
        await self.peripheral.switch_on(heart_rate.HEART_RATE_SERVICE)

    async def switch_off(self) -> None:
        await self.peripheral.switch_off()

    async def tell(self, dt_s: float, heart_rate_bpm: float, cadence_spm: float) -> None:
        """Send what it makes of the true heart rate, `dt_s` after the last time."""
        reading = self._strap.read(dt_s, heart_rate_bpm, cadence_spm)
        if reading is None:
            return
        measured_bpm = reading.heart_rate_bpm
        measurement = heart_rate.HeartRateMeasurement(
            heart_rate_bpm=measured_bpm,
            sensor_contact=_CONTACT[reading.has_contact],
            rr_intervals_s=(60 / measured_bpm,) if measured_bpm else (),
        )
        packet = heart_rate.encode_heart_rate_measurement(measurement)
        await self.peripheral.notify(self._measurement, packet)


class Pod:
    """A foot pod. `counts_one_foot`: it sends half of the steps, as some do."""

    def __init__(self, air: Air, name: str, *, counts_one_foot: bool = False) -> None:
        self.peripheral = Peripheral(air, name, max_clients=2)
        self._counts_one_foot = counts_one_foot
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

    async def switch_off(self) -> None:
        await self.peripheral.switch_off()

    async def tell(self, speed_mps: float, cadence_spm: float, *, is_running: bool) -> None:
        """Send the steps of both feet per minute, or of one."""
        measurement = footpod.RscMeasurement(
            speed_mps=speed_mps,
            cadence_per_min=cadence_spm / (2 if self._counts_one_foot else 1),
            is_running=is_running,
        )
        packet = footpod.encode_rsc_measurement(measurement)
        await self.peripheral.notify(self._measurement, packet)
