"""bleak's backend for virtual radios, to be passed as `backend=` to its client and scanner.

bleak wants classes, not objects; so a class is made for each adapter.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import UUID

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import core
from bumble.att import ATT_Error
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Peer
from bumble.gatt import Characteristic

from beatrunner.ble.radio import Radio
from beatrunner.ble.virtual.adapter import Adapter, cancellations

_MTU = 517
_PROPERTIES: tuple[tuple[Characteristic.Properties, CharacteristicPropertyName], ...] = (
    (Characteristic.Properties.READ, "read"),
    (Characteristic.Properties.WRITE_WITHOUT_RESPONSE, "write-without-response"),
    (Characteristic.Properties.WRITE, "write"),
    (Characteristic.Properties.NOTIFY, "notify"),
    (Characteristic.Properties.INDICATE, "indicate"),
)


def radio_of(adapter: Adapter) -> Radio:
    """bleak's classes for one adapter."""
    return Radio(
        scanner_backend=type("VirtualScanner", (VirtualScanner,), {"adapter": adapter}),
        client_backend=type("VirtualClient", (VirtualClient,), {"adapter": adapter}),
    )


class VirtualScanner(BaseBleakScanner):
    adapter: ClassVar[Adapter]

    def __init__(
        self,
        detection_callback: Any,
        service_uuids: list[str] | None,
        *_platform_arguments: Any,
        **_more: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        await self.adapter.start_scan(self._heard)

    async def stop(self) -> None:
        await self.adapter.stop_scan(self._heard)

    def _heard(self, advertisement: Advertisement) -> None:
        data = advertisement.data
        name = data.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        services = data.get_all(AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
        service_data = data.get_all(AdvertisingData.Type.SERVICE_DATA_16_BIT_UUID)
        heard = AdvertisementData(
            local_name=name,
            manufacturer_data={},
            service_data={_text(uuid): bytes(value) for uuid, value in service_data},
            service_uuids=[_text(uuid) for uuids in services for uuid in uuids],
            tx_power=None,
            rssi=advertisement.rssi,
            platform_data=(),
        )
        if self.is_allowed_uuid(heard.service_uuids):
            address = advertisement.address.to_string(with_type_qualifier=False)
            device = self.create_or_update_device(address, address, name, None, heard)
            self.call_detection_callbacks(device, heard)


class VirtualClient(BaseBleakClient):
    adapter: ClassVar[Adapter]

    def __init__(self, address_or_ble_device: BLEDevice | str, **arguments: Any) -> None:
        super().__init__(address_or_ble_device, **arguments)
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._name = self.address
        if isinstance(address_or_ble_device, BLEDevice):
            self._name = address_or_ble_device.name or self.address

    @property
    def name(self) -> str:
        return self._name

    @property
    def mtu_size(self) -> int:
        return int(self._connection.att_mtu) if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def connect(self, pair: bool, **_more: Any) -> None:
        if self._connection:
            raise BleakError("Already connected")
        connection = await self.adapter.connect(self.address, self._timeout)
        self._connection = connection
        connection.once(Connection.EVENT_DISCONNECTION, self._disconnected)
        self._peer = Peer(connection)
        try:
            async with self._procedure() as peer:
                if pair:
                    await connection.pair()
                await peer.request_mtu(_MTU)
                await peer.discover_all()
                self.services = _collect(peer, self.mtu_size)
        except BaseException:
            await asyncio.shield(self.disconnect())
            raise

    async def disconnect(self) -> None:
        if self._connection:
            await self._connection.disconnect()

    async def pair(self, *_arguments: Any, **_more: Any) -> None:
        async with self._procedure() as peer:
            await peer.connection.pair()

    async def unpair(self) -> None:
        await self.disconnect()

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_more: Any
    ) -> bytearray:
        async with self._procedure() as peer:
            return bytearray(await peer.read_value(characteristic.obj))

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_more: Any
    ) -> bytearray:
        async with self._procedure() as peer:
            return bytearray(await peer.read_value(descriptor.obj))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        async with self._procedure() as peer:
            await peer.write_value(characteristic.obj, bytes(data), with_response=response)

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        async with self._procedure() as peer:
            await peer.write_value(descriptor.obj, bytes(data), with_response=True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_more: Any
    ) -> None:
        def heard(value: bytes) -> None:
            callback(bytearray(value))

        async with self._procedure() as peer:
            await peer.subscribe(characteristic.obj, heard)

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        async with self._procedure() as peer:
            await peer.gatt_client.unsubscribe(characteristic.obj)

    @asynccontextmanager
    async def _procedure(self) -> AsyncIterator[Peer]:
        """Errors of bumble as those of bleak.

        bumble has a lost link look like a cancellation, and waits by `asyncio.wait_for`, which
        in Python 3.11 forgets a cancellation that comes together with the answer.
        """
        if not self._peer:
            raise BleakError("Not connected")
        before = cancellations()
        try:
            yield self._peer
            if cancellations() > before:
                raise asyncio.CancelledError
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except core.TimeoutError as error:
            raise TimeoutError(str(error)) from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error
        except asyncio.CancelledError as error:
            if self.is_connected or cancellations() > before:
                raise
            raise BleakError("Not connected") from error

    def _disconnected(self, _reason: int) -> None:
        self._connection = self._peer = None
        self.services = None
        if self._disconnected_callback:
            self._disconnected_callback()


def _collect(peer: Peer, mtu: int) -> BleakGATTServiceCollection:
    found = BleakGATTServiceCollection()
    for service in peer.services:
        bleak_service = BleakGATTService(service, service.handle, _text(service.uuid))
        found.add_service(bleak_service)
        for characteristic in service.characteristics:
            offered = [name for bit, name in _PROPERTIES if characteristic.properties & bit]
            bleak_characteristic = BleakGATTCharacteristic(
                characteristic,
                characteristic.handle,
                _text(characteristic.uuid),
                offered,
                _constant(mtu - 3),
                bleak_service,
            )
            found.add_characteristic(bleak_characteristic)
            for descriptor in characteristic.descriptors:
                found.add_descriptor(
                    BleakGATTDescriptor(
                        descriptor, descriptor.handle, _text(descriptor.type), bleak_characteristic
                    )
                )
    return found


def _constant(value: int) -> Callable[[], int]:
    return lambda: value


def _text(uuid: core.UUID) -> str:
    return str(UUID(bytes=uuid.to_bytes(force_128=True)[::-1]))
