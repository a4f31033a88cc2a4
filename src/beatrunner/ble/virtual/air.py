"""The medium that all virtual radios share.

bumble's controller lacks two things that real ones have: a connection attempt that can be given
up, and a link that is lost without anyone having ended it.
"""

from __future__ import annotations

import asyncio
import logging
from itertools import count

from bumble.controller import Controller
from bumble.device import Device, DeviceConfiguration
from bumble.hci import (
    Address,
    HCI_ErrorCode,
    HCI_LE_Connection_Complete_Event,
    HCI_LE_Create_Connection_Cancel_Command,
    HCI_StatusReturnParameters,
    Role,
)
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import TransportSink, TransportSource

# Packets that cross a disconnection are worth a warning to bumble, and ordinary here.
logging.getLogger("bumble").setLevel(logging.ERROR)


class RadioController(Controller):
    """The controller of one device or client."""

    def on_hci_le_create_connection_cancel_command(
        self, _command: HCI_LE_Create_Connection_Cancel_Command
    ) -> HCI_StatusReturnParameters:
        pending = self.pending_le_connection
        if pending is None:
            return HCI_StatusReturnParameters(HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        asyncio.get_running_loop().call_soon(
            self.send_hci_packet,
            HCI_LE_Connection_Complete_Event(
                status=HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            ),
        )
        return HCI_StatusReturnParameters(HCI_ErrorCode.SUCCESS)

    def lose_connections(self, with_peer: Address | None = None) -> None:
        """End each connection, or one, on both sides, as if nothing had been heard for too long."""
        for connection in list(self.le_connections.values()):
            if with_peer not in (None, connection.peer_address):
                continue
            peer = self.link.find_le_controller(connection.peer_address)
            self.on_le_disconnected(connection, HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
            other = peer.le_connections.get(connection.self_address) if peer else None
            if peer and other:
                peer.on_le_disconnected(other, HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)


class Air:
    """Where radios meet."""

    def __init__(self) -> None:
        self._link = LocalLink()
        self._numbers = count(1)

    def address(self) -> Address:
        """A static random address that nobody else here has."""
        high, low = divmod(next(self._numbers), 256)
        return Address(f"C0:BE:A7:00:{high:02X}:{low:02X}", Address.RANDOM_DEVICE_ADDRESS)

    def controller(
        self, source: TransportSource | None = None, sink: TransportSink | None = None
    ) -> RadioController:
        """A controller on the air, driven by whoever is behind source and sink."""
        return RadioController("virtual", host_source=source, host_sink=sink, link=self._link)

    def device(self, name: str) -> tuple[Device, RadioController]:
        """A device with a controller of its own, not switched on yet."""
        controller = self.controller()
        host = Host(controller_source=controller, controller_sink=controller)
        config = DeviceConfiguration(name=name, address=self.address(), keystore=None)
        return Device(config=config, host=host), controller

    def remove(self, controller: RadioController) -> None:
        """Take a radio off the air, and its connections with it."""
        controller.lose_connections()
        controller.le_legacy_advertiser.stop()
        self._link.remove_controller(controller)
