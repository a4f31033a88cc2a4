"""One server process: uvicorn with the application, and beside it, when asked, the same for the
home network: another application over the same objects, under other names, by HTTPS, and with every
door closed that stands open to who sits at this computer. It cannot be another process, because a
workout lives in the memory of one.

What a person waits for after a server was killed is mostly this module's imports, so nothing is
imported here that a server does not need.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

import uvicorn
from fastapi import FastAPI

from beatrunner.codecs.live import MAX_MESSAGE_BYTES
from beatrunner.kit.clock import Clock, system_clock
from beatrunner.kit.home_network import HomeNetwork
from beatrunner.kit.log import configure_logs
from beatrunner.kit.settings import Settings
from beatrunner.web.app import create_app, tune_process
from beatrunner.web.deadlines import DeadlineProtocol
from beatrunner.wiring import ServerParts, build_server

#: How often it is looked whether this computer has other addresses now.
_LOOK_S = 30.0


def serve_on(
    settings: Settings, fd: int | None, home_fd: int | None = None, *, clock: Clock = system_clock
) -> None:
    """Run one server process until it is stopped, on `fd` or on the settings' port, and on
    `home_fd` for the home network.
    """
    configure_logs(settings.log_format, settings.log_level)
    for listening_fd in filter(None, (fd, home_fd)):
        send_at_once(listening_fd)
    parts = build_server(settings, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tune_process()
        async with AsyncExitStack() as running:
            await running.enter_async_context(parts.live.running())
            await running.enter_async_context(parts.standing.running())
            await running.enter_async_context(parts.limiter.running())
            if home_fd is not None:
                await running.enter_async_context(_served_at_home(settings, parts, home_fd))
            yield
        await parts.afterwards.close()
        await parts.virtual_bridges.close()
        await parts.database.close()

    app = create_app(parts.routers, parts.provided, settings, lifespan=lifespan, gate=parts.gate)
    proxies = list(map(str, settings.trusted_proxies))
    uvicorn.Server(_config(app, proxies, host=settings.host, port=settings.port, fd=fd)).run()


def _config(app: FastAPI, proxies: Sequence[str] = (), **words: Any) -> uvicorn.Config:
    """Who connects is who asks, but for the `proxies`, which say for whom they ask."""
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=DeadlineProtocol,
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        **words,
    )


class _ServerBeside(uvicorn.Server):
    """Ends with the server that it is beside, which hears the signals for both."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _served_at_home(settings: Settings, parts: ServerParts, fd: int) -> AsyncIterator[None]:
    provided = (*parts.provided, *parts.provided_at_home)
    app = create_app(
        parts.routers,
        provided,
        settings.at_home(),
        home=parts.home,
        gate=parts.gate_at_home,
    )
    await asyncio.to_thread(parts.home.refresh)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(parts.home.certificates.leaf_path)
    server = _ServerBeside(
        _config(app, fd=fd, lifespan="off", ssl_context_factory=lambda *_: context)
    )
    serving = asyncio.create_task(server.serve())
    looking = asyncio.create_task(_look_after(parts.home, context))
    try:
        yield
    finally:
        looking.cancel()
        server.should_exit = True
        await asyncio.gather(serving, looking, return_exceptions=True)


async def _look_after(home: HomeNetwork, context: ssl.SSLContext) -> None:
    """Follow this computer's addresses. New connections get the new certificate."""
    while True:
        await asyncio.sleep(_LOOK_S)
        with suppress(OSError):  # a full disk: the certificate there is serves on
            await asyncio.to_thread(home.refresh)
            context.load_cert_chain(home.certificates.leaf_path)


def send_at_once(fd: int) -> None:
    """Let no small message on connections of this listening socket wait for the one before.

    The event loop sees to it by itself, but for sockets that uvicorn gets as a number: those it
    takes for local ones. A stop after a pulse would come 40 ms late.
    """
    with socket.socket(fileno=os.dup(fd)) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
