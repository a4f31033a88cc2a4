"""The virtual treadmill on the air: its attributes, and the traffic of its control point.

A write is answered by ATT first and by an indication after, so a procedure is under way until the
client has confirmed the indication; another write in the meantime is refused (0xFE), as is one
without indications switched on (0xFD).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Final

from bumble.att import ATT_Error, Attribute
from bumble.device import Connection

from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.display import Display
from beatrunner.ble.virtual.machine import Machine
from beatrunner.ble.virtual.peripheral import (
    GattCharacteristic,
    Peripheral,
    Properties,
    notifying,
    readable,
    writable,
)
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.gatt import AttError, PacketError, assigned_uuid
from beatrunner.core.simulation.belt import Belt

#: Where YPOO Mini Pro machines are unlocked; the service it is in is made up.
VENDOR_SERVICE: Final = assigned_uuid(0xFFF0)
VENDOR_CHARACTERISTIC: Final = "d18d2c10-c44c-11e8-a355-529269fb1459"


class Treadmill:
    """A belt, offered by Bluetooth. Several clients may be connected, so that one can interfere.

    `clock` tells the seconds in which the belt lives.
    """

    def __init__(
        self,
        air: Air,
        belt: Belt,
        clock: Callable[[], float],
        *,
        name: str,
        manufacturer: str | None = None,
    ) -> None:
        self.machine = Machine(belt)
        self.peripheral = Peripheral(air, name, manufacturer=manufacturer, max_clients=3)
        self._belt = belt
        self._display = Display(belt)
        self._clock = clock
        self._heard_s = -math.inf
        self._procedures: dict[asyncio.Task[None], Connection] = {}
        self._answered_to: Connection | None = None
        self._carrying_out: asyncio.Task[None] | None = None
        self._connected_s: dict[Connection, float] = {}
        self._last_status = b""
        self._last_training = b""
        self._data = notifying(uuids.TREADMILL_DATA)
        self._status = notifying(uuids.FITNESS_MACHINE_STATUS)
        self._training = readable(
            uuids.TRAINING_STATUS, self._display.training_status, Properties.NOTIFY
        )
        self._control_point = self._make_control_point()
        self._status.on(GattCharacteristic.EVENT_SUBSCRIPTION, self._subscribed_to_status)
        self.peripheral.connections_left = belt.quirks.accepts_connections or None
        self.peripheral.when_connected(self._connected)
        self.peripheral.when_gone(self._gone)
        self._add_services()

    async def switch_on(self) -> None:
        await self.peripheral.switch_on(uuids.FITNESS_MACHINE_SERVICE, self._display.service_data())

    async def switch_off(self) -> None:
        await self.peripheral.switch_off()
        for task in self._procedures:
            task.cancel()
        await asyncio.gather(*self._procedures, return_exceptions=True)

    async def power_cycle(self) -> None:
        """Off and on again: the belt stops, and everybody has to connect anew."""
        self._belt.stop()
        await self.peripheral.lose()
        self.peripheral.connections_left = self._belt.quirks.accepts_connections or None
        await self.peripheral.come_back()

    async def tell_statuses(self) -> None:
        """Send what happened since the last time, and drop whoever was connected too long."""
        for status in self.machine.drain_statuses():
            self._last_status = status.packet
            for client in self.peripheral.clients:
                if client is not status.but and status.only in (None, client):
                    await self.peripheral.notify(self._status, status.packet, client)
        training = self._display.training_status()
        if training != self._last_training:
            self._last_training = training
            await self.peripheral.notify(self._training, training)
        if longest_s := self._belt.quirks.drops_after_s:
            for client, since_s in list(self._connected_s.items()):
                if self._clock() - since_s > longest_s:
                    self.peripheral.drop(client)

    async def tell_data(self, step_count: float = 0.0) -> None:
        """Send one record of data; few machines count steps."""
        for packet in self._display.data(step_count):
            await self.peripheral.notify(self._data, packet)

    def _add_services(self) -> None:
        quirks = self._belt.quirks
        ranges = (
            readable(uuids.SUPPORTED_SPEED_RANGE, self._display.speed_range),
            readable(uuids.SUPPORTED_INCLINATION_RANGE, self._display.inclination_range),
        )
        if not quirks.only_advertises:
            self.peripheral.add_service(
                uuids.FITNESS_MACHINE_SERVICE,
                readable(uuids.FITNESS_MACHINE_FEATURE, self._display.features),
                self._data,
                self._training,
                *(() if quirks.hides_ranges else ranges),
                self._control_point,
                self._status,
            )
        if quirks.unlocked_by:
            self.peripheral.add_service(
                VENDOR_SERVICE,
                writable(
                    VENDOR_CHARACTERISTIC,
                    Properties.WRITE,
                    lambda _client, secret: self.machine.unlock(secret),
                ),
            )

    def _make_control_point(self) -> GattCharacteristic:
        quirks = self._belt.quirks
        kind = Properties.WRITE_WITHOUT_RESPONSE
        if not quirks.writes_without_response:
            kind = Properties.WRITE
        permissions = Attribute.WRITEABLE
        if quirks.needs_pairing:
            permissions |= Attribute.WRITE_REQUIRES_ENCRYPTION
        return writable(
            uuids.FITNESS_MACHINE_CONTROL_POINT,
            kind | Properties.INDICATE,
            self._written,
            permissions,
        )

    def _written(self, client: Connection, packet: bytes) -> None:
        quirks = self._belt.quirks
        if quirks.rejects_with_att_error:
            raise ATT_Error(quirks.rejects_with_att_error)
        if not self.peripheral.is_subscribed(client, self._control_point):
            raise ATT_Error(AttError.CCCD_IMPROPERLY_CONFIGURED)
        if self._is_busy:
            raise ATT_Error(AttError.PROCEDURE_ALREADY_IN_PROGRESS)
        if self._clock() - self._heard_s < quirks.deaf_after_write_s:
            return
        self._heard_s = self._clock()
        task = asyncio.create_task(self._carry_out(client, packet))
        self._carrying_out = task
        self._procedures[task] = client
        task.add_done_callback(lambda done: self._procedures.pop(done, None))

    @property
    def _is_busy(self) -> bool:
        """Until the client has confirmed its answer."""
        if self._carrying_out and not self._carrying_out.done():
            return True
        waits_for = self._answered_to
        return waits_for is not None and not self.peripheral.has_confirmed(waits_for)

    async def _carry_out(self, client: Connection, packet: bytes) -> None:
        quirks = self._belt.quirks
        try:
            if quirks.answers_after_s:
                await asyncio.sleep(quirks.answers_after_s)
            answer = self.machine.answer(client, packet)
        except PacketError:
            return  # Nothing was asked.
        finally:
            self._carrying_out = None
        if not quirks.gives_no_answers:
            self._answered_to = client
            await self.peripheral.indicate(client, self._control_point, answer)
        await self.tell_statuses()

    def _subscribed_to_status(self, client: Connection, is_on: bool, _indicate: bool) -> None:
        if is_on and self._last_status and self._belt.quirks.repeats_last_status:
            self.peripheral.notify_soon(self._status, self._last_status, client)

    def _connected(self, client: Connection) -> None:
        self._connected_s[client] = self._clock()

    def _gone(self, client: Connection) -> None:
        self._connected_s.pop(client, None)
        self.machine.forget(client)
        for task, asked_by in self._procedures.items():
            if asked_by is client:
                task.cancel()  # It would wait for a confirmation that never comes.
        if self._belt.quirks.stops_when_dropped and not self._connected_s:
            self._belt.stop()
