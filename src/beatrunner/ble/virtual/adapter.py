"""The Bluetooth adapter of a client: what the operating system is to bleak on a real machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bumble.core import TimeoutError as BumbleTimeoutError
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.hci import Address, HCI_Error, HCI_LE_Create_Connection_Cancel_Command
from bumble.host import Host
from bumble.transport import open_transport
from bumble.transport.common import Transport

from beatrunner.ble.virtual.air import Air, RadioController


class Adapter:
    """One central. Open it by `on_air` or `over_tcp`, and close it."""

    def __init__(
        self,
        device: Device,
        controller: RadioController | None = None,
        transport: Transport | None = None,
    ) -> None:
        self._device = device
        self._controller = controller
        self._transport = transport
        self._air: Air | None = None
        self._scans = 0
        self._connecting = asyncio.Lock()

    @classmethod
    async def on_air(cls, air: Air) -> Adapter:
        """A central on an air of this process."""
        device, controller = air.device("client")
        adapter = cls(device, controller)
        adapter._air = air
        await device.power_on()
        return adapter

    @classmethod
    async def over_tcp(cls, address: str) -> Adapter:
        """A central on the air of another process, which serves HCI at `address`, "host:port".

        Raises `OSError` where nobody listens.
        """
        transport = await open_transport(f"tcp-client:{address}")
        host = Host(controller_source=transport.source, controller_sink=transport.sink)
        config = DeviceConfiguration(name="client", address=Address.generate_static_address())
        device = Device(config=config, host=host)
        await device.power_on()
        return cls(device, transport=transport)

    async def start_scan(self, heard: Callable[[Advertisement], None]) -> None:
        """Call `heard` for every advertisement until `stop_scan`; several may scan at once."""
        self._check()
        self._device.on(Device.EVENT_ADVERTISEMENT, heard)
        self._scans += 1
        if self._scans == 1:
            await self._device.start_scanning()

    async def stop_scan(self, heard: Callable[[Advertisement], None]) -> None:
        self._device.remove_listener(Device.EVENT_ADVERTISEMENT, heard)
        self._scans -= 1
        if not self._scans and not self._is_cut_off:
            await self._device.stop_scanning()

    async def connect(self, address: str, timeout_s: float) -> Connection:
        """Connect to whoever advertises `address`. Raises `TimeoutError` if nobody does."""
        peer = Address(address, Address.RANDOM_DEVICE_ADDRESS)
        before = cancellations()
        self._check()
        async with self._connecting:
            try:
                connection = await self._device.connect_le(peer, timeout=timeout_s)
            except BumbleTimeoutError as error:
                raise TimeoutError(f"{address} does not answer") from error
            except asyncio.CancelledError:
                await asyncio.shield(self._give_up())
                raise
        if self._device.lookup_connection(connection.handle) is not connection:
            raise TimeoutError(f"{address} was lost at once")
        if cancellations() > before:  # bumble may have missed it.
            await asyncio.shield(connection.disconnect())
            raise asyncio.CancelledError
        return connection

    async def close(self) -> None:
        """End all connections and leave the air."""
        if self._air and self._controller:
            self._air.remove(self._controller)
        if self._transport:
            await self._transport.close()
        await asyncio.sleep(0)  # for the disconnections to arrive

    @property
    def _is_cut_off(self) -> bool:
        return self._transport is not None and self._transport.source.terminated.done()

    def _check(self) -> None:
        """An `OSError` is what bleak raises where the Bluetooth service does not run."""
        if self._is_cut_off:
            raise ConnectionError("the virtual gym is closed")

    async def _give_up(self) -> None:
        with suppress(HCI_Error):  # It may not be under way any more.
            await self._device.send_sync_command(HCI_LE_Create_Connection_Cancel_Command())


def cancellations() -> int:
    """How often this task was asked to end so far."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0
