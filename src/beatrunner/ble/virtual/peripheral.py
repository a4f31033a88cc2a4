"""A virtual device that advertises, is connected to, notifies, and can be out of reach."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from bumble import data_types
from bumble.att import Attribute, AttributeValue
from bumble.core import UUID, AdvertisingData, DataType
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service

from beatrunner.ble.virtual.air import Air
from beatrunner.codecs.gatt import assigned_uuid

#: Far quicker than real devices, so that nobody has to wait for a connection.
ADVERTISING_INTERVAL_MS = 12.5
_DEVICE_INFORMATION_SERVICE = assigned_uuid(0x180A)
_MANUFACTURER_NAME = assigned_uuid(0x2A29)

GattCharacteristic = Characteristic[bytes]
Properties = Characteristic.Properties
_NO_PROPERTIES = Properties(0)


class Peripheral:
    """One device on the air; `max_clients` may be connected at once."""

    def __init__(
        self, air: Air, name: str, *, manufacturer: str | None = None, max_clients: int = 1
    ) -> None:
        self.name = name
        self.connections_left: int | None = None
        """How many it still accepts until it is switched off and on; None: any number."""
        self.is_silent = False
        """In reach, but nothing arrives: what a link is like before it counts as lost."""
        self._air = air
        self._device, self._controller = air.device(name)
        self._max_clients = max_clients
        self._is_in_reach = True
        self._tasks: set[asyncio.Task[None]] = set()
        if manufacturer:
            self.add_service(
                _DEVICE_INFORMATION_SERVICE, readable(_MANUFACTURER_NAME, manufacturer.encode)
            )
        self._device.on(Device.EVENT_CONNECTION, self._connected)

    @property
    def address(self) -> str:
        return str(self._device.static_address.to_string(with_type_qualifier=False))

    @property
    def clients(self) -> tuple[Connection, ...]:
        return tuple(self._device.connections.values())

    def add_service(self, uuid: str, *characteristics: GattCharacteristic) -> None:
        """Before it is switched on."""
        self._device.add_service(Service(_short(uuid), characteristics))

    async def switch_on(self, service: str, service_data: bytes | None = None) -> None:
        """Begin to advertise `service`."""
        self._device.advertising_data = _advertising_data(self.name, service, service_data)
        await self._device.power_on()
        await self._advertise()

    async def switch_off(self) -> None:
        """Leave the air for good."""
        self._is_in_reach = False
        self._air.remove(self._controller)
        await asyncio.sleep(0)  # The ends of connections are on their way.
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def lose(self) -> None:
        """Go out of reach: connections are lost, and nobody finds it, until `come_back`."""
        self._is_in_reach = False
        self._controller.lose_connections()
        await self._device.stop_advertising()

    async def come_back(self) -> None:
        self._is_in_reach = True
        await self._advertise()

    def drop(self, client: Connection) -> None:
        """Lose one connection, and stay in reach."""
        self._controller.lose_connections(client.peer_address)

    async def notify(
        self, characteristic: GattCharacteristic, packet: bytes, to: Connection | None = None
    ) -> None:
        """Send to one client or to all, as far as they subscribed."""
        if self.is_silent:
            return
        for client in (to,) if to else self.clients:
            await self._device.notify_subscriber(client, characteristic, packet)

    def notify_soon(
        self, characteristic: GattCharacteristic, packet: bytes, to: Connection
    ) -> None:
        """Send to one client, after what is under way."""
        self._soon(self.notify(characteristic, packet, to))

    async def indicate(
        self, client: Connection, characteristic: GattCharacteristic, packet: bytes
    ) -> None:
        """Send to one client, and wait for its confirmation."""
        if not self.is_silent:
            await self._device.indicate_subscriber(client, characteristic, packet)

    def has_confirmed(self, client: Connection) -> bool:
        """Whether the last indication to this client has arrived there, as far as is known."""
        confirmation = self._device.gatt_server.pending_confirmations.get(client)
        return confirmation is None or confirmation.done()

    def is_subscribed(self, client: Connection, characteristic: GattCharacteristic) -> bool:
        return any(self._device.gatt_server.read_cccd(client, characteristic))

    def when_connected(self, call: Callable[[Connection], None]) -> None:
        """Call this for each client that has connected."""
        self._device.on(Device.EVENT_CONNECTION, call)

    def when_gone(self, call: Callable[[Connection], None]) -> None:
        """Call this for each client that is gone, for whatever reason."""

        def connected(client: Connection) -> None:
            client.once(Connection.EVENT_DISCONNECTION, lambda _reason: call(client))

        self.when_connected(connected)

    def _connected(self, client: Connection) -> None:
        if self.connections_left is not None:
            self.connections_left -= 1
        client.once(Connection.EVENT_DISCONNECTION, self._disconnected)
        self._soon(self._advertise())

    def _disconnected(self, _reason: int) -> None:
        self._soon(self._advertise())

    def _soon(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _advertise(self) -> None:
        has_room = len(self.clients) < self._max_clients and self.connections_left != 0
        if self._is_in_reach and has_room and not self._device.is_advertising:
            await self._device.start_advertising(
                advertising_interval_min=ADVERTISING_INTERVAL_MS,
                advertising_interval_max=ADVERTISING_INTERVAL_MS,
            )


def readable(
    uuid: str, read: Callable[[], bytes], more: Properties = _NO_PROPERTIES
) -> GattCharacteristic:
    """A characteristic whose value is asked for at each read."""
    value = AttributeValue[bytes](read=lambda _client: read())
    return Characteristic(_short(uuid), Properties.READ | more, Attribute.READABLE, value)


def notifying(uuid: str) -> GattCharacteristic:
    """A characteristic that is only ever sent."""
    return Characteristic(_short(uuid), Properties.NOTIFY, Attribute.Permissions(0))


def writable(
    uuid: str,
    properties: Properties,
    write: Callable[[Connection, bytes], None],
    permissions: Attribute.Permissions = Attribute.WRITEABLE,
) -> GattCharacteristic:
    """A characteristic that takes writes; `write` may raise bumble's `ATT_Error`."""
    value = AttributeValue[bytes](write=write)
    return Characteristic(_short(uuid), properties, permissions, value)


def _short(uuid: str) -> UUID:
    """Assigned UUIDs travel as the two bytes that tell them apart."""
    number = int(uuid[4:8], 16)
    return UUID.from_16_bits(number) if uuid == assigned_uuid(number) else UUID(uuid)


def _advertising_data(name: str, service: str, service_data: bytes | None) -> bytes:
    flags = AdvertisingData.Flags.LE_GENERAL_DISCOVERABLE_MODE
    flags |= AdvertisingData.Flags.BR_EDR_NOT_SUPPORTED
    parts: list[DataType] = [
        data_types.Flags(flags),
        data_types.CompleteListOf16BitServiceUUIDs([_short(service)]),
        data_types.CompleteLocalName(name),
    ]
    if service_data is not None:
        parts.append(data_types.ServiceData16BitUUID(_short(service), service_data))
    return bytes(AdvertisingData(parts))
