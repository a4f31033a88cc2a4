"""The same air for other processes: HCI over TCP, the way real controllers are attached.

Each connection is an adapter of its own; when it breaks, so do the Bluetooth links it held.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from bumble.transport.common import StreamPacketSink, StreamPacketSource

from beatrunner.ble.radio import Radio
from beatrunner.ble.virtual.adapter import Adapter
from beatrunner.ble.virtual.air import Air
from beatrunner.ble.virtual.backend import radio_of


class _Attachment(StreamPacketSource):
    """One controller, while somebody is connected to it."""

    def __init__(self, air: Air, attached: set[asyncio.BaseTransport]) -> None:
        super().__init__()
        self._air = air
        self._attached = attached

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._attached.add(transport)
        sink = StreamPacketSink(cast("asyncio.WriteTransport", transport))
        self._controller = self._air.controller(self, sink)

    def connection_lost(self, _error: Exception | None) -> None:
        self._attached.discard(self._transport)
        self._air.remove(self._controller)


@asynccontextmanager
async def served_air(air: Air, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Let other processes onto the air; yields the address for them. Port 0 takes a free one."""
    attached: set[asyncio.BaseTransport] = set()
    server = await asyncio.get_running_loop().create_server(
        lambda: _Attachment(air, attached), host, port
    )
    try:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"{host}:{port}"
    finally:
        server.close()
        for transport in list(attached):
            transport.close()
        await server.wait_closed()


@asynccontextmanager
async def radio_over_tcp(address: str) -> AsyncIterator[Radio]:
    """A radio on the air of another process. Raises `OSError` where nobody listens."""
    adapter = await Adapter.over_tcp(address)
    try:
        yield radio_of(adapter)
    finally:
        await adapter.close()
