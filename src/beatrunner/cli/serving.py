"""One server process: uvicorn with the application.

What a person waits for after a server was killed is mostly this module's imports, so nothing is
imported here that a server does not need.
"""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from beatrunner.codecs.live import MAX_MESSAGE_BYTES
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app, tune_process
from beatrunner.wiring import build_server


def serve_on(settings: Settings, fd: int | None) -> None:
    """Run one server process until it is stopped, on `fd` or on the settings' port."""
    configure_logs(settings.log_format, settings.log_level)
    if fd is not None:
        send_at_once(fd)
    parts = build_server(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tune_process()
        async with parts.live.running(), parts.standing.running():
            yield
        await parts.virtual_bridges.close()
        await parts.database.close()

    app = create_app(parts.routers, parts.provided, settings, lifespan=lifespan)
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        fd=fd,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )


def send_at_once(fd: int) -> None:
    """Let no small message on connections of this listening socket wait for the one before.

    The event loop sees to it by itself, but for sockets that uvicorn gets as a number: those it
    takes for local ones. A stop after a pulse would come 40 ms late.
    """
    with socket.socket(fileno=os.dup(fd)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
