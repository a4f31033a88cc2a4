"""The socket of the page beside the belt, and what else may speak on it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from beatrunner.bridge.api import PageServer, open_port
from beatrunner.bridge.controls import Controls
from tests.bridge.cellar import until_listening


@asynccontextmanager
async def opened(controls: Controls) -> AsyncIterator[ClientConnection]:
    """The socket of a page that is open."""
    server = PageServer(open_port(0), controls, None, None)
    serving = asyncio.create_task(server.run())
    try:
        await until_listening(server)
        address = server.url.replace("http:", "ws:") + "/socket"
        async with connect(address, origin=server.url) as socket:  # type: ignore[arg-type]
            yield socket
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


@pytest.mark.parametrize("frame", [b"\x00\xff", b'{"type":"stop"}', '{"type":"fly"}', "no json"])
async def test_nonsense_is_refused_in_words(
    frame: str | bytes, caplog: pytest.LogCaptureFixture
) -> None:
    controls = Controls(time.monotonic)
    async with opened(controls) as socket:
        await socket.send(frame)
        with pytest.raises(ConnectionClosed) as closed:
            await asyncio.wait_for(socket.recv(), 10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400
    assert "no message" in closed.value.rcvd.reason
    assert not controls.take().stop
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []
