"""A radio with one machine on it that answers as a test wants: when, what, or not at all.

It speaks at bleak's seam, so that everything of ours above it is the real thing. The virtual gym
is the place for machines that behave; this one is for their timing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError, BleakGATTProtocolError

from beatrunner.ble.radio import Radio
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.control_point import OpCode, ResultCode
from beatrunner.codecs.ftms.treadmill_data import TreadmillData, encode_treadmill_data
from beatrunner.codecs.gatt import AttError

NOTIFYING: list[CharacteristicPropertyName] = ["notify"]


@dataclass
class Written:
    """One write to the control point; `ended_s` when its answer came, None as long as none has."""

    packet: bytes
    began_s: float
    responded_s: float | None = None
    ended_s: float | None = None


@dataclass
class FakeMachine:
    """`answer` gives the result code to indicate, None for silence; delays in seconds."""

    name: str = "FAKE-1"
    values: dict[str, bytes] = field(default_factory=dict)
    properties: list[CharacteristicPropertyName] = field(default_factory=lambda: ["write"])
    absent: set[str] = field(default_factory=set)
    write_s: Callable[[], float] = lambda: 0.001
    answer_s: Callable[[], float] = lambda: 0.001
    answer: Callable[[bytes], int | None] = lambda _packet: ResultCode.SUCCESS
    att_errors: list[int] = field(default_factory=list)
    """To be answered to the next writes."""
    is_strict: bool = False
    """Refuses a write while a procedure is under way, as the specification has it."""
    is_there: bool = True
    connects: int = 0
    paired: bool = False
    written: list[Written] = field(default_factory=list)
    listeners: dict[str, NotifyCallback] = field(default_factory=dict)
    client: FakeClient | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def packets(self) -> list[str]:
        return [written.packet.hex() for written in self.written]

    @property
    def radio(self) -> Radio:
        return Radio(
            scanner_backend=type("Scanner", (FakeScanner,), {"machine": self}),
            client_backend=type("Client", (FakeClient,), {"machine": self}),
        )

    def lose(self) -> None:
        """The link breaks."""
        client, self.client = self.client, None
        self.listeners.clear()
        if client is not None:
            client.is_up = False
            client.drop()

    def tell(self, uuid: str, packet: bytes) -> None:
        if uuid in self.listeners:
            self.listeners[uuid](bytearray(packet))

    def tell_speed(self, speed_kmh: float) -> None:
        data = TreadmillData(instantaneous_speed_kmh=speed_kmh)
        self.tell(uuids.TREADMILL_DATA, encode_treadmill_data(data))

    async def write(self, packet: bytes) -> None:
        loop = asyncio.get_running_loop()
        busy = any(each.ended_s is None for each in self.written)
        if self.att_errors:
            raise BleakGATTProtocolError(self.att_errors.pop(0))
        if self.is_strict and busy:
            raise BleakGATTProtocolError(AttError.PROCEDURE_ALREADY_IN_PROGRESS)
        written = Written(packet, loop.time())
        self.written.append(written)
        await asyncio.sleep(self.write_s())
        written.responded_s = loop.time()
        task = asyncio.create_task(self._indicate(written))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _indicate(self, written: Written) -> None:
        await asyncio.sleep(self.answer_s())
        code = self.answer(written.packet)
        if code is None:
            return
        written.ended_s = asyncio.get_running_loop().time()
        response = bytes([OpCode.RESPONSE_CODE, written.packet[0], code])
        self.tell(uuids.FITNESS_MACHINE_CONTROL_POINT, response)


class FakeScanner(BaseBleakScanner):
    machine: ClassVar[FakeMachine]

    def __init__(self, callback: Any, uuids: list[str] | None, *_args: Any, **_more: Any) -> None:
        super().__init__(callback, uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        if self.machine.is_there:
            asyncio.get_running_loop().call_soon(self._advertise)

    async def stop(self) -> None: ...

    def _advertise(self) -> None:
        heard = AdvertisementData(
            self.machine.name, {}, {}, [uuids.FITNESS_MACHINE_SERVICE], None, -50, ()
        )
        device = self.create_or_update_device("1", "00:01", self.machine.name, None, heard)
        self.call_detection_callbacks(device, heard)


class FakeClient(BaseBleakClient):
    machine: ClassVar[FakeMachine]
    is_up = False

    def __init__(self, address_or_ble_device: BLEDevice | str, **arguments: Any) -> None:
        super().__init__(address_or_ble_device, **arguments)

    @property
    def mtu_size(self) -> int:
        return 23

    @property
    def is_connected(self) -> bool:
        return self.is_up

    def drop(self) -> None:
        if self._disconnected_callback:
            self._disconnected_callback()

    async def connect(self, pair: bool, **_more: Any) -> None:
        if not self.machine.is_there:
            raise BleakError("out of reach")
        self.machine.connects += 1
        self.machine.client = self
        self.is_up = True
        self.services = _collect(self.machine)

    async def disconnect(self) -> None:
        self.is_up = False

    async def pair(self, *_args: Any, **_more: Any) -> None:
        self.machine.paired = True

    async def unpair(self) -> None: ...

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, **_more: Any
    ) -> bytearray:
        return bytearray(self.machine.values[characteristic.uuid])

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, **_more: Any
    ) -> bytearray:
        raise NotImplementedError

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        if not self.is_up:
            raise BleakError("Not connected")
        await self.machine.write(bytes(data))

    async def write_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, data: SizedBuffer
    ) -> None:
        raise NotImplementedError

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_more: Any
    ) -> None:
        self.machine.listeners[characteristic.uuid] = callback

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self.machine.listeners.pop(characteristic.uuid)


def _collect(machine: FakeMachine) -> BleakGATTServiceCollection:
    offered: dict[str, list[CharacteristicPropertyName]] = {
        uuids.TREADMILL_DATA: NOTIFYING,
        uuids.FITNESS_MACHINE_STATUS: NOTIFYING,
        uuids.TRAINING_STATUS: NOTIFYING,
        uuids.FITNESS_MACHINE_CONTROL_POINT: [*machine.properties, "indicate"],
    }
    offered |= {uuid: ["read"] for uuid in machine.values}
    found = BleakGATTServiceCollection()
    service = BleakGATTService(None, 1, uuids.FITNESS_MACHINE_SERVICE)
    found.add_service(service)
    for handle, (uuid, properties) in enumerate(offered.items(), start=2):
        if uuid not in machine.absent:
            found.add_characteristic(
                BleakGATTCharacteristic(None, handle, uuid, properties, lambda: 20, service)
            )
    return found
