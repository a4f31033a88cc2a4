"""One treadmill: its connection, telemetry, events, and the governor's commands on their way.

Nothing here decides about speed, and nothing outlives a connection: a command that waits when the
link breaks is dropped, control is asked for again only with the next command.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from beatrunner.ble.belt_events import event_of
from beatrunner.ble.belt_operator import BeltOperator
from beatrunner.ble.commands import Answer, CommandSlot
from beatrunner.ble.connection import Connection, DeviceLink, Link, Pacing, UnfitDeviceError, listen
from beatrunner.ble.exchange import ControlPointExchange, Timing
from beatrunner.ble.machine import MachineFacts, read_machine
from beatrunner.ble.quirks import Quirks, QuirkTable, known_quirks
from beatrunner.ble.radio import Radio
from beatrunner.ble.telemetry import Reading, Telemetry
from beatrunner.codecs.calibration import TreadmillCalibration
from beatrunner.codecs.ftms import uuids
from beatrunner.codecs.ftms.advertising import FitnessMachineType, decode_service_data
from beatrunner.codecs.ftms.machine_status import StatusOpCode, decode_machine_status
from beatrunner.codecs.ftms.training_status import TrainingStatus, decode_training_status
from beatrunner.codecs.gatt import PacketError
from beatrunner.core.governor import Command, EventKind, MachineEvent, Outcome, Result
from beatrunner.core.governor.bounds import STILL_KMH

#: What was measured of the treadmill at an address.
Calibrations = Callable[[str], TreadmillCalibration | None]

_EVENTS_KEPT = 256
_Kept = TypeVar("_Kept")


class TreadmillLink(DeviceLink):
    """Keeps the treadmill at `address`, or the only one in reach, connected while `run` runs.

    `clock` gives monotonic seconds, the same as the governor's. `calibrations` gives what was
    measured of the treadmill at an address. `reading` is the last one, however old. `words` says
    why the last command that was not accepted was not.
    """

    def __init__(
        self,
        radio: Radio,
        clock: Callable[[], float],
        *,
        address: str | None = None,
        calibrations: Calibrations = lambda _address: None,
        quirks: QuirkTable | None = None,
        timing: Timing | None = None,
        pacing: Pacing | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.reading: Reading | None = None
        self.machine: MachineFacts | None = None
        self.training: TrainingStatus | None = None
        self.words = ""
        self._clock = clock
        self._calibrations = calibrations
        self._quirks = known_quirks() if quirks is None else quirks
        self._timing = timing or Timing()
        self._slot = CommandSlot()
        self._operator: BeltOperator | None = None
        self._events: deque[MachineEvent] = deque(maxlen=_EVENTS_KEPT)
        self._outcomes: deque[Outcome] = deque(maxlen=_EVENTS_KEPT)
        self._unfit: set[str] = set()
        self._connection = Connection(
            radio, self._fits, self._serve, pacing or Pacing(), chance or random.Random(), address
        )

    def quirks_of(self, name: str) -> Quirks | None:
        """What is known of machines that advertise such a name; None for a name nobody knows."""
        return self._quirks.of(name, None) if self._quirks.knows(name) else None

    def drain_events(self) -> tuple[MachineEvent, ...]:
        """What happened at the machine since this was last asked."""
        return _drained(self._events)

    def drain_outcomes(self) -> tuple[Outcome, ...]:
        """What came of the commands since this was last asked: one outcome for each submitted."""
        return _drained(self._outcomes)

    def submit(self, command: Command) -> None:
        """Send `command` as soon as the radio is free; a later one takes the place of this."""
        if self.state is not Link.CONNECTED:
            self._tell(command, Answer(Result.UNKNOWN, "The treadmill is not connected."))
            return
        dropped = self._slot.put(command)
        if dropped is not None:
            self._tell(dropped, Answer(Result.REFUSED, "Another command took its place."))

    def recalibrate(self) -> None:
        """`calibrations` says something else now: connect the treadmill anew. It should stand."""
        self._connection.renew()

    def choose(self, address: str | None) -> None:
        """Connect this treadmill and no other; None: whichever is the only one in reach."""
        self._unfit.discard(address or "")
        self.machine = self.reading = None
        self._connection.choose(address)

    def _fits(self, device: BLEDevice, advertisement: AdvertisementData) -> bool:
        return device.address not in self._unfit and is_treadmill(advertisement)

    async def _serve(self, client: BleakClient, ready: Callable[[], None]) -> None:
        data = client.services.get_characteristic(uuids.TREADMILL_DATA)
        name = self._connection.name or "Treadmill"
        if data is None:
            self._unfit.add(client.address)
            raise UnfitDeviceError(f"{name} says that it is a treadmill but sends no speed.")
        address = self._connection.address or client.address
        machine = await read_machine(
            client, name, address, self._quirks, self._calibrations(address)
        )
        try:
            await self._attach(client, machine)
            self.machine = machine
            ready()
            await (self._operator.run() if self._operator else asyncio.Event().wait())
        finally:
            self._operator = None
            if (dropped := self._slot.clear()) is not None:
                self._tell(dropped, Answer(Result.UNKNOWN, "The link was lost."))

    async def _attach(self, client: BleakClient, machine: MachineFacts) -> None:
        """Listen to everything the machine tells; the control point first, to miss no answer."""
        quirks = machine.quirks
        control_point = client.services.get_characteristic(uuids.FITNESS_MACHINE_CONTROL_POINT)
        if control_point is not None:
            exchange = ControlPointExchange(
                client,
                control_point,
                quirks.command_unit,
                self._timing,
                without_response=quirks.without_response,
                pause_s=quirks.pause_s,
            )
            await exchange.open()
            self._operator = BeltOperator(
                client, exchange, machine, self._slot, self._tell, self._clock, self._timing
            )
        telemetry = Telemetry(quirks)
        await listen(client, uuids.FITNESS_MACHINE_STATUS, partial(self._hear_status, machine))
        await listen(client, uuids.TRAINING_STATUS, self._hear_training)
        await listen(client, uuids.TREADMILL_DATA, partial(self._hear_data, telemetry))

    def _hear_data(self, telemetry: Telemetry, packet: bytes) -> None:
        reading = telemetry.hear(packet, self._clock())
        if reading is not None:
            self.reading = reading
            if self._operator is not None:
                self._operator.see(reading)

    def _hear_training(self, packet: bytes) -> None:
        self.training = decode_training_status(packet)

    def _hear_status(self, machine: MachineFacts, packet: bytes) -> None:
        try:
            status = decode_machine_status(packet, machine.quirks.command_unit)
        except PacketError:
            return
        event = event_of(status)
        if event is None:
            return
        if machine.quirks.start_looks_like_stop and self._is_still():
            event = _as_start(event, status.op_code)
        self._events.append(event)
        if self._operator is not None:
            self._operator.hear(event)

    def _is_still(self) -> bool:
        return self.reading is not None and self.reading.speed_kmh <= STILL_KMH

    def _tell(self, command: Command, answer: Answer) -> None:
        self._outcomes.append(Outcome(command.number, answer.result))
        if answer.words:
            self.words = answer.words


def is_treadmill(advertisement: AdvertisementData) -> bool:
    """Whether a device says that it is a treadmill, or a fitness machine of untold type."""
    if uuids.FITNESS_MACHINE_SERVICE not in advertisement.service_uuids:
        return False
    raw = advertisement.service_data.get(uuids.FITNESS_MACHINE_SERVICE, b"")
    try:
        types = decode_service_data(raw).machine_type
    except PacketError:
        return True
    return not types or FitnessMachineType.TREADMILL in types


def _as_start(event: MachineEvent, op_code: int) -> MachineEvent:
    if op_code == StatusOpCode.STOPPED_OR_PAUSED_BY_USER:
        return MachineEvent(EventKind.STARTED_BY_USER)
    return event


def _drained(kept: deque[_Kept]) -> tuple[_Kept, ...]:
    taken = tuple(kept)
    kept.clear()
    return taken
